// Fixed-point loads and stores (Power ISA 2.03 Book I 3.3.2 to 3.3.5).
import type { AccessSize, Node, Op, Unary } from './op.ts'
import type { Instruction } from './record.ts'

type Access = (op: Op, EA: Node) => void

const loads =
  (size: AccessSize, convert?: Unary): Access =>
  (op, EA) => {
    const value = op.load(size, EA)
    op.setGpr('RT', convert ? op.unary(convert, value) : value)
  }
const stores =
  (size: AccessSize, convert?: Unary): Access =>
  (op, EA) =>
    op.store(size, EA, convert ? op.unary(convert, op.gpr('RS')) : op.gpr('RS'))

const displacement = (
  mnemonic: string,
  title: string,
  OPCD: number,
  register: 'RT' | 'RS',
  access: Access,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD },
  operands: `${register},D(RA0)`,
  manual: 'Book I 3.3.2',
  semantics: (op) => access(op, op.let(op.add(op.gprOrZero('RA'), op.field('D')))),
})

const indexed = (mnemonic: string, title: string, XO: number, register: 'RT' | 'RS', access: Access): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD: 31, XO, Rc: 0 },
  operands: `${register},RA0,RB`,
  manual: 'Book I 3.3.2',
  semantics: (op) => access(op, op.let(op.add(op.gprOrZero('RA'), op.gpr('RB')))),
})

/** Book I 3.3.2, 3.3.3: RA = 0 and, in loads, RA = RT are invalid. */
const invalidUpdate =
  (register: 'RT' | 'RS'): NonNullable<Instruction['invalid']> =>
  (field) =>
    field('RA') === 0 || (register === 'RT' && field('RA') === field('RT'))
      ? `RA takes the address: it can be neither r0${register === 'RT' ? ' nor RT' : ''}`
      : undefined

/** With update: RA takes EA after the access, so that a fault leaves it as it was. */
const updating = (instruction: Instruction, access: Access): Instruction => ({
  ...instruction,
  operands: instruction.operands.replace('RA0', 'RA'),
  invalid: invalidUpdate(instruction.operands.startsWith('RT') ? 'RT' : 'RS'),
  mnemonic: instruction.mnemonic.replace(/x?$/, (x) => `u${x}`),
  title: `${instruction.title.replace(/ Indexed$/, '')} with Update${instruction.title.endsWith('Indexed') ? ' Indexed' : ''}`,
  semantics: (op) => {
    const EA = op.let(op.add(op.gpr('RA'), instruction.operands.includes('D(') ? op.field('D') : op.gpr('RB')))
    access(op, EA)
    op.setGpr('RA', EA)
  },
})

/** The four addressing forms of one access: D, D with update, X, X with update. */
function family(
  mnemonic: string,
  title: string,
  OPCD: number,
  XO: number,
  register: 'RT' | 'RS',
  access: Access,
): Instruction[] {
  const d = displacement(mnemonic, title, OPCD, register, access)
  const x = indexed(`${mnemonic}x`, `${title} Indexed`, XO, register, access)
  return [
    d,
    { ...updating(d, access), fixed: { OPCD: OPCD + 1 } },
    x,
    { ...updating(x, access), fixed: { OPCD: 31, XO: XO + 32, Rc: 0 } },
  ]
}

export const loadStore: readonly Instruction[] = [
  ...family('lwz', 'Load Word and Zero', 32, 23, 'RT', loads(4)),
  ...family('lbz', 'Load Byte and Zero', 34, 87, 'RT', loads(1)),
  ...family('lhz', 'Load Halfword and Zero', 40, 279, 'RT', loads(2)),
  ...family('lha', 'Load Halfword Algebraic', 42, 343, 'RT', loads(2, 'exts16')),
  ...family('stw', 'Store Word', 36, 151, 'RS', stores(4)),
  ...family('stb', 'Store Byte', 38, 215, 'RS', stores(1)),
  ...family('sth', 'Store Halfword', 44, 407, 'RS', stores(2)),
  indexed('lwbrx', 'Load Word Byte-Reverse Indexed', 534, 'RT', loads(4, 'swap32')),
  indexed('lhbrx', 'Load Halfword Byte-Reverse Indexed', 790, 'RT', loads(2, 'swap16')),
  indexed('stwbrx', 'Store Word Byte-Reverse Indexed', 662, 'RS', stores(4, 'swap32')),
  indexed('sthbrx', 'Store Halfword Byte-Reverse Indexed', 918, 'RS', stores(2, 'swap16')),
  {
    ...indexed('lwarx', 'Load Word and Reserve Indexed', 20, 'RT', () => {}),
    fixed: { OPCD: 31, XO: 20 },
    operands: 'RT,RA0,RB,EH?',
    semantics: (op) => op.call('lwarx', op.add(op.gprOrZero('RA'), op.gpr('RB')), op.field('RT')),
  },
  {
    ...indexed('stwcx.', 'Store Word Conditional Indexed', 150, 'RS', () => {}),
    fixed: { OPCD: 31, XO: 150, Rc: 1 },
    semantics: (op) => op.call('stwcx', op.add(op.gprOrZero('RA'), op.gpr('RB')), op.gpr('RS')),
  },
  {
    ...displacement('lmw', 'Load Multiple Word', 46, 'RT', () => {}),
    invalid: (field) => (field('RA') >= field('RT') ? 'RA is among the registers that are loaded' : undefined),
    semantics: (op) => op.call('lmw', op.add(op.gprOrZero('RA'), op.field('D')), op.field('RT')),
  },
  {
    ...displacement('stmw', 'Store Multiple Word', 47, 'RS', () => {}),
    semantics: (op) => op.call('stmw', op.add(op.gprOrZero('RA'), op.field('D')), op.field('RS')),
  },
]
