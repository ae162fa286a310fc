// Named fields as masks: the one place where a field's bits become a mask. And what stands in a field, by its mask.
import { place } from '../bits.ts'
import type { SprField } from './record.ts'

/** { EDM: 0x80000000, IDM: 0x40000000, ... } as signed words. */
export function masksIn<const Name extends string>(
  register: string,
  fields: readonly SprField[],
  ...names: readonly Name[]
): Readonly<Record<Name, number>> {
  const mask = (wanted: Name) => {
    const field = fields.find(([name]) => name === wanted)
    if (!field) throw new Error(`${register} has no field ${wanted}`)
    return place(-1, field[1], field[2])
  }
  return Object.fromEntries(names.map((name) => [name, mask(name)])) as Record<Name, number>
}

/** All of them as one mask. */
export const maskOf = (fields: readonly SprField[]) =>
  fields.reduce((mask, [, from, to]) => mask | place(-1, from, to), 0)

const lowest = (mask: number) => 31 - Math.clz32(mask & -mask)
/** The unsigned value of a word's field. */
export const fromField = (word: number, mask: number): number => (word & mask) >>> lowest(mask)
/** A word with the value in its field. */
export const inField = (value: number, mask: number): number => (value << lowest(mask)) & mask
