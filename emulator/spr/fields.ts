// Masks of the named fields of a register, by name, from its record: the one place where a field's bits become a mask.
import { place } from '../bits.ts'
import { sprByNumber } from './table.ts'

/** { EDM: 0x80000000, IDM: 0x40000000, ... } as signed words. */
export function fieldMasks<const Name extends string>(
  SPR: number,
  ...names: readonly Name[]
): Readonly<Record<Name, number>> {
  const { fields = [], name: register } = sprByNumber.get(SPR)!
  const mask = (wanted: Name) => {
    const field = fields.find(([name]) => name === wanted)
    if (!field) throw new Error(`${register} has no field ${wanted}`)
    return place(-1, field[1], field[2])
  }
  return Object.fromEntries(names.map((name) => [name, mask(name)])) as Record<Name, number>
}
