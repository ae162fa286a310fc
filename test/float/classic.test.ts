import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fdiv, fmul } from '../../emulator/core/float/arithmetic.ts'
import { fcmpo, fcmpu, selectsC } from '../../emulator/core/float/compare.ts'
import { frsqrte } from '../../emulator/core/float/estimate.ts'
import { fp } from '../../emulator/core/float/finish.ts'
import { FPSCR } from '../../emulator/core/float/fpscr.ts'
import { fnmadd } from '../../emulator/core/float/multiplyAdd.ts'
import { missingProgram } from '../support/tools.ts'
import { CLASSIC, compareClassic } from './classic.ts'
import { compareEnabled, ENABLED } from './enabled.ts'
import { buildHost, type Host } from './host.ts'

const RN = [0, 1, 2, 3]
const hasNoGcc = missingProgram('gcc')

describe.skipIf(hasNoGcc)('the host computes the same, results and flags', () => {
  let host: Host
  beforeAll(() => {
    host = buildHost()
  })
  afterAll(() => host.close())
  test.each(CLASSIC.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    expect(RN.flatMap((mode) => compareClassic(host, operation, mode, 1000, 7 + mode))).toEqual([])
  })
})

describe('enabled exceptions, as Book I says', () => {
  test.each(ENABLED.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    expect(RN.flatMap((mode) => compareEnabled(operation, mode, 500, 9 + mode))).toEqual([])
  })
})

const ONE = 0x3ff00000
const INFINITY = 0x7ff00000
const QNAN = 0x7ff80000
const SNAN = 0x7ff00001

test('an enabled invalid operation keeps the target and FPRF; FR and FI are 0 (Book I 4.4.1.2)', () => {
  fmul(INFINITY, 0, 0, 0, FPSCR.VE | FPSCR.FR | FPSCR.FI | 0x4000)
  expect(fp.written).toBe(false)
  expect(fp.fpscr).toBe(FPSCR.FX | FPSCR.FEX | FPSCR.VX | FPSCR.VXIMZ | FPSCR.VE | 0x4000)
})

test('an enabled zero divide keeps the target and FPRF (Book I 4.4.2.2)', () => {
  fdiv(ONE, 0, 0, 0, FPSCR.ZE | 0x8000)
  expect(fp.written).toBe(false)
  expect(fp.fpscr).toBe(FPSCR.FX | FPSCR.FEX | FPSCR.ZX | FPSCR.ZE | 0x8000)
})

test('NaNs: FRA before FRB before FRC, made quiet, sign and payload kept; 0 * Infinity is invalid beside them', () => {
  fnmadd(ONE, 0, SNAN | 0x80000000, 5, QNAN, 7, 0)
  expect([fp.hi, fp.lo, fp.fpscr]).toEqual([QNAN, 7, FPSCR.FX | FPSCR.VX | FPSCR.VXSNAN | 0x11000])
  fnmadd(0, 0, INFINITY, 0, QNAN, 9, 0)
  expect([fp.hi, fp.lo, fp.fpscr]).toEqual([QNAN, 9, FPSCR.FX | FPSCR.VX | FPSCR.VXIMZ | 0x11000])
})

test.each([
  ['less', fcmpu, ONE, INFINITY, 0, 8, 0],
  ['greater', fcmpu, ONE, 0xbff00000, 0, 4, 0],
  ['+0 equals -0', fcmpu, 0, 0x80000000, 0, 2, 0],
  ['a QNaN is unordered', fcmpu, QNAN, ONE, 0, 1, 0],
  ['an SNaN is invalid', fcmpu, ONE, SNAN, 0, 1, FPSCR.VXSNAN],
  ['ordered: a QNaN is invalid', fcmpo, ONE, QNAN, 0, 1, FPSCR.VXVC],
  ['ordered: an SNaN is both', fcmpo, SNAN, ONE, 0, 1, FPSCR.VXSNAN | FPSCR.VXVC],
  ['ordered, VE: an SNaN is that alone', fcmpo, SNAN, ONE, FPSCR.VE, 1, FPSCR.VXSNAN | FPSCR.FEX],
])('compare (Book I 4.6.7): %s', (_, compare, a, b, enable, field, invalid) => {
  // FR, FI and C stay.
  const kept = enable | FPSCR.FR | FPSCR.FI | 0x10000
  expect(compare(a | 0, 0, b | 0, 0, kept | 0xf000)).toBe(field)
  const raised = invalid ? invalid | FPSCR.FX | FPSCR.VX : 0
  expect(fp.fpscr).toBe(kept | raised | (field << 12))
})

test.each([
  [ONE, 0, true],
  [0x80000000, 0, true],
  [0x80000000, 1, false],
  [QNAN, 0, false],
  [INFINITY, 0, true],
  [0xfff00000, 0, false],
])('fsel of %x:%x chooses FRC: %s', (hi, lo, chosen) => {
  expect(selectsC(hi | 0, lo)).toBe(chosen)
})

test('frsqrte of special values (Book I 4.6.5.1)', () => {
  const of = (hi: number) => {
    frsqrte(hi | 0, 0, 0)
    return [fp.hi >>> 0, fp.fpscr >>> 0]
  }
  expect(of(0x80000000)).toEqual([0xfff00000, (FPSCR.FX | FPSCR.ZX | 0x9000) >>> 0])
  expect(of(0xbff00000)).toEqual([QNAN, (FPSCR.FX | FPSCR.VX | FPSCR.VXSQRT | 0x11000) >>> 0])
  expect(of(INFINITY)).toEqual([0, 0x2000])
})
