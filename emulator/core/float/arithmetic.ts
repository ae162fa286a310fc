// Add, subtract, multiply, divide of the classic FPU (Book I 4.6.5.1). Operands are words of FPRs; the result is left in fp.
import { addBig, divideBig, exactOf, multiplyBig } from './bigFloat.ts'
import { exactProduct, exactQuotient, exactSum, residual } from './exact.ts'
import {
  finishDouble,
  finishExact,
  finishExactDifference,
  finishInfinity,
  finishInvalid,
  finishNaN,
  finishSingle,
  finishZero,
  isNormalSingle,
  keepTarget,
} from './finish.ts'
import { FPSCR, raise } from './fpscr.ts'
import { isInfinity, isNaNWords, isSignalling, isZero, SIGN, toDouble } from './words.ts'

const { VXSNAN, VXISI, VXIDI, VXZDZ, VXIMZ, ZX, ZE, FR, FI } = FPSCR

type Operation = (aHi: number, aLo: number, bHi: number, bLo: number, fpscr: number) => void

export const fadd: Operation = (aHi, aLo, bHi, bLo, fpscr) => add(aHi, aLo, bHi, bLo, 0, false, fpscr)
export const fadds: Operation = (aHi, aLo, bHi, bLo, fpscr) => add(aHi, aLo, bHi, bLo, 0, true, fpscr)
export const fsub: Operation = (aHi, aLo, bHi, bLo, fpscr) => add(aHi, aLo, bHi, bLo, SIGN, false, fpscr)
export const fsubs: Operation = (aHi, aLo, bHi, bLo, fpscr) => add(aHi, aLo, bHi, bLo, SIGN, true, fpscr)
/** The second operand is FRC. */
export const fmul: Operation = (aHi, aLo, cHi, cLo, fpscr) => multiply(aHi, aLo, cHi, cLo, false, fpscr)
export const fmuls: Operation = (aHi, aLo, cHi, cLo, fpscr) => multiply(aHi, aLo, cHi, cLo, true, fpscr)
export const fdiv: Operation = (aHi, aLo, bHi, bLo, fpscr) => divide(aHi, aLo, bHi, bLo, false, fpscr)
export const fdivs: Operation = (aHi, aLo, bHi, bLo, fpscr) => divide(aHi, aLo, bHi, bLo, true, fpscr)

/** True if the exactly known r (see exact.ts) could be finished without integers of any length. */
export function finishFast(r: number, single: boolean, fpscr: number): boolean {
  if (single) {
    if (!isNormalSingle(r)) return false
    finishSingle(r, residual(), fpscr)
    return true
  }
  if (Number.isNaN(r)) return false
  finishDouble(r, residual(), fpscr)
  return true
}

/** flip: SIGN for a subtraction; a NaN keeps its sign. */
function add(aHi: number, aLo: number, bHi: number, bLo: number, flip: number, single: boolean, fpscr: number) {
  const sign = bHi ^ flip
  const r = exactSum(toDouble(aHi, aLo), toDouble(sign, bLo))
  if (finishFast(r, single, fpscr)) return
  if (isNaNWords(aHi, aLo) || isNaNWords(bHi, bLo)) return propagate(aHi, aLo, bHi, bLo, fpscr)
  if (isInfinity(aHi, aLo)) {
    if (isInfinity(bHi, bLo) && (aHi ^ sign) < 0) return finishInvalid(VXISI, fpscr)
    return finishInfinity(aHi < 0, fpscr)
  }
  if (isInfinity(bHi, bLo)) return finishInfinity(sign < 0, fpscr)
  if (isZero(aHi, aLo) && isZero(bHi, bLo) && (aHi ^ sign) >= 0) return finishZero(aHi < 0, fpscr)
  const sum = addBig(exactOf(aHi, aLo), exactOf(sign, bLo))
  if (sum.magnitude === 0n) return finishExactDifference(fpscr)
  finishExact(sum, single, fpscr)
}

function multiply(aHi: number, aLo: number, cHi: number, cLo: number, single: boolean, fpscr: number) {
  const r = exactProduct(toDouble(aHi, aLo), toDouble(cHi, cLo))
  if (finishFast(r, single, fpscr)) return
  if (isNaNWords(aHi, aLo) || isNaNWords(cHi, cLo)) return propagate(aHi, aLo, cHi, cLo, fpscr)
  const negative = (aHi ^ cHi) < 0
  const hasZero = isZero(aHi, aLo) || isZero(cHi, cLo)
  if (isInfinity(aHi, aLo) || isInfinity(cHi, cLo)) {
    return hasZero ? finishInvalid(VXIMZ, fpscr) : finishInfinity(negative, fpscr)
  }
  if (hasZero) return finishZero(negative, fpscr)
  finishExact(multiplyBig(exactOf(aHi, aLo), exactOf(cHi, cLo)), single, fpscr)
}

function divide(aHi: number, aLo: number, bHi: number, bLo: number, single: boolean, fpscr: number) {
  const r = exactQuotient(toDouble(aHi, aLo), toDouble(bHi, bLo))
  if (finishFast(r, single, fpscr)) return
  if (isNaNWords(aHi, aLo) || isNaNWords(bHi, bLo)) return propagate(aHi, aLo, bHi, bLo, fpscr)
  const negative = (aHi ^ bHi) < 0
  if (isInfinity(aHi, aLo)) {
    return isInfinity(bHi, bLo) ? finishInvalid(VXIDI, fpscr) : finishInfinity(negative, fpscr)
  }
  if (isInfinity(bHi, bLo)) return finishZero(negative, fpscr)
  if (isZero(bHi, bLo)) {
    return isZero(aHi, aLo) ? finishInvalid(VXZDZ, fpscr) : finishZeroDivide(negative, fpscr)
  }
  if (isZero(aHi, aLo)) return finishZero(negative, fpscr)
  finishExact(divideBig(exactOf(aHi, aLo), exactOf(bHi, bLo)), single, fpscr)
}

/** Book I 4.4.2: an enabled zero divide keeps FRT and FPRF. */
export function finishZeroDivide(negative: boolean, fpscr: number) {
  const raised = raise(fpscr & ~(FR | FI), ZX)
  if (fpscr & ZE) return keepTarget(raised)
  finishInfinity(negative, raised)
}

/** Book I 4.3.2: the first NaN of the operands, made quiet. */
function propagate(aHi: number, aLo: number, bHi: number, bLo: number, fpscr: number) {
  const invalid = isSignalling(aHi, aLo) || isSignalling(bHi, bLo) ? VXSNAN : 0
  if (isNaNWords(aHi, aLo)) return finishNaN(aHi, aLo, invalid, fpscr)
  finishNaN(bHi, bLo, invalid, fpscr)
}
