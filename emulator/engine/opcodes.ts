// The interpreter's numbers for what a word does: one per record, and one more for each frequent filling of a record that prints shorter.
// A filling adds no meaning: the printer puts the known values into the record's own semantics.
import type { FieldName } from '../isa/form.ts'
import { fieldMask, putField } from '../isa/form.ts'
import { type Instruction, operandNames, pattern } from '../isa/record.ts'
import { instructions } from '../isa/table.ts'
import { SPR } from '../spr/table.ts'

export interface Known {
  readonly fields: Readonly<Partial<Record<FieldName, number>>>
  /** Bits of these fields that mean nothing beside the others. */
  readonly ignored?: number
  /** The bit of its CR field that BI or BC names: LT, GT, EQ, SO. */
  readonly crBit?: number
}
export interface Opcode {
  readonly instruction: Instruction
  readonly known: Known
}

/** Not yet decoded, or a stop is armed here: asks the debug unit first. */
export const ASK = 0
export const ILLEGAL = 1

/** LT, GT and EQ. */
const eachBit = (fields: Known['fields'], ignored: number): Known[] =>
  [0, 1, 2].map((crBit) => ({ fields, ignored, crBit }))
// BO with its hints ignored (Book I 2.4): branch if the bit is clear, if it is set, if CTR is not 0, if it is 0, always.
const onBit = [...eachBit({ BO: 4 }, 3), ...eachBit({ BO: 12 }, 3)]
const onCounter: readonly Known[] = [
  { fields: { BO: 16 }, ignored: 9 },
  { fields: { BO: 18 }, ignored: 9 },
]
const always: Known = { fields: { BO: 20 }, ignored: 11 }
const linkAndCounter: readonly Known[] = [{ fields: { SPR: SPR.LR } }, { fields: { SPR: SPR.CTR } }]

const FILLINGS: Readonly<Record<string, readonly Known[]>> = {
  bc: [...onBit, ...onCounter, always],
  bclr: [always, ...onBit],
  bcctr: [always],
  bcctrl: [always],
  isel: eachBit({}, 0),
  mfspr: linkAndCounter,
  mtspr: linkAndCounter,
}

/** By number; ASK and ILLEGAL are none of them. */
export const opcodes: readonly (Opcode | undefined)[] = [
  undefined,
  undefined,
  ...instructions.flatMap((instruction) =>
    [{ fields: {} }, ...(FILLINGS[instruction.mnemonic] ?? [])].map((known) => ({ instruction, known })),
  ),
]

interface Candidate {
  readonly value: number
  readonly mask: number
  readonly opcode: number
}

function candidate({ instruction, known: { fields, ignored = 0, crBit } }: Opcode, opcode: number): Candidate {
  let { value, mask } = pattern(instruction)
  for (const [name, known] of Object.entries(fields)) {
    value |= putField(known, name as FieldName)
    mask |= fieldMask(name as FieldName) & ~putField(ignored, name as FieldName)
  }
  if (crBit !== undefined) {
    const bit = operandNames(instruction).includes('BC') ? 'BC' : 'BI'
    value |= putField(crBit, bit)
    mask |= putField(3, bit)
  }
  return { value, mask, opcode }
}
/** The last first: fillings before their record. */
const candidates: readonly Candidate[] = opcodes
  .flatMap((opcode, n) => (opcode ? [candidate(opcode, n)] : []))
  .reverse()

/** The bits in which records differ from each other: OPCD and the extended opcodes. */
const SELECTOR = 0xfc0007ff | 0
const bySelector = new Map<number, readonly Candidate[]>()

export function opcodeOf(word: number): number {
  const selector = word & SELECTOR
  let possible = bySelector.get(selector)
  if (!possible) {
    possible = candidates.filter(({ value, mask }) => ((value ^ selector) & mask & SELECTOR) === 0)
    bySelector.set(selector, possible)
  }
  return possible.find(({ value, mask }) => (word & mask) === value)?.opcode ?? ILLEGAL
}
