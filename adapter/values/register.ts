// Registers of the core as C values: unsigned numbers shown in hex, with the manual's fields as members, set in place.
// What it does not do: know any register (the caller brings name, size and fields, as the SPR records have them).
import { UserError } from '../userError.ts'
import { pointerTo, sizeOf, UNSIGNED_INT, UNSIGNED_LONG_LONG, VOID } from './types.ts'
import type { Cell, CellField, Scalar, Value } from './value.ts'

export interface Register {
  readonly name: string
  /** 4 or 8 bytes. */
  readonly size: number
  /** It holds an address, as PC, LR and SRR0 do: shown with its symbol, and `*$sp` works. */
  readonly isAddress?: boolean | undefined
  readonly fields?: readonly CellField[] | undefined
  /** Undefined: not known in this frame. */
  read(): Scalar | undefined
  /** Refuses with a UserError. */
  write(scalar: Scalar): void
}

export function registerValue(register: Register): Value {
  const { size, fields = [], isAddress } = register
  const cell: Cell = {
    read: () => {
      const scalar = register.read()
      if (scalar === undefined) return undefined
      return size === 8 ? BigInt.asUintN(64, BigInt(scalar)) : Number(BigInt.asUintN(32, BigInt(scalar)))
    },
    write: (scalar) => register.write(scalar),
    fields,
  }
  const type = size === 8 ? UNSIGNED_LONG_LONG : isAddress ? pointerTo(VOID) : UNSIGNED_INT
  return { type, place: { kind: 'cell', cell }, hex: true }
}

/** The fields of a register, as values that can be set. */
export function fieldsOf(value: Value): { readonly name: string; readonly title: string; readonly value: Value }[] {
  const { place, type } = value
  if (place.kind !== 'cell') return []
  const bits = 8 * sizeOf(type)
  return place.cell.fields.map((field) => ({ name: field[0], title: field[3], value: fieldValue(value, field, bits) }))
}

function fieldValue(register: Value, [name, from, to]: CellField, bits: number): Value {
  const { cell } = register.place as Extract<Value['place'], { kind: 'cell' }>
  const width = to - from + 1
  const shift = BigInt(bits - 1 - to)
  const mask = ((1n << BigInt(width)) - 1n) << shift
  const narrow = (bigint: bigint) => (bits === 64 ? bigint : Number(bigint))
  const field: Cell = {
    read: () => {
      const whole = cell.read()
      return whole === undefined ? undefined : narrow((BigInt(whole) & mask) >> shift)
    },
    write: (scalar) => {
      const whole = cell.read()
      if (whole === undefined) throw new UserError(`${name} cannot be set: the register is not known in this frame.`)
      cell.write(narrow((BigInt(whole) & ~mask) | ((BigInt(scalar) << shift) & mask)))
    },
    fields: [],
  }
  const type = bits === 64 ? UNSIGNED_LONG_LONG : UNSIGNED_INT
  return { type, place: { kind: 'cell', cell: field }, bitField: { offset: 0, width }, hex: width > 8 }
}
