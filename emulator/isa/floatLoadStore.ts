// Loads and stores of FPRs (Power ISA 2.03 Book I 4.6.2, 4.6.3), with external PID (reference 5.2) and decorated.
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'

type Register = 'FRT' | 'FRS'

const access = (op: Op, call: string, EA: Node, register: Register) => op.call(call, EA, op.field(register))

function record(
  mnemonic: string,
  title: string,
  fixed: Instruction['fixed'],
  operands: string,
  semantics: (op: Op) => void,
): Instruction {
  const withCheck = (op: Op) => {
    op.call('requireFloat')
    semantics(op)
  }
  return { mnemonic, title, fixed, operands, manual: 'Book I 4.6', category: 'FP', semantics: withCheck }
}

/** RA takes EA after the access. Book I 4.6.2: RA = 0 is invalid. */
const updating = (
  mnemonic: string,
  title: string,
  fixed: Instruction['fixed'],
  operands: string,
  call: string,
): Instruction => ({
  ...record(mnemonic, title, fixed, operands, (op) => {
    const EA = op.let(op.add(op.gpr('RA'), operands.includes('D(') ? op.field('D') : op.gpr('RB')))
    access(op, call, EA, operands.slice(0, 3) as Register)
    op.setGpr('RA', EA)
  }),
  invalid: (field) => (field('RA') === 0 ? 'RA takes the address: it cannot be r0' : undefined),
})

const indexed = (mnemonic: string, title: string, XO: number, register: Register, call = mnemonic) =>
  record(mnemonic, title, { OPCD: 31, XO, Rc: 0 }, `${register},RA0,RB`, (op) =>
    access(op, call, op.add(op.gprOrZero('RA'), op.gpr('RB')), register),
  )

function family(mnemonic: string, title: string, OPCD: number, XO: number, register: Register): Instruction[] {
  return [
    record(mnemonic, title, { OPCD }, `${register},D(RA0)`, (op) =>
      access(op, mnemonic, op.add(op.gprOrZero('RA'), op.field('D')), register),
    ),
    updating(`${mnemonic}u`, `${title} with Update`, { OPCD: OPCD + 1 }, `${register},D(RA)`, mnemonic),
    indexed(`${mnemonic}x`, `${title} Indexed`, XO, register, mnemonic),
    updating(
      `${mnemonic}ux`,
      `${title} with Update Indexed`,
      { OPCD: 31, XO: XO + 32, Rc: 0 },
      `${register},RA,RB`,
      mnemonic,
    ),
  ]
}

/** The plain access at RB; RA holds the decoration, which no device of this board reads. */
const decorated = (mnemonic: string, title: string, XO: number, register: Register, call: string): Instruction => ({
  ...record(mnemonic, title, { OPCD: 31, XO, Rc: 0 }, `${register},RA,RB`, (op) =>
    access(op, call, op.gpr('RB'), register),
  ),
  manual: 'Power ISA 2.06, category DS',
})

export const floatLoadStore: readonly Instruction[] = [
  ...family('lfs', 'Load Floating-Point Single', 48, 535, 'FRT'),
  ...family('lfd', 'Load Floating-Point Double', 50, 599, 'FRT'),
  ...family('stfs', 'Store Floating-Point Single', 52, 663, 'FRS'),
  ...family('stfd', 'Store Floating-Point Double', 54, 727, 'FRS'),
  indexed('stfiwx', 'Store Floating-Point as Integer Word Indexed', 983, 'FRS'),
  indexed('lfdepx', 'Load Floating-Point Double by External Process ID Indexed', 607, 'FRT'),
  indexed('stfdepx', 'Store Floating-Point Double by External Process ID Indexed', 735, 'FRS'),
  decorated('lfddx', 'Load Floating-Point Double with Decoration Indexed', 803, 'FRT', 'lfd'),
  decorated('stfddx', 'Store Floating-Point Double with Decoration Indexed', 931, 'FRS', 'stfd'),
]
