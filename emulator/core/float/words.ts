// A double as the guest has it, two words, and as the host has it. Storage formats of floating-point loads and stores (Book I 4.6.2, 4.6.3).

const D = new Float64Array(1)
/** Little-endian, as every host of ours is: low word first. */
const W = new Int32Array(D.buffer)

export const SIGN = 0x80000000 | 0
const EXPONENT = 0x7ff00000
const QUIET = 0x00080000

export function toDouble(hi: number, lo: number): number {
  W[0] = lo
  W[1] = hi
  return D[0]!
}

/** Never for a NaN, whose payload the host may change. */
export function highWord(x: number): number {
  D[0] = x
  return W[1]!
}

export function lowWord(x: number): number {
  D[0] = x
  return W[0]!
}

export const isNaNWords = (hi: number, lo: number) =>
  (hi & 0x7fffffff) > EXPONENT || ((hi & 0x7fffffff) === EXPONENT && lo !== 0)
export const isSignalling = (hi: number, lo: number) => isNaNWords(hi, lo) && (hi & QUIET) === 0
export const isInfinity = (hi: number, lo: number) => (hi & 0x7fffffff) === EXPONENT && lo === 0
export const isZero = (hi: number, lo: number) => ((hi & 0x7fffffff) | lo) === 0
export const quiet = (hi: number) => hi | QUIET

/** High word of DOUBLE(WORD), what lfs puts into an FPR; denormals become normal, NaNs keep their payload. */
export function singleToDoubleHigh(word: number): number {
  const exponent = (word >>> 23) & 0xff
  if (exponent === 0 && (word & 0x7fffff) !== 0) return highWord(denormalSingle(word))
  const top = exponent === 0 ? 0 : exponent === 0xff ? EXPONENT : (exponent + 896) << 20
  return (word & SIGN) | top | ((word & 0x7fffff) >>> 3)
}

export function singleToDoubleLow(word: number): number {
  const isDenormal = (word & 0x7f800000) === 0 && (word & 0x7fffff) !== 0
  return isDenormal ? lowWord(denormalSingle(word)) : word << 29
}

const denormalSingle = (word: number) => (word & 0x7fffff) * (word < 0 ? -(2 ** -149) : 2 ** -149)

/**
 * SINGLE(FRS), what stfs stores: bits are picked, nothing is rounded. Book I leaves values below the
 * smallest denormal undefined; they store a zero of their sign.
 */
export function doubleToSingle(hi: number, lo: number): number {
  const exponent = (hi >>> 20) & 0x7ff
  if (exponent > 896) return (hi & 0xc0000000) | ((hi << 3) & 0x3ffffff8) | (lo >>> 29)
  if (exponent < 874) return hi & SIGN
  const significand = 0x800000 | ((hi & 0xfffff) << 3) | (lo >>> 29)
  return (hi & SIGN) | (significand >>> (897 - exponent))
}
