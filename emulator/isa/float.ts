// The classic FPU's arithmetic, moves, compares and FPSCR instructions (Power ISA 2.03 Book I 4.6.4 to 4.6.9), each with its recording form.
import type { FieldName } from './form.ts'
import type { Instruction } from './record.ts'

interface Form {
  readonly mnemonic: string
  readonly title: string
  readonly fixed: Instruction['fixed']
  /** In the order of assembly text. */
  readonly operands: string
}
const manual = 'Book I 4.6'

/** The call named as the instruction: its operands and, where there are two forms, Rc. */
const calling = ({ mnemonic, title, fixed, operands }: Form, Rc?: 0 | 1): Instruction => ({
  mnemonic: mnemonic + (Rc ? '.' : ''),
  title,
  fixed: Rc === undefined ? fixed : { ...fixed, Rc },
  operands,
  manual,
  category: 'FP',
  semantics: (op) => {
    const fields = operands.split(',').map((name) => op.field(name as FieldName))
    op.call(mnemonic, ...fields, ...(Rc === undefined ? [] : [op.const(Rc)]))
  },
})
const bothForms = (form: Form) => [calling(form, 0), calling(form, 1)]

const arithmetic = (OPCD: number, XO5: number, mnemonic: string, title: string, operands: string) =>
  bothForms({ mnemonic, title, fixed: { OPCD, XO5 }, operands })
const double = (XO5: number, mnemonic: string, title: string, operands: string) => [
  ...arithmetic(63, XO5, mnemonic, title, operands),
  ...arithmetic(59, XO5, `${mnemonic}s`, `${title} Single`, operands),
]
const moving = (XO: number, mnemonic: string, title: string, operands = 'FRT,FRB') =>
  bothForms({ mnemonic, title, fixed: { OPCD: 63, XO }, operands })
const plain = (XO: number, mnemonic: string, title: string, operands: string) =>
  calling({ mnemonic, title, fixed: { OPCD: 63, XO, Rc: 0 }, operands })

export const float: readonly Instruction[] = [
  ...double(21, 'fadd', 'Floating Add', 'FRT,FRA,FRB'),
  ...double(20, 'fsub', 'Floating Subtract', 'FRT,FRA,FRB'),
  ...double(25, 'fmul', 'Floating Multiply', 'FRT,FRA,FRC'),
  ...double(18, 'fdiv', 'Floating Divide', 'FRT,FRA,FRB'),
  ...double(29, 'fmadd', 'Floating Multiply-Add', 'FRT,FRA,FRC,FRB'),
  ...double(28, 'fmsub', 'Floating Multiply-Subtract', 'FRT,FRA,FRC,FRB'),
  ...double(31, 'fnmadd', 'Floating Negative Multiply-Add', 'FRT,FRA,FRC,FRB'),
  ...double(30, 'fnmsub', 'Floating Negative Multiply-Subtract', 'FRT,FRA,FRC,FRB'),
  ...arithmetic(59, 24, 'fres', 'Floating Reciprocal Estimate Single', 'FRT,FRB'),
  ...arithmetic(63, 26, 'frsqrte', 'Floating Reciprocal Square Root Estimate', 'FRT,FRB'),
  ...arithmetic(63, 23, 'fsel', 'Floating Select', 'FRT,FRA,FRC,FRB'),
  ...moving(12, 'frsp', 'Floating Round to Single-Precision'),
  ...moving(14, 'fctiw', 'Floating Convert To Integer Word'),
  ...moving(15, 'fctiwz', 'Floating Convert To Integer Word with round toward Zero'),
  ...moving(72, 'fmr', 'Floating Move Register'),
  ...moving(40, 'fneg', 'Floating Negate'),
  ...moving(264, 'fabs', 'Floating Absolute Value'),
  ...moving(136, 'fnabs', 'Floating Negative Absolute Value'),
  plain(0, 'fcmpu', 'Floating Compare Unordered', 'BF,FRA,FRB'),
  plain(32, 'fcmpo', 'Floating Compare Ordered', 'BF,FRA,FRB'),
  plain(64, 'mcrfs', 'Move to Condition Register from FPSCR', 'BF,BFA'),
  ...moving(583, 'mffs', 'Move From FPSCR', 'FRT'),
  ...moving(134, 'mtfsfi', 'Move To FPSCR Field Immediate', 'BFF,U'),
  ...moving(711, 'mtfsf', 'Move To FPSCR Fields', 'FLM,FRB').map(
    (record): Instruction => ({ ...record, ignored: ['L6', 'L15'] }),
  ),
  ...moving(70, 'mtfsb0', 'Move To FPSCR Bit 0', 'BTF'),
  ...moving(38, 'mtfsb1', 'Move To FPSCR Bit 1', 'BTF'),
]
