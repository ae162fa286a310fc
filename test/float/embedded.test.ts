import { expect, test } from 'vitest'
import { efscmpgt } from '../../emulator/core/float/efp/compare.ts'
import { efsctui } from '../../emulator/core/float/efp/convert.ts'
import { efdadd } from '../../emulator/core/float/efp/double.ts'
import { efsadd, efsdiv, evfsmul } from '../../emulator/core/float/efp/single.ts'
import { efp, SPEFSCR } from '../../emulator/core/float/efp/spefscr.ts'
import { compareEmbedded, EMBEDDED } from './embedded.ts'

const { FG, FX, FINV, FDBZ, FUNF, FINXS, FINVS, FDBZS, FUNFS, FINXE, FINVE, FDBZE } = SPEFSCR

test.each(EMBEDDED.map((instruction) => [instruction.name, instruction] as const))(
  '%s: what the manual says',
  (_, instruction) => {
    expect([0, 1, 2, 3].flatMap((mode) => compareEmbedded(instruction, mode, 250, 31 + mode))).toEqual([])
  },
)

const hex = (word: number) => (word >>> 0).toString(16)
const state = () => ({ lo: hex(efp.lo), spefscr: hex(efp.spefscr), interrupt: efp.interrupt })
const ONE = 0x3f800000
const INFINITY = 0x7f800000
const DENORMAL = 0x00000001

// By hand from the tables of results.
test('Infinity - Infinity is the largest number', () => {
  efsadd(INFINITY, 0xff800000 | 0, 0)
  expect(state()).toEqual({ lo: '7f7fffff', spefscr: hex(FINV | FINVS), interrupt: 0 })
})

test('a denormal is zero; with FINVE the target is kept', () => {
  efsdiv(ONE, DENORMAL, 0)
  expect(state()).toEqual({ lo: '7f7fffff', spefscr: hex(FINV | FINVS), interrupt: 0 })
  efsdiv(ONE, DENORMAL, FINVE)
  expect(state()).toMatchObject({ spefscr: hex(FINV | FINVS | FINVE), interrupt: 1 })
})

test('a division by zero', () => {
  efsdiv(0xbf800000 | 0, 0, FDBZE)
  expect(state()).toMatchObject({ spefscr: hex(FDBZ | FDBZS | FDBZE), interrupt: 1 })
})

test('an underflow is +0, toward -Infinity -0, and inexact', () => {
  efsadd(0x00800001, 0x80800000 | 0, 0)
  expect(state()).toEqual({ lo: '0', spefscr: hex(FUNF | FUNFS | FINXS), interrupt: 0 })
  efsadd(0x00800001, 0x80800000 | 0, 3)
  expect(state()).toMatchObject({ lo: '80000000' })
})

test('FINXE: the truncated result, guard and sticky bits, the round interrupt', () => {
  // 1 + 3 * 2^-25: guard and sticky.
  efsadd(ONE, 0x33c00000, FINXE)
  expect(state()).toEqual({ lo: hex(ONE), spefscr: hex(FG | FX | FINXS | FINXE), interrupt: 2 })
  efsadd(ONE, 0x33c00000, 0)
  expect(state()).toEqual({ lo: hex(ONE + 1), spefscr: hex(FG | FX | FINXS), interrupt: 0 })
})

test('toward +Infinity: left to the round interrupt, unless the core rounds so itself', () => {
  efsadd(ONE, 0x33000000, 2)
  expect(state()).toMatchObject({ lo: hex(ONE), interrupt: 2 })
  efp.roundsDirected = true
  efsadd(ONE, 0x33000000, 2)
  efp.roundsDirected = false
  expect(state()).toMatchObject({ lo: hex(ONE + 1), interrupt: 0 })
})

test('a scalar clears the status of the high element, a vector has both', () => {
  evfsmul(INFINITY, ONE, ONE, 0x3f800001, 0)
  expect(hex(efp.hi)).toBe('7f7fffff')
  expect(state()).toEqual({ lo: '3f800001', spefscr: hex((FINV << 16) | FINVS), interrupt: 0 })
  efdadd(0x3ff00000, 0, 0x3ff00000, 0, efp.spefscr)
  expect(state()).toEqual({ lo: '0', spefscr: hex(FINVS), interrupt: 0 })
})

test('a compare takes a NaN as a number and reports it', () => {
  expect(efscmpgt(0x7fc00000, INFINITY, 0)).toBe(4)
  expect(state()).toMatchObject({ spefscr: hex(FINV | FINVS) })
})

test('a conversion saturates', () => {
  efsctui(0xbf800000 | 0, 0)
  expect(state()).toEqual({ lo: '0', spefscr: hex(FINV | FINVS), interrupt: 0 })
  efsctui(0x4f800000, 0)
  expect(state()).toEqual({ lo: 'ffffffff', spefscr: hex(FINV | FINVS), interrupt: 0 })
})
