// The rare paths: exact values as integers of any length, for operands and results that the host's doubles cannot carry
// without loss. A value is magnitude * 2^exponent; a quotient's remainder becomes one more low bit.

/** An exact value that is not zero, or magnitude 0. */
export interface Exact {
  negative: boolean
  magnitude: bigint
  exponent: number
}

export function exactOf(hi: number, lo: number): Exact {
  const biased = (hi >>> 20) & 0x7ff
  const fraction = (BigInt(hi & 0xfffff) << 32n) | BigInt(lo >>> 0)
  return {
    negative: hi < 0,
    magnitude: biased === 0 ? fraction : fraction | (1n << 52n),
    exponent: Math.max(biased, 1) - 1075,
  }
}

export function addBig(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = signed(a, exponent) + signed(b, exponent)
  return { negative: sum < 0n, magnitude: sum < 0n ? -sum : sum, exponent }
}

const signed = ({ negative, magnitude, exponent }: Exact, to: number): bigint => {
  const shifted = magnitude << BigInt(exponent - to)
  return negative ? -shifted : shifted
}

export const multiplyBig = (a: Exact, b: Exact): Exact => ({
  negative: a.negative !== b.negative,
  magnitude: a.magnitude * b.magnitude,
  exponent: a.exponent + b.exponent,
})

export function divideBig(a: Exact, b: Exact): Exact {
  const dividend = a.magnitude << 120n
  const quotient = dividend / b.magnitude
  const sticky = quotient * b.magnitude === dividend ? 0n : 1n
  return {
    negative: a.negative !== b.negative,
    magnitude: (quotient << 1n) | sticky,
    exponent: a.exponent - b.exponent - 121,
  }
}

export function bitLength(magnitude: bigint): number {
  const digits = magnitude.toString(16)
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28
}

/** A value cut to some bits, and what was cut off. */
export interface Truncated {
  /** significand * 2^exponent is the truncated magnitude. */
  significand: bigint
  exponent: number
  guard: boolean
  sticky: boolean
}

/** Cuts off what is below 2^unit. */
export function truncate({ magnitude, exponent }: Exact, unit: number): Truncated {
  const drop = unit - exponent
  if (drop <= 0) {
    return { significand: magnitude << BigInt(-drop), exponent: unit, guard: false, sticky: false }
  }
  const significand = magnitude >> BigInt(drop)
  const rest = magnitude - (significand << BigInt(drop))
  const half = 1n << BigInt(drop - 1)
  return { significand, exponent: unit, guard: rest >= half, sticky: (rest & (half - 1n)) !== 0n }
}

/** The words of a double that is exactly significand * 2^exponent, significand at most 2^53. */
export function packDouble(negative: boolean, significand: bigint, exponent: number): { hi: number; lo: number } {
  let shift = significand === 0n ? 0 : 53 - bitLength(significand)
  if (exponent - shift < -1074) shift = exponent + 1074
  const full = shift >= 0 ? significand << BigInt(shift) : significand >> BigInt(-shift)
  // Exponents beyond the format, of operands that single arithmetic leaves undefined (Book I 4.6.5), wrap.
  const biased = full >> 52n === 0n ? 0 : (exponent - shift + 1075) & 0x7ff
  const hi = Number((full >> 32n) & 0xfffffn) | (biased << 20)
  return { hi: negative ? hi | 0x80000000 : hi, lo: Number(full & 0xffffffffn) | 0 }
}
