// Tokens into trees: precedence climbing over C's operators (ISO C 6.5), with gdb's `@`, `{type}address` and `$register`.
// What it does not do: look names up. Only whether a name is a type is asked, because `(a)*b` means two things.
import type { Cursor } from './cursor.ts'
import { beginsType, parseTypeName } from './parseType.ts'
import type { ArithmeticOperator, BinaryOperator, Node } from './syntax.ts'

/** From weak to strong; `@` stands where gdb has it. Assignment and ?: are weaker and go to the right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['@'],
  ['+', '-'],
  ['*', '/', '%'],
]
const STRENGTH = new Map<string, number>(LEVELS.flatMap((level, i) => level.map((operator) => [operator, i] as const)))
const ASSIGNMENT = /^(=|(?:[-+*/%&|^]|<<|>>)=)$/

/** The whole text. */
export function parseAll(cursor: Cursor): Node {
  const node = parseExpression(cursor)
  if (cursor.peek().kind !== 'end') cursor.fail('an operator or the end')
  return node
}

function parseExpression(cursor: Cursor): Node {
  const start = cursor.peek().at
  let node = parseAssignment(cursor)
  while (cursor.take(',')) {
    const right = parseAssignment(cursor)
    node = { kind: 'binary', operator: ',', left: node, right, source: cursor.sourceFrom(start) }
  }
  return node
}

function parseAssignment(cursor: Cursor): Node {
  return cursor.nested(() => {
    const start = cursor.peek().at
    const left = parseConditional(cursor)
    const { kind, text } = cursor.peek()
    if (kind !== 'punctuator' || !ASSIGNMENT.test(text)) return left
    cursor.next()
    const right = parseAssignment(cursor)
    const operator = text === '=' ? undefined : (text.slice(0, -1) as ArithmeticOperator)
    return { kind: 'assign', operator, left, right, source: cursor.sourceFrom(start) }
  })
}

function parseConditional(cursor: Cursor): Node {
  const start = cursor.peek().at
  const condition = parseBinary(cursor, 0)
  if (!cursor.take('?')) return condition
  const then = cursor.nested(() => parseExpression(cursor))
  cursor.expect(':', 'between the two results of "?"')
  const otherwise = cursor.nested(() => parseConditional(cursor))
  return { kind: 'conditional', condition, then, otherwise, source: cursor.sourceFrom(start) }
}

function parseBinary(cursor: Cursor, weakest: number): Node {
  const start = cursor.peek().at
  let left = parseUnary(cursor)
  for (;;) {
    const { kind, text } = cursor.peek()
    const strength = kind === 'punctuator' ? STRENGTH.get(text) : undefined
    if (strength === undefined || strength < weakest) return left
    cursor.next()
    const right = parseBinary(cursor, strength + 1)
    left = { kind: 'binary', operator: text as BinaryOperator, left, right, source: cursor.sourceFrom(start) }
  }
}

const parseUnary = (cursor: Cursor): Node => cursor.nested(() => parsePrefix(cursor))

function parsePrefix(cursor: Cursor): Node {
  const start = cursor.peek().at
  const { kind, text } = cursor.peek()
  const source = () => cursor.sourceFrom(start)
  if (kind === 'punctuator') {
    if (text === '++' || text === '--') {
      cursor.next()
      const operand = parseUnary(cursor)
      return { kind: 'step', operator: text === '++' ? '+' : '-', isPrefix: true, operand, source: source() }
    }
    if (text === '-' || text === '+' || text === '!' || text === '~' || text === '*' || text === '&') {
      cursor.next()
      return { kind: 'unary', operator: text, operand: parseUnary(cursor), source: source() }
    }
    if (text === '{') return parseAt(cursor)
    if (text === '(' && beginsType(cursor, 1)) return parseCast(cursor)
  }
  if (kind === 'name' && (text === 'sizeof' || text === '_Alignof' || text === '__alignof__')) return parseSize(cursor)
  return parsePostfix(cursor)
}

function parseAt(cursor: Cursor): Node {
  const start = cursor.next().at
  const type = parseTypeName(cursor)
  cursor.expect('}', 'after the type')
  const address = parseUnary(cursor)
  return { kind: 'at', type, address, source: cursor.sourceFrom(start) }
}

function parseCast(cursor: Cursor): Node {
  const start = cursor.next().at
  const type = parseTypeName(cursor)
  cursor.expect(')', 'after the type')
  const operand = parseUnary(cursor)
  return { kind: 'cast', type, operand, source: cursor.sourceFrom(start) }
}

function parseSize(cursor: Cursor): Node {
  const { at: start, text } = cursor.next()
  const what = text === 'sizeof' ? 'sizeof' : '_Alignof'
  const isType = cursor.is('(') && (beginsType(cursor, 1) || isNameOfType(cursor))
  if (what === 'sizeof' && !isType)
    return { kind: 'sizeof', operand: parseUnary(cursor), source: cursor.sourceFrom(start) }
  cursor.expect('(', `after ${text}`)
  const type = parseTypeName(cursor)
  cursor.expect(')', 'after the type')
  return { kind: 'typeSize', what, type, source: cursor.sourceFrom(start) }
}

/** `(name)` where nothing is cast: only the name's meaning decides. */
function isNameOfType(cursor: Cursor): boolean {
  const token = cursor.peek(1)
  return token.kind === 'name' && cursor.is(')', 2) && cursor.isType(token.name)
}

function parsePostfix(cursor: Cursor): Node {
  const start = cursor.peek().at
  let node = parsePrimary(cursor)
  for (;;) {
    const { kind, text } = cursor.peek()
    if (kind !== 'punctuator' || !['.', '->', '[', '(', '++', '--'].includes(text)) return node
    cursor.next()
    node = postfix(cursor, node, text, start)
  }
}

function postfix(cursor: Cursor, operand: Node, text: string, start: number): Node {
  const source = () => cursor.sourceFrom(start)
  switch (text) {
    case '.':
    case '->':
      return { kind: 'member', operand, name: cursor.takeName('the name of a member'), source: source() }
    case '[':
      return parseIndex(cursor, operand, start)
    case '(':
      while (!cursor.is(')')) {
        parseAssignment(cursor)
        if (!cursor.take(',')) break
      }
      cursor.expect(')', 'to close the "(" of a call')
      return { kind: 'call', source: source() }
    default:
      return { kind: 'step', operator: text === '++' ? '+' : '-', isPrefix: false, operand, source: source() }
  }
}

function parseIndex(cursor: Cursor, operand: Node, start: number): Node {
  const index = parseExpression(cursor)
  const last = cursor.take('..') ? parseExpression(cursor) : undefined
  cursor.expect(']', 'to close the "["')
  const source = cursor.sourceFrom(start)
  return last ? { kind: 'range', operand, first: index, last, source } : { kind: 'index', operand, index, source }
}

function parsePrimary(cursor: Cursor): Node {
  const token = cursor.peek()
  const start = token.at
  const source = () => cursor.sourceFrom(start)
  switch (token.kind) {
    case 'number':
      cursor.next()
      return { kind: 'number', scalar: token.scalar, type: token.type, source: source() }
    case 'string':
      return { kind: 'string', bytes: parseStrings(cursor), source: source() }
    case 'register':
      cursor.next()
      return { kind: 'register', name: token.name, source: source() }
    case 'scope':
    case 'name': {
      const scopes: string[] = []
      for (let scope = cursor.peek(); scope.kind === 'scope'; scope = cursor.peek()) {
        scopes.push(scope.name)
        cursor.next()
      }
      const name = cursor.takeName('the name of a variable')
      return { kind: 'name', name, scope: scopes.length > 0 ? scopes.join('::') : undefined, source: source() }
    }
  }
  if (!cursor.take('(')) return cursor.fail('a value')
  const inner = parseExpression(cursor)
  cursor.expect(')', 'to close the "("')
  return { ...inner, source: source() }
}

/** Neighbours are one string (ISO C 6.4.5). */
function parseStrings(cursor: Cursor): number[] {
  const bytes: number[] = []
  for (let token = cursor.peek(); token.kind === 'string'; token = cursor.peek()) {
    bytes.push(...token.bytes)
    cursor.next()
  }
  return bytes
}
