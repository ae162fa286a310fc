// Round to single, convert to integer (Book I 4.6.6).
import { finishFast } from './arithmetic.ts'
import { exactOf } from './bigFloat.ts'
import { exactSum } from './exact.ts'
import { finishExact, finishInfinity, finishNaN, finishZero, fp, keepTarget } from './finish.ts'
import { FPSCR, raise } from './fpscr.ts'
import { isInfinity, isNaNWords, isSignalling, isZero, toDouble } from './words.ts'

const { VXSNAN, VXCVI, XX, FR, FI, VE, RN } = FPSCR

export function frsp(bHi: number, bLo: number, fpscr: number) {
  const b = toDouble(bHi, bLo)
  if (finishFast(exactSum(b, 0), true, fpscr)) return
  // Book I 4.3.2: of a NaN, frsp keeps what fits into a single.
  if (isNaNWords(bHi, bLo)) return finishNaN(bHi, bLo & 0xe0000000, isSignalling(bHi, bLo) ? VXSNAN : 0, fpscr)
  if (isInfinity(bHi, bLo)) return finishInfinity(bHi < 0, fpscr)
  if (isZero(bHi, bLo)) return finishZero(bHi < 0, fpscr)
  finishExact(exactOf(bHi, bLo), true, fpscr)
}

export const fctiw = (bHi: number, bLo: number, fpscr: number) => convertToWord(bHi, bLo, fpscr & RN, fpscr)
export const fctiwz = (bHi: number, bLo: number, fpscr: number) => convertToWord(bHi, bLo, 1, fpscr)

/** Bits 0:31 of FRT and FPRF are undefined in Book I: here the sign of the word, and FPRF as it was. */
function convertToWord(bHi: number, bLo: number, mode: number, fpscr: number) {
  if (isNaNWords(bHi, bLo)) {
    return finishInvalidConversion(0x80000000 | 0, isSignalling(bHi, bLo) ? VXSNAN | VXCVI : VXCVI, fpscr)
  }
  const b = toDouble(bHi, bLo)
  const rounded = roundToInteger(b, mode)
  if (rounded > 0x7fffffff) return finishInvalidConversion(0x7fffffff, VXCVI, fpscr)
  if (rounded < -0x80000000) return finishInvalidConversion(0x80000000 | 0, VXCVI, fpscr)
  const inexact = rounded !== b
  const bits = (fpscr & ~(FR | FI)) | (inexact ? FI : 0) | (Math.abs(rounded) > Math.abs(b) ? FR : 0)
  finishWord(rounded | 0, inexact ? raise(bits, XX) : bits)
}

/** The integer next to x by rounding mode: 0 nearest even, 1 toward zero, 2 toward +Infinity, 3 toward -Infinity. */
export function roundToInteger(x: number, mode: number): number {
  if (mode === 1) return Math.trunc(x)
  if (mode === 2) return Math.ceil(x)
  const floor = Math.floor(x)
  if (mode === 3) return floor
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
}

function finishInvalidConversion(word: number, invalid: number, fpscr: number) {
  const raised = raise(fpscr & ~(FR | FI), invalid)
  if (fpscr & VE) return keepTarget(raised)
  finishWord(word, raised)
}

function finishWord(word: number, fpscr: number) {
  fp.hi = word >> 31
  fp.lo = word
  fp.fpscr = fpscr
  fp.written = true
}
