// The conversions and compares of embedded floating point from the manual's text, with rationals.
import {
  type ElementResult,
  type Format,
  inexactFlags,
  largest,
  operand,
  powerOfTwo,
  type Rational,
  type Rounding,
  rational,
  rounded,
  roundsUp,
  SINGLE,
  split,
  times,
  zero,
} from './manual.ts'

/** si, ui: integers; sf, uf: fractions; d: of a doubleword. */
export type Target = 'ui' | 'si' | 'uf' | 'sf' | 'uid' | 'sid'

const isSigned = (target: Target) => target.startsWith('s')
const width = (target: Target) => (target.endsWith('d') ? 64 : 32)
const scale = (target: Target) => (target === 'uf' ? 32 : target === 'sf' ? 31 : 0)

export function toFloat(bits: bigint, target: Target, format: Format, rounding: Rounding): ElementResult {
  const integer = isSigned(target) ? BigInt.asIntN(width(target), bits) : bits
  // Doubles hold every word: nothing is rounded.
  const rounds = format === SINGLE || width(target) === 64
  if (integer === 0n) return { bits: 0n, flags: [], rounds }
  return { ...rounded(times(rational(integer), powerOfTwo(-scale(target))), format, rounding, integer < 0n), rounds }
}

export function fromFloat(
  bits: bigint,
  target: Target,
  towardZero: boolean,
  format: Format,
  rounding: Rounding,
): ElementResult {
  const b = operand(bits, format)
  const most = (1n << BigInt(width(target) - (isSigned(target) ? 1 : 0))) - 1n
  const least = isSigned(target) ? -most - 1n : 0n
  const result = (value: bigint, flags: ElementResult['flags'], rounds = false): ElementResult => ({
    bits: BigInt.asUintN(width(target), value),
    flags,
    rounds,
  })
  if (b.kind === 'inf') return result(b.negative ? least : most, ['FINV'])
  if (b.kind === 'nan' || b.kind === 'denorm') return result(0n, ['FINV'])
  const scaled = times(b.value, powerOfTwo(scale(target)))
  const size: Rational = {
    numerator: scaled.numerator < 0n ? -scaled.numerator : scaled.numerator,
    denominator: scaled.denominator,
  }
  const { integer, guard, sticky } = split(size)
  const mode = towardZero ? 1 : rounding.effective
  const up = roundsUp(mode, b.negative, guard, sticky, integer)
  const value = (integer + (up ? 1n : 0n)) * (b.negative ? -1n : 1n)
  if (value > most) return result(most, ['FINV'])
  if (value < least) return result(least, ['FINV'])
  return result(value, inexactFlags(guard, sticky), !towardZero)
}

export function betweenFormats(bits: bigint, from: Format, to: Format, rounding: Rounding): ElementResult {
  const b = operand(bits, from)
  if (b.kind === 'inf' || b.kind === 'nan') return { bits: largest(b.negative, to), flags: ['FINV'], rounds: false }
  if (b.kind === 'denorm') return { bits: zero(b.negative, to), flags: ['FINV'], rounds: false }
  if (b.kind === 'zero') return { bits: zero(b.negative, to), flags: [], rounds: to === SINGLE }
  return { ...rounded(b.value, to, rounding, b.negative), rounds: to === SINGLE }
}

/** "Using their values of e and f directly": order as if every exponent were a normal one. */
export function ordered(aBits: bigint, bBits: bigint, relation: 'gt' | 'lt' | 'eq', format: Format) {
  const [a, b] = [operand(aBits, format), operand(bBits, format)]
  const mask = (1n << BigInt(format.width - 1)) - 1n
  const order = (bits: bigint, negative: boolean) => (negative ? -(bits & mask) : bits & mask)
  const [x, y] = [order(aBits, a.negative), order(bBits, b.negative)]
  const isBad = [a, b].some(({ kind }) => kind !== 'norm' && kind !== 'zero')
  const holds = relation === 'gt' ? x > y : relation === 'lt' ? x < y : x === y
  const element: ElementResult = { bits: 0n, flags: isBad ? ['FINV'] : [], rounds: false }
  return { holds, element }
}
