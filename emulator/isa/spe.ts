// SPE: simple arithmetic, logic, shifts, compares, merges, divides, the accumulator's moves (SPE PEM chapter 5).
import type { FieldName } from './form.ts'
import type { Binary, Node, Op } from './op.ts'
import type { Instruction } from './record.ts'
import { pairOf, spe as record, setBoth, setOverflow, setPair } from './speRecord.ts'

type OfOne = (op: Op, a: Node) => Node
type OfTwo = (op: Op, a: Node, b: Node) => Node

/** The same for both elements. */
const unary = (mnemonic: string, title: string, XO11: number, change: OfOne) =>
  record(mnemonic, `Vector ${title}`, XO11, 'RT,RA', (op) =>
    setPair(op, { high: change(op, op.gprHigh('RA')), low: change(op, op.gpr('RA')) }),
  )
const binary = (mnemonic: string, title: string, XO11: number, combine: OfTwo) =>
  record(mnemonic, `Vector ${title}`, XO11, 'RT,RA,RB', (op) =>
    setPair(op, {
      high: combine(op, op.gprHigh('RA'), op.gprHigh('RB')),
      low: combine(op, op.gpr('RA'), op.gpr('RB')),
    }),
  )
/** Each element of a register and a value of the instruction. */
const immediate = (
  mnemonic: string,
  title: string,
  XO11: number,
  operands: string,
  register: FieldName,
  value: FieldName,
  combine: OfTwo,
) =>
  record(mnemonic, `Vector ${title}`, XO11, operands, (op) =>
    setPair(op, {
      high: combine(op, op.gprHigh(register), op.field(value)),
      low: combine(op, op.gpr(register), op.field(value)),
    }),
  )

const operation =
  (name: Binary): OfTwo =>
  (op, a, b) =>
    op.binary(name, a, b)
const complement =
  (name: Binary): OfTwo =>
  (op, a, b) =>
    op.not(op.binary(name, a, b))
const withComplement =
  (name: Binary): OfTwo =>
  (op, a, b) =>
    op.binary(name, a, op.not(b))

/** Counts are bits 26:31 of the element: 32 to 63 shift everything out. */
const count: OfOne = (op, b) => op.and(b, op.const(63))
const isWithin: OfOne = (op, b) => op.binary('ltu', count(op, b), op.const(32))
const shift =
  (name: 'shl' | 'shr'): OfTwo =>
  (op, a, b) =>
    op.select(isWithin(op, b), op.binary(name, a, op.and(b, op.const(31))), op.const(0))
const shiftSigned: OfTwo = (op, a, b) =>
  op.binary('sar', a, op.select(isWithin(op, b), op.and(b, op.const(31)), op.const(31)))
const rotate: OfTwo = (op, a, b) => op.binary('rotl', a, op.and(b, op.const(31)))

const isNegative: OfOne = (op, a) => op.binary('lts', a, op.const(0))
const absolute: OfOne = (op, a) => op.select(isNegative(op, a), op.sub(op.const(0), a), a)
const signBits: OfOne = (op, a) => op.unary('clz', op.xor(a, op.binary('sar', a, op.const(31))))
const round: OfOne = (op, a) => op.and(op.add(a, op.const(0x8000)), op.const(0xffff0000))

const merge = (mnemonic: string, title: string, XO11: number, first: 'gpr' | 'gprHigh', second: 'gpr' | 'gprHigh') =>
  record(mnemonic, `Vector Merge ${title}`, XO11, 'RT,RA,RB', (op) =>
    setPair(op, { high: op[first]('RA'), low: op[second]('RB') }),
  )

const splat = (mnemonic: string, title: string, XO11: number, value: OfOne) =>
  record(mnemonic, title, XO11, 'RT,SIMM', (op) => {
    const element = value(op, op.field('SIMM'))
    setPair(op, { high: element, low: element })
  })

/** CR field: high, low, either, both. */
const compare = (mnemonic: string, title: string, XO11: number, relation: Binary, isSwapped = false): Instruction => ({
  ...record(mnemonic, `Vector Compare ${title}`, XO11, 'BF,RA,RB', (op) => {
    const [a, b] = isSwapped ? (['RB', 'RA'] as const) : (['RA', 'RB'] as const)
    const high = op.let(op.binary(relation, op.gprHigh(a), op.gprHigh(b)))
    const low = op.let(op.binary(relation, op.gpr(a), op.gpr(b)))
    const bit = (value: Node, place: number) => op.binary('shl', value, op.const(place))
    const each = op.or(bit(high, 3), bit(low, 2))
    op.call('setCrField', op.field('BF'), op.or(each, op.or(bit(op.or(high, low), 1), op.and(high, low))))
  }),
  ignored: ['L2'],
})

/** SPE PEM: a division that has no result gives the largest number of its sign and sets OV. */
const divide = (mnemonic: string, title: string, XO11: number, element: (op: Op, a: Node, b: Node) => [Node, Node]) =>
  record(mnemonic, title, XO11, 'RT,RA,RB', (op) => {
    const [highValue, highOverflow] = element(op, op.let(op.gprHigh('RA')), op.let(op.gprHigh('RB')))
    const [lowValue, lowOverflow] = element(op, op.let(op.gpr('RA')), op.let(op.gpr('RB')))
    setPair(op, { high: highValue, low: lowValue })
    setOverflow(op, highOverflow, lowOverflow)
  })
function divideSigned(op: Op, a: Node, b: Node): [Node, Node] {
  const isZero = op.unary('eqz', b)
  const isTooLarge = op.and(op.binary('eq', a, op.const(0x80000000)), op.binary('eq', b, op.const(-1)))
  const overflow = op.let(op.or(isZero, isTooLarge))
  const largest = op.select(op.and(isZero, isNegative(op, a)), op.const(0x80000000), op.const(0x7fffffff))
  return [op.let(op.select(overflow, largest, op.binary('divs', a, b))), overflow]
}
function divideUnsigned(op: Op, a: Node, b: Node): [Node, Node] {
  const overflow = op.let(op.unary('eqz', b))
  return [op.let(op.select(overflow, op.const(-1), op.binary('divu', a, b))), overflow]
}

/** Bits of the mask that brinc reads; implementation-dependent, as GDB's simulator of the e500 and QEMU (docs/float.md). */
const BRINC_BITS = 16
/** The increment of a bit-reversed index: carry runs through the bits of the mask from the left. Swaps of ever larger groups reverse a word. */
function reversed(op: Op, value: Node): Node {
  let word = value
  for (const [by, mask] of [
    [1, 0x55555555],
    [2, 0x33333333],
    [4, 0x0f0f0f0f],
  ] as const) {
    const one = op.let(word)
    const left = op.binary('shl', op.and(one, op.const(mask)), op.const(by))
    word = op.or(left, op.and(op.binary('shr', one, op.const(by)), op.const(mask)))
  }
  return op.unary('swap32', op.let(word))
}

const bitReversed: Instruction = {
  ...record('brinc', 'Bit Reversed Increment', 527, 'RT,RA,RB', () => {}),
  // Not checked for MSR[SPE]: it leaves upper halves alone.
  semantics: (op) => {
    const mask = op.const(2 ** BRINC_BITS - 1)
    const [a, b] = [op.let(op.and(op.gpr('RA'), mask)), op.let(op.and(op.gpr('RB'), mask))]
    const next = reversed(op, op.add(reversed(op, op.or(a, op.not(b))), op.const(1)))
    op.setGpr('RT', op.or(op.and(op.gpr('RA'), op.not(mask)), op.and(next, b)))
  },
}

const select: Instruction = {
  ...record('evsel', 'Vector Select', 0, 'RT,RA,RB,CRS', (op) => {
    op.call('evsel', op.field('RT'), op.field('RA'), op.field('RB'), op.field('CRS'))
  }),
  fixed: { OPCD: 4, XO8: 79 },
}

export const spe: readonly Instruction[] = [
  bitReversed,
  select,
  binary('evaddw', 'Add Word', 512, operation('add')),
  immediate('evaddiw', 'Add Immediate Word', 514, 'RT,RB,UIMM', 'RB', 'UIMM', operation('add')),
  binary('evsubfw', 'Subtract from Word', 516, (op, a, b) => op.sub(b, a)),
  immediate('evsubifw', 'Subtract Immediate from Word', 518, 'RT,UIMM,RB', 'RB', 'UIMM', operation('sub')),
  unary('evabs', 'Absolute Value', 520, absolute),
  unary('evneg', 'Negate', 521, (op, a) => op.sub(op.const(0), a)),
  unary('evextsb', 'Extend Sign Byte', 522, (op, a) => op.unary('exts8', a)),
  unary('evextsh', 'Extend Sign Half Word', 523, (op, a) => op.unary('exts16', a)),
  unary('evrndw', 'Round Word', 524, round),
  unary('evcntlzw', 'Count Leading Zeros Word', 525, (op, a) => op.unary('clz', a)),
  unary('evcntlsw', 'Count Leading Sign Bits Word', 526, signBits),
  binary('evand', 'AND', 529, operation('and')),
  binary('evandc', 'AND with Complement', 530, withComplement('and')),
  binary('evxor', 'XOR', 534, operation('xor')),
  binary('evor', 'OR', 535, operation('or')),
  binary('evnor', 'NOR', 536, complement('or')),
  binary('eveqv', 'Equivalent', 537, complement('xor')),
  binary('evorc', 'OR with Complement', 539, withComplement('or')),
  binary('evnand', 'NAND', 542, complement('and')),
  binary('evsrwu', 'Shift Right Word Unsigned', 544, shift('shr')),
  binary('evsrws', 'Shift Right Word Signed', 545, shiftSigned),
  immediate('evsrwiu', 'Shift Right Word Immediate Unsigned', 546, 'RT,RA,SH', 'RA', 'SH', operation('shr')),
  immediate('evsrwis', 'Shift Right Word Immediate Signed', 547, 'RT,RA,SH', 'RA', 'SH', operation('sar')),
  binary('evslw', 'Shift Left Word', 548, shift('shl')),
  immediate('evslwi', 'Shift Left Word Immediate', 550, 'RT,RA,SH', 'RA', 'SH', operation('shl')),
  binary('evrlw', 'Rotate Left Word', 552, rotate),
  splat('evsplati', 'Vector Splat Immediate', 553, (_, value) => value),
  immediate('evrlwi', 'Rotate Left Word Immediate', 554, 'RT,RA,SH', 'RA', 'SH', operation('rotl')),
  splat('evsplatfi', 'Vector Splat Fractional Immediate', 555, (op, value) => op.binary('shl', value, op.const(27))),
  merge('evmergehi', 'High', 556, 'gprHigh', 'gprHigh'),
  merge('evmergelo', 'Low', 557, 'gpr', 'gpr'),
  merge('evmergehilo', 'High/Low', 558, 'gprHigh', 'gpr'),
  merge('evmergelohi', 'Low/High', 559, 'gpr', 'gprHigh'),
  compare('evcmpgtu', 'Greater Than Unsigned', 560, 'ltu', true),
  compare('evcmpgts', 'Greater Than Signed', 561, 'lts', true),
  compare('evcmpltu', 'Less Than Unsigned', 562, 'ltu'),
  compare('evcmplts', 'Less Than Signed', 563, 'lts'),
  compare('evcmpeq', 'Equal', 564, 'eq'),
  record('evmra', 'Initialize Accumulator', 1220, 'RT,RA', (op) => setBoth(op, pairOf(op, 'RA'))),
  divide('evdivws', 'Vector Divide Word Signed', 1222, divideSigned),
  divide('evdivwu', 'Vector Divide Word Unsigned', 1223, divideUnsigned),
]
