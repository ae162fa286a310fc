// Damaged debug information: every question is answered, quickly, and nothing but the store's own problems comes of it.

import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type ElfFile, readElf } from '../../adapter/symbols/elf.ts'
import type { CType, FrameReader, SymbolStore } from '../../adapter/symbols/model.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'
import { random } from '../support/random.ts'
import { fixtureBytes } from './support.ts'

const CODE = [0x100000, 0x100240]
/** One damaged file takes a millisecond or two; a loop without end would take the test's whole time. */
const FILES = 200

const frame: FrameReader = {
  pc: 0x100040,
  register: (number) => 0x2000 + number,
  read: (_, length) => new Uint8Array(Math.min(length, 64)),
  cfa: () => 0x3000,
  caller: () => frame,
}

/** As a careful reader of types does: it stops at what it has seen, and believes that chains end. */
function visitType(start: CType): void {
  const seen = new Set<CType>()
  const waiting = [start]
  for (let type = waiting.pop(); type && seen.size < 500; type = waiting.pop()) {
    if (seen.has(type)) continue
    seen.add(type)
    waiting.push(...partsOf(type))
  }
}

function partsOf(type: CType): readonly CType[] {
  switch (type.kind) {
    case 'typedef':
    case 'qualified': {
      let stripped: CType = type
      while (stripped.kind === 'typedef' || stripped.kind === 'qualified') stripped = stripped.target()
      return [stripped]
    }
    case 'pointer':
      return [type.target()]
    case 'array':
      return [type.element()]
    case 'struct':
    case 'union':
      return type.members().map((member) => member.type)
    case 'function':
      return [type.returns(), ...type.parameters()]
    case 'enum':
      expect(type.values().length).toBeLessThan(1000)
      return []
    default:
      return []
  }
}

function askEverything(store: SymbolStore): void {
  for (let address = CODE[0]!; address < CODE[1]!; address += 12) {
    store.lineAt(address)
    store.symbolAt(address)
    store.unwindRow(address)
    for (const scope of store.scopesAt(address))
      for (const variable of scope.variables(address)) {
        visitType(variable.type())
        variable.place(frame)
      }
  }
  for (const name of ['struct node', 'struct hidden', 'enum colour', 'u32', 'text', 'struct none']) {
    const type = store.typeNamed(name)
    if (type) visitType(type)
  }
  for (const name of ['counter', 'secret', 'banner', 'none']) store.variable(name, CODE[0])?.place(frame)
  for (const name of ['GREEN', 'AFTER', 'none']) store.enumerator(name, CODE[0])
  for (const name of ['walk', 'run']) for (const entry of store.functionsNamed(name)) store.afterPrologue(entry)
  store.inlinedCopiesOf('clamp')
  store.addressesOfLine('shapes.c', 30)
  store.linesOf('shapes.h')
  store.sources()
}

function debugBytes({ sections }: ElfFile): number[] {
  const debug = sections.filter(({ name }) => name.startsWith('.debug_'))
  return debug.flatMap(({ offset, size }) => Array.from({ length: size }, (_, n) => offset + n))
}

test.each(['o2-dwarf4.elf', 'o2-dwarf5.elf', 'o0-dwarf5.elf', 'o2-compressed.elf'])(
  '%s with bytes changed at random',
  (name) => {
    const whole = fixtureBytes(name)
    const places = debugBytes(readElf(whole, name))
    const next = random(0x5eed)
    let damaged = 0
    for (let n = 0; n < FILES; n++) {
      const bytes = whole.slice()
      for (let flips = 1 + (n % 4); flips > 0; flips--) {
        const place = places[(next() >>> 0) % places.length]!
        bytes[place] = n % 2 ? next() & 0xff : [0, 0xff, 0x7f, 0x80][next() & 3]!
      }
      const store = symbolStore(readElf(bytes, name), (packed) => inflateSync(packed))
      askEverything(store)
      if (store.problems().length > 0) damaged++
    }
    // Most changes hit a name or a number that may have any value; the others must be told.
    expect(damaged).toBeGreaterThan(FILES / 20)
  },
)

/** Places in .debug_info that look like references within it. */
function referencePlaces(bytes: Uint8Array, { sections }: ElfFile): number[] {
  const { offset, size } = sections.find(({ name }) => name === '.debug_info')!
  const places = Array.from({ length: size - 4 }, (_, n) => offset + n)
  return places.filter(
    (at) => bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2]! < size >> 8 && bytes[at + 3]! > 0,
  )
}

test.each(['o2-dwarf4.elf', 'o0-dwarf5.elf'])('%s with references exchanged', (name) => {
  const whole = fixtureBytes(name)
  const places = referencePlaces(whole, readElf(whole, name))
  const next = random(0xc0de)
  const choose = () => places[(next() >>> 0) % places.length]!
  for (let n = 0; n < FILES; n++) {
    const bytes = whole.slice()
    for (let changes = 0; changes < 30; changes++) {
      const from = choose()
      bytes.set(whole.subarray(from, from + 4), choose())
    }
    askEverything(symbolStore(readElf(bytes, name)))
  }
})

test.each(['.debug_info', '.debug_abbrev', '.debug_line', '.debug_frame', '.debug_str'])('%s cut short', (section) => {
  const name = 'o2-dwarf5.elf'
  const elf = readElf(fixtureBytes(name), name)
  const { size } = elf.sections.find((one) => one.name === section)!
  for (let kept = 0; kept < size; kept += 1 + (size >> 5)) {
    const sections = elf.sections.map((one) => (one.name === section ? { ...one, size: kept } : one))
    askEverything(symbolStore({ ...elf, sections }))
  }
})

test('an undamaged file has no problems', () => {
  const store = symbolStore(readElf(fixtureBytes('o2-dwarf5.elf'), 'whole'))
  askEverything(store)
  expect(store.problems()).toEqual([])
})
