// Embedded single precision: efs* on one word, evfs* on two (SPE PEM chapter 5). An element function leaves its word in
// efp.lo and returns its flags.
import { exactProduct, exactQuotient, exactSum, residual } from '../exact.ts'
import { SIGN } from '../words.ts'
import {
  classOfSingle,
  divisionFlags,
  invalidInputs,
  OUTCOME,
  outcomeOfProduct,
  outcomeOfQuotient,
  outcomeOfSum,
} from './operand.ts'
import { efp, increments, isDifferenceNegative, ROUNDS, roundingMode, SPEFSCR, settle } from './spefscr.ts'

const { FG, FX, FUNF, FOVF } = SPEFSCR
const PMAX = 0x7f7fffff
const LARGEST = 2 ** 128 - 2 ** 104
const SMALLEST = 2 ** -126

const F = new Float32Array(1)
const S = new Int32Array(F.buffer)
const D = new Float64Array(1)
const W = new Int32Array(D.buffer)

/** The value of a normal number or zero; a denormal counts as zero. */
export function valueOfSingle(word: number): number {
  S[0] = word & 0x7f800000 ? word : word & SIGN
  return F[0]!
}

type Element = (a: number, b: number, spefscr: number) => number

const sum =
  (flip: number): Element =>
  (a, b, spefscr) => {
    const sign = b ^ flip
    const [classA, classB] = [classOfSingle(a), classOfSingle(b)]
    const flags = invalidInputs(classA, classB)
    const outcome = outcomeOfSum(classA, classB)
    if (outcome !== OUTCOME.calculate) return deliver(outcome, a, sign, spefscr, flags)
    const [x, y] = [valueOfSingle(a), valueOfSingle(sign)]
    if (x + y === 0) return deliver(OUTCOME.zeroSum, a, sign, spefscr, ROUNDS)
    const rounded = roundToSingle(exactSum(x, y), residual(), spefscr, isDifferenceNegative(spefscr))
    // With an operand that counts as zero the other one is the result.
    return flags || rounded
  }

const calculated =
  (
    outcomeOf: typeof outcomeOfProduct,
    flagsOf: typeof divisionFlags,
    near: (a: number, b: number) => number,
  ): Element =>
  (a, b, spefscr) => {
    const [classA, classB] = [classOfSingle(a), classOfSingle(b)]
    const outcome = outcomeOf(classA, classB)
    if (outcome !== OUTCOME.calculate) return deliver(outcome, a, b, spefscr, flagsOf(classA, classB))
    return roundToSingle(near(valueOfSingle(a), valueOfSingle(b)), residual(), spefscr, (a ^ b) < 0)
  }
const product = calculated(outcomeOfProduct, invalidInputs, exactProduct)
const quotient = calculated(outcomeOfQuotient, divisionFlags, exactQuotient)

function deliver(outcome: number, a: number, b: number, spefscr: number, flags: number): number {
  const sign = (a ^ b) & SIGN
  if (outcome === OUTCOME.zeroSum) efp.lo = sign === 0 ? a & SIGN : isDifferenceNegative(spefscr) ? SIGN : 0
  else if (outcome === OUTCOME.zero) efp.lo = sign
  else if (outcome === OUTCOME.largest) efp.lo = PMAX | sign
  else efp.lo = PMAX | ((outcome === OUTCOME.largestOfA ? a : b) & SIGN)
  return flags
}

/** r is the exact value rounded to nearest double, rest (the sign of) exact - r. zeroNegative: the sign of an underflow's zero. */
export function roundToSingle(r: number, rest: number, spefscr: number, zeroNegative: boolean): number {
  D[0] = r
  if (rest !== 0) roundToOdd(rest)
  const size = Math.abs(D[0]!)
  const [hi, lo] = [W[1]!, W[0]!]
  if (size > LARGEST) {
    efp.lo = PMAX | (hi & SIGN)
    return FOVF | ROUNDS
  }
  if (size < SMALLEST) {
    efp.lo = zeroNegative ? SIGN : 0
    return FUNF | ROUNDS
  }
  const guard = (lo & 0x10000000) !== 0
  const sticky = (lo & 0x0fffffff) !== 0
  const word = (hi & SIGN) | (((hi & 0x7fffffff) - 0x38000000) << 3) | (lo >>> 29)
  const odd = (word & 1) !== 0
  efp.lo = word + (increments(roundingMode(spefscr), hi < 0, guard, sticky, odd) ? 1 : 0)
  return (guard ? FG : 0) | (sticky ? FX : 0) | ROUNDS
}

function roundToOdd(rest: number) {
  if (rest > 0 === W[1]! < 0) {
    if (W[0] === 0) W[1] = W[1]! - 1
    W[0] = W[0]! - 1
  }
  W[0] = W[0]! | 1
}

const scalar = (element: Element) => (a: number, b: number, spefscr: number) =>
  settle(element(a, b, spefscr), 0, spefscr)

const vector = (element: Element) => (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) => {
  const high = element(aHi, bHi, spefscr)
  efp.hi = efp.lo
  settle(element(aLo, bLo, spefscr), high, spefscr)
}

export const efsadd = scalar(sum(0))
export const efssub = scalar(sum(SIGN))
export const efsmul = scalar(product)
export const efsdiv = scalar(quotient)
export const evfsadd = vector(sum(0))
export const evfssub = vector(sum(SIGN))
export const evfsmul = vector(product)
export const evfsdiv = vector(quotient)
