// Fixed-point arithmetic, compare and select (Power ISA 2.03 Book I 3.3.8 to 3.3.10; isel Book E APU).
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'

const SIGN = 0x80000000 | 0

/** RT <- a + b + carryIn with what the form records: CA, OV and SO, CR0. */
function sum(
  op: Op,
  a: Node,
  b: Node,
  carryIn: Node | undefined,
  { carries, OE, Rc }: { carries: boolean; OE: number; Rc: number },
) {
  const x = op.let(a)
  const y = op.let(b)
  const partial = op.let(op.add(x, y))
  const result = carryIn ? op.let(op.add(partial, carryIn)) : partial
  if (carries) {
    const first = op.binary('ltu', partial, x)
    op.setSpecial('CA', carryIn ? op.or(first, op.binary('ltu', result, partial)) : first)
  }
  if (OE) recordOverflow(op, op.binary('lts', op.and(op.xor(x, result), op.xor(y, result)), op.const(0)))
  op.setGpr('RT', result)
  if (Rc) op.compare(0, result, op.const(0), true)
}

function recordOverflow(op: Op, overflow: Node) {
  const OV = op.let(overflow)
  op.setSpecial('OV', OV)
  op.setSpecial('SO', op.or(op.special('SO'), OV))
}

type Variant = { readonly OE: number; readonly Rc: number }
const suffix = ({ OE, Rc }: Variant) => `${OE ? 'o' : ''}${Rc ? '.' : ''}`
const variants: readonly Variant[] = [0, 1].flatMap((OE) => [0, 1].map((Rc) => ({ OE, Rc })))

const xo = (
  mnemonic: string,
  title: string,
  XO9: number,
  operands: string,
  semantics: (op: Op, variant: Variant) => void,
): Instruction[] =>
  variants.map((variant) => ({
    mnemonic: mnemonic + suffix(variant),
    title,
    fixed: { OPCD: 31, XO9, ...variant },
    operands,
    manual: 'Book I 3.3.8',
    semantics: (op: Op) => semantics(op, variant),
  }))

/** a + b + carry, every variant: add is RA + RB, subf is ~RA + RB + 1. */
const adder = (
  mnemonic: string,
  title: string,
  XO9: number,
  operands: string,
  terms: (op: Op) => [Node, Node, Node?],
  carries: boolean,
) =>
  xo(mnemonic, title, XO9, operands, (op, variant) => {
    const [a, b, carryIn] = terms(op)
    sum(op, a, b, carryIn, { carries, ...variant })
  })

function divide(op: Op, { OE, Rc }: Variant, operation: 'divs' | 'divu') {
  const dividend = op.let(op.gpr('RA'))
  const divisor = op.let(op.gpr('RB'))
  const zero = op.unary('eqz', divisor)
  const overflow = op.and(op.binary('eq', dividend, op.const(SIGN)), op.binary('eq', divisor, op.const(-1)))
  const undefinedResult = op.let(operation === 'divs' ? op.or(zero, overflow) : zero)
  const result = op.let(op.select(undefinedResult, op.const(0), op.binary(operation, dividend, divisor)))
  if (OE) recordOverflow(op, undefinedResult)
  op.setGpr('RT', result)
  if (Rc) op.compare(0, result, op.const(0), true)
}

function multiplyLow(op: Op, { OE, Rc }: Variant) {
  const a = op.let(op.gpr('RA'))
  const b = op.let(op.gpr('RB'))
  const result = op.let(op.binary('mul', a, b))
  if (OE) recordOverflow(op, op.binary('ne', op.binary('mulhs', a, b), op.binary('sar', result, op.const(31))))
  op.setGpr('RT', result)
  if (Rc) op.compare(0, result, op.const(0), true)
}

const multiplyHigh = (mnemonic: string, title: string, XO9: number, operation: 'mulhs' | 'mulhu'): Instruction[] =>
  [0, 1].map((Rc) => ({
    mnemonic: mnemonic + (Rc ? '.' : ''),
    title,
    fixed: { OPCD: 31, OE: 0, XO9, Rc },
    operands: 'RT,RA,RB',
    manual: 'Book I 3.3.8',
    semantics: (op: Op) => {
      op.setGpr('RT', op.binary(operation, op.gpr('RA'), op.gpr('RB')))
      if (Rc) op.compare(0, op.gpr('RT'), op.const(0), true)
    },
  }))

const immediate = (
  mnemonic: string,
  title: string,
  OPCD: number,
  operands: string,
  semantics: (op: Op) => void,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD },
  operands,
  manual: 'Book I 3.3.8',
  semantics,
})

const compare = (
  mnemonic: string,
  title: string,
  fixed: Instruction['fixed'],
  operands: string,
  b: (op: Op) => Node,
  signed: boolean,
): Instruction => ({
  mnemonic,
  title,
  fixed,
  operands,
  // A 32-bit core compares words whatever L says (QEMU 7.2 likewise).
  ignored: ['R9', 'L'],
  invalid: (field) => (field('L') === 1 ? 'L must be 0 on this core' : undefined),
  manual: 'Book I 3.3.9',
  semantics: (op) => op.compare('BF', op.gpr('RA'), b(op), signed),
})

const shifted = (op: Op, name: 'SI') => op.binary('shl', op.field(name), op.const(16))

export const fixedPointArithmetic: readonly Instruction[] = [
  immediate('addi', 'Add Immediate', 14, 'RT,RA0,SI', (op) =>
    op.setGpr('RT', op.add(op.gprOrZero('RA'), op.field('SI'))),
  ),
  immediate('addis', 'Add Immediate Shifted', 15, 'RT,RA0,SIS', (op) =>
    op.setGpr('RT', op.add(op.gprOrZero('RA'), shifted(op, 'SI'))),
  ),
  immediate('addic', 'Add Immediate Carrying', 12, 'RT,RA,SI', (op) =>
    sum(op, op.gpr('RA'), op.field('SI'), undefined, { carries: true, OE: 0, Rc: 0 }),
  ),
  immediate('addic.', 'Add Immediate Carrying and Record', 13, 'RT,RA,SI', (op) =>
    sum(op, op.gpr('RA'), op.field('SI'), undefined, { carries: true, OE: 0, Rc: 1 }),
  ),
  immediate('subfic', 'Subtract From Immediate Carrying', 8, 'RT,RA,SI', (op) => {
    const a = op.let(op.gpr('RA'))
    op.setSpecial('CA', op.unary('eqz', op.binary('ltu', op.field('SI'), a)))
    op.setGpr('RT', op.sub(op.field('SI'), a))
  }),
  immediate('mulli', 'Multiply Low Immediate', 7, 'RT,RA,SI', (op) =>
    op.setGpr('RT', op.binary('mul', op.gpr('RA'), op.field('SI'))),
  ),
  ...adder('add', 'Add', 266, 'RT,RA,RB', (op) => [op.gpr('RA'), op.gpr('RB')], false),
  ...adder('addc', 'Add Carrying', 10, 'RT,RA,RB', (op) => [op.gpr('RA'), op.gpr('RB')], true),
  ...adder('adde', 'Add Extended', 138, 'RT,RA,RB', (op) => [op.gpr('RA'), op.gpr('RB'), op.special('CA')], true),
  ...adder('addze', 'Add to Zero Extended', 202, 'RT,RA', (op) => [op.gpr('RA'), op.const(0), op.special('CA')], true),
  ...adder(
    'addme',
    'Add to Minus One Extended',
    234,
    'RT,RA',
    (op) => [op.gpr('RA'), op.const(-1), op.special('CA')],
    true,
  ),
  ...adder('subf', 'Subtract From', 40, 'RT,RA,RB', (op) => [op.not(op.gpr('RA')), op.gpr('RB'), op.const(1)], false),
  ...adder(
    'subfc',
    'Subtract From Carrying',
    8,
    'RT,RA,RB',
    (op) => [op.not(op.gpr('RA')), op.gpr('RB'), op.const(1)],
    true,
  ),
  ...adder(
    'subfe',
    'Subtract From Extended',
    136,
    'RT,RA,RB',
    (op) => [op.not(op.gpr('RA')), op.gpr('RB'), op.special('CA')],
    true,
  ),
  ...adder(
    'subfze',
    'Subtract From Zero Extended',
    200,
    'RT,RA',
    (op) => [op.not(op.gpr('RA')), op.const(0), op.special('CA')],
    true,
  ),
  ...adder(
    'subfme',
    'Subtract From Minus One Extended',
    232,
    'RT,RA',
    (op) => [op.not(op.gpr('RA')), op.const(-1), op.special('CA')],
    true,
  ),
  ...adder('neg', 'Negate', 104, 'RT,RA', (op) => [op.not(op.gpr('RA')), op.const(0), op.const(1)], false),
  ...xo('mullw', 'Multiply Low Word', 235, 'RT,RA,RB', multiplyLow),
  ...multiplyHigh('mulhw', 'Multiply High Word', 75, 'mulhs'),
  ...multiplyHigh('mulhwu', 'Multiply High Word Unsigned', 11, 'mulhu'),
  ...xo('divw', 'Divide Word', 491, 'RT,RA,RB', (op, variant) => divide(op, variant, 'divs')),
  ...xo('divwu', 'Divide Word Unsigned', 459, 'RT,RA,RB', (op, variant) => divide(op, variant, 'divu')),
  compare('cmpwi', 'Compare Immediate', { OPCD: 11 }, 'BF?,RA,SI', (op) => op.field('SI'), true),
  compare('cmplwi', 'Compare Logical Immediate', { OPCD: 10 }, 'BF?,RA,UIS', (op) => op.field('UI'), false),
  compare('cmpw', 'Compare', { OPCD: 31, XO: 0, Rc: 0 }, 'BF?,RA,RB', (op) => op.gpr('RB'), true),
  compare('cmplw', 'Compare Logical', { OPCD: 31, XO: 32, Rc: 0 }, 'BF?,RA,RB', (op) => op.gpr('RB'), false),
  {
    mnemonic: 'isel',
    title: 'Integer Select',
    fixed: { OPCD: 31, XO5: 15 },
    operands: 'RT,RA0,RB,BC',
    ignored: ['Rc'],
    manual: 'e500 RM isel APU',
    semantics: (op) => op.setGpr('RT', op.select(op.crBit('BC'), op.gprOrZero('RA'), op.gpr('RB'))),
  },
]
