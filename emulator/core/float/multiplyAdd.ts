// The fused multiply-add family (Book I 4.6.5.2): one rounding. Operands in the order of the assembly text: FRA, FRC, FRB.
import { finishFast } from './arithmetic.ts'
import { addBig, exactOf, multiplyBig } from './bigFloat.ts'
import { exactFused } from './exact.ts'
import {
  finishExact,
  finishExactDifference,
  finishInfinity,
  finishInvalid,
  finishNaN,
  finishZero,
  fp,
} from './finish.ts'
import { FPSCR } from './fpscr.ts'
import { isInfinity, isNaNWords, isSignalling, isZero, SIGN, toDouble } from './words.ts'

const { VXSNAN, VXISI, VXIMZ } = FPSCR
/** FPRF: C, FL, FG, FE. */
const [C, FL, FG, FE] = [0x10000, 0x8000, 0x4000, 0x2000]

type Fused = (aHi: number, aLo: number, cHi: number, cLo: number, bHi: number, bLo: number, fpscr: number) => void

const family =
  (flip: number, negates: boolean, single: boolean): Fused =>
  (aHi, aLo, cHi, cLo, bHi, bLo, fpscr) => {
    fuse(aHi, aLo, cHi, cLo, bHi, bLo, flip, single, fpscr)
    if (negates) negate()
  }

export const fmadd = family(0, false, false)
export const fmsub = family(SIGN, false, false)
export const fnmadd = family(0, true, false)
export const fnmsub = family(SIGN, true, false)
export const fmadds = family(0, false, true)
export const fmsubs = family(SIGN, false, true)
export const fnmadds = family(0, true, true)
export const fnmsubs = family(SIGN, true, true)

/** flip: SIGN where FRB is subtracted. */
function fuse(
  aHi: number,
  aLo: number,
  cHi: number,
  cLo: number,
  bHi: number,
  bLo: number,
  flip: number,
  single: boolean,
  fpscr: number,
) {
  const sign = bHi ^ flip
  const r = exactFused(toDouble(aHi, aLo), toDouble(cHi, cLo), toDouble(sign, bLo))
  if (finishFast(r, single, fpscr)) return
  if (isNaNWords(aHi, aLo) || isNaNWords(cHi, cLo) || isNaNWords(bHi, bLo)) {
    return propagate(aHi, aLo, cHi, cLo, bHi, bLo, fpscr)
  }
  const negative = (aHi ^ cHi) < 0
  if (isInfinity(aHi, aLo) || isInfinity(cHi, cLo)) {
    if (isZero(aHi, aLo) || isZero(cHi, cLo)) return finishInvalid(VXIMZ, fpscr)
    if (isInfinity(bHi, bLo) && negative !== sign < 0) return finishInvalid(VXISI, fpscr)
    return finishInfinity(negative, fpscr)
  }
  if (isInfinity(bHi, bLo)) return finishInfinity(sign < 0, fpscr)
  const product = multiplyBig(exactOf(aHi, aLo), exactOf(cHi, cLo))
  if (product.magnitude === 0n && isZero(bHi, bLo) && negative === sign < 0) return finishZero(negative, fpscr)
  const sum = addBig(product, exactOf(sign, bLo))
  if (sum.magnitude === 0n) return finishExactDifference(fpscr)
  finishExact(sum, single, fpscr)
}

/** Book I 4.3.2: FRA, then FRB, then FRC. 0 * Infinity is invalid whatever is added. */
function propagate(aHi: number, aLo: number, cHi: number, cLo: number, bHi: number, bLo: number, fpscr: number) {
  const isSNaN = isSignalling(aHi, aLo) || isSignalling(cHi, cLo) || isSignalling(bHi, bLo)
  const isIMZ = (isInfinity(aHi, aLo) && isZero(cHi, cLo)) || (isZero(aHi, aLo) && isInfinity(cHi, cLo))
  const invalid = (isSNaN ? VXSNAN : 0) | (isIMZ ? VXIMZ : 0)
  if (isNaNWords(aHi, aLo)) return finishNaN(aHi, aLo, invalid, fpscr)
  if (isNaNWords(bHi, bLo)) return finishNaN(bHi, bLo, invalid, fpscr)
  finishNaN(cHi, cLo, invalid, fpscr)
}

/** fnmadd and fnmsub negate what was rounded; NaNs keep their sign. */
function negate() {
  if (!fp.written || isNaNWords(fp.hi, fp.lo)) return
  fp.hi ^= SIGN
  const { fpscr } = fp
  fp.fpscr = fpscr & FE ? fpscr ^ C : fpscr ^ (FL | FG)
}
