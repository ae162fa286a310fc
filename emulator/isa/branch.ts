// Branches and condition register logic (Power ISA 2.03 Book I 2.4, 2.5).
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'

const link = (op: Op, LK: number) => {
  if (LK) op.setSpecial('LR', op.special('NIA'))
}

/** The condition of BO and BI: BO[0] ignores the CR bit, BO[2] leaves CTR alone (Book I 2.4, figure of BO). */
function condition(op: Op, countsDown: boolean): Node {
  const BO = op.field('BO')
  const bit = (n: number) => op.and(op.binary('shr', BO, op.const(4 - n)), op.const(1))
  const crOk = op.or(bit(0), op.binary('eq', op.crBit('BI'), bit(1)))
  if (!countsDown) return op.let(crOk)
  const CTR = op.let(op.sub(op.special('CTR'), op.unary('eqz', bit(2))))
  op.setSpecial('CTR', CTR)
  const ctrOk = op.or(bit(2), op.xor(op.binary('ne', CTR, op.const(0)), bit(3)))
  return op.let(op.and(ctrOk, crOk))
}

/** Whether BO's bits that must be 0 are 0, by what it tests: nothing, CTR, CR, both (Book I 2.4, figure of BO; the last bit is y). */
function isValidBO(BO: number): boolean {
  if ((BO & 0x14) === 0x14) return BO === 0x14
  if (BO & 0x10) return (BO & 8) === 0
  return (BO & 4) === 0 || (BO & 2) === 0
}
/** Version 2 of the architecture: two bits are the hint, of which 1 is reserved; where both are tested there is none. */
function isValidBOWithHint(BO: number): boolean {
  if ((BO & 0x14) === 0x14) return BO === 0x14
  if (BO & 0x10) return (BO & 9) !== 1
  return BO & 4 ? (BO & 3) !== 1 : (BO & 1) === 0
}
const invalidBO: NonNullable<Instruction['invalid']> = (field, core) => {
  const isValid = core === 'e500mc' ? isValidBOWithHint(field('BO')) : isValidBO(field('BO'))
  return isValid ? undefined : `BO ${field('BO')} has a bit set that must be 0`
}

const unconditional = (mnemonic: string, AA: number, LK: number): Instruction => ({
  mnemonic,
  title: 'Branch',
  fixed: { OPCD: 18, AA, LK },
  operands: 'LI',
  manual: 'Book I 2.4',
  semantics: (op) => {
    const target = op.let(AA ? op.field('LI') : op.add(op.special('CIA'), op.field('LI')))
    link(op, LK)
    op.branch(op.const(1), target)
  },
})

const conditional = (mnemonic: string, AA: number, LK: number): Instruction => ({
  mnemonic,
  title: 'Branch Conditional',
  fixed: { OPCD: 16, AA, LK },
  operands: 'BO,BI,BD',
  invalid: invalidBO,
  manual: 'Book I 2.4',
  semantics: (op) => {
    const taken = condition(op, true)
    const target = op.let(AA ? op.field('BD') : op.add(op.special('CIA'), op.field('BD')))
    link(op, LK)
    op.branch(taken, target)
  },
})

const toRegister = (mnemonic: string, title: string, register: 'LR' | 'CTR', XO: number, LK: number): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD: 19, XO, LK },
  operands: 'BO,BI,BH?',
  invalid: invalidBO,
  manual: 'Book I 2.4',
  semantics: (op) => {
    const taken = condition(op, register === 'LR')
    const target = op.let(op.and(op.special(register), op.const(-4)))
    link(op, LK)
    op.branch(taken, target)
  },
})

const crLogical = (
  mnemonic: string,
  title: string,
  XO: number,
  value: (op: Op, a: Node, b: Node) => Node,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD: 19, XO, Rc: 0 },
  operands: 'BT,BA,BB',
  manual: 'Book I 2.5',
  semantics: (op) => op.setCrBit('BT', value(op, op.crBit('BA'), op.crBit('BB'))),
})
const flip = (op: Op, bit: Node) => op.xor(bit, op.const(1))

export const branch: readonly Instruction[] = [
  unconditional('b', 0, 0),
  unconditional('bl', 0, 1),
  unconditional('ba', 1, 0),
  unconditional('bla', 1, 1),
  conditional('bc', 0, 0),
  conditional('bcl', 0, 1),
  conditional('bca', 1, 0),
  conditional('bcla', 1, 1),
  toRegister('bclr', 'Branch Conditional to Link Register', 'LR', 16, 0),
  toRegister('bclrl', 'Branch Conditional to Link Register', 'LR', 16, 1),
  toRegister('bcctr', 'Branch Conditional to Count Register', 'CTR', 528, 0),
  toRegister('bcctrl', 'Branch Conditional to Count Register', 'CTR', 528, 1),
  crLogical('crand', 'Condition Register AND', 257, (op, a, b) => op.and(a, b)),
  crLogical('crandc', 'Condition Register AND with Complement', 129, (op, a, b) => op.and(a, flip(op, b))),
  crLogical('cror', 'Condition Register OR', 449, (op, a, b) => op.or(a, b)),
  crLogical('crorc', 'Condition Register OR with Complement', 417, (op, a, b) => op.or(a, flip(op, b))),
  crLogical('crxor', 'Condition Register XOR', 193, (op, a, b) => op.xor(a, b)),
  crLogical('creqv', 'Condition Register Equivalent', 289, (op, a, b) => flip(op, op.xor(a, b))),
  crLogical('crnand', 'Condition Register NAND', 225, (op, a, b) => flip(op, op.and(a, b))),
  crLogical('crnor', 'Condition Register NOR', 33, (op, a, b) => flip(op, op.or(a, b))),
]
