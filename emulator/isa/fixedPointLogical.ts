// Fixed-point logical, rotate and shift (Power ISA 2.03 Book I 3.3.11, 3.3.12).
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'

/** RA <- value, with the recording form beside it. */
const recording = (
  mnemonic: string,
  title: string,
  fixed: Instruction['fixed'],
  operands: string,
  value: (op: Op) => Node,
): Instruction[] =>
  [0, 1].map((Rc) => ({
    mnemonic: mnemonic + (Rc ? '.' : ''),
    title,
    fixed: { ...fixed, Rc },
    operands,
    manual: 'Book I 3.3.11',
    semantics: (op: Op) => {
      op.setGpr('RA', value(op))
      if (Rc) op.compare(0, op.gpr('RA'), op.const(0), true)
    },
  }))

const logical = (mnemonic: string, title: string, XO: number, value: (op: Op, RS: Node, RB: Node) => Node) =>
  recording(mnemonic, title, { OPCD: 31, XO }, 'RA,RS,RB', (op) => value(op, op.gpr('RS'), op.gpr('RB')))

const immediate = (
  mnemonic: string,
  title: string,
  OPCD: number,
  operation: 'and' | 'or' | 'xor',
  shift: 0 | 16,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD },
  operands: 'RA,RS,UI',
  manual: 'Book I 3.3.11',
  semantics: (op) => {
    const UI = op.field('UI')
    op.setGpr('RA', op.binary(operation, op.gpr('RS'), shift ? op.binary('shl', UI, op.const(shift)) : UI))
    if (operation === 'and') op.compare(0, op.gpr('RA'), op.const(0), true)
  },
})

/** slw and srw: an amount of 32 to 63 gives zero. */
function shift(op: Op, operation: 'shl' | 'shr'): Node {
  const n = op.let(op.gpr('RB'))
  return op.select(op.and(n, op.const(32)), op.const(0), op.binary(operation, op.gpr('RS'), op.and(n, op.const(31))))
}

/** CA is set where RS is negative and a one was shifted out. */
function shiftRightAlgebraic(op: Op, amount: Node): Node {
  const RS = op.let(op.gpr('RS'))
  const n = op.let(amount)
  const all = op.let(op.and(n, op.const(32)))
  const lost = op.select(all, op.const(-1), op.sub(op.binary('shl', op.const(1), op.and(n, op.const(31))), op.const(1)))
  op.setSpecial('CA', op.and(op.binary('lts', RS, op.const(0)), op.binary('ne', op.and(RS, lost), op.const(0))))
  return op.binary('sar', RS, op.select(all, op.const(31), op.and(n, op.const(31))))
}

const rotated = (op: Op, amount: Node) => op.and(op.binary('rotl', op.gpr('RS'), amount), op.mask('MB', 'ME'))

export const fixedPointLogical: readonly Instruction[] = [
  immediate('andi.', 'AND Immediate', 28, 'and', 0),
  immediate('andis.', 'AND Immediate Shifted', 29, 'and', 16),
  immediate('ori', 'OR Immediate', 24, 'or', 0),
  immediate('oris', 'OR Immediate Shifted', 25, 'or', 16),
  immediate('xori', 'XOR Immediate', 26, 'xor', 0),
  immediate('xoris', 'XOR Immediate Shifted', 27, 'xor', 16),
  ...logical('and', 'AND', 28, (op, RS, RB) => op.and(RS, RB)),
  ...logical('andc', 'AND with Complement', 60, (op, RS, RB) => op.and(RS, op.not(RB))),
  ...logical('or', 'OR', 444, (op, RS, RB) => op.or(RS, RB)),
  ...logical('orc', 'OR with Complement', 412, (op, RS, RB) => op.or(RS, op.not(RB))),
  ...logical('xor', 'XOR', 316, (op, RS, RB) => op.xor(RS, RB)),
  ...logical('eqv', 'Equivalent', 284, (op, RS, RB) => op.not(op.xor(RS, RB))),
  ...logical('nand', 'NAND', 476, (op, RS, RB) => op.not(op.and(RS, RB))),
  ...logical('nor', 'NOR', 124, (op, RS, RB) => op.not(op.or(RS, RB))),
  ...recording('extsb', 'Extend Sign Byte', { OPCD: 31, XO: 954 }, 'RA,RS', (op) => op.unary('exts8', op.gpr('RS'))),
  ...recording('extsh', 'Extend Sign Halfword', { OPCD: 31, XO: 922 }, 'RA,RS', (op) =>
    op.unary('exts16', op.gpr('RS')),
  ),
  ...recording('cntlzw', 'Count Leading Zeros Word', { OPCD: 31, XO: 26 }, 'RA,RS', (op) =>
    op.unary('clz', op.gpr('RS')),
  ),
  ...recording('slw', 'Shift Left Word', { OPCD: 31, XO: 24 }, 'RA,RS,RB', (op) => shift(op, 'shl')),
  ...recording('srw', 'Shift Right Word', { OPCD: 31, XO: 536 }, 'RA,RS,RB', (op) => shift(op, 'shr')),
  ...recording('sraw', 'Shift Right Algebraic Word', { OPCD: 31, XO: 792 }, 'RA,RS,RB', (op) =>
    shiftRightAlgebraic(op, op.gpr('RB')),
  ),
  ...recording('srawi', 'Shift Right Algebraic Word Immediate', { OPCD: 31, XO: 824 }, 'RA,RS,SH', (op) =>
    shiftRightAlgebraic(op, op.field('SH')),
  ),
  ...recording('rlwinm', 'Rotate Left Word Immediate then AND with Mask', { OPCD: 21 }, 'RA,RS,SH,MB,ME', (op) =>
    rotated(op, op.field('SH')),
  ),
  ...recording('rlwnm', 'Rotate Left Word then AND with Mask', { OPCD: 23 }, 'RA,RS,RB,MB,ME', (op) =>
    rotated(op, op.gpr('RB')),
  ),
  ...recording('rlwimi', 'Rotate Left Word Immediate then Mask Insert', { OPCD: 20 }, 'RA,RS,SH,MB,ME', (op) =>
    op.or(rotated(op, op.field('SH')), op.and(op.gpr('RA'), op.not(op.mask('MB', 'ME')))),
  ),
]
