// The generated tree against the one of QEMU's ppce500, both as dtc prints them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firmwareFile, guestFile as kernelImage } from '../../adapter/launch/guestFile.ts'
import { nodeHost } from '../../adapter/nodeHost.ts'
import { deviceTree } from '../../emulator/board/deviceTree.ts'
import { flatten } from '../../emulator/board/flattenedTree.ts'
import { type BootOptions, type GuestImage, Machine, type MachineConfiguration } from '../../emulator/index.ts'
import { guestFile, readGuest } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'

const noDtc = missingProgram('dtc')
const decompile = (blob: Uint8Array) =>
  execFileSync('dtc', ['-q', '-s', '-I', 'dtb', '-O', 'dts'], { input: blob, encoding: 'utf8' })
const options = { memoryBytes: 256 << 20, bootArgs: '', seed: 1, initrd: undefined, bootKernel: undefined }

/** Without the random seed. */
const comparable = (tree: string) =>
  tree
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

/** The tree of QEMU's board with these arguments. */
function treeOfQemu(args: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'e500-dtb-'))
  const machine = ['-M', `ppce500,dumpdtb=${folder}/tree.dtb`, '-m', '256', '-net', 'none', '-display', 'none']
  execFileSync('qemu-system-ppc', [...machine, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const tree = comparable(decompile(readFileSync(join(folder, 'tree.dtb'))))
  rmSync(folder, { recursive: true })
  return tree
}
function treeOfOurs(
  image: GuestImage,
  configuration: Partial<MachineConfiguration>,
  options: BootOptions = {},
): string[] {
  const machine = new Machine({ memoryBytes: 256 << 20, ...configuration })
  machine.load(image, options)
  return comparable(decompile(machine.deviceTree))
}
const SAMPLE = 'test/guest/sample/sample.elf'

const noQemu = noDtc || missingProgram('qemu-system-ppc')
test.skipIf(noQemu).each([
  ['e500v2', 8],
  ['e500mc', 4],
] as const)("%s with %i cores: equal to QEMU's", (cpu, cores) => {
  const theirs = treeOfQemu(['-cpu', cpu, '-smp', `${cores}`, '-kernel', SAMPLE])
  expect(theirs.filter((line) => line.includes('PowerPC,8544@'))).toHaveLength(cores)
  expect(treeOfOurs(kernelImage(SAMPLE, nodeHost), { cpu, cores })).toEqual(theirs)
})

test.skipIf(noQemu || !guests)("what the kernel, the firmware and the initrd are: equal to QEMU's", () => {
  const [uImage, uBoot] = [guestFile('linux', 'uImage-e500v2'), guestFile('u-boot', 'u-boot-debian-stripped.elf')]
  const append = ['-cpu', 'e500v2', '-append', 'console=ttyS0']
  const bootArgs = 'console=ttyS0'
  const initrd = ['-initrd', SAMPLE]
  const sample = readFileSync(SAMPLE)
  const kernel = kernelImage(uImage, nodeHost)
  expect(treeOfOurs(kernel, {}, { bootArgs })).toEqual(treeOfQemu([...append, '-kernel', uImage]))
  expect(treeOfOurs(kernel, {}, { bootArgs, initrd: sample })).toEqual(
    treeOfQemu([...append, '-kernel', uImage, ...initrd]),
  )
  const firmware = firmwareFile(uBoot, nodeHost)
  expect(treeOfOurs(firmware, {})).toEqual(treeOfQemu(['-cpu', 'e500v2', '-bios', uBoot]))
  expect(treeOfOurs(firmware, {}, { bootArgs, bootKernel: readFileSync(uImage), initrd: sample })).toEqual(
    treeOfQemu([...append, '-bios', uBoot, '-kernel', uImage, ...initrd]),
  )
})

test.skipIf(noQemu)("two serial ports: equal to QEMU's", () => {
  const theirs = treeOfQemu(['-kernel', SAMPLE, '-serial', 'null', '-serial', 'null'])
  expect(theirs.filter((line) => /^\s+serial(@|\d = )/.test(line))).toHaveLength(4)
  expect(treeOfOurs(kernelImage(SAMPLE, nodeHost), { uarts: 2 })).toEqual(theirs)
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
