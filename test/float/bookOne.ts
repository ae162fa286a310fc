// Rounding, exceptions and FPSCR of the classic FPU from Book I's text (4.3.6, 4.4) with rationals, enables included.
import { powerOfTwo, type Rational, rational, roundsUp, split, times } from './manual.ts'

/** Bit numbers of FPSCR, 0 for the most significant of 32. */
const BIT = {
  FX: 0,
  FEX: 1,
  VX: 2,
  OX: 3,
  UX: 4,
  ZX: 5,
  XX: 6,
  VXSNAN: 7,
  VXISI: 8,
  VXIDI: 9,
  VXZDZ: 10,
  VXIMZ: 11,
  VXVC: 12,
  FR: 13,
  FI: 14,
  C: 15,
  FL: 16,
  FG: 17,
  FE: 18,
  FU: 19,
  VXSOFT: 21,
  VXSQRT: 22,
  VXCVI: 23,
  VE: 24,
  OE: 25,
  UE: 26,
  ZE: 27,
  XE: 28,
} as const
type Name = keyof typeof BIT
export const mask = (...names: Name[]) => names.reduce((word, name) => word | (1 << (31 - BIT[name])), 0)
export const isSet = (fpscr: number, name: Name) => ((fpscr >>> (31 - BIT[name])) & 1) === 1

/** FEX and VX as the ORs that they are. */
export function consistent(fpscr: number): number {
  const invalid = ['VXSNAN', 'VXISI', 'VXIDI', 'VXZDZ', 'VXIMZ', 'VXVC', 'VXSOFT', 'VXSQRT', 'VXCVI'] as const
  const isInvalid = invalid.some((name) => isSet(fpscr, name))
  const pairs = [
    ['OX', 'OE'],
    ['UX', 'UE'],
    ['ZX', 'ZE'],
    ['XX', 'XE'],
  ] as const
  const isEnabled =
    (isInvalid && isSet(fpscr, 'VE')) || pairs.some(([bit, enable]) => isSet(fpscr, bit) && isSet(fpscr, enable))
  const cleared = fpscr & ~mask('FEX', 'VX') & ~(1 << 11)
  return cleared | (isInvalid ? mask('VX') : 0) | (isEnabled ? mask('FEX') : 0)
}

interface Format {
  readonly p: number
  readonly emin: number
  readonly emax: number
  readonly adjust: number
}
const FORMAT: Record<'single' | 'double', Format> = {
  single: { p: 24, emin: -126, emax: 127, adjust: 192 },
  double: { p: 53, emin: -1022, emax: 1023, adjust: 1536 },
}

const size = (x: Rational): Rational => rational(x.numerator < 0n ? -x.numerator : x.numerator, x.denominator)
const isLess = (a: Rational, b: Rational) => a.numerator * b.denominator < b.numerator * a.denominator

function exponentOf(x: Rational): number {
  let e = x.numerator.toString(2).length - x.denominator.toString(2).length - 1
  while (!isLess(x, powerOfTwo(e + 1))) e += 1
  return e
}

/** The words of an exact value as a double. */
export function encode(negative: boolean, x: Rational): bigint {
  const sign = negative ? 1n << 63n : 0n
  if (x.numerator === 0n) return sign
  const e = Math.max(exponentOf(x), -1022)
  const scaled = times(x, powerOfTwo(52 - e))
  if (scaled.numerator % scaled.denominator !== 0n) throw new Error('Not a double.')
  const significand = scaled.numerator / scaled.denominator
  return sign | (significand < 1n << 52n ? significand : (BigInt(e + 1022) << 52n) + significand)
}

/** The result of an operation whose exact value is x (not zero). */
export function resultOf(x: Rational, format: 'single' | 'double', fpscr: number): { bits: bigint; fpscr: number } {
  const { p, emin, emax, adjust } = FORMAT[format]
  const negative = x.numerator < 0n
  const magnitude = size(x)
  const e = exponentOf(magnitude)
  const isTiny = e < emin
  const denormalises = isTiny && !isSet(fpscr, 'UE')
  const quantum = powerOfTwo((denormalises ? emin : e) - p + 1)
  const { integer, guard, sticky } = split(times(magnitude, rational(quantum.denominator, quantum.numerator)))
  const up = roundsUp(fpscr & 3, negative, guard, sticky, integer)
  let value = times(rational(integer + (up ? 1n : 0n)), quantum)
  const inexact = guard || sticky
  const exceptions: Name[] = inexact ? ['XX'] : []
  let fractionRounded = up
  if (isTiny && (isSet(fpscr, 'UE') || inexact)) exceptions.push('UX')
  if (isTiny && isSet(fpscr, 'UE')) value = times(value, powerOfTwo(adjust))
  const isOverflow = !isTiny && !isLess(value, powerOfTwo(emax + 1))
  if (isOverflow) exceptions.push('OX')
  if (isOverflow && !isSet(fpscr, 'OE')) {
    const isInfinite = roundsUp(fpscr & 3, negative, true, true, 1n)
    fractionRounded = isInfinite
    const bits = isInfinite
      ? 0x7ff0000000000000n | (negative ? 1n << 63n : 0n)
      : encode(negative, times(rational((1n << BigInt(p)) - 1n), powerOfTwo(emax - p + 1)))
    const flags: Name[] = isInfinite ? [negative ? 'FL' : 'FG', 'FU'] : [negative ? 'FL' : 'FG']
    return { bits, fpscr: record(fpscr, ['OX', 'XX'], flags, fractionRounded, true) }
  }
  if (isOverflow) value = times(value, powerOfTwo(-adjust))
  const isDenormal = denormalises && isLess(value, powerOfTwo(emin))
  const flags: Name[] =
    value.numerator === 0n
      ? negative
        ? ['C', 'FE']
        : ['FE']
      : [...(isDenormal ? (['C'] as const) : []), negative ? 'FL' : 'FG']
  return { bits: encode(negative, value), fpscr: record(fpscr, exceptions, flags, fractionRounded, inexact) }
}

function record(fpscr: number, exceptions: Name[], result: Name[], FR: boolean, FI: boolean): number {
  const isNew = exceptions.some((name) => !isSet(fpscr, name))
  let word = fpscr & ~mask('FR', 'FI', 'C', 'FL', 'FG', 'FE', 'FU')
  word |= mask(...exceptions, ...result) | (FR ? mask('FR') : 0) | (FI ? mask('FI') : 0) | (isNew ? mask('FX') : 0)
  return consistent(word)
}
