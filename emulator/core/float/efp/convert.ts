// Embedded conversions (SPE PEM chapter 5): integers and fractions to and from single and double, single to double and back.
// A signed fraction is the integer / 2^31, an unsigned one / 2^32. The z forms round toward zero whatever FRMC says.
import { roundToInteger } from '../convert.ts'
import { SIGN, singleToDoubleHigh, singleToDoubleLow, toDouble } from '../words.ts'
import { largest, roundExact } from './double.ts'
import { classOfDouble, classOfSingle, countsAsZero, invalidInput, OPERAND } from './operand.ts'
import { roundToSingle, valueOfSingle } from './single.ts'
import { efp, ROUNDS, roundingMode, SPEFSCR, settle } from './spefscr.ts'

const { FG, FX, FINV } = SPEFSCR
const D = new Float64Array(1)
const W = new Int32Array(D.buffer)

interface Kind {
  readonly signed: boolean
  /** The register's unit as a power of two: 0 for integers, 31 or 32 for fractions. */
  readonly scale: number
}
const UI: Kind = { signed: false, scale: 0 }
const SI: Kind = { signed: true, scale: 0 }
const UF: Kind = { signed: false, scale: 32 }
const SF: Kind = { signed: true, scale: 31 }

const valueOfWord = (word: number, { signed, scale }: Kind) => (signed ? word : word >>> 0) / 2 ** scale

function singleFrom(word: number, kind: Kind, spefscr: number): number {
  if (word !== 0) return roundToSingle(valueOfWord(word, kind), 0, spefscr, false)
  efp.lo = 0
  return ROUNDS
}

/** Leaves the saturated word in efp.lo. value is 0 for a denormal. */
function wordFrom(value: number, operandClass: number, kind: Kind, towardZero: boolean, spefscr: number): number {
  const least = kind.signed ? -0x80000000 : 0
  const most = kind.signed ? 0x7fffffff : 0xffffffff
  if (operandClass === OPERAND.huge) {
    // Number.NaN counts as zero.
    efp.lo = (Number.isNaN(value) ? 0 : value > 0 ? most : least) | 0
    return FINV
  }
  const scaled = value * 2 ** kind.scale
  const integer = roundToInteger(scaled, towardZero ? 1 : roundingMode(spefscr))
  efp.lo = Math.min(Math.max(integer, least), most) | 0
  if (integer < least || integer > most) return FINV
  const rest = Math.abs(scaled) % 1
  const inexact = (rest >= 0.5 ? FG : 0) | (rest % 0.5 !== 0 ? FX : 0)
  return invalidInput(operandClass) || inexact | (towardZero ? 0 : ROUNDS)
}

/** NaNs and Infinities too, for wordFrom. */
const anySingle = (word: number) =>
  (word & 0x7f800000) === 0x7f800000 ? infinityOrNaN(word, (word & 0x7fffff) !== 0) : valueOfSingle(word)
const infinityOrNaN = (word: number, hasFraction: boolean) =>
  hasFraction ? Number.NaN : word < 0 ? -Infinity : Infinity

function anyDouble(hi: number, lo: number): number {
  return countsAsZero(classOfDouble(hi, lo)) ? 0 : toDouble(hi, lo)
}

const wordFromSingle = (b: number, kind: Kind, towardZero: boolean, spefscr: number) =>
  wordFrom(anySingle(b), classOfSingle(b), kind, towardZero, spefscr)

const scalarFrom = (kind: Kind) => (b: number, spefscr: number) => settle(singleFrom(b, kind, spefscr), 0, spefscr)
const vectorFrom = (kind: Kind) => (bHi: number, bLo: number, spefscr: number) => {
  const high = singleFrom(bHi, kind, spefscr)
  efp.hi = efp.lo
  settle(singleFrom(bLo, kind, spefscr), high, spefscr)
}
const scalarTo = (kind: Kind, towardZero: boolean) => (b: number, spefscr: number) =>
  settle(wordFromSingle(b, kind, towardZero, spefscr), 0, spefscr)
const vectorTo = (kind: Kind, towardZero: boolean) => (bHi: number, bLo: number, spefscr: number) => {
  const high = wordFromSingle(bHi, kind, towardZero, spefscr)
  efp.hi = efp.lo
  settle(wordFromSingle(bLo, kind, towardZero, spefscr), high, spefscr)
}
/** Every word is a double exactly. */
const doubleFrom = (kind: Kind) => (b: number, spefscr: number) => {
  setDouble(valueOfWord(b, kind))
  settle(0, 0, spefscr)
}
const doubleTo = (kind: Kind, towardZero: boolean) => (bHi: number, bLo: number, spefscr: number) =>
  settle(wordFrom(anyDouble(bHi, bLo), classOfDouble(bHi, bLo), kind, towardZero, spefscr), 0, spefscr)

function setDouble(value: number) {
  D[0] = value
  efp.hi = W[1]!
  efp.lo = W[0]!
}

export const efscfui = scalarFrom(UI)
export const efscfsi = scalarFrom(SI)
export const efscfuf = scalarFrom(UF)
export const efscfsf = scalarFrom(SF)
export const evfscfui = vectorFrom(UI)
export const evfscfsi = vectorFrom(SI)
export const evfscfuf = vectorFrom(UF)
export const evfscfsf = vectorFrom(SF)
export const efsctui = scalarTo(UI, false)
export const efsctsi = scalarTo(SI, false)
export const efsctuiz = scalarTo(UI, true)
export const efsctsiz = scalarTo(SI, true)
export const efsctuf = scalarTo(UF, false)
export const efsctsf = scalarTo(SF, false)
export const evfsctui = vectorTo(UI, false)
export const evfsctsi = vectorTo(SI, false)
export const evfsctuiz = vectorTo(UI, true)
export const evfsctsiz = vectorTo(SI, true)
export const evfsctuf = vectorTo(UF, false)
export const evfsctsf = vectorTo(SF, false)
export const efdcfui = doubleFrom(UI)
export const efdcfsi = doubleFrom(SI)
export const efdcfuf = doubleFrom(UF)
export const efdcfsf = doubleFrom(SF)
/** To a word: the low half of the target; the upper half keeps its value. */
export const efdctui = doubleTo(UI, false)
export const efdctsi = doubleTo(SI, false)
export const efdctuiz = doubleTo(UI, true)
export const efdctsiz = doubleTo(SI, true)
export const efdctuf = doubleTo(UF, false)
export const efdctsf = doubleTo(SF, false)

/** Single from double; the upper half of the target keeps its value. */
export function efscfd(bHi: number, bLo: number, spefscr: number) {
  const operandClass = classOfDouble(bHi, bLo)
  if (operandClass === OPERAND.normal) {
    return settle(roundToSingle(toDouble(bHi, bLo), 0, spefscr, bHi < 0), 0, spefscr)
  }
  efp.lo = (bHi & SIGN) | (operandClass === OPERAND.huge ? 0x7f7fffff : 0)
  settle(invalidInput(operandClass) || ROUNDS, 0, spefscr)
}

/** Double from single, always exact. */
export function efdcfs(b: number, spefscr: number) {
  const operandClass = classOfSingle(b)
  const flags = invalidInput(operandClass)
  if (operandClass === OPERAND.huge) return settle(largest(b & SIGN, flags), 0, spefscr)
  const word = countsAsZero(operandClass) ? b & SIGN : b
  efp.hi = singleToDoubleHigh(word)
  efp.lo = singleToDoubleLow(word)
  settle(flags, 0, spefscr)
}

/** Doublewords of the register pair, as QEMU has them; the manual gives them to 64-bit implementations. */
const doubleFromDoubleword = (signed: boolean) => (bHi: number, bLo: number, spefscr: number) => {
  const unsigned = (BigInt(bHi >>> 0) << 32n) | BigInt(bLo >>> 0)
  const value = signed ? BigInt.asIntN(64, unsigned) : unsigned
  if (value === 0n) {
    setDouble(0)
    return settle(ROUNDS, 0, spefscr)
  }
  const negative = value < 0n
  settle(roundExact({ negative, magnitude: negative ? -value : value, exponent: 0 }, spefscr, negative), 0, spefscr)
}

const doublewordFromDouble = (signed: boolean) => (bHi: number, bLo: number, spefscr: number) => {
  const value = anyDouble(bHi, bLo)
  const least = signed ? -(2 ** 63) : 0
  const most = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n
  const truncated = Math.trunc(value)
  const isAbove = truncated >= 2 ** (signed ? 63 : 64)
  const isBelow = truncated < least
  const saturated = isAbove ? most : isBelow ? BigInt(least) : BigInt(Number.isNaN(value) ? 0 : truncated)
  efp.hi = Number(BigInt.asIntN(32, saturated >> 32n))
  efp.lo = Number(BigInt.asIntN(32, saturated))
  const rest = Math.abs(value) % 1
  const inexact = (rest >= 0.5 ? FG : 0) | (rest % 0.5 !== 0 ? FX : 0)
  settle(isAbove || isBelow ? FINV : invalidInput(classOfDouble(bHi, bLo)) || inexact, 0, spefscr)
}

export const efdcfuid = doubleFromDoubleword(false)
export const efdcfsid = doubleFromDoubleword(true)
export const efdctuidz = doublewordFromDouble(false)
export const efdctsidz = doublewordFromDouble(true)
