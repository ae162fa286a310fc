// Embedded floating point: scalar single, vector single, scalar double (SPE PEM chapter 5; Power ISA 2.03 Book I 7.3).
// Signs are plain logic, everything else a function of the core; core/float/efp has the arithmetic.
import type { FieldName } from './form.ts'
import type { Node, Op } from './op.ts'
import type { Category, Instruction } from './record.ts'
import { unusedRegisters } from './speRecord.ts'

type Format = 'efs' | 'evfs' | 'efd'
const CATEGORY: Readonly<Record<Format, Category>> = { efs: 'SP.FS', evfs: 'SP.FV', efd: 'SP.FD' }
const TITLE: Readonly<Record<Format, string>> = {
  efs: 'Floating-Point Single-Precision',
  evfs: 'Vector Floating-Point Single-Precision',
  efd: 'Floating-Point Double-Precision',
}

/** efdcfui, efdcfsi, efdctuiz, efdctsiz: binutils takes no other word for them than the one with RA = 0. */
const STRICT: readonly number[] = [752, 753, 760, 762]

function record(
  format: Format,
  mnemonic: string,
  title: string,
  XO11: number,
  operands: string,
  semantics?: (op: Op) => void,
): Instruction {
  const names = operands.split(',') as FieldName[]
  return {
    mnemonic,
    title: `${TITLE[format]} ${title}`,
    fixed: { OPCD: 4, XO11 },
    operands,
    manual: 'SPE PEM 5',
    category: CATEGORY[format],
    ignored: STRICT.includes(XO11) ? [] : unusedRegisters(operands),
    semantics: (op) => {
      op.call('requireSpe')
      if (semantics) return semantics(op)
      op.call(mnemonic, ...names.map((name) => op.field(name)))
    },
  }
}

/** abs, nabs and neg change the sign bit alone: of the low word, of both, of the high word. */
const signs = (format: Format, mnemonic: string, title: string, XO11: number, change: (op: Op, a: Node) => Node) =>
  record(format, format + mnemonic, title, XO11, 'RT,RA', (op) => {
    const low = op.let(format === 'efd' ? op.gpr('RA') : change(op, op.gpr('RA')))
    if (format !== 'efs') op.setGprHigh('RT', change(op, op.gprHigh('RA')))
    op.setGpr('RT', low)
  })

const compare = (format: Format, mnemonic: string, title: string, XO11: number): Instruction => ({
  ...record(format, format + mnemonic, title, XO11, 'BF,RA,RB'),
  ignored: ['L2'],
})

const KINDS = [
  ['ui', 'Unsigned Integer'],
  ['si', 'Signed Integer'],
  ['uf', 'Unsigned Fraction'],
  ['sf', 'Signed Fraction'],
] as const

function conversions(format: Format, XO11: number): Instruction[] {
  const convert = (mnemonic: string, title: string, offset: number): Instruction =>
    record(format, format + mnemonic, title, XO11 + offset, 'RT,RB')
  return [
    ...KINDS.map(([kind, title], n) => convert(`cf${kind}`, `Convert from ${title}`, n)),
    ...KINDS.map(([kind, title], n) => convert(`ct${kind}`, `Convert to ${title}`, 4 + n)),
    convert('ctuiz', 'Convert to Unsigned Integer with Round toward Zero', 8),
    convert('ctsiz', 'Convert to Signed Integer with Round toward Zero', 10),
  ]
}

const withoutSign = (op: Op, a: Node) => op.and(a, op.const(0x7fffffff))
const withSign = (op: Op, a: Node) => op.or(a, op.const(0x80000000))
const otherSign = (op: Op, a: Node) => op.xor(a, op.const(0x80000000))

/** The extended opcodes of one format stand in the same order from XO11 on. */
const family = (format: Format, XO11: number): Instruction[] => [
  record(format, `${format}add`, 'Add', XO11, 'RT,RA,RB'),
  record(format, `${format}sub`, 'Subtract', XO11 + 1, 'RT,RA,RB'),
  signs(format, 'abs', 'Absolute Value', XO11 + 4, withoutSign),
  signs(format, 'nabs', 'Negative Absolute Value', XO11 + 5, withSign),
  signs(format, 'neg', 'Negate', XO11 + 6, otherSign),
  record(format, `${format}mul`, 'Multiply', XO11 + 8, 'RT,RA,RB'),
  record(format, `${format}div`, 'Divide', XO11 + 9, 'RT,RA,RB'),
  compare(format, 'cmpgt', 'Compare Greater Than', XO11 + 12),
  compare(format, 'cmplt', 'Compare Less Than', XO11 + 13),
  compare(format, 'cmpeq', 'Compare Equal', XO11 + 14),
  ...conversions(format, XO11 + 16),
  compare(format, 'tstgt', 'Test Greater Than', XO11 + 28),
  compare(format, 'tstlt', 'Test Less Than', XO11 + 29),
  compare(format, 'tsteq', 'Test Equal', XO11 + 30),
]

export const embeddedFloat: readonly Instruction[] = [
  ...family('evfs', 640),
  ...family('efs', 704),
  ...family('efd', 736),
  record('efd', 'efscfd', 'Convert to Single-Precision', 719, 'RT,RB'),
  record('efd', 'efdcfs', 'Convert from Single-Precision', 751, 'RT,RB'),
  record('efd', 'efdcfuid', 'Convert from Unsigned Integer Doubleword', 738, 'RT,RB'),
  record('efd', 'efdcfsid', 'Convert from Signed Integer Doubleword', 739, 'RT,RB'),
  record('efd', 'efdctuidz', 'Convert to Unsigned Integer Doubleword with Round toward Zero', 746, 'RT,RB'),
  record('efd', 'efdctsidz', 'Convert to Signed Integer Doubleword with Round toward Zero', 747, 'RT,RB'),
]
