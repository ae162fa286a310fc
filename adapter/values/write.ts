// Writes values: bytes to wherever they belong, numbers and bit fields, strings into arrays of characters.
// What it does not do: take expressions (expression/), or write structs member by member.
import type { Place } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { piecesWithin, readBytes, sizeInBytes } from './read.ts'
import { convert, encode, range } from './scalar.ts'
import { hexAddress, parseInteger, unescaped } from './text.ts'
import { typeName } from './typeName.ts'
import { type EnumType, isCharacter, isFloat, isScalar, type StrippedType, strip } from './types.ts'
import { isUnavailable, type Scalar, type Value, type ValueMemory } from './value.ts'

/** Sets a value from what a person typed or from a number. Refuses what would not fit. */
export function writeValue(memory: ValueMemory, value: Value, input: string | Scalar): void {
  const type = strip(value.type)
  if (typeof input === 'string' && type.kind === 'array' && isCharacter(strip(type.element()))) {
    writeText(memory, value, stringLiteral(input))
    return
  }
  if (!isScalar(type)) {
    throw new UserError(`A value of type ${typeName(value.type)} cannot be set as a whole. Set its parts one by one.`)
  }
  const scalar = typeof input === 'string' ? scalarFromText(value, input.trim()) : input
  writeScalar(memory, value, checked(value, scalar))
}

/** Sets a number or bit field as a C assignment does: what does not fit is cut off. */
export function writeScalar(memory: ValueMemory, value: Value, scalar: Scalar): void {
  const type = strip(value.type)
  if (!isScalar(type)) throw new UserError(`A value of type ${typeName(value.type)} is not a number.`)
  if (value.place.kind === 'cell') {
    value.place.cell.write(convert(type, scalar))
    return
  }
  if (!value.bitField) {
    writeBytes(memory, value, encode(type, scalar))
    return
  }
  const old = readBytes(memory, value)
  if (isUnavailable(old)) throw new UserError(`The bit field cannot be written: ${old.reason}.`)
  writeBytes(memory, value, withBits(old, value.bitField, BigInt(convert(type, scalar))))
}

function withBits(old: Uint8Array, { offset, width }: { offset: number; width: number }, bits: bigint): Uint8Array {
  const bytes = Uint8Array.from(old)
  for (let i = 0; i < width; i++) {
    const mask = 0x80 >> ((offset + i) & 7)
    const one = (bits >> BigInt(width - 1 - i)) & 1n
    bytes[(offset + i) >> 3] = one ? bytes[(offset + i) >> 3]! | mask : bytes[(offset + i) >> 3]! & ~mask
  }
  return bytes
}

/** Replaces the bytes that a value covers. */
export function writeBytes(memory: ValueMemory, value: Value, bytes: Uint8Array): void {
  const { place } = value
  if (place.kind === 'literal' || place.kind === 'cell')
    throw new UserError('A computed value is stored nowhere and cannot be set.')
  if (place.kind === 'part') writePlace(memory, place.whole, place.size, place.offset, bytes)
  else writePlace(memory, place, sizeInBytes(value), 0, bytes)
}

function writePlace(memory: ValueMemory, place: Place, whole: number, offset: number, bytes: Uint8Array): void {
  switch (place.kind) {
    case 'memory': {
      const address = (place.address + offset) >>> 0
      if (!memory.write(address, bytes)) throw new UserError(`Memory at ${hexAddress(address)} cannot be written.`)
      return
    }
    case 'register':
      writeRegister(memory, place.number, Math.max(0, 4 - whole) + offset, bytes)
      return
    case 'pieces':
      for (const piece of piecesWithin(place.pieces, offset, bytes.length)) {
        const part = bytes.subarray(piece.start, piece.start + piece.to - piece.from)
        writePlace(memory, piece.place, piece.length, piece.from, part)
      }
      return
    case 'value':
      throw new UserError('The compiler keeps this value nowhere, so it cannot be set.')
    case 'unavailable':
      throw new UserError(`The value cannot be set: ${place.reason}.`)
  }
}

/** first: the byte of the register, or of those after it, where the bytes go. What is beside them stays. */
function writeRegister(memory: ValueMemory, number: number, first: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const register = number + Math.floor((first + at) / 4)
    let word = memory.register(register) ?? 0
    do {
      const shift = 24 - 8 * ((first + at) % 4)
      word = (word & ~(255 << shift)) | (bytes[at]! << shift)
      at++
    } while (at < bytes.length && (first + at) % 4 !== 0)
    if (!memory.writeRegister(register, word)) throw new UserError('The register cannot be set in this frame.')
  }
}

/** A string into an array of characters; the rest becomes zero, as in C's initialisers. */
export function writeText(memory: ValueMemory, value: Value, text: readonly number[]): void {
  const type = strip(value.type)
  const count = type.kind === 'array' ? type.count : undefined
  if (count !== undefined && text.length > count) {
    throw new UserError(`The string has ${text.length} bytes, ${typeName(value.type)} has room for ${count}.`)
  }
  const bytes = new Uint8Array(count ?? text.length + 1)
  bytes.set(text)
  const { place } = value
  if (count === undefined && place.kind === 'memory') writePlace(memory, place, 0, 0, bytes)
  else writeBytes(memory, value, bytes)
}

function stringLiteral(input: string): number[] {
  const match = /^"((?:[^"\\]|\\.)*)"$/s.exec(input.trim())
  if (!match)
    throw new UserError(`An array of characters is set from a string. Write "${input.trim()}" with its quotes.`)
  return unescaped(match[1]!)
}

/** Editors offer the value as it is shown: `97 'a'`, `0xc0000000 <start>`, `(A | 0x10)`; what follows the number is passed over. */
const asTyped = (text: string) => text.replace(/^(-?\w+) (?:'.*'|<.*>|".*)$/s, '$1').replace(/^\((.*)\)$/s, '$1')

function scalarFromText(value: Value, shown: string): Scalar {
  const type = strip(value.type)
  const text = asTyped(shown)
  if (type.kind === 'enum') return enumeratorsFromText(type, text) ?? refuse(value, text)
  if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0
  if (type.kind === 'pointer' && text === 'NULL') return 0
  if (isFloat(type) && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?f?$/i.test(text)) return Number.parseFloat(text)
  if (isFloat(type) && /^(?:nan|-?inf)$/.test(text)) return Number(text.replace('inf', 'Infinity'))
  return parseInteger(text) ?? refuse(value, text)
}

function enumeratorsFromText(type: EnumType, text: string): bigint | undefined {
  const parts = text.split('|').map((name) => {
    const found = type.values().find((enumerator) => enumerator.name === name.trim())
    return found ? BigInt(found.value) : parseInteger(name.trim())
  })
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum | part), 0n)
}

function refuse(value: Value, text: string): never {
  const type = strip(value.type)
  const names =
    type.kind === 'enum'
      ? type
          .values()
          .slice(0, 5)
          .map((enumerator) => enumerator.name)
          .join(', ')
      : ''
  const hint = names ? `Write a number or a name such as ${names}.` : 'Write a number, for example 42 or 0x2a.'
  throw new UserError(`"${text}" is not a value of type ${typeName(value.type)}. ${hint}`)
}

/** A number that fits; in hex a person may also write a negative one as its bits. */
function checked(value: Value, scalar: Scalar): Scalar {
  const type = strip(value.type)
  if (isFloat(type)) return scalar
  if (typeof scalar === 'number' && !Number.isInteger(scalar)) {
    throw new UserError(`${scalar} is not a whole number, and ${typeName(value.type)} has no fractions.`)
  }
  const { least, greatest } = range(type, value.bitField?.width)
  const most = least < 0n ? 2n * greatest + 1n : greatest
  if (BigInt(scalar) >= minimum(type, least, greatest) && BigInt(scalar) <= most) return scalar
  const where = value.bitField ? `a bit field of ${value.bitField.width} bits` : typeName(value.type)
  throw new UserError(`${scalar} does not fit into ${where} (${least} to ${greatest}).`)
}

/** -1 for an unsigned type means all bits set, except where there is only one bit. */
const minimum = (type: StrippedType, least: bigint, greatest: bigint) =>
  least < 0n || (type.kind === 'base' && type.encoding === 'boolean') ? least : -((greatest + 1n) / 2n)
