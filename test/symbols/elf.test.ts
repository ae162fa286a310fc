// Reading the file itself, and what a user is told who gives another one.
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { guestImage, readElf } from '../../adapter/symbols/elf.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { fixtureBytes, openFixture } from './support.ts'

const whole = () => fixtureBytes('o2-dwarf5.elf')
/** The ELF header, System V ABI 4.1: identity, e_type 16, e_machine 18, e_phoff 28, e_shoff 32. */
function changed(at: number, ...bytes: number[]): Uint8Array {
  const file = whole()
  file.set(bytes, at)
  return file
}

test.each([
  ['another file', Uint8Array.from([1, 2, 3]), /not an ELF file/],
  ['64 bits', changed(4, 2), /64-bit/],
  ['little endian', changed(5, 1), /little-endian/],
  ['another processor', changed(18, 0, 62), /another processor \(machine 62\)/],
  ['the header alone', whole().subarray(0, 20), /torn: its ELF header/],
  ['cut in a segment', whole().subarray(0, 0x1100), /torn/],
  ['without its end', whole().subarray(0, whole().length - 100), /torn: its section headers/],
  ['program headers elsewhere', changed(28, 0x7f, 0, 0, 0), /torn: its program headers/],
])('%s: a sentence', (_, bytes, message) => {
  expect(() => guestImage(readElf(bytes, 'guest.elf'))).toThrow(message)
  expect(() => guestImage(readElf(bytes, 'guest.elf'))).toThrow(/^guest\.elf/)
})

test('an object file is no guest', () => {
  expect(() => guestImage(readElf(changed(16, 0, 1), 'module.ko'))).toThrow(/not linked/)
})

test('segments go where p_paddr says, and so does the entry', () => {
  const file = whole()
  const view = new DataView(file.buffer)
  const table = view.getUint32(28)
  for (let n = 0; n < view.getUint16(44); n++) {
    const physical = table + 32 * n + 12
    view.setUint32(physical, view.getUint32(physical) - 0xff000)
  }
  const { entry, segments } = guestImage(readElf(file, 'guest.elf'))
  expect(entry).toBe(0x1000)
  expect(segments[0]!.physical).toBe(0)
  // readelf -l: the second segment has 0x28 bytes in the file and room for .bss.
  expect(segments[1]!.bytes.length).toBeLessThan(segments[1]!.memoryBytes)
})

test('symbols without debug information', () => {
  const store = openFixture('o2-bare.elf')
  const [entry] = store.functionsNamed('leaf')
  const leaf = store.symbolAt(entry! + 4)
  expect(leaf).toMatchObject({ name: 'leaf', address: entry, kind: 'function' })
  expect(store.symbolNamed('pool')).toMatchObject({ kind: 'object' })
  expect(store.symbolsMatching('out', 10).map(({ name }) => name)).toEqual(['outside'])
  expect(store.symbolAt(0x10)).toBeUndefined()
  expect(store.lineAt(entry!)).toBeUndefined()
  expect(store.scopesAt(entry!)).toEqual([])
  expect(store.afterPrologue(entry!)).toBe(entry)
  expect(store.problems()).toEqual([])
})

test('compressed sections, and what is said where they cannot be inflated', () => {
  const elf = readElf(fixtureBytes('o2-compressed.elf'), 'guest.elf')
  const [entry] = symbolStore(elf).functionsNamed('leaf')
  expect(symbolStore(elf, (bytes) => inflateSync(bytes)).lineAt(entry!)?.file).toBe('/src/fixtures/shapes.c')
  const blind = symbolStore(elf)
  expect(blind.lineAt(entry!)).toBeUndefined()
  expect(blind.problems().join()).toMatch(/\.debug_info.*compressed/)
})

test.skipIf(!guests)('U-Boot stripped: one segment, entry 0xf00000', () => {
  const { entry, segments } = guestImage(readElf(readGuest('u-boot', 'u-boot-debian-stripped.elf'), 'u-boot'))
  expect({ entry, count: segments.length, memory: segments[0]!.memoryBytes }).toEqual({
    entry: 0xf00000,
    count: 1,
    memory: 0x65e74,
  })
})
