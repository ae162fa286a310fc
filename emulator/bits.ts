// Words are signed int32 inside; hex() is the only way out to a person. Bits are in Power's numbering, 0 = most significant of 32.

export function hex(word: number, digits = 8): string {
  return `0x${(word >>> 0).toString(16).padStart(digits, '0')}`
}

/** The unsigned value of bits from..to (IBM numbers, 32-bit word). */
export function bits(word: number, from: number, to: number): number {
  const width = to - from + 1
  return width === 32 ? word >>> 0 : (word >>> (31 - to)) & ((1 << width) - 1)
}

/** Puts an unsigned value into bits from..to of a word that is zero there. */
export function place(value: number, from: number, to: number): number {
  const width = to - from + 1
  const mask = width === 32 ? -1 : (1 << width) - 1
  return (value & mask) << (31 - to)
}

export function signExtend(value: number, width: number): number {
  return (value << (32 - width)) >> (32 - width)
}

/** Power ISA MASK(MB, ME): ones from bit MB to bit ME, around the end where MB > ME. */
export function mask(MB: number, ME: number): number {
  const fromMB = -1 >>> MB
  const toME = -1 << (31 - ME)
  return MB <= ME ? fromMB & toME : fromMB | toME
}
