// One record per instruction: it decodes, disassembles, executes and is documented from here alone.
import type { CoreName } from '../spr/record.ts'
import { type FieldName, fieldMask, putField } from './form.ts'
import { Op } from './op.ts'

/** A category of the Power ISA (Book I 1.3.5) that not every core has. BL: branch locking (E500RM); ISA206: base instructions younger than the e500v2. */
export type Category =
  | 'BL'
  | 'DS'
  | 'E.ED'
  | 'E.HV'
  | 'E.PC'
  | 'E.PD'
  | 'FP'
  | 'ISA206'
  | 'SP'
  | 'SP.FD'
  | 'SP.FS'
  | 'SP.FV'
  | 'WT'

export interface Instruction {
  readonly mnemonic: string
  readonly title: string
  /** Fields with one value; what is in neither fixed nor operands must be zero. */
  readonly fixed: Readonly<Partial<Record<FieldName, number>>>
  /** In the order of assembly text; D and RA as 'D(RA)'. Those with a question mark may be left out where they are 0. */
  readonly operands: string
  /** Fields that the hardware ignores although no operand names them. */
  readonly ignored?: readonly FieldName[]
  /** The manual's invalid forms: what an assembler refuses and a disassembler writes as .long, though a core does something. */
  readonly invalid?: (field: (name: FieldName) => number, core?: CoreName) => string | undefined
  readonly manual: string
  /** Without one every core has it. */
  readonly category?: Category
  readonly semantics: (op: Op) => void
}

export const operandNames = (instruction: Instruction): FieldName[] =>
  instruction.operands.split(/[?,()]+/).filter((name) => name !== '') as FieldName[]

/** The word and the mask by which a word is recognised as this instruction. */
export function pattern(instruction: Instruction): { readonly value: number; readonly mask: number } {
  let value = 0
  let free = 0
  for (const [name, fixed] of Object.entries(instruction.fixed)) value |= putField(fixed, name as FieldName)
  for (const name of [...operandNames(instruction), ...(instruction.ignored ?? [])]) free |= fieldMask(name)
  return { value, mask: ~free }
}

export function statementsOf(instruction: Instruction) {
  const op = new Op()
  instruction.semantics(op)
  return op.statements
}
