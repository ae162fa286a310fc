// Sums, products and quotients of doubles together with the sign of what rounding left over.
// Each returns the result rounded to nearest and leaves the residual (exact - result) in residual(), or returns
// NaN where the operands are too large, too small or too special for error-free arithmetic: then bigFloat.ts decides.
// Knuth's TwoSum, Dekker's product; the fused operation after Boldo and Melquiond, "Emulation of FMA and correctly
// rounded sums: proved algorithms using rounding to odd" (2008).

const E = new Float64Array(1)
const D = new Float64Array(1)
const W = new Int32Array(D.buffer)

/** exact - result of the last operation, whose sign is exact; its value is exact for sums and products. */
export const residual = () => E[0]!

const LARGE = 2 ** 1000
const SMALL = 2 ** -1000
/** Between these no intermediate of a product or quotient overflows or loses bits below 2^-1074. */
const PRODUCT_LARGE = 2 ** 450
const PRODUCT_SMALL = 2 ** -450

export function exactSum(a: number, b: number): number {
  const r = a + b
  const size = Math.abs(r)
  if (!(size > SMALL && size < LARGE && Math.abs(a) < LARGE && Math.abs(b) < LARGE)) return Number.NaN
  E[0] = sumError(a, b, r)
  return r
}

export function exactProduct(a: number, b: number): number {
  const r = a * b
  if (!(isModerate(a) && isModerate(b))) return Number.NaN
  E[0] = productError(a, b, r)
  return r
}

export function exactQuotient(a: number, b: number): number {
  const r = a / b
  if (!(isModerate(a) && isModerate(b))) return Number.NaN
  const product = r * b
  const remainder = a - product - productError(r, b, product)
  E[0] = b < 0 ? -remainder : remainder
  return r
}

/** a * c + b with one rounding. */
export function exactFused(a: number, c: number, b: number): number {
  if (!(isModerate(a) && isModerate(c) && (b === 0 || isModerate(b)))) return Number.NaN
  const uh = a * c
  const ul = productError(a, c, uh)
  const th = b + ul
  const tl = sumError(b, ul, th)
  const vh = uh + th
  const z = oddSum(tl, sumError(uh, th, vh))
  const r = vh + z
  if (!(Math.abs(r) > SMALL)) return Number.NaN
  E[0] = sumError(vh, z, r)
  return r
}

function isModerate(x: number): boolean {
  const size = Math.abs(x)
  return size > PRODUCT_SMALL && size < PRODUCT_LARGE
}

function sumError(a: number, b: number, r: number): number {
  const bb = r - a
  return a - (r - bb) + (b - bb)
}

function productError(a: number, b: number, r: number): number {
  const ca = a * 134217729
  const cb = b * 134217729
  const ah = ca - (ca - a)
  const bh = cb - (cb - b)
  const al = a - ah
  const bl = b - bh
  return ah * bh - r + ah * bl + al * bh + al * bl
}

/** a + b rounded to odd: an inexact sum has its last bit set, so that no later rounding takes it for a tie. */
function oddSum(a: number, b: number): number {
  const s = a + b
  const error = sumError(a, b, s)
  if (error === 0) return s
  D[0] = s
  if (W[0]! & 1) return s
  // The even neighbour's odd one on the side of the exact value.
  if (error > 0 === s > 0) W[0] = W[0]! + 1
  else {
    if (W[0] === 0) W[1] = W[1]! - 1
    W[0] = W[0]! - 1
  }
  return D[0]!
}
