// Expected values from Book I 4.2.2, 4.6.2, 4.6.3 and 4.6.8.
import { describe, expect, test } from 'vitest'
import { FPSCR, fpscrField, mcrfs, mtfsb0, mtfsb1, mtfsf, mtfsfi } from '../../emulator/core/float/fpscr.ts'
import { doubleToSingle, singleToDoubleHigh, singleToDoubleLow } from '../../emulator/core/float/words.ts'
import { random } from '../support/random.ts'

const { FX, FEX, VX, OX, VXSNAN, VXVC, XX, XE, VE, OE, FR } = FPSCR

describe('moves of FPSCR', () => {
  test.each([
    ['mtfsf: only the chosen fields', mtfsf(0x00000003, 0x02, -1), 0xf3],
    ['mtfsf: FX and OX from the value, FEX and VX by rule', mtfsf(0, 0x80, 0xf0000000 | 0), FX | OX],
    ['mtfsf: FX is not set by exception bits', mtfsf(0, 0x40, VXSNAN), VXSNAN | VX],
    ['mtfsf: bit 20 is reserved', mtfsf(0, 0xff, 0x00000800), 0],
    ['mtfsfi: an enable makes FEX', mtfsfi(VXSNAN | VX | FX, 6, 8), VXSNAN | VX | FX | VE | FEX],
    ['mtfsfi: field 7', mtfsfi(XX | FX, 7, 0b1011), XX | FX | XE | FEX | 3],
    ['mtfsb0: the last invalid bit takes VX along', mtfsb0(VXVC | VX | FX, 12), FX],
    ['mtfsb0: FEX stays while its reason does', mtfsb0(OX | OE | FEX, 1), OX | OE | FEX],
    ['mtfsb0: FX', mtfsb0(FX | OX, 0), OX],
    ['mtfsb1: a new exception sets FX', mtfsb1(OE, 3), OX | OE | FEX | FX],
    ['mtfsb1: an old one does not', mtfsb1(OX, 3), OX],
    ['mtfsb1: FEX and VX cannot be set', mtfsb1(mtfsb1(0, 1), 2), 0],
    ['mtfsb1: a mode bit', mtfsb1(0, 31), 1],
    ['mcrfs: exception bits of the field are cleared', mcrfs(FX | FEX | OX | OE | XX, 0), OE | XX],
    ['mcrfs: FR and FI are no exceptions', mcrfs(VXVC | VX | FR | 0x20000, 3), FR | 0x20000],
    ['mcrfs: enables stay', mcrfs(0xf8, 6), 0xf8],
  ])('%s', (_, got, want) => expect(got >>> 0).toBe(want >>> 0))

  test('mcrfs copies the field', () => expect(fpscrField(0x12345678, 5)).toBe(6))
})

describe('storage formats', () => {
  const view = new DataView(new ArrayBuffer(8))
  const double = (word: number) => [singleToDoubleHigh(word) >>> 0, singleToDoubleLow(word) >>> 0]

  test('lfs: numbers as the host widens them, denormals too; stfs gives them back', () => {
    const next = random(5)
    for (let n = 0; n < 20000; n++) {
      const word = n & 3 ? next() : next() & 0x807fffff
      view.setInt32(0, word)
      const value = view.getFloat32(0)
      if (Number.isNaN(value)) continue
      view.setFloat64(0, value)
      expect(double(word)).toEqual([view.getUint32(0), view.getUint32(4)])
      expect(doubleToSingle(singleToDoubleHigh(word), singleToDoubleLow(word)) >>> 0).toBe(word >>> 0)
    }
  })

  test('lfs: an SNaN stays one, its payload moves', () =>
    expect(double(0xff800001 | 0)).toEqual([0xfff00000, 0x20000000]))

  test.each([
    ['bits are dropped, not rounded', 0x3fffffff, 0xffffffff, 0x3fffffff],
    ['exponent bits of a number that no single can hold', 0x48000000, 0, 0x40000000],
    ['a denormal is truncated', 0x380fffff, 0xffffffff, 0x007fffff],
    ['the smallest denormal', 0xb6a00000, 0, 0x80000001],
    ['an SNaN', 0x7ff00000, 0x20000000, 0x7f800001],
    ['-0', 0x80000000, 0, 0x80000000],
  ])('stfs: %s', (_, hi, lo, word) => expect(doubleToSingle(hi | 0, lo | 0) >>> 0).toBe(word))
})
