// XER and CR as the words that the manual draws, from where the state block keeps their bits.
import { bits, place } from '../bits.ts'
import { STATE } from '../isa/cpu.ts'
import { crField, setCrField } from './arithmetic.ts'

export const readXer = (R: Int32Array) => (R[STATE.SO]! << 31) | (R[STATE.OV]! << 30) | (R[STATE.CA]! << 29)

export function writeXer(R: Int32Array, value: number): void {
  R[STATE.SO] = bits(value, 0, 0)
  R[STATE.OV] = bits(value, 1, 1)
  R[STATE.CA] = bits(value, 2, 2)
}

export function readCr(R: Int32Array): number {
  let CR = 0
  for (let field = 0; field < 8; field++) CR |= place(crField(R, field), 4 * field, 4 * field + 3)
  return CR
}

/** The fields that FXM names, bit 0x80 the first. */
export function writeCrFields(R: Int32Array, FXM: number, value: number): void {
  for (let field = 0; field < 8; field++)
    if (FXM & (0x80 >> field)) setCrField(R, field, bits(value, 4 * field, 4 * field + 3))
}
