// What opens under a value, and the expression that names each part.
import { describe, expect, test } from 'vitest'
import type { CType } from '../../adapter/symbols/model.ts'
import {
  addressOf,
  childCount,
  children,
  memoryReference,
  type NamedValue,
  typeOf,
} from '../../adapter/values/children.ts'
import { format } from '../../adapter/values/format.ts'
import { registerValue } from '../../adapter/values/register.ts'
import { arrayOf, CHAR, INT, pointerTo, VOID } from '../../adapter/values/types.ts'
import { inMemory, literal, type Value } from '../../adapter/values/value.ts'
import { bytesOf, fakeMemory } from './build.ts'
import { bits, DATA, layoutMemory, mixed, point } from './layout.ts'

const memory = layoutMemory()
const named = (value: Value, expression = 'v'): NamedValue => ({ name: 'v', value, expression })
const lines = (parent: NamedValue, window = {}) =>
  children(parent, memory, window).map(
    ({ name, value, expression }) => `${name} = ${format(value, { memory })} | ${expression}`,
  )

describe('children', () => {
  test('of an array of structs: elements, then their members', () => {
    const array = named(inMemory(arrayOf(point, 2), DATA + 0x3c), 'mixed.point')
    expect(lines(array)).toEqual(['[0] = {x = 1, y = -2} | mixed.point[0]', '[1] = {x = 3, y = 4} | mixed.point[1]'])
    expect(lines(children(array, memory)[1]!)).toEqual(['x = 3 | mixed.point[1].x', 'y = 4 | mixed.point[1].y'])
  })

  test('of a pointer to a struct: the members behind it', () => {
    expect(lines(named(literal(pointerTo(point), DATA + 0x3c), 'p->next'))).toEqual([
      'x = 1 | p->next->x',
      'y = -2 | p->next->y',
    ])
  })

  test('of another pointer: the target', () => {
    expect(lines(named(literal(pointerTo(INT), DATA + 0x3c)))).toEqual(['*v = 1 | *v'])
    expect(lines(named(literal(pointerTo(arrayOf(INT, 2)), DATA + 0x3c)))).toEqual(['*v = {1, -2} | *v'])
  })

  test('an expression that is not primary is put in parentheses', () => {
    const value = inMemory(point, DATA + 0x3c)
    expect(lines(named(value, '*v'))).toEqual(['x = 1 | (*v).x', 'y = -2 | (*v).y'])
    expect(lines(named(value, '(struct point *)3'))[0]).toBe('x = 1 | ((struct point *)3).x')
  })

  test.each<[string, Value]>([
    ['void *', literal(pointerTo(VOID), DATA)],
    ['char *', literal(pointerTo(CHAR), DATA)],
    ['NULL', literal(pointerTo(point), 0)],
    ['int', literal(INT, 1)],
    [
      'an incomplete struct',
      literal(pointerTo({ kind: 'struct', name: 's', size: 0, incomplete: true, members: () => [] }), 8),
    ],
    ['a function', literal(pointerTo({ kind: 'function', returns: () => VOID, parameters: () => [] }), 8)],
    ['what was optimised out', { type: point, place: { kind: 'unavailable', reason: 'optimized out' } }],
  ])('none of %s', (_, value) => {
    expect(children(named(value), memory)).toEqual([])
    expect(childCount(named(value), memory)).toEqual({ named: 0, indexed: 0 })
  })

  test('of a pointer to nowhere: members that say so', () => {
    expect(lines(named(literal(pointerTo(point), 16)))[1]).toBe('y = <cannot access memory at 0x00000014> | v->y')
  })

  test('of a register: its fields, which can be set', () => {
    const fields = [
      ['EE', 16, 16, 'External interrupt enable'],
      ['UCLE', 5, 5, ''],
    ] as const
    const msr = registerValue({ name: 'MSR', size: 4, fields, read: () => 0x8000, write: () => {} })
    expect(lines(named(msr, '$msr'))).toEqual(['EE = 1 | $msr.EE', 'UCLE = 0 | $msr.UCLE'])
  })
})

describe('long arrays', () => {
  const counted: Value = {
    type: arrayOf(CHAR, 25000),
    place: { kind: 'value', bytes: Uint8Array.from({ length: 25000 }, (_, i) => i % 251) },
  }

  test('a window is read by index', () => {
    expect(childCount(named(counted), memory)).toEqual({ named: 0, indexed: 25000 })
    expect(lines(named(counted), { start: 300, count: 2 })).toEqual([
      "[300] = 49 '1' | v[300]",
      "[301] = 50 '2' | v[301]",
    ])
    expect(children(named(counted), memory, { start: 24999, count: 100 })).toHaveLength(1)
    expect(children(named(counted), memory, { start: 30000, count: 100 })).toHaveLength(0)
  })

  test('without a window: ranges of ranges, elements keep their index', () => {
    const [first, , third] = children(named(counted), memory)
    expect([first?.name, third?.name]).toEqual(['[0..9999]', '[20000..24999]'])
    const inner = children(third!, memory)
    expect([inner[0]?.name, inner.at(-1)?.name]).toEqual(['[20000..20099]', '[24900..24999]'])
    expect(lines(inner[1]!)[0]).toBe("[20100] = 20 '\\024' | v[20100]")
  })
})

test('what memory views open', () => {
  expect(addressOf(mixed)).toBe(DATA + 0x10)
  expect(memoryReference(literal(pointerTo(INT), 0x1234), memory)).toBe(0x1234)
  expect(memoryReference(children(named(bits), memory)[0]!.value, memory)).toBeUndefined()
  expect(memoryReference(literal(INT, 3), memory)).toBeUndefined()
})

test('a bit field says how wide it is', () => {
  expect(typeOf(children(named(bits), memory)[1]!.value)).toBe('int : 5')
})

test('flexible array members have no elements, text is shown to its end', () => {
  const flexible: CType = arrayOf(CHAR, undefined)
  const near = fakeMemory({ 64: bytesOf('6162630000000000'.padEnd(128, '0')) })
  expect(children(named(inMemory(flexible, 0x40)), near)).toEqual([])
  expect(format(inMemory(flexible, 0x40), { memory: near })).toBe('"abc"')
})
