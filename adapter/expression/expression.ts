// The door of this folder: text to expression, expression to value, expression to a closure that is cheap to call.
// What it does not do: print (values/format.ts; Expression.display says how the person asked to see it).
import { UserError } from '../userError.ts'
import type { Display } from '../values/formatNumber.ts'
import { sizeOf, strip } from '../values/types.ts'
import type { Value } from '../values/value.ts'
import { truth } from './arithmetic.ts'
import { type Code, notMapped } from './code.ts'
import { compileNode } from './compile.ts'
import type { ExpressionContext } from './context.ts'
import { Cursor } from './cursor.ts'
import { tokenize } from './lexer.ts'
import { parseAll } from './parser.ts'
import type { Expression } from './syntax.ts'

const DISPLAYS: Readonly<Record<string, Display>> = {
  x: 'hex',
  h: 'hex',
  d: 'decimal',
  o: 'octal',
  t: 'binary',
  b: 'binary',
  c: 'character',
  s: 'string',
}

/** Throws a UserError that says where and what was expected. Names are not looked at: they may mean something elsewhere. */
export function parse(text: string): Expression {
  const { body, display } = withoutDisplay(text)
  const tokens = tokenize(body)
  if (tokens.length === 1) throw new UserError('The expression is empty.')
  const expression = { text: body, tokens, display }
  try {
    tree(expression, () => false)
  } catch (mistake) {
    if (!(mistake instanceof UserError) || !isExpressionWithTypes(expression)) throw mistake
  }
  return expression
}

/** `(a)++b` is one only if a is a type. */
function isExpressionWithTypes(expression: Expression): boolean {
  try {
    tree(expression, () => true)
    return true
  } catch (mistake) {
    if (mistake instanceof UserError) return false
    throw mistake
  }
}

/** `/x e` as in gdb, `e,x` as in VS Code's C debuggers. What is cut off becomes spaces: positions stay. */
function withoutDisplay(text: string): { body: string; display: Display | undefined } {
  const prefix = /^\s*\/(\w+)(?=\s|$)/.exec(text)
  if (prefix) {
    const display = displayOf(prefix[1]!)
    if (!display) throw new UserError(`There is no format /${prefix[1]}. There are: /x /d /o /t /c /s.`)
    return { body: ' '.repeat(prefix[0].length) + text.slice(prefix[0].length), display }
  }
  const suffix = /,\s*([a-z])\s*$/.exec(text)
  const display = suffix ? displayOf(suffix[1]!) : undefined
  return display ? { body: text.slice(0, suffix!.index), display } : { body: text, display: undefined }
}

const displayOf = (letter: string): Display | undefined =>
  Object.hasOwn(DISPLAYS, letter) ? DISPLAYS[letter] : undefined

const tree = ({ text, tokens }: Expression, isType: (name: string) => boolean) =>
  parseAll(new Cursor(text, tokens, isType))

function codeOf(expression: Expression, context: ExpressionContext, runsOnce: boolean): Code {
  const isType = (name: string) => !context.variable(name) && context.typeNamed(name) !== undefined
  return compileNode(tree(expression, isType), context, runsOnce)
}

/** What is not mapped is a mistake; what the compiler optimised away is a value that says so. */
export function evaluate(expression: Expression, context: ExpressionContext): Value {
  const code = codeOf(expression, context, true)
  const value = code.value()
  const type = strip(value.type)
  const { place } = value
  if (place.kind === 'memory' && type.kind !== 'function' && sizeOf(type) > 0) {
    if (!context.memory.read(place.address, 1)) notMapped(code.source, place.address)
  }
  return value
}

/** Names and types are resolved now, once; each call reads registers and memory only. */
export function compile(expression: Expression, context: ExpressionContext): () => Value {
  return codeOf(expression, context, false).value
}

/** For breakpoints: as C's `if` takes it. */
export function compileCondition(expression: Expression, context: ExpressionContext): () => boolean {
  return truth(codeOf(expression, context, false))
}
