// fres, frsqrte (Book I 4.6.5.1, 4.9): the architecture allows errors of 1/256 and 1/32; the estimates here are as good as
// the format: fres is 1/x rounded to single by RN, frsqrte 1/sqrt(x) in double, each step rounded to nearest.
// FR and FI, undefined in Book I, are 0. XX is not altered.
import { finishZeroDivide } from './arithmetic.ts'
import { divideBig, exactOf } from './bigFloat.ts'
import { exactQuotient, residual } from './exact.ts'
import {
  finishDouble,
  finishExact,
  finishInvalid,
  finishNaN,
  finishSingle,
  finishZero,
  fp,
  isNormalSingle,
} from './finish.ts'
import { FPSCR, summarise } from './fpscr.ts'
import { isInfinity, isNaNWords, isSignalling, isZero, toDouble } from './words.ts'

const { VXSNAN, VXSQRT, XX, FX, FR, FI, OX, UX } = FPSCR
const ONE = exactOf(0x3ff00000, 0)

export function fres(bHi: number, bLo: number, fpscr: number) {
  if (isNaNWords(bHi, bLo)) return finishNaN(bHi, bLo, isSignalling(bHi, bLo) ? VXSNAN : 0, fpscr)
  if (isInfinity(bHi, bLo)) return finishZero(bHi < 0, fpscr)
  if (isZero(bHi, bLo)) return finishZeroDivide(bHi < 0, fpscr)
  const r = exactQuotient(1, toDouble(bHi, bLo))
  if (isNormalSingle(r)) finishSingle(r, residual(), fpscr)
  else finishExact(divideBig(ONE, exactOf(bHi, bLo)), true, fpscr)
  // An estimate says nothing of exactness: XX is as before, and FX unless an overflow or underflow is new.
  const isNew = fp.fpscr & ~fpscr & (OX | UX)
  fp.fpscr = summarise((fp.fpscr & ~(XX | FX | FR | FI)) | (fpscr & (XX | FX)) | (isNew ? FX : 0))
}

export function frsqrte(bHi: number, bLo: number, fpscr: number) {
  if (isNaNWords(bHi, bLo)) return finishNaN(bHi, bLo, isSignalling(bHi, bLo) ? VXSNAN : 0, fpscr)
  if (isZero(bHi, bLo)) return finishZeroDivide(bHi < 0, fpscr)
  if (bHi < 0) return finishInvalid(VXSQRT, fpscr)
  if (isInfinity(bHi, bLo)) return finishZero(false, fpscr)
  finishDouble(1 / Math.sqrt(toDouble(bHi, bLo)), 0, fpscr)
}
