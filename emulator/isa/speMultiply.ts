// SPE: multiplies of half words and words, and what the accumulator adds up (SPE PEM chapter 5).
// A mnemonic says it all: evm, h or w with e, o, h, l or nothing; g guarded; u or s; s saturate or m modulo; i integer or f fraction;
// a: to the accumulator, aa(w): added to it, an(w): subtracted from it.
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'
import { accumulator, type Pair, setBoth, setOverflow, setPair, spe } from './speRecord.ts'

/** A value and whether it overflowed, as a truth value. */
interface Checked {
  readonly value: Node
  readonly overflow: Node
}
const unchecked = (op: Op, value: Node): Checked => ({ value, overflow: op.const(0) })
const isNegative = (op: Op, a: Node) => op.binary('lts', a, op.const(0))

// ---- one element added to the accumulator's, or subtracted from it ----
type Kind = 'us' | 'ss' | 'um' | 'sm'

function combine(op: Op, kind: Kind, subtracts: boolean, a: Node, b: Node): Checked {
  const result = op.let(subtracts ? op.sub(a, b) : op.add(a, b))
  if (kind === 'us') {
    const overflow = op.let(subtracts ? op.binary('ltu', a, b) : op.binary('ltu', result, b))
    return { value: op.let(op.select(overflow, op.const(subtracts ? 0 : -1), result)), overflow }
  }
  if (kind !== 'ss') return unchecked(op, result)
  const differs = op.xor(a, result)
  const overflow = op.let(isNegative(op, op.and(subtracts ? op.xor(a, b) : op.xor(b, result), differs)))
  const limit = op.xor(op.binary('sar', a, op.const(31)), op.const(0x7fffffff))
  return { value: op.let(op.select(overflow, limit, result)), overflow }
}

/** Each element of `by` into the accumulator and RT. */
function accumulate(op: Op, kind: Kind, subtracts: boolean, by: { readonly high: Checked; readonly low: Checked }) {
  const ACC = accumulator(op)
  const high = combine(op, kind, subtracts, op.let(ACC.high), by.high.value)
  const low = combine(op, kind, subtracts, op.let(ACC.low), by.low.value)
  if (kind.endsWith('s')) setOverflow(op, op.or(by.high.overflow, high.overflow), op.or(by.low.overflow, low.overflow))
  setBoth(op, { high: high.value, low: low.value })
}

// ---- products of half words ----
const half = (op: Op, word: Node, part: 'e' | 'o', signed: boolean): Node => {
  if (part === 'e') return op.binary(signed ? 'sar' : 'shr', word, op.const(16))
  return signed ? op.unary('exts16', word) : op.and(word, op.const(0xffff))
}
const halfProduct = (op: Op, a: Node, b: Node, part: 'e' | 'o', signed: boolean): Node =>
  op.let(op.binary('mul', half(op, a, part, signed), half(op, b, part, signed)))

/** -1 * -1 saturates, or wraps to -1. */
function fraction(op: Op, product: Node, saturates: boolean): Checked {
  const doubled = op.binary('shl', product, op.const(1))
  if (!saturates) return unchecked(op, op.let(doubled))
  const overflow = op.let(op.binary('eq', product, op.const(0x40000000)))
  return { value: op.let(op.select(overflow, op.const(0x7fffffff), doubled)), overflow }
}

type Rule = 'ssf' | 'smf' | 'smi' | 'umi' | 'usi' | 'ssi'

function halfProducts(op: Op, part: 'e' | 'o', rule: Rule): { high: Checked; low: Checked } {
  const element = (a: Node, b: Node) => {
    const product = halfProduct(op, a, b, part, rule.startsWith('s'))
    return rule.endsWith('f') ? fraction(op, product, rule === 'ssf') : unchecked(op, product)
  }
  return { high: element(op.gprHigh('RA'), op.gprHigh('RB')), low: element(op.gpr('RA'), op.gpr('RB')) }
}

const RULES: Readonly<Record<Rule, string>> = {
  ssf: 'Signed, Saturate, Fractional',
  smf: 'Signed, Modulo, Fractional',
  smi: 'Signed, Modulo, Integer',
  umi: 'Unsigned, Modulo, Integer',
  usi: 'Unsigned, Saturate, Integer',
  ssi: 'Signed, Saturate, Integer',
}
const ENDS = {
  '': '',
  a: ' (to Accumulator)',
  aa: ' and Accumulate',
  an: ' and Accumulate Negative',
  aaw: ' and Accumulate into Words',
  anw: ' and Accumulate Negative into Words',
} as const
type End = keyof typeof ENDS

const multiply = (kind: string, what: string, rule: Rule, end: End, XO11: number, semantics: (op: Op) => void) =>
  spe(`evm${kind}${rule}${end}`, `Vector Multiply ${what}, ${RULES[rule]}${ENDS[end]}`, XO11, 'RT,RA,RB', semantics)

type Products = (op: Op) => { high: Checked; low: Checked }

/** The products into RT, and with `a` into the accumulator too. */
const written = (rule: Rule, end: End, products: Products) => (op: Op) => {
  const { high, low } = products(op)
  if (rule === 'ssf') setOverflow(op, high.overflow, low.overflow)
  const set = end === 'a' ? setBoth : setPair
  set(op, { high: high.value, low: low.value })
}
const intoWords = (rule: Rule, end: End, products: Products) => (op: Op) =>
  accumulate(op, rule.slice(0, 2) as Kind, end === 'anw', products(op))

function halfWords(part: 'e' | 'o', what: string, XO: Readonly<Partial<Record<Rule, number>>>): Instruction[] {
  return (Object.entries(XO) as [Rule, number][]).flatMap(([rule, XO11]) => {
    const products: Products = (op) => halfProducts(op, part, rule)
    const record = (end: End, offset: number, semantics: (op: Op) => void) =>
      multiply(`h${part}`, what, rule, end, XO11 + offset, semantics)
    const plain =
      rule === 'usi' || rule === 'ssi'
        ? []
        : [record('', 0, written(rule, '', products)), record('a', 32, written(rule, 'a', products))]
    return [
      ...plain,
      record('aaw', 256, intoWords(rule, 'aaw', products)),
      record('anw', 384, intoWords(rule, 'anw', products)),
    ]
  })
}

// ---- doublewords ----
function accumulateDoubleword(op: Op, subtracts: boolean, by: Pair): Pair {
  const ACC = accumulator(op)
  const accLow = op.let(ACC.low)
  const low = op.let(subtracts ? op.sub(accLow, by.low) : op.add(accLow, by.low))
  const carry = op.binary('ltu', subtracts ? accLow : low, by.low)
  const high = subtracts ? op.sub(op.sub(ACC.high, by.high), carry) : op.add(op.add(ACC.high, by.high), carry)
  return { high: op.let(high), low }
}

/** The low half words' product, with 32 guard bits; -1 * -1 is +1 here. */
function guarded(op: Op, part: 'e' | 'o', rule: Rule): Pair {
  const product = halfProduct(op, op.gpr('RA'), op.gpr('RB'), part, rule !== 'umi')
  const high = rule === 'umi' ? op.const(0) : op.binary('sar', product, op.const(31))
  return { high, low: op.let(rule === 'smf' ? op.binary('shl', product, op.const(1)) : product) }
}

const guardedHalfWords = (part: 'e' | 'o', what: string, XO: Readonly<Partial<Record<Rule, number>>>) =>
  (Object.entries(XO) as [Rule, number][]).flatMap(([rule, XO11]) =>
    (['aa', 'an'] as const).map((end) =>
      multiply(`h${part}g`, `${what}, Guarded`, rule, end, XO11 + (end === 'an' ? 128 : 0), (op) =>
        setBoth(op, accumulateDoubleword(op, end === 'an', guarded(op, part, rule))),
      ),
    ),
  )

interface Product extends Pair {
  readonly overflow: Node
}
/** All 64 bits of a product of words. */
function wordProduct(op: Op, rule: Rule, a: Node, b: Node): Product {
  const [x, y] = [op.let(a), op.let(b)]
  const high = op.let(op.binary(rule.startsWith('s') ? 'mulhs' : 'mulhu', x, y))
  const low = op.let(op.binary('mul', x, y))
  if (rule.endsWith('i')) return { high, low, overflow: op.const(0) }
  const doubledHigh = op.or(op.binary('shl', high, op.const(1)), op.binary('shr', low, op.const(31)))
  const doubledLow = op.binary('shl', low, op.const(1))
  if (rule === 'smf') return { high: op.let(doubledHigh), low: op.let(doubledLow), overflow: op.const(0) }
  const overflow = op.let(op.binary('eq', high, op.const(0x40000000)))
  return {
    high: op.let(op.select(overflow, op.const(0x7fffffff), doubledHigh)),
    low: op.let(op.select(overflow, op.const(-1), doubledLow)),
    overflow,
  }
}
const lowProduct = (op: Op, rule: Rule) => wordProduct(op, rule, op.gpr('RA'), op.gpr('RB'))
const highProduct = (op: Op, rule: Rule) => wordProduct(op, rule, op.gprHigh('RA'), op.gprHigh('RB'))

/** Of each product one word. */
const wordProducts =
  (rule: Rule, word: 'high' | 'low'): Products =>
  (op) => {
    const [high, low] = [highProduct(op, rule), lowProduct(op, rule)]
    return {
      high: { value: high[word], overflow: high.overflow },
      low: { value: low[word], overflow: low.overflow },
    }
  }

const highWords = ([rule, XO11]: readonly [Rule, number]): Instruction[] =>
  (['', 'a'] as const).map((end) =>
    multiply('wh', 'Word High', rule, end, XO11 + (end ? 32 : 0), written(rule, end, wordProducts(rule, 'high'))),
  )
const lowWords = ([rule, XO11]: readonly [Rule, number]): Instruction[] =>
  (['aaw', 'anw'] as const).map((end) =>
    multiply(
      'wl',
      'Word Low',
      rule,
      end,
      XO11 + (end === 'anw' ? 128 : 0),
      intoWords(rule, end, wordProducts(rule, 'low')),
    ),
  )

/** The whole product of the low words. The sum of evmwssfaa and evmwssfan is not saturated; its overflow sets OV (docs/float.md). */
function words([rule, XO11]: readonly [Rule, number]): Instruction[] {
  const record = (end: End, offset: number, semantics: (op: Op) => void) =>
    multiply('w', 'Word', rule, end, XO11 + offset, semantics)
  const plain = (set: typeof setPair) => (op: Op) => {
    const product = lowProduct(op, rule)
    if (rule === 'ssf') setOverflow(op, op.const(0), product.overflow)
    set(op, product)
  }
  const accumulated = (subtracts: boolean) => (op: Op) => {
    const product = lowProduct(op, rule)
    const before = op.let(op.special('ACCH'))
    const sum = accumulateDoubleword(op, subtracts, product)
    if (rule === 'ssf')
      setOverflow(op, op.const(0), op.or(product.overflow, sumOverflow(op, subtracts, before, product.high, sum.high)))
    setBoth(op, sum)
  }
  return [
    record('', 0, plain(setPair)),
    record('a', 32, plain(setBoth)),
    record('aa', 256, accumulated(false)),
    record('an', 384, accumulated(true)),
  ]
}
const sumOverflow = (op: Op, subtracts: boolean, a: Node, b: Node, sum: Node) =>
  isNegative(op, op.and(op.xor(a, sum), subtracts ? op.xor(a, b) : op.xor(b, sum)))

// ---- RA itself ----
const KINDS = {
  us: 'Unsigned, Saturate',
  ss: 'Signed, Saturate',
  um: 'Unsigned, Modulo',
  sm: 'Signed, Modulo',
} as const

const accumulating = (kind: Kind, offset: number): Instruction[] =>
  [false, true].map((subtracts) =>
    spe(
      `ev${subtracts ? 'subf' : 'add'}${kind}iaaw`,
      `Vector ${subtracts ? 'Subtract' : 'Add'} ${KINDS[kind]}, Integer ${subtracts ? 'from' : 'to'} Accumulator Word`,
      1216 + offset + (subtracts ? 2 : 0),
      'RT,RA',
      (op) => {
        const [high, low] = [op.let(op.gprHigh('RA')), op.let(op.gpr('RA'))]
        accumulate(op, kind, subtracts, { high: unchecked(op, high), low: unchecked(op, low) })
      },
    ),
  )

export const speMultiply: readonly Instruction[] = [
  ...halfWords('e', 'Half Words, Even', { ssf: 1027, umi: 1032, smi: 1033, smf: 1035, usi: 1024, ssi: 1025 }),
  ...halfWords('o', 'Half Words, Odd', { ssf: 1031, umi: 1036, smi: 1037, smf: 1039, usi: 1028, ssi: 1029 }),
  ...guardedHalfWords('e', 'Half Words, Even', { umi: 1320, smi: 1321, smf: 1323 }),
  ...guardedHalfWords('o', 'Half Words, Odd', { umi: 1324, smi: 1325, smf: 1327 }),
  ...(
    [
      ['ssf', 1095],
      ['umi', 1100],
      ['smi', 1101],
      ['smf', 1103],
    ] as const
  ).flatMap(highWords),
  multiply('wl', 'Word Low', 'umi', '', 1096, written('umi', '', wordProducts('umi', 'low'))),
  multiply('wl', 'Word Low', 'umi', 'a', 1128, written('umi', 'a', wordProducts('umi', 'low'))),
  ...(
    [
      ['usi', 1344],
      ['ssi', 1345],
      ['umi', 1352],
      ['smi', 1353],
    ] as const
  ).flatMap(lowWords),
  ...(
    [
      ['ssf', 1107],
      ['umi', 1112],
      ['smi', 1113],
      ['smf', 1115],
    ] as const
  ).flatMap(words),
  ...accumulating('us', 0),
  ...accumulating('ss', 1),
  ...accumulating('um', 8),
  ...accumulating('sm', 9),
]
