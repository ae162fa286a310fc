// The end of every operation of the classic FPU: rounding to the target's format, FPSCR, and what enabled exceptions
// change (Book I 4.3.6, 4.4). Results that rounding cannot push out of the normal range take the short way.
import { bitLength, type Exact, packDouble, type Truncated, truncate } from './bigFloat.ts'
import { FPSCR, RESULT_CLASS, raise } from './fpscr.ts'
import { quiet, SIGN } from './words.ts'

const { OX, UX, XX, FR, FI, FPRF, VE, OE, UE, RN } = FPSCR
const RESULT_BITS = FR | FI | FPRF

/** What the last operation left. The target keeps its value when written is false (an enabled invalid or zero divide). */
export const fp = { hi: 0, lo: 0, fpscr: 0, written: true }

const D = new Float64Array(1)
const W = new Int32Array(D.buffer)

/** r is the exact value rounded to nearest, residual (the sign of) exact - r; r is far from the ends of the format. */
export function finishDouble(r: number, residual: number, fpscr: number) {
  D[0] = r
  let hi = W[1]!
  let lo = W[0]!
  if (residual === 0) return store(hi, lo, (fpscr & ~RESULT_BITS) | normalClass(hi))
  const isAbove = residual > 0 === hi < 0
  const increment = roundsUp(fpscr & RN, hi < 0, isAbove)
  if (increment && !isAbove) {
    lo = (lo + 1) | 0
    if (lo === 0) hi += 1
  } else if (isAbove && !increment) {
    if (lo === 0) hi -= 1
    lo = (lo - 1) | 0
  }
  store(hi, lo, raise((fpscr & ~RESULT_BITS) | normalClass(hi) | FI | (increment ? FR : 0), XX))
}

/** Whether the truncated magnitude is incremented; nearest: what the rounding to nearest did. */
function roundsUp(mode: number, negative: boolean, nearest: boolean): boolean {
  if (mode === 0) return nearest
  if (mode === 1) return false
  return mode === 2 ? !negative : negative
}

/** r within this range stays normal in single format, however it is rounded. */
export const isNormalSingle = (r: number) => Math.abs(r) > 2 ** -126 && Math.abs(r) < 2 ** 127

export function finishSingle(r: number, residual: number, fpscr: number) {
  D[0] = r
  let hi = W[1]!
  let lo = W[0]!
  if (residual !== 0) {
    // Rounded to odd, the double says all that rounding to single has to know.
    if (residual > 0 === hi < 0) {
      if (lo === 0) hi -= 1
      lo -= 1
    }
    lo |= 1
  }
  const discarded = lo & 0x1fffffff
  if (discarded === 0) return store(hi, lo, (fpscr & ~RESULT_BITS) | normalClass(hi))
  lo -= discarded
  const half = 0x10000000
  const increment = roundsUp(fpscr & RN, hi < 0, discarded > half || (discarded === half && (lo & 0x20000000) !== 0))
  if (increment) {
    lo = (lo + 0x20000000) | 0
    if (lo === 0) hi += 1
  }
  store(hi, lo, raise((fpscr & ~RESULT_BITS) | normalClass(hi) | FI | (increment ? FR : 0), XX))
}

const normalClass = (hi: number) => (hi < 0 ? RESULT_CLASS.negativeNormal : RESULT_CLASS.positiveNormal)

function store(hi: number, lo: number, fpscr: number) {
  fp.hi = hi
  fp.lo = lo
  fp.fpscr = fpscr
  fp.written = true
}

/** An infinity or a zero without rounding, or ±0 as the result of an exact subtraction. */
export function finishInfinity(negative: boolean, fpscr: number) {
  const resultClass = negative ? RESULT_CLASS.negativeInfinity : RESULT_CLASS.positiveInfinity
  store(negative ? 0xfff00000 | 0 : 0x7ff00000, 0, (fpscr & ~RESULT_BITS) | resultClass)
}

export function finishZero(negative: boolean, fpscr: number) {
  const resultClass = negative ? RESULT_CLASS.negativeZero : RESULT_CLASS.positiveZero
  store(negative ? SIGN : 0, 0, (fpscr & ~RESULT_BITS) | resultClass)
}

/** Book I 4.3.3: x - x is +0, but -0 when rounding toward -Infinity. */
export const finishExactDifference = (fpscr: number) => finishZero((fpscr & RN) === 3, fpscr)

/** invalid: exception bits that occurred, 0 where a QNaN only passes through. */
export function finishNaN(hi: number, lo: number, invalid: number, fpscr: number) {
  const raised = raise(fpscr & ~(FR | FI), invalid)
  if (invalid !== 0 && fpscr & VE) return keepTarget(raised)
  store(quiet(hi), lo, (raised & ~FPRF) | RESULT_CLASS.quietNaN)
}

/** A disabled invalid operation without a NaN operand gives the default QNaN. */
export const finishInvalid = (invalid: number, fpscr: number) => finishNaN(0x7ff80000, 0, invalid, fpscr)

export function keepTarget(fpscr: number) {
  fp.fpscr = fpscr
  fp.written = false
}

interface Format {
  readonly precision: number
  readonly minimumExponent: number
  readonly maximumExponent: number
  /** Added or subtracted where an underflow or overflow is enabled. */
  readonly adjustment: number
}

const DOUBLE: Format = { precision: 53, minimumExponent: -1022, maximumExponent: 1023, adjustment: 1536 }
const SINGLE: Format = { precision: 24, minimumExponent: -126, maximumExponent: 127, adjustment: 192 }

/** Any exact value but zero. */
export function finishExact(value: Exact, single: boolean, fpscr: number) {
  const format = single ? SINGLE : DOUBLE
  const leading = value.exponent + bitLength(value.magnitude) - 1
  // Book I 4.4.4: "tiny" is judged before rounding.
  const isTiny = leading < format.minimumExponent
  const isDenormal = isTiny && !(fpscr & UE)
  const unit = (isDenormal ? format.minimumExponent : leading) - format.precision + 1
  const truncated = truncate(value, unit)
  const inexact = truncated.guard || truncated.sticky
  const increment = inexact && roundsUp(fpscr & RN, value.negative, isNearestUp(truncated))
  const significand = truncated.significand + (increment ? 1n : 0n)
  const bits = (fpscr & ~RESULT_BITS) | (increment ? FR : 0) | (inexact ? FI : 0)
  if (!isTiny && unit + bitLength(significand) - 1 > format.maximumExponent) {
    return finishOverflow(value.negative, significand, unit, inexact, format, bits)
  }
  const exceptions = (isTiny && (inexact || fpscr & UE) ? UX : 0) | (inexact ? XX : 0)
  const exponent = isTiny && fpscr & UE ? unit + format.adjustment : unit
  finishRounded(value.negative, significand, exponent, isDenormal, format, raise(bits, exceptions))
}

const isNearestUp = ({ guard, sticky, significand }: Truncated) => guard && (sticky || (significand & 1n) === 1n)

function finishRounded(
  negative: boolean,
  significand: bigint,
  exponent: number,
  wasTiny: boolean,
  format: Format,
  fpscr: number,
) {
  if (significand === 0n) return finishRoundedZero(negative, fpscr)
  const { hi, lo } = packDouble(negative, significand, exponent)
  const isDenormal = wasTiny && bitLength(significand) < format.precision
  const denormalClass = negative ? RESULT_CLASS.negativeDenormal : RESULT_CLASS.positiveDenormal
  store(hi, lo, fpscr | (isDenormal ? denormalClass : normalClass(hi)))
}

const finishRoundedZero = (negative: boolean, fpscr: number) =>
  store(negative ? SIGN : 0, 0, fpscr | (negative ? RESULT_CLASS.negativeZero : RESULT_CLASS.positiveZero))

/** Book I 4.4.3. FR is undefined for a disabled overflow; here it tells Infinity (1) from the largest number (0). */
function finishOverflow(
  negative: boolean,
  significand: bigint,
  unit: number,
  inexact: boolean,
  format: Format,
  fpscr: number,
) {
  if (fpscr & OE) {
    const raised = raise(fpscr, OX | (inexact ? XX : 0))
    return finishRounded(negative, significand, unit - format.adjustment, false, format, raised)
  }
  const raised = raise((fpscr & ~FR) | FI, OX | XX)
  if (roundsUp(fpscr & RN, negative, true)) {
    finishInfinity(negative, raised)
    fp.fpscr |= FR | FI
    return
  }
  const largest = (1n << BigInt(format.precision)) - 1n
  finishRounded(negative, largest, format.maximumExponent - format.precision + 1, false, format, raised)
}
