// Lines and addresses, against the markers in the sources and addr2line.
import { normalize } from 'node:path/posix'
import { expect, test } from 'vitest'
import type { SymbolStore } from '../../adapter/symbols/model.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { random } from '../support/random.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { fixtureFile, lineOf, openFixture, openStore, outputOf } from './support.ts'

const files = ['o2-dwarf4.elf', 'o2-dwarf5.elf', 'o0-dwarf5.elf']
const functionAt = (store: SymbolStore, address: number) => store.scopesAt(address).map(({ name }) => name)

test.each(files)('%s: a line of an inline function is in every copy and in itself', (name) => {
  const store = openFixture(name)
  const { line, addresses } = store.addressesOfLine('C:\\work\\fixtures\\shapes.h', lineOf('shapes.h', 'clamped'))!
  expect(line).toBe(lineOf('shapes.h', 'clamped'))
  const places = addresses.map((address) => functionAt(store, address)[0]).sort()
  expect(places).toEqual(name.startsWith('o0') ? ['clamp'] : ['run', 'walk'])
})

test.each(files)('%s: a line without code is the next one that has some', (name) => {
  const store = openFixture(name)
  const comment = store.addressesOfLine('shapes.c', lineOf('shapes.c', 'leaf') - 2)!
  expect(comment.line).toBe(lineOf('shapes.c', 'leaf') - 1)
  expect(comment.addresses).toEqual(store.functionsNamed('leaf').map((entry) => store.afterPrologue(entry)))
  expect(store.addressesOfLine('shapes.c', 1000)).toBeUndefined()
  expect(store.addressesOfLine('nothing.c', 1)).toBeUndefined()
})

test.each(files)('%s: linesOf has the markers, sources the files', (name) => {
  const store = openFixture(name)
  for (const marker of ['leaf', 'loop', 'inner', 'return', 'bottom', 'walk'])
    expect(store.linesOf('/elsewhere/fixtures/shapes.c')).toContain(lineOf('shapes.c', marker))
  expect(store.linesOf('start.S')).toContain(lineOf('start.S', 'call'))
  const expected = ['other.c', 'shapes.c', 'shapes.h', 'start.S'].map((file) => `/src/fixtures/${file}`)
  expect(store.sources()).toEqual(expect.arrayContaining(expected))
})

test('a longer common path wins', () => {
  const store = openFixture('o2-dwarf5.elf')
  expect(store.linesOf('/src/fixtures/shapes.c')).toEqual(store.linesOf('shapes.c'))
  expect(store.linesOf('hapes.c')).toEqual([])
})

test('the prologue ends where gdb says: behind it at -O0, nowhere at -O2', () => {
  // gdb 13.1: break recurse.
  const plain = openFixture('o0-dwarf5.elf')
  const [entry] = plain.functionsNamed('recurse')
  expect(plain.lineAt(plain.afterPrologue(entry!))!.line).toBe(lineOf('shapes.c', 'bottom') - 2)
  expect(plain.afterPrologue(entry!)).toBeGreaterThan(entry!)
  const optimised = openFixture('o2-dwarf5.elf')
  const [fast] = optimised.functionsNamed('recurse')
  expect(optimised.afterPrologue(fast!)).toBe(fast)
})

const ADDR2LINE = 'powerpc-linux-gnu-addr2line'
const absent = missingProgram(ADDR2LINE)

/** `function file:line` from the innermost outward, as addr2line -fi prints them. */
function theirs(file: string, addresses: readonly number[]): string[] {
  const input = addresses.map((address) => address.toString(16)).join('\n')
  const chains = outputOf(ADDR2LINE, ['-afie', file], input)
    .split(/^0x[0-9a-f]+\n/m)
    .slice(1)
  return chains.map((chain) =>
    chain
      .trim()
      .replace(/ \(discriminator \d+\)/g, '')
      .split('\n')
      .map((text) => (text.includes('/') ? normalize(text) : text))
      .join(' '),
  )
}

/** The same from our answers. Within an instruction, since at its first byte a statement's row goes before. */
function ours(store: SymbolStore, address: number): string {
  const parts: string[] = []
  let at: { file: string; line: number } | undefined = store.lineAt(address + 1)
  for (const scope of [...store.scopesAt(address)].reverse()) {
    parts.push(scope.name, at ? `${at.file}:${at.line}` : '??:0')
    at = scope.inlinedAt
  }
  return parts.join(' ')
}

/** Addresses in functions that have debug information; addr2line takes others from the symbol table. */
function compare(file: string, from: number, to: number, count: number) {
  const store = openStore(file)
  const next = random(0x2b)
  const chosen = Array.from({ length: count }, () => (from + 4 * ((next() >>> 0) % ((to - from) / 4))) >>> 0)
  const addresses = chosen.filter((address) => store.scopesAt(address).length > 0)
  const expected = theirs(file, addresses)
  const wrong = addresses.flatMap((address, n) =>
    ours(store, address) === expected[n] ? [] : [[address.toString(16), ours(store, address), expected[n]]],
  )
  expect(wrong.slice(0, 5)).toEqual([])
  expect(addresses.length).toBeGreaterThan(count * 0.9)
}

test.skipIf(absent).each(files)('%s: chains of inlined calls as addr2line has them', (name) => {
  const store = openFixture(name)
  const [start] = store.functionsNamed('leaf')
  compare(fixtureFile(name), start!, store.functionsNamed('outside')[0]!, 150)
})

test.skipIf(absent || !guests)('U-Boot: 2,000 chains as addr2line has them', () => {
  compare(guestFile('u-boot', 'u-boot-debug.elf'), 0xf01000, 0xf48c7c, 2000)
})

test.skipIf(absent || !guests)('Linux: 2,000 chains as addr2line has them', () => {
  compare(kernelFile('vmlinux-e500v2'), 0xc0003000, 0xc0387c20, 2000)
})
