// Is this message valid? The answer comes from the types of @vscode/debugprotocol, not from ours.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Interface, type ObjectType, parseDeclarations, type Type } from './types.ts'

const file = createRequire(import.meta.url).resolve('@vscode/debugprotocol/lib/debugProtocol.d.ts')
const { interfaces, aliases } = parseDeclarations(readFileSync(file, 'utf8'))

export type From = 'client' | 'adapter'
export type Json = Readonly<Record<string, unknown>>

const byName = (suffix: string, base: string) =>
  new Map(
    [...interfaces.values()]
      .filter(({ wireName, bases }) => wireName !== undefined && bases.includes(base))
      .map((declared) => [declared.wireName!, declared.name.replace(/(Request|Event)$/, suffix)]),
  )

/** Command or event -> name of its interface. */
export const requests = byName('Request', 'Request')
export const responses = byName('Response', 'Request')
export const events = byName('Event', 'Event')

/** What is wrong with a message, each problem with its path; empty for a valid one. Of the adapter's messages no member may be unknown. */
export function problemsOf(message: Json, from: From): string[] {
  const name = interfaceOf(message)
  if (name === undefined) return [`${describe(message)}: the protocol has no such message`]
  return problems({ kind: 'ref', name }, message, describe(message), from === 'adapter')
}

function interfaceOf(message: Json): string | undefined {
  switch (message.type) {
    case 'request':
      return isOurOwn(message.command) ? 'Request' : requests.get(String(message.command))
    case 'response':
      if (message.success === false) return 'ErrorResponse'
      return isOurOwn(message.command) ? 'Response' : responses.get(String(message.command))
    case 'event':
      return isOurOwn(message.event) ? 'Event' : events.get(String(message.event))
    default:
      return undefined
  }
}

/** Requests and events beside the protocol have bodies of their own. */
const isOurOwn = (name: unknown) => typeof name === 'string' && name.startsWith('e500/')

const describe = (message: Json) => `${message.type} ${message.command ?? message.event}`

function problems(type: Type, value: unknown, path: string, isStrict: boolean): string[] {
  switch (type.kind) {
    case 'any':
      return []
    case 'null':
      return value === null ? [] : [`${path}: ${show(value)} is not null`]
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type.kind ? [] : [`${path}: ${show(value)} is no ${type.kind}`]
    case 'literal':
      return value === type.text ? [] : [`${path}: ${show(value)} is not '${type.text}'`]
    case 'ref':
      return problems(aliases.get(type.name) ?? wholeOf(type.name), value, path, isStrict)
    case 'array':
      if (!Array.isArray(value)) return [`${path}: ${show(value)} is no array`]
      return value.flatMap((item, n) => problems(type.of, item, `${path}[${n}]`, isStrict))
    case 'union':
      if (type.of.some((one) => problems(one, value, path, isStrict).length === 0)) return []
      return [`${path}: ${show(value)} is none of ${type.of.map(nameOf).join(', ')}`]
    case 'object':
      return problemsOfObject(type, value, path, isStrict)
  }
}

function problemsOfObject(type: ObjectType, value: unknown, path: string, isStrict: boolean): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path}: ${show(value)} is no object`]
  const missing = [...type.members]
    .filter(([name, { isOptional }]) => !isOptional && !Object.hasOwn(value, name))
    .map(([name]) => `${path}.${name} is missing`)
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const expected = type.members.get(name)?.type ?? type.index
    if (expected) return problems(expected, inner, `${path}.${name}`, isStrict)
    return isStrict ? [`${path}.${name} is unknown to the protocol`] : []
  })
  return [...missing, ...wrong]
}

/** An interface with its bases' members; its own come last, for they narrow those of the bases. */
function wholeOf(name: string): ObjectType {
  const known = wholes.get(name)
  if (known) return known
  const declared = interfaces.get(name)
  if (!declared) throw new Error(`debugProtocol.d.ts has no type ${name}`)
  const whole = flattened(declared)
  wholes.set(name, whole)
  return whole
}

const wholes = new Map<string, ObjectType>()

function flattened({ bases, own }: Interface): ObjectType {
  const parts = [...bases.map(wholeOf), own]
  return {
    kind: 'object',
    members: new Map(parts.flatMap(({ members }) => [...members])),
    index: parts.findLast(({ index }) => index)?.index,
  }
}

const nameOf = (type: Type) =>
  type.kind === 'literal' ? `'${type.text}'` : type.kind === 'ref' ? type.name : type.kind

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 60 ? `${text.slice(0, 60)} …` : text
}
