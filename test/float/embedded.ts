// Every embedded floating-point instruction beside manual.ts, over random and edge operands and random SPEFSCRs.
import * as compares from '../../emulator/core/float/efp/compare.ts'
import * as conversions from '../../emulator/core/float/efp/convert.ts'
import * as doubles from '../../emulator/core/float/efp/double.ts'
import * as singles from '../../emulator/core/float/efp/single.ts'
import { efp } from '../../emulator/core/float/efp/spefscr.ts'
import { random } from '../support/random.ts'
import { after, arithmetic, DOUBLE, type ElementResult, type Format, roundingOf, SINGLE } from './manual.ts'
import { betweenFormats, fromFloat, ordered, type Target, toFloat } from './manualConversions.ts'

type Run = (...words: number[]) => number | undefined
const RUN = { ...singles, ...doubles, ...conversions, ...compares } as unknown as Record<string, Run>

/** One register is two words; 'low' operands and results are the second alone. */
interface Embedded {
  readonly name: string
  readonly shape: 'single' | 'pair' | 'double'
  readonly operands: 1 | 2
  readonly operandFormat: Format
  /** Bits of one operand element and of one result element, 0 for a CR field. */
  readonly from: 32 | 64
  readonly to: 0 | 32 | 64
  readonly judge: (a: bigint, b: bigint, spefscr: number) => ElementResult & { readonly holds?: boolean }
  readonly isTest?: boolean
}

const OPERATIONS = ['add', 'sub', 'mul', 'div'] as const
const RELATIONS = ['gt', 'lt', 'eq'] as const
const TARGETS: readonly Target[] = ['ui', 'si', 'uf', 'sf']
const SHAPES = [
  { prefix: 'efs', shape: 'single', format: SINGLE, size: 32 },
  { prefix: 'evfs', shape: 'pair', format: SINGLE, size: 32 },
  { prefix: 'efd', shape: 'double', format: DOUBLE, size: 64 },
] as const

function instructionsOf({ prefix, shape, format, size }: (typeof SHAPES)[number]): Embedded[] {
  const common = { shape, operandFormat: format, from: size } as const
  const converted = (target: Target, towardZero: boolean): Embedded => ({
    ...common,
    name: `${prefix}ct${target}${towardZero ? 'z' : ''}`,
    operands: 1,
    to: target.endsWith('d') ? 64 : 32,
    judge: (a, _b, spefscr) => fromFloat(a, target, towardZero, format, roundingOf(spefscr)),
  })
  const made = (target: Target): Embedded => ({
    ...common,
    name: `${prefix}cf${target}`,
    operands: 1,
    from: target.endsWith('d') ? 64 : 32,
    to: size,
    judge: (a, _b, spefscr) => toFloat(a, target, format, roundingOf(spefscr)),
  })
  return [
    ...OPERATIONS.map(
      (operation): Embedded => ({
        ...common,
        name: `${prefix}${operation}`,
        operands: 2,
        to: size,
        judge: (a, b, spefscr) => arithmetic(operation, a, b, format, roundingOf(spefscr)),
      }),
    ),
    ...['cmp', 'tst'].flatMap((kind) =>
      RELATIONS.map((relation): Embedded => {
        const judge = (a: bigint, b: bigint) => {
          const { holds, element } = ordered(a, b, relation, format)
          return { ...element, holds }
        }
        return { ...common, name: `${prefix}${kind}${relation}`, operands: 2, to: 0, judge, isTest: kind === 'tst' }
      }),
    ),
    ...TARGETS.flatMap((target) => [made(target), converted(target, false)]),
    ...(['ui', 'si'] as const).map((target) => converted(target, true)),
    ...(shape === 'double'
      ? (['uid', 'sid'] as const).flatMap((target) => [made(target), converted(target, true)])
      : []),
  ]
}

const between = (name: string, from: Format, to: Format): Embedded => ({
  name,
  shape: 'double',
  operands: 1,
  operandFormat: from,
  from: from.width as 32 | 64,
  to: to.width as 32 | 64,
  judge: (a, _b, spefscr) => betweenFormats(a, from, to, roundingOf(spefscr)),
})

export const EMBEDDED: readonly Embedded[] = [
  ...SHAPES.flatMap(instructionsOf),
  between('efscfd', DOUBLE, SINGLE),
  between('efdcfs', SINGLE, DOUBLE),
]

const low = (x: bigint) => Number(BigInt.asIntN(32, x))
const words = (x: bigint, bits: 32 | 64) => (bits === 64 ? [low(x >> 32n), low(x)] : [low(x)])
const unsigned = (word: number) => BigInt(word >>> 0)

/** mode: FRMC; the other bits of SPEFSCR are random. Returns what differs, at most a few lines. */
export function compareEmbedded(instruction: Embedded, mode: number, count: number, seed: number): string[] {
  const next = random(seed)
  const draw = operandBits(next, instruction.operandFormat, instruction.from)
  const differences: string[] = []
  for (let n = 0; n < count; n++) {
    const spefscr = spefscrFor(next, mode)
    const first = draw()
    const second = draw(first)
    const isPair = instruction.shape === 'pair'
    const elements = isPair ? [[draw(), draw()] as const, [first, second] as const] : [[first, second] as const]
    const got = run(instruction, elements, spefscr)
    const want = judge(instruction, elements, spefscr)
    if (got === want) continue
    const shown = elements.map((pair) => pair.map((x) => x.toString(16)).join(',')).join(' / ')
    if (differences.length < 5) {
      differences.push(`${instruction.name} ${shown} SPEFSCR ${(spefscr >>> 0).toString(16)}: ${got}, manual ${want}`)
    }
  }
  return differences
}

type Pair = readonly [bigint, bigint]

function run({ name, operands, from, to, isTest }: Embedded, elements: readonly Pair[], spefscr: number): string {
  const isPair = elements.length === 2
  const registers = [0, 1].slice(0, operands).flatMap((k) => elements.flatMap((pair) => words(pair[k]!, from)))
  const field = RUN[name]!(...registers, spefscr)
  if (to === 0) return isTest ? `CR ${field}` : text(efp.spefscr, efp.interrupt, `CR ${field}`)
  const bits = to === 64 || isPair ? (unsigned(efp.hi) << 32n) | unsigned(efp.lo) : unsigned(efp.lo)
  return text(efp.spefscr, efp.interrupt, bits.toString(16))
}

function judge(instruction: Embedded, elements: readonly Pair[], spefscr: number): string {
  const results = elements.map(([a, b]) => instruction.judge(a, b, spefscr))
  const lowest = results.at(-1)!
  const high = results.length === 2 ? results[0] : undefined
  const ended = after(spefscr, lowest, high)
  if (instruction.to === 0) {
    const [h, l] = [high?.holds, lowest.holds]
    const field = high ? (h ? 8 : 0) + (l ? 4 : 0) + (h || l ? 2 : 0) + (h && l ? 1 : 0) : l ? 4 : 0
    return instruction.isTest ? `CR ${field}` : text(ended.spefscr, ended.interrupt, `CR ${field}`)
  }
  const bits = high ? (high.bits << 32n) | lowest.bits : lowest.bits
  return text(ended.spefscr, ended.interrupt, bits.toString(16))
}

/** Where a data interrupt is taken the target is not written. */
const text = (spefscr: number, interrupt: number, result: string) =>
  `${interrupt === 1 ? 'kept' : result} SPEFSCR ${(spefscr >>> 0).toString(16)} interrupt ${interrupt}`

/** Half of them have no enables, so that results are seen. */
function spefscrFor(next: () => number, mode: number): number {
  const enables = next() & 0x80 ? next() & 0x7c : 0
  return (next() & 0xff3fff00) | enables | mode
}

function operandBits(next: () => number, { width, fractionBits, bias }: Format, from: 32 | 64) {
  const wide = () => (unsigned(next()) << 32n) | unsigned(next())
  const fractionMask = (1n << BigInt(fractionBits)) - 1n
  const float = (near?: bigint): bigint => {
    const kind = next() & 15
    const sign = next() & 1 ? 1n << BigInt(width - 1) : 0n
    const sparse = next() & 1 ? fractionMask << BigInt((next() >>> 4) & 31) : fractionMask
    const fraction = wide() & sparse & fractionMask
    if (kind === 0) return BigInt.asUintN(width, wide())
    if (kind === 1)
      return sign | ((next() & 2 ? BigInt(2 * bias + 1) : 0n) << BigInt(fractionBits)) | (next() & 3 ? fraction : 0n)
    if (kind === 2) return sign | (largestOrSmallest(next, fractionBits, bias) + BigInt((next() & 3) - 1))
    if (kind < 5 && near !== undefined) return BigInt.asUintN(width, (near ^ sign) + BigInt((next() & 7) - 3))
    const span = kind < 9 ? 8 : kind < 12 ? 2 * fractionBits : 2 * bias
    const e = Math.min(Math.max(bias + ((next() >>> 3) % span) - (span >> 1), 1), 2 * bias)
    return sign | (BigInt(e) << BigInt(fractionBits)) | fraction
  }
  return (near?: bigint) => {
    if (from !== width) return BigInt.asUintN(from, wide() >> BigInt((next() >>> 2) & 63))
    return float(near)
  }
}

const largestOrSmallest = (next: () => number, fractionBits: number, bias: number) =>
  next() & 4 ? (BigInt(2 * bias + 1) << BigInt(fractionBits)) - 2n : (1n << BigInt(fractionBits)) + 1n
