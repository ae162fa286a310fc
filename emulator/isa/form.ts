// Instruction fields and forms as the manual draws them (Power ISA 2.03 Book I 1.7). Names are unique: a form only says which fields a word has.
import { bits, place, signExtend } from '../bits.ts'

/** How assembly text writes a field. A plain number where nothing is said. */
export type FieldKind = 'gpr' | 'gprOrZero' | 'crField' | 'crBit' | 'target' | 'spr' | 'signedOrUnsigned' | 'fpr'

interface Field {
  readonly from: number
  readonly to: number
  readonly kind?: FieldKind
  readonly signed?: boolean
  /** How many zero bits the value has below the field (branch displacements). */
  readonly shift?: number
}

const FIELDS = {
  OPCD: { from: 0, to: 5 },
  RT: { from: 6, to: 10, kind: 'gpr' },
  RS: { from: 6, to: 10, kind: 'gpr' },
  TO: { from: 6, to: 10 },
  BO: { from: 6, to: 10 },
  CT: { from: 6, to: 10 },
  MO: { from: 6, to: 10 },
  BT: { from: 6, to: 10, kind: 'crBit' },
  BF: { from: 6, to: 8, kind: 'crField' },
  L: { from: 10, to: 10 },
  /** L of dcbf and of mtmsr, which have it elsewhere. */
  L2: { from: 9, to: 10 },
  /** Which entries tlbilx invalidates, what wait waits for. */
  T: { from: 9, to: 10 },
  WC: { from: 9, to: 10 },
  /** Of ehpriv, for the hypervisor to read. */
  OC: { from: 6, to: 20 },
  /** Reserved bits of cmp and sc. */
  R9: { from: 9, to: 9 },
  R16: { from: 16, to: 19 },
  R27: { from: 27, to: 29 },
  L15: { from: 15, to: 15 },
  RA: { from: 11, to: 15, kind: 'gpr' },
  /** RA where the manual says (RA|0). */
  RA0: { from: 11, to: 15, kind: 'gprOrZero' },
  BI: { from: 11, to: 15, kind: 'crBit' },
  /** BI as a CR field and the bit in it: `beq cr7`. */
  BIF: { from: 11, to: 13, kind: 'crField' },
  BIB: { from: 14, to: 15 },
  BA: { from: 11, to: 15, kind: 'crBit' },
  BFA: { from: 11, to: 13, kind: 'crField' },
  /** mfocrf and mtocrf: one field, not all. */
  ONE: { from: 11, to: 11 },
  FXM: { from: 12, to: 19 },
  BH: { from: 19, to: 20 },
  E: { from: 16, to: 16 },
  RB: { from: 16, to: 20, kind: 'gpr' },
  SH: { from: 16, to: 20 },
  BB: { from: 16, to: 20, kind: 'crBit' },
  BC: { from: 21, to: 25, kind: 'crBit' },
  MB: { from: 21, to: 25 },
  ME: { from: 26, to: 30 },
  SI: { from: 16, to: 31, signed: true },
  /** SI of addis, which assemblers take as an upper half as well. */
  SIS: { from: 16, to: 31, signed: true, kind: 'signedOrUnsigned' },
  D: { from: 16, to: 31, signed: true },
  UI: { from: 16, to: 31 },
  /** UI of cmplwi, which assemblers take as a negative number as well. */
  UIS: { from: 16, to: 31, kind: 'signedOrUnsigned' },
  BD: { from: 16, to: 29, signed: true, shift: 2, kind: 'target' },
  LI: { from: 6, to: 29, signed: true, shift: 2, kind: 'target' },
  SPR: { from: 11, to: 20, kind: 'spr' },
  PMRN: { from: 11, to: 20 },
  FRT: { from: 6, to: 10, kind: 'fpr' },
  FRS: { from: 6, to: 10, kind: 'fpr' },
  FRA: { from: 11, to: 15, kind: 'fpr' },
  FRB: { from: 16, to: 20, kind: 'fpr' },
  FRC: { from: 21, to: 25, kind: 'fpr' },
  /** Of mtfsf, reserved before version 2.05. */
  L6: { from: 6, to: 6 },
  FLM: { from: 7, to: 14 },
  /** Fields and bits of the FPSCR. */
  BFF: { from: 6, to: 8 },
  BTF: { from: 6, to: 10 },
  U: { from: 16, to: 19 },
  /** Immediate values of SPE, and its displacements in units of the access. */
  SIMM: { from: 11, to: 15, signed: true },
  UIMM: { from: 11, to: 15 },
  D8: { from: 16, to: 20, shift: 3 },
  D4: { from: 16, to: 20, shift: 2 },
  D2: { from: 16, to: 20, shift: 1 },
  XO11: { from: 21, to: 31 },
  XO8: { from: 21, to: 28 },
  CRS: { from: 29, to: 31, kind: 'crField' },
  OE: { from: 21, to: 21 },
  XO: { from: 21, to: 30 },
  XO9: { from: 22, to: 30 },
  XO5: { from: 26, to: 30 },
  AA: { from: 30, to: 30 },
  LEV: { from: 20, to: 26 },
  EH: { from: 31, to: 31 },
  LK: { from: 31, to: 31 },
  Rc: { from: 31, to: 31 },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS
export const isField = (name: string): name is FieldName => name in FIELDS

/** mtspr and mfspr hold the halves of the SPR number the other way round, mtpmr and mfpmr those of the PMR number. */
const isSwapped = (name: FieldName) => name === 'SPR' || name === 'PMRN'
const swapHalves = (spr: number) => ((spr & 31) << 5) | (spr >> 5)

export function getField(word: number, name: FieldName): number {
  const { from, to, signed, shift = 0 }: Field = FIELDS[name]
  const raw = bits(word, from, to)
  if (isSwapped(name)) return swapHalves(raw)
  return (signed ? signExtend(raw, to - from + 1) : raw) << shift
}

export function putField(value: number, name: FieldName): number {
  const { from, to, shift = 0 }: Field = FIELDS[name]
  return place(isSwapped(name) ? swapHalves(value) : value >> shift, from, to)
}

/** Where a field stands, for those who print what getField does. */
export const fieldPlace = (name: FieldName): Field => FIELDS[name]

/** The bits of a word that a field takes, as a mask. */
export function fieldMask(name: FieldName): number {
  const { from, to }: Field = FIELDS[name]
  return place(-1, from, to)
}
