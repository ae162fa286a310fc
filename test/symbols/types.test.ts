// C types as their source says under the System V ABI, and as gdb lays out a kernel's.
import { expect, test } from 'vitest'
import type { CType, Member, SymbolStore } from '../../adapter/symbols/model.ts'
import { openFixture } from './support.ts'

const files = ['o2-dwarf4.elf', 'o2-dwarf5.elf', 'o0-dwarf5.elf']

function structure(store: SymbolStore, name: string) {
  const type = store.typeNamed(name)
  if (type?.kind !== 'struct' && type?.kind !== 'union') throw new Error(`no ${name}`)
  return type
}

const place = ({ name, offset, bitField }: Member) =>
  bitField ? `${name} ${bitField.offset}:${bitField.width}` : `${name ?? ''} ${offset}`

function describe(type: CType): string {
  switch (type.kind) {
    case 'base':
    case 'typedef':
      return type.name
    case 'pointer':
      return `${describe(type.target())} *`
    case 'array':
      return `${describe(type.element())} [${type.count ?? ''}]`
    case 'qualified':
      return `${type.qualifier} ${describe(type.target())}`
    case 'function':
      return `${describe(type.returns())} (${type.parameters().map(describe).join(', ')})`
    case 'void':
      return 'void'
    default:
      return `${type.kind} ${type.name ?? ''}`
  }
}

test.each(files)('%s: bit fields, from the most significant bit on', (name) => {
  // gdb 13.1, ptype /o struct flags: 0:31 1, 0:19 12 and so on count from the other end; these are hand-counted for big endian.
  const { size, members } = structure(openFixture(name), 'struct flags')
  expect(size).toBe(16)
  expect(members().map(place)).toEqual(['ready 0:1', 'count 1:12', 'delta 13:7', 'tail 3', 'wide 32:30', 'far 64:40'])
})

test.each(files)('%s: members, anonymous ones, arrays of arrays, a flexible array', (name) => {
  const { size, members } = structure(openFixture(name), 'struct node')
  expect(size).toBe(64)
  const all = members()
  expect(all.map(place)).toEqual([
    'next 0',
    ' 4',
    'grid 8',
    'visit 32',
    'colour 36',
    'flags 40',
    'hidden 56',
    'rest 60',
  ])
  const types = Object.fromEntries(all.map((member) => [member.name ?? 'anonymous', describe(member.type)]))
  expect(types).toMatchObject({
    next: 'struct node *',
    anonymous: 'union ',
    grid: 'int [3] [2]',
    visit: 'int (struct node *, long int) *',
    rest: 'char []',
  })
})

test.each(files)('%s: a type that one unit only declares is the whole one of another', (name) => {
  const hidden = structure(openFixture(name), 'struct node')
    .members()
    .find((member) => member.name === 'hidden')!
  if (hidden.type.kind !== 'pointer') throw new Error('no pointer')
  const target = hidden.type.target()
  expect(target).toMatchObject({ kind: 'struct', name: 'hidden', size: 12, incomplete: false })
})

test.each(files)('%s: enums, their values and signs; typedefs and qualifiers', (name) => {
  const store = openFixture(name)
  const colour = store.typeNamed('enum colour')
  const offset = store.typeNamed('enum offset')
  if (colour?.kind !== 'enum' || offset?.kind !== 'enum') throw new Error('no enum')
  expect(colour.values()).toEqual([
    { name: 'RED', value: 0 },
    { name: 'GREEN', value: 5 },
    { name: 'BLUE', value: 6 },
  ])
  expect([colour.signed, offset.signed]).toEqual([false, true])
  expect(store.enumerator('BEFORE', undefined)?.value).toBe(-1)
  expect(store.enumerator('NOTHING', undefined)).toBeUndefined()
  const text = store.typeNamed('text')
  if (text?.kind !== 'typedef') throw new Error('no typedef')
  expect(describe(text.target())).toMatch(/^(const volatile|volatile const) char \*$/)
  expect(store.typeNamed('struct nothing')).toBeUndefined()
})
