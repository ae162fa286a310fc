// Reads values: bytes from wherever they are, scalars and bit fields from bytes, text from memory.
// What it does not do: throw. What cannot be read comes back as Unavailable with the reason.
import type { Place } from '../symbols/model.ts'
import { convert, decode, encode } from './scalar.ts'
import { hexAddress } from './text.ts'
import { isScalar, sizeOf, strip } from './types.ts'
import { isUnavailable, type Scalar, type Unavailable, type Value, type ValueMemory } from './value.ts'

const REGISTER_BYTES = 4
/** Text is read in pieces that never cross a page; where one is not whole, byte by byte. */
const TEXT_CHUNK = 64

const unavailable = (reason: string): Unavailable => ({ kind: 'unavailable', reason })

/** The bytes that a value covers; a bit field's are those that its bits touch. */
export function readBytes(memory: ValueMemory, value: Value): Uint8Array | Unavailable {
  const { place } = value
  const size = sizeInBytes(value)
  if (place.kind === 'part') return readPlace(memory, place.whole, place.size, place.offset, size)
  if (place.kind !== 'literal' && place.kind !== 'cell') return readPlace(memory, place, size, 0, size)
  const type = strip(value.type)
  const scalar = readScalar(memory, value)
  if (isUnavailable(scalar)) return scalar
  return isScalar(type) ? encode(type, scalar) : unavailable('a computed value without bytes')
}

export function sizeInBytes({ type, bitField }: Value): number {
  return bitField ? (bitField.offset + bitField.width + 7) >> 3 : sizeOf(type)
}

/** size bytes from offset of a place that holds `whole` bytes. */
function readPlace(
  memory: ValueMemory,
  place: Place,
  whole: number,
  offset: number,
  size: number,
): Uint8Array | Unavailable {
  switch (place.kind) {
    case 'memory':
      return readMemory(memory, place.address + offset, size)
    case 'value':
      return offset + size <= place.bytes.length
        ? place.bytes.subarray(offset, offset + size)
        : unavailable('the debug information gives too few bytes')
    case 'register':
      return readRegister(memory, place.number, whole, offset, size)
    case 'pieces':
      return readPieces(memory, place.pieces, offset, size)
    case 'unavailable':
      return place
  }
}

function readMemory(memory: ValueMemory, address: number, size: number): Uint8Array | Unavailable {
  if (size === 0) return new Uint8Array(0)
  return memory.read(address >>> 0, size) ?? unavailable(`cannot access memory at ${hexAddress(address)}`)
}

/** Big endian: what is smaller than a register stands in its last bytes; what is larger continues in the next register. */
function readRegister(memory: ValueMemory, number: number, whole: number, offset: number, size: number) {
  const first = Math.max(0, REGISTER_BYTES - whole) + offset
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    const word = memory.register(number + Math.floor((first + i) / REGISTER_BYTES))
    if (word === undefined) return unavailable('register not known in this frame')
    bytes[i] = word >>> (24 - 8 * ((first + i) % REGISTER_BYTES))
  }
  return bytes
}

type Pieces = Extract<Place, { kind: 'pieces' }>['pieces']

function readPieces(memory: ValueMemory, pieces: Pieces, offset: number, size: number): Uint8Array | Unavailable {
  const bytes = new Uint8Array(size)
  let filled = 0
  for (const { place, from, to, start, length } of piecesWithin(pieces, offset, size)) {
    const read = readPlace(memory, place, length, from, to - from)
    if (isUnavailable(read)) return read
    bytes.set(read, start)
    filled += to - from
  }
  return filled === size ? bytes : unavailable('the debug information gives too few bytes')
}

/** Which bytes from..to of which pieces make up the bytes [offset, offset + size), and where in them they start. */
export function piecesWithin(pieces: Pieces, offset: number, size: number) {
  let position = 0
  return pieces.flatMap(({ place, bytes: length }) => {
    const from = Math.max(0, offset - position)
    const to = Math.min(length, offset + size - position)
    const start = position + from - offset
    position += length
    return from < to ? [{ place, from, to, start, length }] : []
  })
}

/** The number of a scalar or bit field. */
export function readScalar(memory: ValueMemory, value: Value): Scalar | Unavailable {
  const { place } = value
  if (place.kind === 'literal') return place.scalar
  if (place.kind === 'cell') return place.cell.read() ?? unavailable('register not known in this frame')
  const type = strip(value.type)
  if (!isScalar(type)) return unavailable('not a number')
  const bytes = readBytes(memory, value)
  if (isUnavailable(bytes)) return bytes
  if (!value.bitField) return decode(type, bytes)
  const bits = unsignedBits(bytes, value.bitField.offset, value.bitField.width)
  const signed = (type.kind === 'base' && type.encoding === 'signed') || (type.kind === 'enum' && type.signed)
  return convert(type, signed ? BigInt.asIntN(value.bitField.width, bits) : bits)
}

/** Bits from offset, most significant first. */
function unsignedBits(bytes: Uint8Array, offset: number, width: number): bigint {
  const all = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return BigInt.asUintN(width, all >> BigInt(8 * bytes.length - offset - width))
}

export interface Text {
  readonly bytes: Uint8Array
  /** 'zero': ended by a NUL; 'limit': there is more; 'end': the array ends without a NUL; 'fault': the next byte is not mapped. */
  readonly end: 'zero' | 'limit' | 'end' | 'fault'
}

/** The characters at an address, at most limit of them. */
export function readText(memory: ValueMemory, address: number, limit: number): Text {
  const bytes: number[] = []
  while (bytes.length <= limit) {
    const next = address + bytes.length
    const chunk = memory.read(next >>> 0, TEXT_CHUNK - (next % TEXT_CHUNK)) ?? memory.read(next >>> 0, 1)
    if (!chunk) return { bytes: Uint8Array.from(bytes), end: 'fault' }
    const zero = chunk.indexOf(0)
    bytes.push(...(zero < 0 ? chunk : chunk.subarray(0, zero)))
    if (zero >= 0 && bytes.length <= limit) return { bytes: Uint8Array.from(bytes), end: 'zero' }
  }
  return { bytes: Uint8Array.from(bytes.slice(0, limit)), end: 'limit' }
}

/** The characters of an array up to its trailing NULs; NULs inside stay. */
export function textOf(array: Uint8Array, limit: number): Text {
  let length = array.length
  while (length > 0 && array[length - 1] === 0) length--
  if (length > limit) return { bytes: array.subarray(0, limit), end: 'limit' }
  return { bytes: array.subarray(0, length), end: length < array.length ? 'zero' : 'end' }
}
