// What the printed bodies need beyond JavaScript's own operators.
import { STATE } from '../isa/cpu.ts'

const { CR, CR_SO } = STATE

/** Bit BI of the CR (0 to 31), as 0 or 1. */
export function crBit(R: Int32Array, BI: number): number {
  const field = BI >> 2
  const low = R[CR + 2 * field]!
  const high = R[CR + 2 * field + 1]!
  switch (BI & 3) {
    case 0:
      return (high >>> 30) & 1
    case 1:
      return +(high > 0 || (high === 0 && low !== 0))
    case 2:
      return +(low === 0)
    default:
      return R[CR_SO + field]!
  }
}

/** A CR field as its four bits LT, GT, EQ, SO. */
export const crField = (R: Int32Array, field: number) =>
  (crBit(R, 4 * field) << 3) | (crBit(R, 4 * field + 1) << 2) | (crBit(R, 4 * field + 2) << 1) | crBit(R, 4 * field + 3)

export function setCrField(R: Int32Array, field: number, value: number): void {
  const LT = value & 8 ? 0x40000000 : 0
  const sign = value & 4 ? 0 : 0x80000000
  const low = value & 2 ? 0 : 1
  // With EQ the low word is 0: GT then needs a one above it.
  R[CR + 2 * field] = low
  R[CR + 2 * field + 1] = LT | sign | (low === 0 ? 1 : 0)
  R[CR_SO + field] = value & 1
}

export function setCrBit(R: Int32Array, BT: number, value: number): void {
  const mask = 8 >> (BT & 3)
  const old = crField(R, BT >> 2)
  setCrField(R, BT >> 2, value ? old | mask : old & ~mask)
}
