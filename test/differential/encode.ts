// Words from records: fields by name, and random fillings.
import { type FieldName, fieldPlace, getField, putField } from '../../emulator/isa/form.ts'
import { type Instruction, operandNames, pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'

export type Fields = Partial<Record<FieldName, number>>
type Random = () => number

const byMnemonic = new Map(instructions.map((record) => [record.mnemonic, record]))

export function encodeRecord(record: Instruction, fields: Fields): number {
  let word = pattern(record).value
  for (const [name, value] of Object.entries(fields)) word |= putField(value, name as FieldName)
  return word
}
export const encode = (mnemonic: string, fields: Fields) => encodeRecord(byMnemonic.get(mnemonic)!, fields)

/** Any register that a block may change: r30 and r31 are the harness's. */
export const anyGpr = (random: Random) => (random() >>> 3) % 30
/** 1 to 29: r0 does not mean zero. */
export const anyBase = (random: Random) => 1 + ((random() >>> 3) % 29)
export const chance = (random: Random, oneIn: number) => (random() >>> 5) % oneIn === 0

const EDGES = [0, 1, -1, 0x7fff, -0x8000]

function anyValue(name: FieldName, random: Random): number {
  const { kind, from, to } = fieldPlace(name)
  if (kind === 'gpr' || kind === 'gprOrZero') return anyGpr(random)
  if (to - from === 15 && chance(random, 3)) return EDGES[(random() >>> 4) % EDGES.length]!
  return random()
}

/** Random operands; those given stay, and so do the manual's rules about invalid forms. */
export function fill(record: Instruction, core: CoreName, random: Random, given: Fields = {}): Fields {
  const names = operandNames(record)
  for (;;) {
    const wanted = Object.fromEntries(names.map((name) => [name, given[name] ?? anyValue(name, random)]))
    const word = encodeRecord(record, wanted)
    if (record.invalid?.((name) => getField(word, name), core)) continue
    return Object.fromEntries(names.map((name) => [name, getField(word, name)]))
  }
}
