// The generated tree against the one of QEMU's ppce500, both as dtc prints them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deviceTree } from '../../emulator/board/deviceTree.ts'
import { flatten } from '../../emulator/board/flattenedTree.ts'
import { readGuest } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'

const noDtc = missingProgram('dtc')
const decompile = (blob: Uint8Array) =>
  execFileSync('dtc', ['-q', '-s', '-I', 'dtb', '-O', 'dts'], { input: blob, encoding: 'utf8' })
const options = { memoryBytes: 256 << 20, bootArgs: '', seed: 1, initrd: undefined, bootKernel: undefined }

/** Without the random seed, and without the kernel at 0 that QEMU names where there is no firmware to start it. */
const comparable = (tree: string) =>
  tree
    .replace(/\n\t\tqemu,boot-kernel = <0x00 0x00 [^>]*>;/, '')
    .replace(/rng-seed = <[^>]*>/, 'rng-seed')
    .replace(/bootargs = (""|\[00\])/, 'bootargs')
    .split('\n')
    .filter((line) => line.trim() !== '')

test.skipIf(noDtc || !guests)("equal to QEMU's", () => {
  const qemu = execFileSync('dtc', ['-q', '-s', '-I', 'dts', '-O', 'dts'], {
    input: readGuest('linux', 'e500v2.dts'),
    encoding: 'utf8',
  })
  expect(comparable(decompile(deviceTree(options, 1 << 20)))).toEqual(comparable(qemu))
})

test.skipIf(noDtc || !guests)("two e500mc cores: the second one's spin table and cache lines as QEMU's", () => {
  const qemu = execFileSync('dtc', ['-q', '-s', '-I', 'dts', '-O', 'dts'], {
    input: readGuest('linux', 'e500mc-smp2.dts'),
    encoding: 'utf8',
  })
  const cpus = (tree: string) => /\n\tcpus \{.*?\n\t\};/s.exec(tree)![0]
  expect(cpus(decompile(deviceTree({ ...options, cores: 2, cacheLine: 64 }, 1 << 20)))).toBe(cpus(qemu))
})

test.skipIf(noDtc)('boot arguments, initrd, kernel and memory', () => {
  const initrd = { address: 0x4000000, bytes: 0x1234 }
  const bootKernel = { address: 0x2000000, bytes: 0x227bfc }
  const tree = decompile(
    deviceTree({ memoryBytes: 64 << 20, bootArgs: 'console=ttyS0 quiet', seed: 2, initrd, bootKernel }, 1 << 20),
  )
  expect(tree).toContain('bootargs = "console=ttyS0 quiet"')
  expect(tree).toContain('linux,initrd-start = <0x4000000>')
  expect(tree).toContain('linux,initrd-end = <0x4001234>')
  expect(tree).toContain('qemu,boot-kernel = <0x00 0x2000000 0x00 0x227bfc>')
  expect(tree).toContain('reg = <0x00 0x00 0x00 0x4000000>')
})

const qemu = missingProgram('qemu-system-ppc')
test.skipIf(noDtc || qemu).each([
  ['e500v2', 8, 32],
  ['e500mc', 4, 64],
] as const)("%s with %i cores: equal to QEMU's", (cpu, cores, cacheLine) => {
  const folder = mkdtempSync(join(tmpdir(), 'e500-dtb-'))
  execFileSync('qemu-system-ppc', [
    ...['-M', `ppce500,dumpdtb=${folder}/tree.dtb`, '-cpu', cpu, '-smp', `${cores}`, '-m', '256', '-net', 'none'],
    ...['-display', 'none', '-kernel', 'test/guest/sample/sample.elf'],
  ])
  const theirs = comparable(decompile(readFileSync(join(folder, 'tree.dtb'))))
  expect(theirs.filter((line) => line.includes('PowerPC,8544@'))).toHaveLength(cores)
  expect(comparable(decompile(deviceTree({ ...options, cores, cacheLine }, 1 << 20)))).toEqual(theirs)
  rmSync(folder, { recursive: true })
})
test.skipIf(noDtc || qemu)("two serial ports: their nodes and aliases equal QEMU's", () => {
  const folder = mkdtempSync(join(tmpdir(), 'e500-dtb-'))
  execFileSync('qemu-system-ppc', [
    ...['-M', `ppce500,dumpdtb=${folder}/tree.dtb`, '-kernel', 'test/guest/sample/sample.elf', '-net', 'none'],
    ...['-display', 'none', '-serial', 'null', '-serial', 'null'],
  ])
  const serials = (tree: string) => tree.match(/\n\t\tserial@[^}]*\};|\n\t\tserial\d = .*/g)
  const theirs = serials(decompile(readFileSync(join(folder, 'tree.dtb'))))
  expect(theirs).toHaveLength(4)
  expect(serials(decompile(deviceTree({ ...options, uarts: 2 }, 1 << 20)))).toEqual(theirs)
  rmSync(folder, { recursive: true })
})

test('the seed of random numbers is the configured one', () => {
  const bytes = (seed: number) => Buffer.from(deviceTree({ ...options, seed }, 1 << 20)).toString('hex')
  expect(bytes(1)).toBe(bytes(1))
  expect(bytes(1)).not.toBe(bytes(2))
})

test.skipIf(noDtc)('every kind of property survives', () => {
  const properties = {
    cell: 1,
    cells: [1, 0xffffffff],
    text: 'a',
    texts: ['abc', 'def'],
    bytes: Uint8Array.of(1, 2, 3),
    empty: true as const,
  }
  const blob = flatten({ properties, children: { 'child@1': { properties: { reg: 2 } } } }, 4096)
  expect(blob.length).toBe(4096)
  const text = decompile(blob).replace('", "', '\\0').replace(/\s+/g, ' ')
  expect(text).toBe(
    '/dts-v1/; / { bytes = [01 02 03]; cell = <0x01>; cells = <0x01 0xffffffff>; empty; text = "a"; texts = "abc\\0def"; child@1 { reg = <0x02>; }; }; ',
  )
})
