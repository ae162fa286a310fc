// One line for a value, as gdb and VS Code users expect it: 42, 97 'a', 0xc0008000 "text", {pid = 0, comm = "swapper"...}.
// What it does not do: build long texts only to cut them. It stops reading where maxLength is used up.
import type { Member } from '../symbols/model.ts'
import { type Display, formatEnum, formatFloat, formatInteger } from './formatNumber.ts'
import { readBytes, readScalar, readText, type Text, textOf } from './read.ts'
import { hexAddress, looksLikeText, quotedCharacter, quotedText } from './text.ts'
import { typeName } from './typeName.ts'
import {
  type ArrayType,
  arrayOf,
  isCharacter,
  isFloat,
  isPlainChar,
  type PointerType,
  type StructType,
  sizeOf,
  strip,
} from './types.ts'
import {
  elementOf,
  isUnavailable,
  memberOf,
  type Scalar,
  type Unavailable,
  type Value,
  type ValueMemory,
} from './value.ts'

export interface FormatContext {
  readonly memory: ValueMemory
  /** `start_kernel`, `start_kernel+0x10`: what stands between < and >. */
  symbolName?(address: number): string | undefined
  /** How a person asked to see integers; undefined means what suits the type. */
  readonly display?: Display | undefined
  /** About how many characters; 160. */
  readonly maxLength?: number
}

const MAX_LENGTH = 160
const MAX_TEXT = 200
/** From this many equal neighbours on, an array says it once. */
const REPEATS = 10
/** Bytes of an array that are looked at for a summary. */
const MAX_ARRAY_BYTES = 8192

export const format = (value: Value, context: FormatContext): string =>
  formatWithin(value, context, context.maxLength ?? MAX_LENGTH)

/** room: how many characters are left for it. */
function formatWithin(value: Value, context: FormatContext, room: number): string {
  if (value.place.kind === 'unavailable') return failure(value.place)
  const type = strip(value.type)
  switch (type.kind) {
    case 'void':
      return 'void'
    case 'struct':
    case 'union':
      return type.incomplete ? '<incomplete type>' : formatStruct(value, type, context, room)
    case 'array':
      return formatArray(value, type, context, room)
    case 'function':
      return formatFunction(value, context)
    default:
      return formatScalar(value, context)
  }
}

const failure = ({ reason }: Unavailable) => `<${reason}>`

function formatScalar(value: Value, context: FormatContext): string {
  const scalar = readScalar(context.memory, value)
  if (isUnavailable(scalar)) return failure(scalar)
  const type = strip(value.type)
  if (type.kind === 'pointer') return formatPointer(Number(scalar), type, context)
  if (isFloat(type)) return formatFloating(value, Number(scalar), context)
  const display = context.display === 'string' ? undefined : (context.display ?? (value.hex ? 'hex' : undefined))
  if (type.kind === 'enum' && !display) return formatEnum(type, scalar)
  if (type.kind === 'base' && type.encoding === 'boolean' && !display) return formatBoolean(Number(scalar))
  return formatInteger(scalar, bitsOf(value), display) + asCharacter(value, scalar, display)
}

const bitsOf = (value: Value) => value.bitField?.width ?? 8 * sizeOf(value.type)

/** A character follows its number, where it is one or somebody asked. */
function asCharacter(value: Value, scalar: Scalar, display: Display | undefined): string {
  const wanted = display === 'character' || (isCharacter(strip(value.type)) && (!display || display === 'hex'))
  return wanted && !value.hex ? ` ${quotedCharacter(Number(BigInt.asUintN(8, BigInt(scalar))))}` : ''
}

/** In hex, octal and binary the bytes are shown, as gdb does: a fraction has no digits there. */
function formatFloating(value: Value, number: number, context: FormatContext): string {
  const { display, memory } = context
  if (display !== 'hex' && display !== 'octal' && display !== 'binary') return formatFloat(number, sizeOf(value.type))
  const bytes = readBytes(memory, value)
  if (isUnavailable(bytes)) return failure(bytes)
  return formatInteger(
    bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    8 * bytes.length,
    display,
  )
}

/** A _Bool that holds neither 0 nor 1 is worth seeing. */
const formatBoolean = (scalar: number) => (scalar > 1 ? String(scalar) : String(scalar === 1))

function formatPointer(address: number, type: PointerType, context: FormatContext): string {
  const { display, memory } = context
  const number =
    display && display !== 'string' && display !== 'hex' ? formatInteger(address, 32, display) : hexAddress(address)
  const target = strip(type.target())
  const asked = display === 'string' && (target.kind === 'void' || isCharacter(target))
  if (address !== 0 && (asked || isCharacter(target))) {
    const text = readText(memory, address, MAX_TEXT)
    if (asked || isPlainChar(target) || looksLikeText(text)) return `${number} ${formatText(text, address)}`
  }
  return number + symbol(address, context)
}

function symbol(address: number, context: FormatContext): string {
  const name = address === 0 ? undefined : context.symbolName?.(address)
  return name === undefined ? '' : ` <${name}>`
}

function formatText({ bytes, end }: Text, address: number): string {
  if (end !== 'fault') return quotedText(bytes) + (end === 'limit' ? '...' : '')
  const fault = `<cannot access memory at ${hexAddress(address + bytes.length)}>`
  return bytes.length === 0 ? fault : `${quotedText(bytes)}${fault}`
}

function formatFunction(value: Value, context: FormatContext): string {
  const { place } = value
  if (place.kind !== 'memory') return `{${typeName(value.type)}}`
  return `{${typeName(value.type)}} ${hexAddress(place.address)}${symbol(place.address, context)}`
}

/** Anonymous members stand in braces of their own, as in the declaration. */
function formatStruct(value: Value, type: StructType, context: FormatContext, room: number): string {
  const { place } = value
  // Said once, not for each member.
  if (place.kind === 'memory' && type.size > 0 && !context.memory.read(place.address, 1)) {
    return `<cannot access memory at ${hexAddress(place.address)}>`
  }
  return braced(type.members(), room, (member: Member, left) => {
    const text = formatWithin(memberOf(value, member), context, left)
    return { text: member.name === undefined ? text : `${member.name} = ${text}`, covers: 1 }
  })
}

/** `{a, b...}` of as many items as there is room for; an item may cover several. */
function braced<T>(
  items: ArrayLike<T>,
  room: number,
  item: (item: T, left: number, index: number) => { text: string; covers: number },
): string {
  let text = '{'
  for (let i = 0; i < items.length; ) {
    if (text.length >= room) return `${text}...}`
    const next = item(items[i]!, room - text.length, i)
    text += (i === 0 ? '' : ', ') + next.text
    i += next.covers
  }
  return `${text}}`
}

function formatArray(value: Value, type: ArrayType, context: FormatContext, room: number): string {
  const element = strip(type.element())
  if (isCharacter(element) && wantsText(context.display)) {
    const text = arrayText(value, type, context.memory)
    if (isUnavailable(text)) return failure(text)
    if (context.display === 'string' || isPlainChar(element) || looksLikeText(text)) return formatArrayText(text)
  }
  if (type.count === undefined) return value.place.kind === 'memory' ? hexAddress(value.place.address) : '{...}'
  return formatElements(value, type, type.count, context, room)
}

const wantsText = (display: Display | undefined) => display === undefined || display === 'hex' || display === 'string'

/** The text of an array; a flexible one is read to its NUL. */
function arrayText(value: Value, type: ArrayType, memory: ValueMemory): Text | Unavailable {
  if (type.count === undefined && value.place.kind === 'memory') return readText(memory, value.place.address, MAX_TEXT)
  const bytes = readBytes(memory, beginning(value, type, type.count ?? 0))
  return isUnavailable(bytes) ? bytes : textOf(bytes, MAX_TEXT)
}

const formatArrayText = ({ bytes, end }: Text) =>
  quotedText(bytes) + (end === 'limit' ? '...' : end === 'zero' || bytes.length === 0 ? '' : ' <not terminated>')

/** As much of an array as a summary looks at. */
function beginning(value: Value, type: ArrayType, count: number): Value {
  const element = type.element()
  const most = Math.max(1, Math.floor(MAX_ARRAY_BYTES / Math.max(1, sizeOf(element))))
  return count <= most ? value : { ...value, type: arrayOf(element, most) }
}

/** Reads the bytes once and takes the elements out of them. */
function formatElements(value: Value, type: ArrayType, count: number, context: FormatContext, room: number): string {
  const element = type.element()
  const start = beginning(value, type, count)
  const bytes = readBytes(context.memory, start)
  if (isUnavailable(bytes)) return failure(bytes)
  const size = sizeOf(element)
  const read: Value = { type: start.type, place: { kind: 'value', bytes } }
  const known = size === 0 ? Math.min(count, REPEATS) : bytes.length / size
  const text = braced({ length: known }, room, (_, left, index) => {
    const repeats = repeatsAt(bytes, size, index)
    const text = formatWithin(elementOf(read, element, index), context, left)
    return repeats < REPEATS ? { text, covers: 1 } : { text: `${text} <repeats ${repeats} times>`, covers: repeats }
  })
  return known < count && !text.endsWith('...}') ? `${text.slice(0, -1)}...}` : text
}

/** How many elements from index on have the same bytes. */
function repeatsAt(bytes: Uint8Array, size: number, index: number): number {
  if (size === 0) return 1
  const first = index * size
  let end = first + size
  while (end < bytes.length && bytes[end] === bytes[end - size]) end++
  return Math.floor((end - first) / size)
}
