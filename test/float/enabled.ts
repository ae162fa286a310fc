// The classic FPU with random FPSCRs, enables included, beside bookOne.ts. Operands are finite; special ones are classic.ts's.
import { fp } from '../../emulator/core/float/finish.ts'
import { random } from '../support/random.ts'
import { consistent, resultOf } from './bookOne.ts'
import { CLASSIC, type Classic } from './classic.ts'
import { DOUBLE, operand, type Rational, rational, times } from './manual.ts'
import { operandSource, type Words } from './operands.ts'

const ROUNDED = ['add', 'sub', 'mul', 'div', 'madd', 'msub', 'round']
export const ENABLED = CLASSIC.filter(({ host }) => ROUNDED.includes(host))

const bitsOf = ({ hi, lo }: Words) => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)
const plus = (a: Rational, b: Rational) =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
const negated = (a: Rational) => rational(-a.numerator, a.denominator)

function exactly({ host }: Classic, a: Rational, b: Rational, c: Rational): Rational {
  switch (host) {
    case 'add':
      return plus(a, b)
    case 'sub':
      return plus(a, negated(b))
    case 'mul':
      return times(a, c)
    case 'div':
      return rational(a.numerator * b.denominator, a.denominator * b.numerator)
    case 'madd':
      return plus(times(a, c), b)
    case 'msub':
      return plus(times(a, c), negated(b))
    default:
      return b
  }
}

/** Cases in which the exact value is a number and not zero. Returns what differs, at most a few lines. */
export function compareEnabled(operation: Classic, mode: number, count: number, seed: number): string[] {
  const next = random(seed)
  const source = operandSource(seed, operation.single && operation.host !== 'round')
  const differences: string[] = []
  for (let n = 0; n < count; n++) {
    const [a, b, c] = source() as [Words, Words, Words]
    const values = [a, b, c].map((words) => operand(bitsOf(words), DOUBLE))
    const [x, y, z] = values.map(({ value }) => value) as [Rational, Rational, Rational]
    const isSpecial = values.some(({ kind }) => kind === 'inf' || kind === 'nan')
    if (isSpecial || (operation.host === 'div' && y.numerator === 0n)) continue
    const exact = exactly(operation, x, y, z)
    if (exact.numerator === 0n) continue
    const fpscr = consistent((next() & ~3) | mode)
    operation.run(a, b, c, fpscr)
    const want = resultOf(exact, operation.single ? 'single' : 'double', fpscr)
    if (operation.negates) negate(want)
    const got = (BigInt(fp.hi >>> 0) << 32n) | BigInt(fp.lo >>> 0)
    if (fp.written && got === want.bits && fp.fpscr === want.fpscr) continue
    if (differences.length > 4) break
    const shown = [a, b, c].map((words) => bitsOf(words).toString(16)).join(' ')
    const hex = (word: number) => (word >>> 0).toString(16)
    differences.push(
      `${operation.name} ${shown} FPSCR ${hex(fpscr)}: ${got.toString(16)} ${hex(fp.fpscr)}, ` +
        `Book I ${want.bits.toString(16)} ${hex(want.fpscr)}`,
    )
  }
  return differences
}

/** "Then negated": the sign, and FPRF of the negated result. */
function negate(result: { bits: bigint; fpscr: number }) {
  result.bits ^= 1n << 63n
  const [FL, FG, FE, C] = [0x8000, 0x4000, 0x2000, 0x10000]
  result.fpscr ^= result.fpscr & FE ? C : FL | FG
}
