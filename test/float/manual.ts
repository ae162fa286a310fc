// Embedded floating point evaluated from the manual's text with rationals of any size: the judge of emulator/core/float/efp.
// SPE PEM "Embedded Floating-Point Results Summary" as tables, rounding as "the nearest representable value", SPEFSCR bit by bit.

export interface Format {
  readonly width: number
  readonly fractionBits: number
  readonly bias: number
}
export const SINGLE: Format = { width: 32, fractionBits: 23, bias: 127 }
export const DOUBLE: Format = { width: 64, fractionBits: 52, bias: 1023 }

export type Kind = 'inf' | 'nan' | 'denorm' | 'zero' | 'norm'
export interface Operand {
  readonly kind: Kind
  readonly negative: boolean
  readonly value: Rational
  readonly bits: bigint
}

/** numerator / denominator, denominator above 0. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}
export const rational = (numerator: bigint, denominator = 1n): Rational =>
  denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator }
export const powerOfTwo = (n: number): Rational => (n < 0 ? rational(1n, 1n << BigInt(-n)) : rational(1n << BigInt(n)))
export const times = (a: Rational, b: Rational) => rational(a.numerator * b.numerator, a.denominator * b.denominator)
const over = (a: Rational, b: Rational) => rational(a.numerator * b.denominator, a.denominator * b.numerator)
const plus = (a: Rational, b: Rational) =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
const negated = (a: Rational) => rational(-a.numerator, a.denominator)
const magnitude = (a: Rational) => (a.numerator < 0n ? negated(a) : a)
const compare = (a: Rational, b: Rational) => {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function operand(bits: bigint, { width, fractionBits, bias }: Format): Operand {
  const negative = bits >> BigInt(width - 1) === 1n
  const fraction = bits & ((1n << BigInt(fractionBits)) - 1n)
  const e = Number((bits >> BigInt(fractionBits)) & BigInt(2 * bias + 1))
  const significand = e === 0 ? fraction : fraction + (1n << BigInt(fractionBits))
  const size = times(rational(significand), powerOfTwo(Math.max(e, 1) - bias - fractionBits))
  const kind =
    e === 2 * bias + 1 ? (fraction === 0n ? 'inf' : 'nan') : e !== 0 ? 'norm' : fraction === 0n ? 'zero' : 'denorm'
  return { kind, negative, value: negative ? negated(size) : size, bits }
}

export type Flag = 'FG' | 'FX' | 'FINV' | 'FDBZ' | 'FUNF' | 'FOVF'
export interface ElementResult {
  readonly bits: bigint
  readonly flags: readonly Flag[]
  /** A result that was rounded by FRMC, exact or not. */
  readonly rounds: boolean
}

/** FRMC as it is, and the mode in which values are rounded. */
export interface Rounding {
  readonly FRMC: number
  readonly effective: number
}

const signed = (negative: boolean, bits: bigint, { width }: Format) =>
  negative ? bits | (1n << BigInt(width - 1)) : bits
const largestBits = ({ fractionBits, bias }: Format) => (BigInt(2 * bias + 1) << BigInt(fractionBits)) - 1n
export const largest = (negative: boolean, format: Format) => signed(negative, largestBits(format), format)
export const zero = (negative: boolean, format: Format) => signed(negative, 0n, format)

/** The result of a calculation whose exact value is x (not zero): overflow, underflow, or rounding. */
export function rounded(x: Rational, format: Format, rounding: Rounding, underflowNegative: boolean): ElementResult {
  const negative = x.numerator < 0n
  const size = magnitude(x)
  const { bias, fractionBits } = format
  const pmax = operand(largestBits(format), format).value
  if (compare(size, pmax) > 0) return { bits: largest(negative, format), flags: ['FOVF'], rounds: true }
  if (compare(size, powerOfTwo(1 - bias)) < 0) {
    return { bits: zero(underflowNegative, format), flags: ['FUNF'], rounds: true }
  }
  let e = 1 - bias
  // Bits of the quotient bring e close; the loop makes it exact.
  e = Math.max(e, size.numerator.toString(2).length - size.denominator.toString(2).length - 1)
  while (compare(size, powerOfTwo(e + 1)) >= 0) e += 1
  const quantum = powerOfTwo(e - fractionBits)
  const { integer, guard, sticky } = split(over(size, quantum))
  const up = roundsUp(rounding.effective, negative, guard, sticky, integer)
  const encoded = (BigInt(e + bias - 1) << BigInt(fractionBits)) + integer + (up ? 1n : 0n)
  return { bits: signed(negative, encoded, format), flags: inexactFlags(guard, sticky), rounds: true }
}

export const inexactFlags = (guard: boolean, sticky: boolean): Flag[] => [
  ...(guard ? (['FG'] as const) : []),
  ...(sticky ? (['FX'] as const) : []),
]

/** Integer part of a value that is not negative; the first bit after it, and whether anything follows that. */
export function split(x: Rational) {
  const integer = x.numerator / x.denominator
  const rest = plus(x, rational(-integer))
  const toHalf = compare(rest, rational(1n, 2n))
  return { integer, guard: toHalf >= 0, sticky: toHalf !== 0 && rest.numerator !== 0n }
}

export function roundsUp(mode: number, negative: boolean, guard: boolean, sticky: boolean, integer: bigint): boolean {
  if (!guard && !sticky) return false
  switch (mode) {
    case 0:
      return guard && (sticky || integer % 2n === 1n)
    case 1:
      return false
    case 2:
      return !negative
    default:
      return negative
  }
}

const ORDER: readonly Kind[] = ['inf', 'nan', 'denorm', 'zero', 'norm']
/** Rows: operand A, columns: operand B, both in the order inf, nan, denorm, zero, norm. */
const TABLES = {
  add: [
    'amax amax amax amax amax',
    'amax amax amax amax amax',
    'bmax bmax 0 0 b',
    'bmax bmax 0 0 b',
    'bmax bmax a a calc',
  ],
  mul: ['max max 0 0 max', 'max max 0 0 max', '0 0 0 0 0', '0 0 0 0 0', 'max max 0 0 calc'],
  div: ['0 0 max max max', '0 0 max max max', '0 0 max max 0', '0 0 max max 0', '0 0 max max calc'],
} as const

export function arithmetic(
  operation: 'add' | 'sub' | 'mul' | 'div',
  aBits: bigint,
  bBits: bigint,
  format: Format,
  rounding: Rounding,
): ElementResult {
  const a = operand(aBits, format)
  const isSum = operation === 'add' || operation === 'sub'
  const b = operand(operation === 'sub' ? bBits ^ (1n << BigInt(format.width - 1)) : bBits, format)
  const entry = TABLES[isSum ? 'add' : operation][ORDER.indexOf(a.kind)]!.split(' ')[ORDER.indexOf(b.kind)]!
  const isBad = [a, b].some(({ kind }) => kind === 'inf' || kind === 'nan' || kind === 'denorm')
  const isZeroByZero = operation === 'div' && a.kind === 'zero' && b.kind === 'zero'
  const isByZero = operation === 'div' && a.kind === 'norm' && b.kind === 'zero'
  const flags: Flag[] = isBad || isZeroByZero ? ['FINV'] : isByZero ? ['FDBZ'] : []
  const product = a.negative !== b.negative
  switch (entry) {
    case 'amax':
      return { bits: largest(a.negative, format), flags, rounds: false }
    case 'bmax':
      return { bits: largest(b.negative, format), flags, rounds: false }
    case 'max':
      return { bits: largest(product, format), flags, rounds: false }
    case 'a':
      return { bits: a.bits, flags, rounds: !isBad }
    case 'b':
      return { bits: b.bits, flags, rounds: !isBad }
    case '0': {
      const sumNegative = product ? rounding.FRMC === 3 : a.negative
      return { bits: zero(isSum ? sumNegative : product, format), flags, rounds: false }
    }
  }
  const x = isSum ? plus(a.value, b.value) : operation === 'mul' ? times(a.value, b.value) : over(a.value, b.value)
  if (x.numerator === 0n) return { bits: zero(rounding.FRMC === 3, format), flags: [], rounds: true }
  return rounded(x, format, rounding, isSum ? rounding.FRMC === 3 : product)
}

/** Bit numbers of SPEFSCR, 0 for the most significant of 32. */
const BITS = {
  FG: 18,
  FX: 19,
  FINV: 20,
  FDBZ: 21,
  FUNF: 22,
  FOVF: 23,
  FGH: 2,
  FXH: 3,
  FINVH: 4,
  FDBZH: 5,
  FUNFH: 6,
  FOVFH: 7,
  FINXS: 10,
  FINVS: 11,
  FDBZS: 12,
  FUNFS: 13,
  FOVFS: 14,
  FINXE: 25,
  FINVE: 26,
  FDBZE: 27,
  FUNFE: 28,
  FOVFE: 29,
} as const

const has = (spefscr: number, bit: keyof typeof BITS) => (spefscr >>> (31 - BITS[bit])) & 1

export function roundingOf(spefscr: number): Rounding {
  const FRMC = spefscr & 3
  return { FRMC, effective: has(spefscr, 'FINXE') || FRMC > 1 ? 1 : FRMC }
}

/** SPEFSCR and the interrupt after an instruction. high: undefined for a scalar. */
export function after(spefscr: number, low: ElementResult, high?: ElementResult) {
  const elements = high ? [low, high] : [low]
  const any = (flag: Flag) => elements.some(({ flags }) => flags.includes(flag))
  const data = (['FINV', 'FDBZ', 'FUNF', 'FOVF'] as const).filter(any)
  const isData = data.some((flag) => has(spefscr, `${flag}E`))
  const isInexact = any('FG') || any('FX') || any('FUNF') || any('FOVF')
  let set = new Set<keyof typeof BITS>(data.map((flag) => `${flag}S` as const))
  for (const flag of low.flags) set.add(flag)
  for (const flag of high?.flags ?? []) set.add(`${flag}H`)
  if (isData) set = new Set([...set].filter((bit) => !/^F[GX]H?$/.test(bit)))
  else if (isInexact) set.add('FINXS')
  let word = spefscr
  for (const [name, bit] of Object.entries(BITS)) {
    if (/^(FG|FX|FINV|FDBZ|FUNF|FOVF)H?$/.test(name)) word &= ~(1 << (31 - bit))
    if (set.has(name as keyof typeof BITS)) word |= 1 << (31 - bit)
  }
  const isDirected = (spefscr & 3) > 1 && elements.some(({ rounds }) => rounds)
  const isRound = (isInexact && has(spefscr, 'FINXE')) || isDirected
  return { spefscr: word | 0, interrupt: isData ? 1 : isRound ? 2 : 0 }
}
