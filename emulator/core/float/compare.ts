// Compare and select (Book I 4.6.7, 4.9).
import { fp } from './finish.ts'
import { FPSCR, raise } from './fpscr.ts'
import { isNaNWords, isSignalling, toDouble } from './words.ts'

const { VXSNAN, VXVC, FPCC, VE } = FPSCR
const [LESS, GREATER, EQUAL, UNORDERED] = [8, 4, 2, 1]

/** Returns the CR field and leaves FPSCR in fp.fpscr. */
export function fcmpu(aHi: number, aLo: number, bHi: number, bLo: number, fpscr: number): number {
  const relation = relate(aHi, aLo, bHi, bLo)
  const isSNaN = relation === UNORDERED && (isSignalling(aHi, aLo) || isSignalling(bHi, bLo))
  fp.fpscr = raise((fpscr & ~FPCC) | (relation << 12), isSNaN ? VXSNAN : 0)
  return relation
}

/** As fcmpu; any NaN is invalid. With VE=1 an SNaN is that alone. */
export function fcmpo(aHi: number, aLo: number, bHi: number, bLo: number, fpscr: number): number {
  const relation = relate(aHi, aLo, bHi, bLo)
  const isSNaN = isSignalling(aHi, aLo) || isSignalling(bHi, bLo)
  const compare = isSNaN && fpscr & VE ? 0 : VXVC
  const invalid = relation === UNORDERED ? compare | (isSNaN ? VXSNAN : 0) : 0
  fp.fpscr = raise((fpscr & ~FPCC) | (relation << 12), invalid)
  return relation
}

function relate(aHi: number, aLo: number, bHi: number, bLo: number): number {
  const a = toDouble(aHi, aLo)
  const b = toDouble(bHi, bLo)
  if (a < b) return LESS
  if (a > b) return GREATER
  return a === b ? EQUAL : UNORDERED
}

/** fsel: FRC is chosen where FRA is at least 0; -0 is, a NaN is not. */
export const selectsC = (aHi: number, aLo: number): boolean =>
  !isNaNWords(aHi, aLo) && (aHi >= 0 || ((aHi & 0x7fffffff) | aLo) === 0)
