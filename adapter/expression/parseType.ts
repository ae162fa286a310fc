// Type names as C writes them in casts and sizeof (ISO C 6.7.6): `unsigned long`, `struct page *`, `int (*)(void)`, `u8 [4]`.
// What it does not do: look them up (typeLookup.ts). Qualifiers are passed over: they change no value.
import { UserError } from '../userError.ts'
import type { Cursor } from './cursor.ts'
import type { TypeNode } from './syntax.ts'

const QUALIFIERS = new Set(['const', 'volatile', 'restrict', '_Atomic'])
const TAGS = new Set(['struct', 'union', 'enum'])
const BASE_WORDS = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
  'bool',
])

const isTypeWord = (text: string) => QUALIFIERS.has(text) || TAGS.has(text) || BASE_WORDS.has(text)

/** Does what begins `ahead` tokens from here, behind a parenthesis, name a type? */
export function beginsType(cursor: Cursor, ahead: number): boolean {
  const token = cursor.peek(ahead)
  if (token.kind !== 'name') return false
  if (isTypeWord(token.text)) return true
  let end = ahead + 1
  while (cursor.is('*', end)) end++
  const isPointer = end > ahead + 1
  if (!cursor.is(')', end)) return isAbstract(cursor, ahead + 1) && cursor.isType(token.name)
  if (isPointer || beginsOperandOnly(cursor, end + 1)) return true
  return mayBeginOperand(cursor, end + 1) && cursor.isType(token.name)
}

/** `(*`, `[` or a qualifier after a type's name. */
const isAbstract = (cursor: Cursor, ahead: number) =>
  (cursor.is('(', ahead) && cursor.is('*', ahead + 1)) ||
  cursor.is('[', ahead) ||
  QUALIFIERS.has(cursor.peek(ahead).text) ||
  cursor.is('*', ahead)

/** `(a) b` can only be a cast. */
function beginsOperandOnly(cursor: Cursor, ahead: number): boolean {
  const { kind, text } = cursor.peek(ahead)
  return kind === 'punctuator' ? ['~', '!', '{'].includes(text) : kind !== 'end'
}

/** `(a) - b` depends on what a is. */
const mayBeginOperand = (cursor: Cursor, ahead: number) =>
  ['*', '&', '+', '-', '(', '++', '--'].includes(cursor.peek(ahead).text)

export function parseTypeName(cursor: Cursor): TypeNode {
  const type = specifier(cursor)
  return declarator(cursor)(type)
}

function specifier(cursor: Cursor): TypeNode {
  skipQualifiers(cursor)
  const { text } = cursor.peek()
  if (TAGS.has(text)) {
    cursor.next()
    return named(cursor, `${text} ${cursor.takeName(`the name of a ${text}`)}`)
  }
  const words: string[] = []
  while (BASE_WORDS.has(cursor.peek().text)) {
    words.push(cursor.next().text)
    skipQualifiers(cursor)
  }
  return named(cursor, words.length > 0 ? baseTypeName(words) : cursor.takeName('a type'))
}

function named(cursor: Cursor, name: string): TypeNode {
  skipQualifiers(cursor)
  return { kind: 'named', name }
}

function skipQualifiers(cursor: Cursor): void {
  while (QUALIFIERS.has(cursor.peek().text)) cursor.next()
}

/** `long unsigned int` and its relatives by the one name that types.ts has (ISO C 6.7.2). */
function baseTypeName(words: readonly string[]): string {
  const count = (word: string) => words.filter((other) => other === word).length
  const longs = count('long')
  const kinds = words.filter((word) => !['signed', 'unsigned', 'short', 'long'].includes(word))
  const kind = kinds[0]?.replace('bool', '_Bool').replace('__', '_') ?? 'int'
  const signs = count('signed') + count('unsigned')
  const wrong = kinds.length > 1 || signs > 1 || longs > 2 || count('short') > 1 || (count('short') && longs)
  const name = kind === 'int' ? integerName(words, longs) : longs === 1 && kind === 'double' ? 'long double' : kind
  const extra = kind === 'int' ? 0 : kind === 'char' ? longs + count('short') : signs + count('short') + longs
  if (wrong || (extra > 0 && name !== 'long double') || (name === 'long double' && extra > 1)) {
    throw new UserError(`"${words.join(' ')}" is not a type of C.`)
  }
  return kind === 'char' && signs > 0 ? `${count('signed') ? 'signed' : 'unsigned'} char` : name
}

function integerName(words: readonly string[], longs: number): string {
  const length = words.includes('short') ? 'short' : ['int', 'long', 'long long'][longs]
  return words.includes('unsigned') ? `unsigned ${length}` : String(length)
}

type Wrap = (type: TypeNode) => TypeNode

/** What stands around a missing name: stars before it, brackets and parameters behind it bind tighter. */
function declarator(cursor: Cursor): Wrap {
  return cursor.nested(() => {
    let stars = 0
    for (; cursor.take('*'); stars++) skipQualifiers(cursor)
    const inner = nestedDeclarator(cursor)
    const suffixes: Wrap[] = []
    for (let suffix = takeSuffix(cursor); suffix; suffix = takeSuffix(cursor)) suffixes.unshift(suffix)
    return (type) => {
      let wrapped = type
      for (let i = 0; i < stars; i++) wrapped = { kind: 'pointer', target: wrapped }
      return inner(suffixes.reduce((wrapped, suffix) => suffix(wrapped), wrapped))
    }
  })
}

function nestedDeclarator(cursor: Cursor): Wrap {
  if (!cursor.is('(') || !cursor.is('*', 1)) return (type) => type
  cursor.next()
  const inner = declarator(cursor)
  cursor.expect(')', 'to close the "(" of the type')
  return inner
}

function takeSuffix(cursor: Cursor): Wrap | undefined {
  if (cursor.take('[')) {
    const count = takeCount(cursor)
    cursor.expect(']', 'after the number of elements')
    return (element) => ({ kind: 'array', element, count })
  }
  if (!cursor.take('(')) return undefined
  const parameters: TypeNode[] = []
  while (!cursor.is(')')) {
    parameters.push(parseTypeName(cursor))
    if (!cursor.take(',')) break
  }
  cursor.expect(')', 'after the parameters')
  return (returns) => ({ kind: 'function', returns, parameters: parameters.filter((type) => !isVoid(type)) })
}

const isVoid = (type: TypeNode) => type.kind === 'named' && type.name === 'void'

function takeCount(cursor: Cursor): number | undefined {
  const token = cursor.peek()
  if (token.kind !== 'number') return undefined
  cursor.next()
  const count = Number(token.scalar)
  if (!Number.isSafeInteger(count) || count < 0 || count > 0xffffffff) {
    throw new UserError(`An array cannot have ${token.text} elements.`)
  }
  return count
}
