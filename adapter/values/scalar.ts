// Scalars as big-endian bytes and as C converts them (ISO C 6.3.1). What it does not do: bit fields, places (read.ts, write.ts).
import type { CType } from '../symbols/model.ts'
import { type BaseType, type EnumType, isFloat, isSigned, type PointerType, type StrippedType, strip } from './types.ts'
import type { Scalar } from './value.ts'

type ScalarType = BaseType | EnumType | PointerType

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function decode(type: ScalarType, bytes: Uint8Array): Scalar {
  if (isFloat(type)) return decodeFloat(type.size, view(bytes))
  return decodeInteger(type.size, type.kind !== 'pointer' && isSigned(type), bytes)
}

function decodeFloat(size: number, data: DataView): number {
  if (size === 4) return data.getFloat32(0)
  // IBM's long double is the sum of two doubles.
  return size === 16 ? data.getFloat64(0) + data.getFloat64(8) : data.getFloat64(0)
}

/** Conditions come here on every hit: up to 32 bits it makes no object. */
function decodeInteger(size: number, signed: boolean, bytes: Uint8Array): Scalar {
  if (size > 4) return signed ? view(bytes).getBigInt64(size - 8) : view(bytes).getBigUint64(size - 8)
  let word = 0
  for (let i = 0; i < size; i++) word = (word << 8) | bytes[i]!
  const unused = 32 - 8 * size
  return signed ? (word << unused) >> unused : word >>> 0
}

export function encode(type: ScalarType, scalar: Scalar): Uint8Array {
  const bytes = new Uint8Array(type.size)
  const converted = convert(type, scalar)
  if (isFloat(type)) encodeFloat(view(bytes), Number(converted))
  else encodeInteger(view(bytes), BigInt(converted))
  return bytes
}

function encodeFloat(data: DataView, value: number): void {
  if (data.byteLength === 4) data.setFloat32(0, value)
  else data.setFloat64(0, value)
}

function encodeInteger(data: DataView, value: bigint): void {
  for (let i = data.byteLength - 1, rest = value; i >= 0; i--, rest >>= 8n) data.setUint8(i, Number(rest & 255n))
}

export const convert = (type: CType, scalar: Scalar): Scalar => conversion(type)(scalar)

/** What converts a scalar to a type; types that are not scalar leave it as it is. */
export function conversion(type: CType): (scalar: Scalar) => Scalar {
  const stripped = strip(type)
  if (stripped.kind === 'pointer') return (scalar) => toInt32(scalar) >>> 0
  if (stripped.kind === 'enum') return integerConversion(stripped.size, stripped.signed)
  if (stripped.kind !== 'base') return (scalar) => scalar
  if (stripped.encoding === 'boolean') return (scalar) => (isTrue(scalar) ? 1 : 0)
  if (stripped.encoding !== 'float') return integerConversion(stripped.size, isSigned(stripped))
  return stripped.size === 4 ? toFloat : Number
}

/** Rounded once: a long integer goes to 50 bits first, with a sticky last one, so that the way over double does not round too. */
function toFloat(scalar: Scalar): number {
  if (typeof scalar === 'number') return Math.fround(scalar)
  const magnitude = scalar < 0n ? -scalar : scalar
  if (magnitude >> 53n === 0n) return Math.fround(Number(scalar))
  const sticky = (magnitude & 0x3fffn) === 0n ? 0n : 1n
  const float = Math.fround(Number((magnitude >> 14n) | sticky)) * 0x4000
  return scalar < 0n ? -float : float
}

function integerConversion(size: number, signed: boolean): (scalar: Scalar) => Scalar {
  if (size > 4)
    return signed ? (scalar) => BigInt.asIntN(64, toBigInt(scalar)) : (scalar) => BigInt.asUintN(64, toBigInt(scalar))
  const unused = 32 - 8 * size
  if (signed) return (scalar) => (toInt32(scalar) << unused) >> unused
  return (scalar) => (toInt32(scalar) << unused) >>> unused
}

const toInt32 = (scalar: Scalar) => (typeof scalar === 'number' ? scalar | 0 : Number(BigInt.asIntN(32, scalar)))

function toBigInt(scalar: Scalar): bigint {
  if (typeof scalar === 'bigint') return scalar
  return Number.isFinite(scalar) ? BigInt(Math.trunc(scalar)) : 0n
}

/** C's truth: not equal to zero. NaN is true. */
export const isTrue = (scalar: Scalar): boolean => scalar !== 0 && scalar !== 0n

/** Least and greatest integer of a type, or of a bit field of it. */
export function range(type: StrippedType, width?: number): { least: bigint; greatest: bigint } {
  if (type.kind === 'base' && type.encoding === 'boolean') return { least: 0n, greatest: 1n }
  const size = type.kind === 'base' || type.kind === 'enum' || type.kind === 'pointer' ? type.size : 0
  const bits = BigInt(width ?? 8 * size)
  const signed = (type.kind === 'base' || type.kind === 'enum') && isSigned(type)
  return signed
    ? { least: -(1n << (bits - 1n)), greatest: (1n << (bits - 1n)) - 1n }
    : { least: 0n, greatest: (1n << bits) - 1n }
}
