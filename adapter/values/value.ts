// A C value is a type and a place: nothing is read before somebody looks. Parts of a value (members, elements) are made here.
// What it does not do: read, write or print (read.ts, write.ts, format.ts).
import type { CType, Member, Place } from '../symbols/model.ts'
import { sizeOf } from './types.ts'

/** Integers of 64 bits are bigints; smaller ones, pointers and floating point are numbers, always inside their type's range. */
export type Scalar = number | bigint

type ValuePlace =
  | Place
  /** Computed, stored nowhere. */
  | { readonly kind: 'literal'; readonly scalar: Scalar }
  /** Something that is read and written as one number: a register of the core by name, or a field of one. */
  | { readonly kind: 'cell'; readonly cell: Cell }
  /** Bytes from offset of something that is not simply in memory; size is the whole's. */
  | { readonly kind: 'part'; readonly whole: Place; readonly size: number; readonly offset: number }

export interface Cell {
  /** Undefined: not known here. */
  read(): Scalar | undefined
  /** Refuses with a UserError. */
  write(scalar: Scalar): void
  /** What `.name` and the Variables view find in it: bit numbers are Power's, 0 is the most significant. */
  readonly fields: readonly CellField[]
}

/** The shape of the SPR records' fields. */
export type CellField = readonly [name: string, from: number, to: number, title: string]

export interface BitField {
  /** Bits from the place's first byte, most significant first; below 8. */
  readonly offset: number
  readonly width: number
}

export interface Value {
  readonly type: CType
  readonly place: ValuePlace
  readonly bitField?: BitField
  /** Shown in hex unless somebody asks otherwise. */
  readonly hex?: boolean
}

/** Memory and registers of one frame. Numbers of registers are those of Place. */
export interface ValueMemory {
  /** Undefined: not mapped. Never has a side effect on the guest. */
  read(address: number, length: number): Uint8Array | undefined
  /** Undefined: not known in this frame. */
  register(number: number): number | undefined
  /** False: not mapped, or not to be written. */
  write(address: number, bytes: Uint8Array): boolean
  writeRegister(number: number, value: number): boolean
}

/** Why a value cannot be read; the reason goes between < and >. */
export interface Unavailable {
  readonly kind: 'unavailable'
  readonly reason: string
}

export const isUnavailable = <T>(read: T | Unavailable): read is Unavailable =>
  typeof read === 'object' && read !== null && 'kind' in read && read.kind === 'unavailable'

export const literal = (type: CType, scalar: Scalar): Value => ({ type, place: { kind: 'literal', scalar } })

export const inMemory = (type: CType, address: number): Value => ({
  type,
  place: { kind: 'memory', address: address >>> 0 },
})

/** What stands offset bytes into a value, read as a type. */
export function partOf(whole: Value, type: CType, offset: number): Value {
  return { type, place: partOfPlace(whole, offset, sizeOf(type)) }
}

function partOfPlace(whole: Value, offset: number, size: number): ValuePlace {
  const { place } = whole
  switch (place.kind) {
    case 'memory':
      return { kind: 'memory', address: (place.address + offset) >>> 0 }
    case 'value':
      return { kind: 'value', bytes: place.bytes.subarray(offset, offset + size) }
    case 'part':
      return { ...place, offset: place.offset + offset }
    case 'register':
    case 'pieces':
      return { kind: 'part', whole: place, size: sizeOf(whole.type), offset }
    case 'literal':
    case 'cell':
      return { kind: 'unavailable', reason: 'a number has no parts' }
    case 'unavailable':
      return place
  }
}

/** The member of a struct or union; offsets are from its start, as flatMembers gives them. */
export function memberOf(whole: Value, { type, offset, bitField }: Member): Value {
  if (!bitField) return partOf(whole, type, offset)
  const start = bitField.offset >> 3
  const bytes = (bitField.offset - 8 * start + bitField.width + 7) >> 3
  const place = partOfPlace(whole, start, bytes)
  return { type, place, bitField: { offset: bitField.offset - 8 * start, width: bitField.width } }
}

export const elementOf = (array: Value, element: CType, index: number): Value =>
  partOf(array, element, index * sizeOf(element))
