// Checks a launch configuration against the schema in package.json, the one place that defines its attributes.
// Only what that schema uses; VS Code's own attributes are not ours to check.
import { either, quoted } from '../userError.ts'

export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)

const isOfType = (value: unknown, type: string) =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type

const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

function expectation(value: unknown, schema: Schema): string | undefined {
  const types = [schema.type ?? []].flat()
  if (schema.enum && !schema.enum.includes(value)) return either(schema.enum.map(quoted))
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return either(types.map(withArticle))
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value))
    return `something like ${quoted(schema.default)}`
  if (typeof value !== 'number') return undefined
  const { minimum = -Infinity, maximum = Infinity } = schema
  return value < minimum || value > maximum ? `a number from ${minimum} to ${maximum}` : undefined
}

/** A sentence that names the first attribute that cannot be, and says what to write. */
export function problemIn(value: unknown, schema: Schema, path = ''): string | undefined {
  const expected = expectation(value, schema)
  if (expected) return `"${path}" is ${quoted(value)}. Write ${expected}.`
  if (Array.isArray(value))
    return firstOf(value, (item, index) => problemIn(item, schema.items ?? {}, `${path}[${index}]`))
  if (typeOf(value) !== 'object') return undefined

  const object = value as Record<string, unknown>
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  const missing = schema.required?.find((name) => object[name] === undefined)
  if (missing) return `"${inside(missing)}" is missing.`
  const known = Object.keys(schema.properties ?? {})
  const unknown = Object.keys(object).find((name) => schema.additionalProperties === false && !known.includes(name))
  if (unknown) return `"${inside(unknown)}" is not known. Known are: ${known.join(', ')}.`
  return firstOf(Object.entries(schema.properties ?? {}), ([name, property]) =>
    object[name] === undefined ? undefined : problemIn(object[name], property, inside(name)),
  )
}

function firstOf<Item>(items: readonly Item[], problem: (item: Item, index: number) => string | undefined) {
  for (const [index, item] of items.entries()) {
    const found = problem(item, index)
    if (found) return found
  }
  return undefined
}
