// Embedded double precision: efd* (SPE PEM chapter 5).
import { addBig, bitLength, divideBig, type Exact, exactOf, multiplyBig, packDouble, truncate } from '../bigFloat.ts'
import { exactProduct, exactQuotient, exactSum, residual } from '../exact.ts'
import { SIGN, toDouble } from '../words.ts'
import {
  classOfDouble,
  countsAsZero,
  divisionFlags,
  invalidInputs,
  OUTCOME,
  outcomeOfProduct,
  outcomeOfQuotient,
  outcomeOfSum,
} from './operand.ts'
import { efp, increments, isDifferenceNegative, ROUNDS, roundingMode, SPEFSCR, settle } from './spefscr.ts'

const { FG, FX, FUNF, FOVF } = SPEFSCR
const D = new Float64Array(1)
const W = new Int32Array(D.buffer)

export const efdadd = (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) =>
  settle(sum(aHi, aLo, bHi, bLo, 0, spefscr), 0, spefscr)
export const efdsub = (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) =>
  settle(sum(aHi, aLo, bHi, bLo, SIGN, spefscr), 0, spefscr)

function sum(aHi: number, aLo: number, bHi: number, bLo: number, flip: number, spefscr: number): number {
  const sign = bHi ^ flip
  const [classA, classB] = [classOfDouble(aHi, aLo), classOfDouble(bHi, bLo)]
  const flags = invalidInputs(classA, classB)
  const outcome = outcomeOfSum(classA, classB)
  if (outcome !== OUTCOME.calculate) return deliver(outcome, aHi, sign, spefscr, flags)
  // An operand that counts as zero leaves the other one as it is.
  if (countsAsZero(classA)) return keep(sign, bLo, flags || ROUNDS)
  if (countsAsZero(classB)) return keep(aHi, aLo, flags || ROUNDS)
  const r = exactSum(toDouble(aHi, aLo), toDouble(sign, bLo))
  if (!Number.isNaN(r)) return roundNear(r, residual(), true, spefscr)
  const exact = addBig(exactOf(aHi, aLo), exactOf(sign, bLo))
  if (exact.magnitude === 0n) return deliver(OUTCOME.zeroSum, aHi, sign, spefscr, ROUNDS)
  return roundExact(exact, spefscr, isDifferenceNegative(spefscr))
}

/** near: the nearest double, NaN where that is not exact to the last bit; then exactly says it. */
const calculated =
  (
    outcomeOf: typeof outcomeOfProduct,
    flagsOf: typeof divisionFlags,
    near: (a: number, b: number) => number,
    exactly: (a: Exact, b: Exact) => Exact,
    mayTie: boolean,
  ) =>
  (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) => {
    const [classA, classB] = [classOfDouble(aHi, aLo), classOfDouble(bHi, bLo)]
    const outcome = outcomeOf(classA, classB)
    if (outcome !== OUTCOME.calculate)
      return settle(deliver(outcome, aHi, bHi, spefscr, flagsOf(classA, classB)), 0, spefscr)
    const r = near(toDouble(aHi, aLo), toDouble(bHi, bLo))
    const rounded = Number.isNaN(r)
      ? roundExact(exactly(exactOf(aHi, aLo), exactOf(bHi, bLo)), spefscr, (aHi ^ bHi) < 0)
      : roundNear(r, residual(), mayTie, spefscr)
    settle(rounded, 0, spefscr)
  }
export const efdmul = calculated(outcomeOfProduct, invalidInputs, exactProduct, multiplyBig, true)
export const efddiv = calculated(outcomeOfQuotient, divisionFlags, exactQuotient, divideBig, false)

function deliver(outcome: number, aHi: number, bHi: number, spefscr: number, flags: number): number {
  const sign = (aHi ^ bHi) & SIGN
  if (outcome === OUTCOME.zeroSum) {
    return keep(sign === 0 ? aHi & SIGN : isDifferenceNegative(spefscr) ? SIGN : 0, 0, flags)
  }
  if (outcome === OUTCOME.zero) return keep(sign, 0, flags)
  if (outcome === OUTCOME.largest) return largest(sign, flags)
  return largest((outcome === OUTCOME.largestOfA ? aHi : bHi) & SIGN, flags)
}

function keep(hi: number, lo: number, flags: number): number {
  efp.hi = hi
  efp.lo = lo
  return flags
}

export const largest = (sign: number, flags: number) => keep(0x7fefffff | sign, -1, flags)

/** r is rounded to nearest and far from the ends of the format; rest is exact - r, for a quotient only its sign. */
function roundNear(r: number, rest: number, mayTie: boolean, spefscr: number): number {
  D[0] = r
  if (rest === 0) return keep(W[1]!, W[0]!, ROUNDS)
  const isAbove = rest > 0 === r < 0
  const isTie = mayTie && r + 2 * rest - r === 2 * rest
  if (isAbove) {
    if (W[0] === 0) W[1] = W[1]! - 1
    W[0] = W[0]! - 1
  }
  const guard = isAbove || isTie
  if (increments(roundingMode(spefscr), r < 0, guard, !isTie, (W[0]! & 1) !== 0)) {
    W[0] = W[0]! + 1
    if (W[0] === 0) W[1] = W[1]! + 1
  }
  return keep(W[1]!, W[0]!, (guard ? FG : 0) | (isTie ? 0 : FX) | ROUNDS)
}

/** Any exact value but zero. Overflow and underflow are judged on the exact value. */
export function roundExact(value: Exact, spefscr: number, zeroNegative: boolean): number {
  const leading = value.exponent + bitLength(value.magnitude) - 1
  if (leading < -1022) return keep(zeroNegative ? SIGN : 0, 0, FUNF | ROUNDS)
  const { significand, exponent, guard, sticky } = truncate(value, leading - 52)
  const isBeyond = leading === 1023 && significand === 0x1fffffffffffffn && (guard || sticky)
  if (leading > 1023 || isBeyond) return largest(value.negative ? SIGN : 0, FOVF | ROUNDS)
  const up = increments(roundingMode(spefscr), value.negative, guard, sticky, (significand & 1n) === 1n)
  const { hi, lo } = packDouble(value.negative, significand + (up ? 1n : 0n), exponent)
  return keep(hi, lo, (guard ? FG : 0) | (sticky ? FX : 0) | ROUNDS)
}
