// Instruction fields and forms as the manual draws them (Power ISA 2.03 Book I 1.7). Names are unique: a form only says which fields a word has.
import { bits, place, signExtend } from '../bits.ts'

interface Field {
  readonly from: number
  readonly to: number
  readonly signed?: boolean
  /** How many zero bits the value has below the field (branch displacements). */
  readonly shift?: number
}

const FIELDS = {
  OPCD: { from: 0, to: 5 },
  RT: { from: 6, to: 10 },
  RS: { from: 6, to: 10 },
  TO: { from: 6, to: 10 },
  BO: { from: 6, to: 10 },
  CT: { from: 6, to: 10 },
  MO: { from: 6, to: 10 },
  BT: { from: 6, to: 10 },
  BF: { from: 6, to: 8 },
  L: { from: 10, to: 10 },
  RA: { from: 11, to: 15 },
  /** RA where the manual says (RA|0). */
  RA0: { from: 11, to: 15 },
  BI: { from: 11, to: 15 },
  BA: { from: 11, to: 15 },
  BFA: { from: 11, to: 13 },
  FXM: { from: 12, to: 19 },
  E: { from: 16, to: 16 },
  RB: { from: 16, to: 20 },
  SH: { from: 16, to: 20 },
  BB: { from: 16, to: 20 },
  BC: { from: 21, to: 25 },
  MB: { from: 21, to: 25 },
  ME: { from: 26, to: 30 },
  SI: { from: 16, to: 31, signed: true },
  D: { from: 16, to: 31, signed: true },
  UI: { from: 16, to: 31 },
  BD: { from: 16, to: 29, signed: true, shift: 2 },
  LI: { from: 6, to: 29, signed: true, shift: 2 },
  SPR: { from: 11, to: 20 },
  OE: { from: 21, to: 21 },
  XO: { from: 21, to: 30 },
  XO9: { from: 22, to: 30 },
  XO5: { from: 26, to: 30 },
  AA: { from: 30, to: 30 },
  LK: { from: 31, to: 31 },
  Rc: { from: 31, to: 31 },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS

/** mtspr and mfspr hold the halves of the SPR number the other way round. */
const swapHalves = (spr: number) => ((spr & 31) << 5) | (spr >> 5)

export function getField(word: number, name: FieldName): number {
  const { from, to, signed, shift = 0 }: Field = FIELDS[name]
  const raw = bits(word, from, to)
  if (name === 'SPR') return swapHalves(raw)
  return (signed ? signExtend(raw, to - from + 1) : raw) << shift
}

export function putField(value: number, name: FieldName): number {
  const { from, to, shift = 0 }: Field = FIELDS[name]
  return place(name === 'SPR' ? swapHalves(value) : value >> shift, from, to)
}

/** Where a field stands, for those who print what getField does. */
export const fieldPlace = (name: FieldName): Field => FIELDS[name]

/** The bits of a word that a field takes, as a mask. */
export function fieldMask(name: FieldName): number {
  const { from, to }: Field = FIELDS[name]
  return place(-1, from, to)
}
