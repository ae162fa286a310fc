// Values in the layout that GCC gives them. Expected lines are gdb's (print, print/x with repeats 10), but for trailing
// NULs, u8 arrays and flags without a rest, where ours are shorter.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { children } from '../../adapter/values/children.ts'
import { type FormatContext, format } from '../../adapter/values/format.ts'
import { flatMembers, strip } from '../../adapter/values/types.ts'
import { memberOf, type Value } from '../../adapter/values/value.ts'
import { writeValue } from '../../adapter/values/write.ts'
import { missingProgram } from '../support/tools.ts'
import { bytesOf } from './build.ts'
import { bits, DATA, data, layoutMemory, mixed, third } from './layout.ts'

const print = (value: Value, rest: Partial<FormatContext> = {}) =>
  format(value, { memory: layoutMemory(), maxLength: 1000, ...rest })

function part(value: Value, name: string): Value {
  const type = strip(value.type)
  if (type.kind !== 'struct') throw new Error(`${name} of what is no struct`)
  return memberOf(value, flatMembers(type).find((member) => member.name === name)!)
}

test('bit fields, big endian', () => {
  expect(print(bits)).toBe("{a = 5, b = -3, c = 682, e = true, f = BLUE, d = 4886718345, g = -1 '\\377', h = 341}")
})

test('in hex, negative ones with as many digits as they have bits', () => {
  expect(print(bits, { display: 'hex' })).toBe(
    "{a = 0x5, b = 0x1d, c = 0x2aa, e = 0x1, f = 0x3, d = 0x123456789, g = 0xff '\\377', h = 0x155}",
  )
})

test('text, anonymous members, floating point, 64 bits, flags, nested arrays, repeats', () => {
  expect(print(mixed)).toBe(
    `{name = "e500", mac = {1 '\\001', 128 '\\200', 0 '\\000', 255 '\\377'}, ` +
      '{word = 305432421, {high = 4660, low = -30875}}, ratio = 0.1, half = 0.5, big = -5000000000, ' +
      'flags = READ | EXECUTE, point = {{x = 1, y = -2}, {x = 3, y = 4}}, zeros = {7, 0 <repeats 15 times>}, yes = true}',
  )
})

test('a summary ends where the room ends', () => {
  expect(print(mixed, { maxLength: 20 })).toBe(`{name = "e500", mac = {1 '\\001'...}...}`)
})

test("IBM's long double is the sum of its two doubles", () => {
  expect(print(third)).toBe('0.3333333333333333')
})

test('members of anonymous unions and structs stand in their place', () => {
  const found = children({ name: 'mixed', value: mixed, expression: 'mixed' }, layoutMemory())
  expect(found.slice(2, 5).map(({ name, value, expression }) => `${name}: ${print(value)}, ${expression}`)).toEqual([
    'word: 305432421, mixed.word',
    'high: 4660, mixed.high',
    'low: -30875, mixed.low',
  ])
})

describe('writing', () => {
  // Expected words by hand: a is bits 0-2 and b bits 3-7 of the first byte 0xbd = 101 11101; d is bits 21-53.
  test.each([
    ['a', '2', '5daabc8d159e24ff'],
    ['b', '-16', 'b0aabc8d159e24ff'],
    ['e', 'false', 'bdaa9c8d159e24ff'],
    ['f', 'RED', 'bdaaa48d159e24ff'],
    ['d', '0x1ffffffff', 'bdaabffffffffcff'],
    ['g', "'A'", 'bdaabc8d159e2441'],
  ])('%s = %s leaves its neighbours alone', (name, text, expected) => {
    const memory = layoutMemory()
    writeValue(memory, part(bits, name), text)
    expect(Buffer.from(memory.read(DATA, 8)!).toString('hex')).toBe(expected)
  })

  test.each([
    ['a', '8', '8 does not fit into a bit field of 3 bits (0 to 7).'],
    ['f', 'PINK', '"PINK" is not a value of type enum color. Write a number or a name such as RED, GREEN, BLUE.'],
  ])('%s = %s is refused', (name, text, sentence) => {
    expect(() => writeValue(layoutMemory(), part(bits, name), text)).toThrow(sentence)
  })

  test('what is shown can be written back', () => {
    const memory = layoutMemory()
    for (const whole of [bits, mixed]) {
      for (const { value } of children({ name: '', value: whole }, memory)) {
        if (['struct', 'union'].includes(strip(value.type).kind) || !/^[\w"(-]/.test(print(value))) continue
        writeValue(memory, value, print(value))
      }
    }
    expect(memory.read(DATA, 0xa0)).toEqual(bytesOf(data))
  })

  test('text: shorter is filled with zeros, longer is refused', () => {
    const memory = layoutMemory()
    writeValue(memory, part(mixed, 'name'), '"a\\n"')
    expect(memory.read(DATA + 0x10, 8)).toEqual(bytesOf('610a000000000000'))
    expect(() => writeValue(memory, part(mixed, 'name'), '"123456789"')).toThrow(
      'The string has 9 bytes, char [8] has room for 8.',
    )
  })
})

test.skipIf(missingProgram('powerpc-linux-gnu-gcc'))('the bytes are what GCC makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layout-'))
  const source = join(import.meta.dirname, 'layout.c')
  execFileSync('powerpc-linux-gnu-gcc', ['-c', source, '-o', join(folder, 'layout.o')])
  execFileSync('powerpc-linux-gnu-objcopy', [
    '-O',
    'binary',
    '-j',
    '.data',
    join(folder, 'layout.o'),
    join(folder, 'data'),
  ])
  expect(Uint8Array.from(readFileSync(join(folder, 'data')))).toEqual(bytesOf(data))
  rmSync(folder, { recursive: true })
})
