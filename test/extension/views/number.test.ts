// Values as people read and write them. Expected texts are worked out by hand.
import { describe, expect, test } from 'vitest'

import {
  bitsOf,
  differences,
  expressionOf,
  formatted,
  maskOf,
  withBits,
} from '../../../extension/views/model/number.ts'

describe('formats', () => {
  test.each([
    ['hex', '0xC0041A50', 'c0041a50'],
    ['decimal', '0xffff8e78', '4294938232'],
    ['signed', '0xffff8e78', '-29064'],
    ['binary', '0x00021200', '00000000 00000010 00010010 00000000'],
    ['characters', '0x41620a7f', 'Ab··'],
  ] as const)('%s of %s is %s', (format, value, text) => {
    expect(formatted(value, format)).toBe(text)
  })

  test('64 bits are no special case', () => {
    expect(formatted('0x8000000000000001', 'signed')).toBe('-9223372036854775807')
    expect(bitsOf('0x8000000000000001', 63, 63)).toBe(1)
  })
})

describe('what is typed is meant as it is shown', () => {
  test.each([
    ['hex', '10', '0x10'],
    ['hex', '0x10', '0x10'],
    ['hex', 'lr', 'lr'],
    ['decimal', '10', '10'],
    ['binary', '1010 0101', '0xa5'],
    ['signed', '-1', '-1'],
  ] as const)('%s: %s', (format, typed, expression) => {
    expect(expressionOf(typed, format)).toBe(expression)
  })
})

test('bit 0 is the most significant', () => {
  // MSR[DE] is bit 54 of 64, 22 of 32: 0x200.
  expect(withBits('0x00021000', 22, 22, 1)).toBe('0x00021200')
  expect(maskOf('0x00021000', 22, 22)).toBe('0x00000200')
  expect(bitsOf('0x40840000', 12, 13)).toBe(1)
  expect(withBits('0xffffffff', 2, 3, 2)).toBe('0xefffffff')
})

test('digits that differ', () => {
  expect(differences('40c50000', '40840000')).toEqual([false, false, true, true, false, false, false, false])
})
