// Operands that meet the edges: special values, few-bit significands (ties), near-equal and far-apart pairs, plain random bits.
import { random } from '../support/random.ts'

const EDGES = [
  [0x00000000, 0],
  [0x00000000, 1],
  [0x000fffff, -1],
  [0x00100000, 0],
  [0x00100000, 1],
  [0x3ff00000, 0],
  [0x3fefffff, -1],
  [0x3ff00000, 1],
  [0x40000000, 0],
  [0x7fefffff, -1],
  [0x7ff00000, 0],
  [0x7ff00000, 1],
  [0x7ff7ffff, -1],
  [0x7ff80000, 0],
  [0x7fffffff, -1],
  [0x41dfffff, 0xffc00000 | 0],
  [0x41e00000, 0],
  [0x41dfffff, 0xffe00000 | 0],
  [0x43300000, 1],
  [0x38100000, 0],
  [0x380fffff, 0xe0000000 | 0],
  [0x36a00000, 0],
  [0x47efffff, 0xe0000000 | 0],
  [0x47efffff, 0xf0000000 | 0],
  [0x7fe00000, 0],
] as const

const D = new Float64Array(1)
const W = new Int32Array(D.buffer)
const F = new Float32Array(1)
const S = new Int32Array(F.buffer)

export interface Words {
  readonly hi: number
  readonly lo: number
}

/** Words of doubles; with single, values that single format can represent (NaNs included). */
export function operandSource(seed: number, single: boolean): () => Words[] {
  const next = random(seed)
  const draw = (): Words => {
    const kind = next() & 15
    const sign = next() & 0x80000000
    if (kind < 2) {
      const [hi, lo] = EDGES[(next() >>> 8) % EDGES.length]!
      return { hi: hi | sign, lo }
    }
    if (kind < 4) return { hi: next(), lo: next() }
    const span = kind < 8 ? 4 : kind < 12 ? 60 : kind < 14 ? 300 : 2000
    const exponent = Math.min(Math.max(1023 + ((next() >>> 4) % span) - (span >> 1), 1), 2046)
    const fewBits = kind & 1 ? -1 << ((next() >>> 3) & 31) : -1
    return { hi: sign | (exponent << 20) | (next() & 0xfffff), lo: next() & fewBits & (kind & 2 ? 0xe0000000 : -1) }
  }
  const near = ({ hi, lo }: Words): Words => {
    const step = ((next() >>> 5) & 7) - 3
    return { hi: hi ^ (next() & 0x80000000), lo: (lo + step) | 0 }
  }
  return () => {
    const a = draw()
    const b = (next() & 7) === 0 ? near(a) : draw()
    const c = (next() & 7) === 0 ? productPartner(a, b) : draw()
    return single ? [toSingle(a, next), toSingle(b, next), toSingle(c, next)] : [a, b, c]
  }
}

/** A c whose product with a nearly cancels b. */
function productPartner(a: Words, b: Words): Words {
  W[0] = a.lo
  W[1] = a.hi
  const x = D[0]!
  W[0] = b.lo
  W[1] = b.hi
  D[0] = -D[0]! / x
  return { hi: W[1]!, lo: W[0]! }
}

function toSingle({ hi, lo }: Words, next: () => number): Words {
  W[0] = lo
  W[1] = hi
  const word = Number.isNaN(D[0]!) || (next() & 15) === 0 ? singleWord(hi, next) : fround(D[0]!, hi, next)
  return fromSingle(word)
}

const singleWord = (hi: number, next: () => number) =>
  (hi & 0x7ff00000) === 0x7ff00000 ? (hi & 0x80000000) | 0x7f800000 | (next() & 0x7fffff) | 1 : next()

/** Doubles outside the range of single come back inside it. */
function fround(x: number, hi: number, next: () => number): number {
  const exponent = ((hi >>> 20) & 0x7ff) - 1023
  F[0] =
    Math.abs(exponent) > 150 && exponent !== 1024 && x !== 0 ? x * 2 ** (((next() >>> 2) % 280) - 150 - exponent) : x
  return S[0]!
}

function fromSingle(word: number): Words {
  S[0] = word
  if ((word & 0x7f800000) === 0x7f800000) {
    return { hi: (word & 0x80000000) | 0x7ff00000 | ((word & 0x7fffff) >> 3), lo: word << 29 }
  }
  D[0] = F[0]!
  return { hi: W[1]!, lo: W[0]! }
}
