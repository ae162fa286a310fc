// The classic FPU's operations beside the host's: what Book I makes of the host's result and flags.
import * as arithmetic from '../../emulator/core/float/arithmetic.ts'
import * as convert from '../../emulator/core/float/convert.ts'
import * as estimate from '../../emulator/core/float/estimate.ts'
import { fp } from '../../emulator/core/float/finish.ts'
import { FPSCR } from '../../emulator/core/float/fpscr.ts'
import * as fused from '../../emulator/core/float/multiplyAdd.ts'
import { HAPPENED, type Host, type HostOperation } from './host.ts'
import { operandSource, type Words } from './operands.ts'

export interface Classic {
  readonly name: string
  readonly host: HostOperation
  readonly single: boolean
  /** Which operands it reads, in the order of NaN propagation. */
  readonly reads: 'AB' | 'AC' | 'ABC' | 'B'
  readonly negates?: boolean
  readonly run: (a: Words, b: Words, c: Words, fpscr: number) => void
}

const ARITHMETIC = { ...arithmetic }
const FUSED = { ...fused }

const twoOperands = (name: 'fadd' | 'fsub' | 'fdiv', host: HostOperation): Classic[] =>
  [false, true].map((single) => {
    const run = ARITHMETIC[single ? (`${name}s` as const) : name]
    return {
      name: single ? `${name}s` : name,
      host,
      single,
      reads: 'AB',
      run: (a, b, _c, fpscr) => run(a.hi, a.lo, b.hi, b.lo, fpscr),
    }
  })

const fusedOperations = (name: 'fmadd' | 'fmsub' | 'fnmadd' | 'fnmsub', host: HostOperation): Classic[] =>
  [false, true].map((single) => {
    const run = FUSED[single ? (`${name}s` as const) : name]
    return {
      name: single ? `${name}s` : name,
      host,
      single,
      reads: 'ABC',
      negates: name.startsWith('fn'),
      run: (a, b, c, fpscr) => run(a.hi, a.lo, c.hi, c.lo, b.hi, b.lo, fpscr),
    }
  })

export const CLASSIC: readonly Classic[] = [
  ...twoOperands('fadd', 'add'),
  ...twoOperands('fsub', 'sub'),
  ...twoOperands('fdiv', 'div'),
  {
    name: 'fmul',
    host: 'mul',
    single: false,
    reads: 'AC',
    run: (a, _, c, f) => arithmetic.fmul(a.hi, a.lo, c.hi, c.lo, f),
  },
  {
    name: 'fmuls',
    host: 'mul',
    single: true,
    reads: 'AC',
    run: (a, _, c, f) => arithmetic.fmuls(a.hi, a.lo, c.hi, c.lo, f),
  },
  ...fusedOperations('fmadd', 'madd'),
  ...fusedOperations('fmsub', 'msub'),
  ...fusedOperations('fnmadd', 'madd'),
  ...fusedOperations('fnmsub', 'msub'),
  { name: 'frsp', host: 'round', single: true, reads: 'B', run: (_a, b, _c, f) => convert.frsp(b.hi, b.lo, f) },
  { name: 'fres', host: 'reciprocal', single: true, reads: 'B', run: (_a, b, _c, f) => estimate.fres(b.hi, b.lo, f) },
  { name: 'fctiw', host: 'integer', single: false, reads: 'B', run: (_a, b, _c, f) => convert.fctiw(b.hi, b.lo, f) },
  { name: 'fctiwz', host: 'integer', single: false, reads: 'B', run: (_a, b, _c, f) => convert.fctiwz(b.hi, b.lo, f) },
  { name: 'frsqrte', host: 'rsqrt', single: false, reads: 'B', run: (_a, b, _c, f) => estimate.frsqrte(b.hi, b.lo, f) },
]

const D = new Float64Array(1)
const W = new Int32Array(D.buffer)
const number = ({ hi, lo }: Words) => {
  W[0] = lo
  W[1] = hi
  return D[0]!
}
const isNaNValue = (words: Words) => Number.isNaN(number(words))
const isSignalling = (words: Words) => isNaNValue(words) && (words.hi & 0x80000) === 0
const isEstimate = ({ name }: Classic) => name === 'fres' || name === 'frsqrte'
const isWord = ({ host }: Classic) => host === 'integer'

/** Runs count cases in one rounding mode; returns what differs, at most a few lines. */
export function compareClassic(host: Host, operation: Classic, mode: number, count: number, seed: number): string[] {
  const source = operandSource(seed, operation.single && operation.name !== 'frsp')
  const cases = Array.from({ length: count }, source)
  const operands = new Float64Array(3 * count)
  const words = new Int32Array(operands.buffer)
  cases.forEach((triple, n) => {
    triple.forEach(({ hi, lo }, k) => {
      words[6 * n + 2 * k] = lo
      words[6 * n + 2 * k + 1] = hi
    })
  })
  const hostMode = operation.name === 'fctiwz' ? 1 : operation.name === 'frsqrte' ? 0 : mode
  const { results, flags } = host.ask(operation.host, operation.single, hostMode, operands)
  const differences: string[] = []
  cases.forEach(([a, b, c], n) => {
    operation.run(a!, b!, c!, mode)
    const want = expected(operation, [a!, b!, c!], { hi: results[2 * n + 1]!, lo: results[2 * n]! }, flags[n]!, mode)
    if (fp.hi === want.hi && fp.lo === want.lo && fp.fpscr === want.fpscr) return
    if (differences.length > 4) return
    const text = (hi: number, lo: number) => `${(hi >>> 0).toString(16)}:${(lo >>> 0).toString(16)}`
    differences.push(
      `${operation.name} RN=${mode} A=${text(a!.hi, a!.lo)} B=${text(b!.hi, b!.lo)} C=${text(c!.hi, c!.lo)}: ` +
        `${text(fp.hi, fp.lo)} FPSCR ${(fp.fpscr >>> 0).toString(16)}, ` +
        `host ${text(want.hi, want.lo)} FPSCR ${(want.fpscr >>> 0).toString(16)}`,
    )
  })
  return differences
}

interface Expected extends Words {
  readonly fpscr: number
}

/** From the host's result and flags to words and FPSCR, all exceptions disabled. */
function expected(
  operation: Classic,
  [a, b, c]: [Words, Words, Words],
  got: Words,
  flags: number,
  mode: number,
): Expected {
  const read = [...operation.reads].map((name) => ({ A: a, B: b, C: c })[name]!)
  const nan = read.find(isNaNValue)
  const invalid = invalidBits(operation, [a, b, c], read, flags)
  if (isWord(operation)) return expectedWord(number(b), got, flags, invalid, mode)
  if (nan || flags & HAPPENED.invalid || invalid) return expectedNaN(operation, nan, invalid, mode)
  const negated = operation.negates ? { hi: got.hi ^ 0x80000000, lo: got.lo } : got
  let bits = 0
  const inexact = flags & HAPPENED.inexact
  if (flags & HAPPENED.overflow) bits |= FPSCR.OX
  if (inexact && flags & HAPPENED.tiny) bits |= FPSCR.UX
  if (flags & HAPPENED.divideByZero) bits |= FPSCR.ZX
  if (inexact && !isEstimate(operation)) bits |= FPSCR.XX
  if (operation.name === 'frsqrte') bits &= FPSCR.ZX
  if (bits) bits |= FPSCR.FX
  if (inexact && !isEstimate(operation)) bits |= FPSCR.FI | (flags & HAPPENED.away ? FPSCR.FR : 0)
  return { ...negated, fpscr: bits | classOf(number(negated), operation.single) | mode }
}

function invalidBits({ host }: Classic, [a, b, c]: Words[], read: Words[], flags: number): number {
  const [x, y, z] = [number(a!), number(b!), number(c!)]
  let bits = read.some(isSignalling) ? FPSCR.VXSNAN : 0
  if (host === 'integer') return bits
  const hasProduct = host === 'madd' || host === 'msub' || host === 'mul'
  if (hasProduct && ((x === 0 && Math.abs(z) === Infinity) || (z === 0 && Math.abs(x) === Infinity)))
    bits |= FPSCR.VXIMZ
  if (bits || !(flags & HAPPENED.invalid) || read.some(isNaNValue)) return bits
  if (host === 'div') return x === 0 ? FPSCR.VXZDZ : FPSCR.VXIDI
  if (host === 'rsqrt') return FPSCR.VXSQRT
  return Number.isNaN(y) ? 0 : FPSCR.VXISI
}

function expectedNaN({ name }: Classic, nan: Words | undefined, invalid: number, mode: number): Expected {
  const fpscr = (invalid ? invalid | FPSCR.FX | FPSCR.VX : 0) | 0x11000 | mode
  if (!nan) return { hi: 0x7ff80000, lo: 0, fpscr }
  return { hi: nan.hi | 0x80000, lo: name === 'frsp' ? nan.lo & 0xe0000000 : nan.lo, fpscr }
}

function expectedWord(b: number, got: Words, flags: number, signalling: number, mode: number): Expected {
  const rounded = number(got)
  const sign = (word: number, fpscr: number) => ({ hi: word >> 31, lo: word, fpscr: fpscr | mode })
  const invalid = FPSCR.FX | FPSCR.VX | FPSCR.VXCVI | signalling
  if (Number.isNaN(b) || rounded < -(2 ** 31)) return sign(0x80000000 | 0, invalid)
  if (rounded >= 2 ** 31) return sign(0x7fffffff, invalid)
  if (!(flags & HAPPENED.inexact)) return sign(rounded | 0, 0)
  return sign(rounded | 0, FPSCR.FX | FPSCR.XX | FPSCR.FI | (Math.abs(rounded) > Math.abs(b) ? FPSCR.FR : 0))
}

/** FPRF, written out from Book I's table. */
function classOf(x: number, single: boolean): number {
  const negative = Object.is(x, -0) || x < 0
  const size = Math.abs(x)
  if (size === 0) return negative ? 0x12000 : 0x02000
  if (size === Infinity) return negative ? 0x09000 : 0x05000
  if (size < (single ? 2 ** -126 : 2 ** -1022)) return negative ? 0x18000 : 0x14000
  return negative ? 0x08000 : 0x04000
}
