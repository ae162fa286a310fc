// Which rows the Registers view shows.
import { describe, expect, test } from 'vitest'

import type { Register, Registers } from '../../../extension/views/answers.ts'
import { modeOf, msrBits } from '../../../extension/views/model/msr.ts'
import {
  type Choice,
  columnsOf,
  fieldText,
  fieldValue,
  sectionsOf,
  summaryOf,
} from '../../../extension/views/model/registers.ts'

const field = (name: string, from: number, to: number, value: number) => ({ name, from, to, value, title: name })
const register = (name: string, value: string, more: Partial<Register> = {}): Register => ({
  name,
  title: name,
  value,
  privilege: 'supervisor',
  writable: true,
  changed: false,
  fields: [],
  ...more,
})

const TCR = register('TCR', '0x04000000', { number: 340, fields: [field('WP', 0, 1, 0), field('DIE', 5, 5, 1)] })
const MSR = register('MSR', '0x00029000', {
  fields: [
    field('CE', 14, 14, 1),
    field('EE', 16, 16, 1),
    field('PR', 17, 17, 0),
    field('ME', 19, 19, 1),
    field('DE', 22, 22, 0),
  ],
})
const REGISTERS: Registers = {
  groups: [
    {
      name: 'Registers',
      registers: [
        register('r0', '0x00000000'),
        register('r1', '0xc09a5e30', { changed: true }),
        register('LR', '0x00000000'),
      ],
    },
    { name: 'MSR', registers: [MSR] },
    { name: 'Debug resources', registers: [register('DBCR0', '0x00000000', { number: 308 })] },
    { name: 'Timer SPRs', registers: [TCR, register('TSR', '0x00000000', { number: 336 })] },
  ],
}
const ALL: Choice = { search: '', changedOnly: false, openRegisters: new Set(), turnedGroups: new Set() }

const shown = (choice: Partial<Choice>) =>
  sectionsOf(REGISTERS, { ...ALL, ...choice })
    .filter(({ isOpen }) => isOpen)
    .flatMap(({ rows }) =>
      rows.flatMap(({ register, fields }) => [register.name, ...fields.map(({ name }) => `.${name}`)]),
    )

describe('what is shown', () => {
  test('the MSR stands apart, and the debug registers have a view of their own', () => {
    expect(shown({})).toEqual(['r0', 'r1', 'LR', 'TCR', 'TSR'])
  })
  test('r0 to r31 are a group for themselves', () => {
    expect(sectionsOf(REGISTERS, ALL).map(({ name, isGeneral }) => [name, isGeneral])).toEqual([
      ['General purpose', true],
      ['Branch and condition', false],
      ['Debug resources', false],
      ['Timer SPRs', false],
    ])
  })
  test('a group is turned', () => {
    expect(shown({ turnedGroups: new Set(['Debug resources', 'Timer SPRs']) })).toEqual(['r0', 'r1', 'LR', 'DBCR0'])
  })
  test('an open register shows its fields', () => {
    expect(shown({ openRegisters: new Set(['TCR']) })).toEqual(['r0', 'r1', 'LR', 'TCR', '.WP', '.DIE', 'TSR'])
  })
  test.each([
    ['ts', ['TSR']],
    ['340', ['TCR']],
    ['die', ['TCR', '.DIE']],
    ['dbcr', ['DBCR0']],
    ['msr', ['MSR']],
    ['nothing', []],
  ])('searching %s', (search, rows) => {
    expect(shown({ search })).toEqual(rows)
  })
  test('changed only', () => {
    expect(shown({ changedOnly: true })).toEqual(['r1'])
  })
})

test('a line of what is set', () => {
  expect(summaryOf(MSR)).toBe('CE EE ME')
  expect(
    summaryOf(
      register('MAS0', '0x10030002', {
        fields: [field('TLBSEL', 2, 3, 1), field('ESEL', 12, 15, 3), field('NV', 28, 31, 2)],
      }),
    ),
  ).toBe('TLBSEL 1 ESEL 3 NV 2')
  const conditions = [
    field('CR0.LT', 0, 0, 0),
    field('CR0.EQ', 2, 2, 1),
    field('CR4.LT', 16, 16, 1),
    field('CR4.SO', 19, 19, 1),
  ]
  expect(summaryOf(register('CR', '0x20009000', { fields: conditions }))).toBe('cr0 eq  cr4 lt so')
})

test('wide fields are hexadecimal, debug fields say what they mean', () => {
  expect(fieldText('MAS2', field('EPN', 0, 19, 0xc0041))).toBe('c0041')
  expect(fieldText('DBCR1', field('IAC1US', 0, 1, 3))).toBe('11 user')
})

test.each([
  ['011', 3, 3],
  ['0x3', 3, 3],
  ['2', 2, undefined],
  ['100', 2, undefined],
  ['1f', 8, 0x1f],
  ['0x1f', 8, 0x1f],
  ['100', 8, undefined],
  ['', 1, undefined],
])('a field is read as it is shown: %s in %i bits', (typed, width, value) => {
  expect(fieldValue(typed, field('F', 0, width - 1, 0))).toBe(value)
})

test('columns keep the order and share the height', () => {
  const group = (name: string, count: number) => ({ name, registers: Array.from({ length: count }, () => TCR) })
  expect(columnsOf([group('a', 10), group('b', 8), group('c', 4), group('d', 16)], 3)).toEqual([
    ['a'],
    ['b', 'c'],
    ['d'],
  ])
  expect(columnsOf([group('a', 10), group('b', 8)], 1)).toEqual([['a', 'b']])
})

test('MSR bits: guest, hardware, changed', () => {
  const bits = msrBits(MSR, '0x00029200', '0x00021000')
  expect(bits.filter(({ guest }) => guest).map(({ field }) => field?.name)).toEqual(['CE', 'EE', 'ME'])
  expect(bits.filter(({ guest, hardware }) => guest !== hardware).map(({ field }) => field?.name)).toEqual(['DE'])
  expect(bits.filter(({ changed }) => changed).map(({ bit }) => bit)).toEqual([16])
  expect(bits[0]!.field).toBeUndefined()
  expect(modeOf(MSR)).toBe('supervisor · AS 0/0')
})
