// Masks of the named fields of a register, by name, from its record: the one place where a field's bits become a mask.
import { place } from '../bits.ts'
import { sprByNumber } from './table.ts'

/** { EDM: 0x80000000, IDM: 0x40000000, ... } as signed words. */
export function fieldMasks(SPR: number): Readonly<Record<string, number>> {
  const { fields = [], name } = sprByNumber.get(SPR)!
  if (fields.length === 0) throw new Error(`${name} has no named fields`)
  return Object.fromEntries(fields.map(([field, from, to]) => [field, place(-1, from, to)]))
}
