// One line for each kind of value, in the notation of gdb. Expected lines are worked out by hand from the bytes; layout.test.ts has lines that gdb printed.
import { describe, expect, test } from 'vitest'
import type { CType, Place } from '../../adapter/symbols/model.ts'
import { type FormatContext, format } from '../../adapter/values/format.ts'
import { registerValue } from '../../adapter/values/register.ts'
import { typeName } from '../../adapter/values/typeName.ts'
import {
  arrayOf,
  BOOL,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  LONG_LONG,
  pointerTo,
  SHORT,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  VOID,
} from '../../adapter/values/types.ts'
import { inMemory, literal, type Value } from '../../adapter/values/value.ts'
import { writeValue } from '../../adapter/values/write.ts'
import { bytesOf, enumeration, fakeMemory, member, struct, typedef } from './build.ts'
import { color, flags, point } from './layout.ts'

const text = (string: string) => new TextEncoder().encode(string)
const handler: CType = { kind: 'function', returns: () => VOID, parameters: () => [INT] }

const regions = {
  4096: text('linux\n\0'.padEnd(64, '\0')),
  8192: bytesOf('ff9c 0001 0000 0000 0000 0000'),
  16320: text('x'.repeat(64)),
}
const registers = { 3: 0xfffffff6 | 0, 4: 0x12345678, 5: 0x0000ffff }

const print = (value: Value, rest: Partial<FormatContext> = {}) =>
  format(value, {
    memory: fakeMemory(regions, { ...registers }),
    symbolName: (address) => (address === 0xc0000000 ? 'start' : undefined),
    ...rest,
  })
const at = (type: CType, place: Place): Value => ({ type, place })
const register = (number: number): Place => ({ kind: 'register', number })

describe('one line', () => {
  test.each<[string, Value, string]>([
    ['int', literal(INT, -42), '-42'],
    ['char', literal(CHAR, 97), "97 'a'"],
    ['char, a quote', literal(CHAR, 39), "39 '\\''"],
    ['_Bool', literal(BOOL, 1), 'true'],
    ['long long', literal(LONG_LONG, -1n << 63n), '-9223372036854775808'],
    ['float, 9 digits at most', literal(FLOAT, Math.fround(0.1)), '0.1'],
    ['float that needs them', literal(FLOAT, Math.fround(16777217.5 / 3)), '5592406'],
    ['double', literal(DOUBLE, 1e300), '1e+300'],
    ['minus zero', literal(DOUBLE, -0), '-0'],
    ['infinity', literal(FLOAT, -Infinity), '-inf'],
    ['enumerator', literal(color, 3), 'BLUE'],
    ['enum without that name', literal(color, 7), '7'],
    ['flags', literal(flags, 0x85), 'READ | EXECUTE | LOCKED'],
    ['flags with a rest', literal(flags, 0x11), '(READ | 0x10)'],
    ['no flag that is known', literal(flags, 0x10), '0x10'],
    ['no flag at all', literal(flags, 0), '0'],
    ['counted, so no flags', literal(enumeration('state', { A: 0, B: 1, C: 2, D: 3, E: 4 }), 6), '6'],
    ['pointer', literal(pointerTo(INT), 0x2000), '0x00002000'],
    ['NULL', literal(pointerTo(CHAR), 0), '0x00000000'],
    ['pointer to a function', literal(pointerTo(handler), 0xc0000000), '0xc0000000 <start>'],
    ['text', literal(pointerTo(CHAR), 0x1000), '0x00001000 "linux\\n"'],
    ['unsigned char that is text', literal(pointerTo(UNSIGNED_CHAR), 0x1000), '0x00001000 "linux\\n"'],
    ['unsigned char that is not', literal(pointerTo(UNSIGNED_CHAR), 0x2000), '0x00002000'],
    [
      'text that runs out of memory',
      literal(pointerTo(CHAR), 0x3ffd),
      '0x00003ffd "xxx"<cannot access memory at 0x00004000>',
    ],
    ['text nowhere', literal(pointerTo(CHAR), 0x10), '0x00000010 <cannot access memory at 0x00000010>'],
    ['function', inMemory(handler, 0xc0000000), '{void (int)} 0xc0000000 <start>'],
    ['not mapped', inMemory(INT, 0x10), '<cannot access memory at 0x00000010>'],
    ['a struct that is not mapped', inMemory(point, 0x10), '<cannot access memory at 0x00000010>'],
    ['optimised out', at(INT, { kind: 'unavailable', reason: 'optimized out' }), '<optimized out>'],
    ['in a register', at(INT, register(3)), '-10'],
    ['short: the low half of its register', at(SHORT, register(5)), '-1'],
    ['long long in r3 and r4', at(LONG_LONG, register(3)), String(BigInt.asIntN(64, 0xfffffff612345678n))],
    ['register of no frame', at(INT, register(14)), '<register not known in this frame>'],
    ['struct in a register pair', at(point, register(3)), '{x = -10, y = 305419896}'],
    [
      'incomplete struct',
      inMemory({ kind: 'struct', name: 's', size: 0, incomplete: true, members: () => [] }, 4),
      '<incomplete type>',
    ],
    ['array without text', inMemory(arrayOf(SHORT, 3), 0x2000), '{-100, 1, 0}'],
    ['array without an end', inMemory(arrayOf(SHORT, undefined), 0x2000), '0x00002000'],
    [
      'array of one value',
      at(arrayOf(INT, 3000), { kind: 'value', bytes: new Uint8Array(12000) }),
      '{0 <repeats 2048 times>...}',
    ],
    ['characters without NUL', at(arrayOf(CHAR, 3), { kind: 'value', bytes: text('abc') }), '"abc" <not terminated>'],
  ])('%s', (_, value, expected) => {
    expect(print(value)).toBe(expected)
  })

  test('pieces: one register, one in memory', () => {
    const pieces: Place = {
      kind: 'pieces',
      pieces: [
        { place: register(4), bytes: 4 },
        { place: { kind: 'memory', address: 0x2000 }, bytes: 4 },
      ],
    }
    expect(print(at(point, pieces))).toBe('{x = 305419896, y = -6553599}')
  })
})

describe('as somebody asked', () => {
  test.each<[Value, FormatContext['display'], string]>([
    [literal(INT, -1), 'hex', '0xffffffff'],
    [literal(SHORT, -1), 'binary', '0b1111111111111111'],
    [literal(INT, 8), 'octal', '010'],
    [literal(INT, 0), 'octal', '0'],
    [literal(INT, 65), 'character', "65 'A'"],
    [literal(FLOAT, 1), 'hex', '0x3f800000'],
    [literal(color, 3), 'hex', '0x3'],
    [literal(pointerTo(VOID), 0x1000), 'string', '0x00001000 "linux\\n"'],
    [literal(pointerTo(VOID), 0x1000), 'decimal', '4096'],
  ])('%#', (value, display, expected) => {
    expect(print(value, { display })).toBe(expected)
  })
})

describe('registers as values', () => {
  function core(value: number) {
    const msr = { value }
    const field = (name: string, from: number, to: number) => [name, from, to, ''] as const
    const fields = [field('EE', 16, 16), field('PR', 17, 17), field('FE', 20, 23)]
    const write = (scalar: number | bigint) => {
      msr.value = Number(scalar)
    }
    return { msr, register: registerValue({ name: 'MSR', size: 4, fields, read: () => msr.value, write }) }
  }

  test('are shown in hex, unsigned', () => {
    expect(print(core(-2).register)).toBe('0xfffffffe')
    expect(print(core(-2).register, { display: 'decimal' })).toBe('4294967294')
  })

  test('are set', () => {
    const { msr, register } = core(0)
    writeValue(fakeMemory({}), register, '0x9000')
    expect(msr.value).toBe(0x9000)
  })

  test('that hold addresses show the symbol', () => {
    const pc = registerValue({ name: 'PC', size: 4, isAddress: true, read: () => 0xc0000000 | 0, write: () => {} })
    expect(print(pc)).toBe('0xc0000000 <start>')
  })
})

describe('type names', () => {
  test.each<[CType, string]>([
    [pointerTo(pointerTo(CHAR)), 'char **'],
    [arrayOf(pointerTo(INT), 3), 'int *[3]'],
    [pointerTo(arrayOf(INT, 3)), 'int (*)[3]'],
    [pointerTo(handler), 'void (*)(int)'],
    [arrayOf(arrayOf(INT, 2), 3), 'int [3][2]'],
    [pointerTo({ kind: 'qualified', qualifier: 'const', target: () => CHAR }), 'const char *'],
    [{ kind: 'qualified', qualifier: 'const', target: () => pointerTo(CHAR) }, 'char * const'],
    [typedef('u32', UNSIGNED_INT), 'u32'],
    [struct('page', 4, member('x', INT, 0)), 'struct page'],
    [{ kind: 'base', name: 'long long unsigned int', size: 8, encoding: 'unsigned' }, 'unsigned long long'],
    [{ kind: 'base', name: 'long int', size: 4, encoding: 'signed' }, 'long'],
  ])('%#', (type, expected) => {
    expect(typeName(type)).toBe(expected)
  })
})
