// What opens under a value: members, elements, the target of a pointer, the fields of a register. Each child has the
// C expression that names it. What it does not do: number them for the DAP, or print them (format.ts).
import { readScalar } from './read.ts'
import { fieldsOf } from './register.ts'
import { typeName } from './typeName.ts'
import { type ArrayType, arrayOf, flatMembers, isCharacter, isComplete, isStruct, sizeOf, strip } from './types.ts'
import { elementOf, inMemory, isUnavailable, memberOf, partOf, type Value, type ValueMemory } from './value.ts'

export interface NamedValue {
  readonly name: string
  readonly value: Value
  /** A C expression for it; undefined where none exists. */
  readonly expression?: string | undefined
  /** The value is a range of a longer array that begins with this index. */
  readonly firstIndex?: number
}

/** Which elements of an array are wanted; without a count all, in ranges if these are many. */
export interface Window {
  readonly start?: number | undefined
  readonly count?: number | undefined
}

/** What the DAP calls namedVariables and indexedVariables. */
export interface ChildCount {
  readonly named: number
  readonly indexed: number
}

const PAGE = 100

export function childCount(parent: NamedValue, memory: ValueMemory): ChildCount {
  const { value } = parent
  const type = strip(value.type)
  if (value.place.kind === 'unavailable') return { named: 0, indexed: 0 }
  if (type.kind === 'array') return { named: 0, indexed: isComplete(type.element()) ? (type.count ?? 0) : 0 }
  return { named: namedChildren(parent, memory).length, indexed: 0 }
}

export function children(parent: NamedValue, memory: ValueMemory, window: Window = {}): NamedValue[] {
  const type = strip(parent.value.type)
  const { indexed } = childCount(parent, memory)
  if (type.kind !== 'array') return namedChildren(parent, memory)
  if (!window.count && indexed > PAGE) return ranges(parent, type, indexed)
  const start = window.start ?? 0
  const end = Math.min(indexed, window.count ? start + window.count : indexed)
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => element(parent, type, start + i))
}

function element(parent: NamedValue, type: ArrayType, index: number): NamedValue {
  const name = `[${(parent.firstIndex ?? 0) + index}]`
  const value = elementOf(parent.value, type.element(), index)
  return { name, value, expression: extended(parent.expression, name) }
}

/** `[0..99]`, `[100..199]` ..., never more than a hundred of them: longer arrays have ranges of ranges. */
function ranges(parent: NamedValue, type: ArrayType, count: number): NamedValue[] {
  let length = PAGE
  while (length * PAGE < count) length *= PAGE
  const first = parent.firstIndex ?? 0
  return Array.from({ length: Math.ceil(count / length) }, (_, i) => {
    const start = i * length
    const size = Math.min(length, count - start)
    const value = partOf(parent.value, arrayOf(type.element(), size), start * sizeOf(type.element()))
    const name = `[${first + start}..${first + start + size - 1}]`
    return { name, value, expression: parent.expression, firstIndex: first + start }
  })
}

function namedChildren(parent: NamedValue, memory: ValueMemory): NamedValue[] {
  const { value, expression } = parent
  const type = strip(value.type)
  if (value.place.kind === 'unavailable') return []
  if (value.place.kind === 'cell' && value.place.cell.fields.length > 0) {
    return fieldsOf(value).map((field) => ({ ...field, expression: extended(expression, `.${field.name}`) }))
  }
  if (isStruct(type)) return members(value, expression, '.')
  return type.kind === 'pointer' ? target(parent, memory) : []
}

function members(value: Value, expression: string | undefined, operator: '.' | '->'): NamedValue[] {
  const type = strip(value.type)
  if (!isStruct(type)) return []
  return flatMembers(type).map((member) => ({
    name: member.name ?? '',
    value: memberOf(value, member),
    expression: extended(expression, `${operator}${member.name}`),
  }))
}

/** A pointer to a struct shows the members at once. Text stands in the summary; nothing is behind void, code and NULL. */
function target({ name, value, expression }: NamedValue, memory: ValueMemory): NamedValue[] {
  const type = strip(value.type)
  const address = readScalar(memory, value)
  if (type.kind !== 'pointer' || isUnavailable(address) || address === 0) return []
  const pointed = strip(type.target())
  if (pointed.kind === 'void' || pointed.kind === 'function' || isCharacter(pointed) || !isComplete(pointed)) return []
  const behind = inMemory(type.target(), Number(address))
  if (isStruct(pointed)) return members(behind, expression, '->')
  return [{ name: `*${name}`, value: behind, expression: expression && `*${primary(expression)}` }]
}

const extended = (expression: string | undefined, suffix: string) => expression && primary(expression) + suffix

/** What a postfix operator may follow; anything else is put in parentheses. */
const primary = (expression: string) =>
  /^\$?\w+(?:(?:\.|->)\w+|\[\d+\])*$/.test(expression) ? expression : `(${expression})`

/** What memory views open: where a pointer points to, else where the value stands. */
export function memoryReference(value: Value, memory: ValueMemory): number | undefined {
  if (strip(value.type).kind !== 'pointer') return addressOf(value)
  const address = readScalar(memory, value)
  return isUnavailable(address) ? undefined : Number(address)
}

/** Undefined: not in memory, or a bit field. */
export const addressOf = ({ place, bitField }: Value): number | undefined =>
  place.kind === 'memory' && !bitField ? place.address : undefined

/** `unsigned int : 3` for a bit field. */
export const typeOf = ({ type, bitField }: Value): string =>
  bitField ? `${typeName(type)} : ${bitField.width}` : typeName(type)
