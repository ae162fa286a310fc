// Operands as embedded floating point sees them, and the table of results that need no calculation
// (SPE PEM, "Embedded Floating-Point Results Summary"; Power ISA 2.03 Book I 7.4).
import { SPEFSCR } from './spefscr.ts'

const { FINV, FDBZ } = SPEFSCR

/** denormal counts as zero, huge are Infinity and NaN alike; both set FINV. */
export const OPERAND = { normal: 0, zero: 1, denormal: 2, huge: 3 } as const

export function classOfSingle(word: number): number {
  const exponent = word & 0x7f800000
  if (exponent === 0x7f800000) return OPERAND.huge
  if (exponent !== 0) return OPERAND.normal
  return (word & 0x7fffff) === 0 ? OPERAND.zero : OPERAND.denormal
}

export function classOfDouble(hi: number, lo: number): number {
  const exponent = hi & 0x7ff00000
  if (exponent === 0x7ff00000) return OPERAND.huge
  if (exponent !== 0) return OPERAND.normal
  return ((hi & 0xfffff) | lo) === 0 ? OPERAND.zero : OPERAND.denormal
}

export const invalidInput = (operandClass: number) => (operandClass >= OPERAND.denormal ? FINV : 0)
export const invalidInputs = (a: number, b: number) => invalidInput(a) | invalidInput(b)
export const countsAsZero = (operandClass: number) => operandClass === OPERAND.zero || operandClass === OPERAND.denormal

export const OUTCOME = { calculate: 0, zero: 1, largest: 2, largestOfA: 3, largestOfB: 4, zeroSum: 5 } as const

export function outcomeOfSum(a: number, b: number): number {
  if (a === OPERAND.huge) return OUTCOME.largestOfA
  if (b === OPERAND.huge) return OUTCOME.largestOfB
  return countsAsZero(a) && countsAsZero(b) ? OUTCOME.zeroSum : OUTCOME.calculate
}

/** Zero wins over Infinity and NaN. */
export function outcomeOfProduct(a: number, b: number): number {
  if (countsAsZero(a) || countsAsZero(b)) return OUTCOME.zero
  return a === OPERAND.huge || b === OPERAND.huge ? OUTCOME.largest : OUTCOME.calculate
}

export function outcomeOfQuotient(a: number, b: number): number {
  if (b === OPERAND.huge) return OUTCOME.zero
  if (countsAsZero(b) || a === OPERAND.huge) return OUTCOME.largest
  return countsAsZero(a) ? OUTCOME.zero : OUTCOME.calculate
}

/** Flags of a division's operands: 0/0 is invalid, a normal number divided by zero is a division by zero. */
export function divisionFlags(a: number, b: number): number {
  if (a === OPERAND.zero && b === OPERAND.zero) return FINV
  return invalidInputs(a, b) || (a === OPERAND.normal && b === OPERAND.zero ? FDBZ : 0)
}
