// Numbers on the stack of a location expression: bits of a type. DWARF 5, 2.5.1. The generic type is as wide as an address;
// it is unsigned, but division, comparison and shra take it as signed.
import { DwarfError } from './error.ts'
import { OP } from './operations.ts'

export interface BaseType {
  readonly bytes: number
  readonly signed: boolean
  readonly float: boolean
}

export const GENERIC: BaseType = { bytes: 4, signed: false, float: false }

export interface StackValue {
  /** Negative for a negative number of a signed type. */
  readonly bits: bigint
  readonly type: BaseType
}

export function numeric(bits: bigint, type: BaseType): StackValue {
  const width = 8 * type.bytes
  return { bits: type.signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits), type }
}

export function toBytes({ bits, type }: StackValue): Uint8Array {
  const unsigned = BigInt.asUintN(8 * type.bytes, bits)
  return Uint8Array.from({ length: type.bytes }, (_, n) =>
    Number((unsigned >> BigInt(8 * (type.bytes - 1 - n))) & 0xffn),
  )
}

interface Operator {
  readonly unary: boolean
  apply(left: StackValue, right: StackValue | undefined): StackValue
}

const unary = (compute: (value: bigint) => bigint): Operator => ({
  unary: true,
  apply: (value) =>
    numeric(compute(value.type === GENERIC ? BigInt.asIntN(32, integer(value)) : integer(value)), value.type),
})

const binary = (compute: (left: bigint, right: bigint, width: number) => bigint): Operator => ({
  unary: false,
  apply: (left, right) => numeric(compute(integer(left), integer(right!), 8 * left.type.bytes), left.type),
})

const signed = (compute: (left: bigint, right: bigint) => bigint): Operator => ({
  unary: false,
  apply: (left, right) => {
    const isGeneric = left.type === GENERIC
    const of = (value: StackValue) => (isGeneric ? BigInt.asIntN(32, integer(value)) : integer(value))
    return numeric(compute(of(left), of(right!)), left.type)
  },
})

const compare = (holds: (left: bigint, right: bigint) => boolean): Operator => {
  const { apply } = signed((left, right) => (holds(left, right) ? 1n : 0n))
  return { unary: false, apply: (left, right) => numeric(apply(left, right).bits, GENERIC) }
}

const OPERATORS = new Map<number, Operator>([
  [OP.abs, unary((value) => (value < 0n ? -value : value))],
  [OP.neg, unary((value) => -value)],
  [OP.not, unary((value) => ~value)],
  [OP.and, binary((left, right) => left & right)],
  [OP.or, binary((left, right) => left | right)],
  [OP.xor, binary((left, right) => left ^ right)],
  [OP.plus, binary((left, right) => left + right)],
  [OP.minus, binary((left, right) => left - right)],
  [OP.mul, binary((left, right) => left * right)],
  [OP.mod, binary((left, right) => left % nonZero(right))],
  [OP.shl, binary((left, right, width) => (right < 0n || right >= width ? 0n : left << right))],
  [OP.shr, binary((left, right, width) => (right < 0n || right >= width ? 0n : BigInt.asUintN(width, left) >> right))],
  [OP.shra, signed((left, right) => left >> (right < 0n || right > 64n ? 64n : right))],
  [OP.div, signed((left, right) => left / nonZero(right))],
  [OP.eq, compare((left, right) => left === right)],
  [OP.ne, compare((left, right) => left !== right)],
  [OP.lt, compare((left, right) => left < right)],
  [OP.le, compare((left, right) => left <= right)],
  [OP.gt, compare((left, right) => left > right)],
  [OP.ge, compare((left, right) => left >= right)],
])

export const arithmetic = (op: number): Operator | undefined => OPERATORS.get(op)

function integer({ bits, type }: StackValue): bigint {
  if (type.float) throw new DwarfError('a location expression computes with floating point')
  return bits
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new DwarfError('a location expression divides by zero')
  return value
}

/** A constant of DW_AT_const_value as the bytes of a value of that size. */
export function constantBytes(value: number, size: number): Uint8Array {
  return toBytes({ bits: BigInt(Math.trunc(value)), type: { bytes: size, signed: false, float: false } })
}
