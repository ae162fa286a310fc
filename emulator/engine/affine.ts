// Arithmetic on values that are base + k * step mod 2^32 in the k-th round of a loop. A value is passed as its base, its step beside it in
// `step`; how many rounds the results hold for is `rounds`. What is neither linear nor constant for a while holds for no round.
// Bounds are on the safe side, at the latest where a value passes 0 or 2^32 (signed: 2^31); they assume nothing about who moves how.
import type { Binary, Unary } from '../isa/op.ts'

const ALL = 2 ** 32
const SIGN = 0x80000000 | 0

/** The first k at which value + k * step, a whole number, is outside of low to high - 1. */
function leaves(value: number, step: number, low: number, high: number): number {
  if (step > 0) return Math.floor((high - 1 - value) / step) + 1
  return step < 0 ? Math.floor((value - low) / -step) + 1 : Infinity
}

/** The plain operations, on int32. */
const PLAIN: Readonly<Record<Binary, (a: number, b: number) => number>> = {
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: Math.imul,
  mulhs: (a, b) => Number((BigInt(a) * BigInt(b)) >> 32n),
  mulhu: (a, b) => Number((BigInt(a >>> 0) * BigInt(b >>> 0)) >> 32n) | 0,
  divs: (a, b) => (a / b) | 0,
  divu: (a, b) => ((a >>> 0) / (b >>> 0)) | 0,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => (a >>> b) | 0,
  sar: (a, b) => a >> b,
  rotl: (a, b) => (a << b) | (a >>> (32 - b)),
  eq: (a, b) => +(a === b),
  ne: (a, b) => +(a !== b),
  lts: (a, b) => +(a < b),
  ltu: (a, b) => +(a >>> 0 < b >>> 0),
}
const UNARY: Readonly<Record<Unary, (a: number) => number>> = {
  clz: Math.clz32,
  exts8: (a) => (a << 24) >> 24,
  exts16: (a) => (a << 16) >> 16,
  eqz: (a) => +(a === 0),
  swap16: (a) => ((a << 8) & 0xff00) | ((a >>> 8) & 0xff),
  swap32: (a) => (a << 24) | ((a << 8) & 0xff0000) | ((a >>> 8) & 0xff00) | (a >>> 24),
}

export class Affine {
  /** Of the value that was computed last. */
  step = 0
  /** Rounds from now for which everything so far holds. */
  rounds = Infinity

  private until(k: number): void {
    if (k < this.rounds) this.rounds = k
  }
  constant(value: number): number {
    this.step = 0
    return value
  }
  /** A value that nothing is known of. */
  unknown(): number {
    this.rounds = 0
    this.step = 0
    return 0
  }
  protected linear(base: number, step: number): number {
    this.step = step | 0
    return base | 0
  }

  /** As value moves by step, the multiples of unit below it stay the same. */
  within(value: number, step: number, unit: number): void {
    const place = (value >>> 0) % unit
    this.until(leaves(place, step, 0, unit))
  }

  isEqual(a: number, aStep: number, b: number, bStep: number): number {
    const step = (aStep - bStep) | 0
    const difference = (a - b) >>> 0
    if (step !== 0) this.until(difference === 0 ? 1 : leaves(difference, step, 1, ALL))
    this.step = 0
    return +(difference === 0)
  }
  isLess(a: number, aStep: number, b: number, bStep: number, isSigned: boolean): number {
    const bias = isSigned ? SIGN : 0
    const x = (a ^ bias) >>> 0
    const y = (b ^ bias) >>> 0
    const [low, high] = x < y ? [-Infinity, 0] : [0, Infinity]
    this.until(leaves(x - y, aStep - bStep, low, high))
    this.within(x, aStep, ALL)
    this.within(y, bStep, ALL)
    this.step = 0
    return +(x < y)
  }

  unary(operation: Unary, a: number): number {
    const { step } = this
    if (step === 0) return UNARY[operation](a)
    switch (operation) {
      case 'eqz':
        return this.isEqual(a, step, 0, 0)
      case 'exts8':
      case 'exts16': {
        const unit = operation === 'exts8' ? 0x100 : 0x10000
        this.within(a + unit / 2, step, unit)
        return UNARY[operation](a)
      }
      default:
        return this.unknown()
    }
  }

  binary(operation: Binary, a: number, aStep: number, b: number, bStep: number): number {
    if (aStep === 0 && bStep === 0) return this.linear(PLAIN[operation](a, b), 0)
    switch (operation) {
      case 'add':
        return this.linear(a + b, aStep + bStep)
      case 'sub':
        return this.linear(a - b, aStep - bStep)
      case 'eq':
        return this.isEqual(a, aStep, b, bStep)
      case 'ne':
        return 1 - this.isEqual(a, aStep, b, bStep)
      case 'lts':
      case 'ltu':
        return this.isLess(a, aStep, b, bStep, operation === 'lts')
      case 'and':
      case 'or':
      case 'xor':
        return this.bitwise(operation, a, aStep, b, bStep)
      default:
        if (operation === 'mul' && aStep === 0) return this.linear(Math.imul(a, b), Math.imul(a, bStep))
        return bStep === 0 ? this.byConstant(operation, a, aStep, b) : this.unknown()
    }
  }

  private byConstant(operation: Binary, a: number, step: number, by: number): number {
    switch (operation) {
      case 'mul':
        return this.linear(Math.imul(a, by), Math.imul(step, by))
      case 'shl':
        return this.linear(a << by, step << by)
      case 'shr':
      case 'sar':
        return this.shiftRight(operation, a, step, by)
      default:
        return this.unknown()
    }
  }
  /** Linear if no step changes what is shifted out; else the same as long as only that changes. */
  private shiftRight(operation: 'shr' | 'sar', a: number, step: number, by: number): number {
    if ((step >> by) << by === step) {
      this.within(operation === 'sar' ? a ^ SIGN : a, step, ALL)
      return this.linear(PLAIN[operation](a, by), step >> by)
    }
    this.within(a, step, 2 ** by)
    return this.linear(PLAIN[operation](a, by), 0)
  }

  private bitwise(operation: 'and' | 'or' | 'xor', a: number, aStep: number, b: number, bStep: number): number {
    // mr is an or of a register with itself.
    if (a === b && aStep === bStep) return operation === 'xor' ? this.linear(0, 0) : this.linear(a, aStep)
    if (aStep === 0) return this.bitwise(operation, b, bStep, a, aStep)
    if (bStep !== 0) return this.unknown()
    if (operation === 'and') return this.masked(a, aStep, b)
    if (b === 0) return this.linear(a, aStep)
    if (operation === 'xor' && b === -1) return this.linear(~a, -aStep)
    if (operation === 'xor' && b === SIGN) return this.linear(a ^ SIGN, aStep)
    return this.unknown()
  }
  private masked(a: number, step: number, mask: number): number {
    const lowest = trailingZeros(mask)
    const above = 2 ** (32 - Math.clz32(mask))
    if (step % above === 0) return this.linear(a & mask, 0)
    const ones = mask >>> lowest
    const isOneField = (ones & (ones + 1)) === 0
    if (isOneField && step % 2 ** lowest === 0) {
      this.within(a, step, above)
      return this.linear(a & mask, step)
    }
    this.within(a, step, 2 ** lowest)
    return this.linear(a & mask, 0)
  }
}

const trailingZeros = (word: number) => 31 - Math.clz32(word & -word)
