// Text into tokens (ISO C 6.4), with gdb's additions: $registers, file.c:: and function:: before a name, 'odd.name.0' as a name.
// What it does not do: tell type names from other names (parser.ts).
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { unescaped } from '../values/text.ts'
import { CHAR, DOUBLE, FLOAT, LONG_DOUBLE } from '../values/types.ts'
import type { Scalar } from '../values/value.ts'
import { integerConstant } from './integerConstant.ts'

export type Token = {
  readonly text: string /** Where it starts and ends. */
  readonly at: number
  readonly end: number
} & (
  | { readonly kind: 'number'; readonly scalar: Scalar; readonly type: CType }
  | { readonly kind: 'string'; readonly bytes: readonly number[] }
  /** scope: what stands before `name`, as in file.c::name. */
  | { readonly kind: 'scope' | 'name' | 'register'; readonly name: string }
  | { readonly kind: 'punctuator' | 'end' }
)

type Found = Token extends infer T ? (T extends Token ? Omit<T, 'text' | 'at' | 'end'> : never) : never

/** More than anybody types; keeps every later recursion short. */
const MOST_TOKENS = 1000

const SPACE = /\s*/y
const RULES: readonly (readonly [RegExp, (match: RegExpExecArray, at: number) => Found])[] = [
  [/(?:'([^'\n]+)'|([A-Za-z_][\w./]*))::(?!:)/y, ([, quoted, plain]) => ({ kind: 'scope', name: quoted ?? plain! })],
  [/0[xX]\w*|(?:\d|\.\d)(?:[eE][+-]\d|\w|\.(?!\.))*/y, ([text], at) => number(text, at)],
  [/[A-Za-z_][\w$]*/y, ([name]) => ({ kind: 'name', name })],
  [/\$(\w+)/y, ([, name]) => ({ kind: 'register', name: name! })],
  [/"((?:[^"\\\n]|\\.)*)"/y, ([, body]) => ({ kind: 'string', bytes: unescaped(body!) })],
  [/'((?:[^'\\\n]|\\.)+)'/y, ([, body], at) => character(body!, at)],
  [
    /<<=|>>=|\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^~!<>=?:,.()[\]{}@]/y,
    () => ({ kind: 'punctuator' }),
  ],
]

export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = after(SPACE, text, 0)
  while (at < text.length) {
    const token = tokenAt(text, at)
    tokens.push(token)
    if (tokens.length > MOST_TOKENS) throw new UserError(`The expression is too long: more than ${MOST_TOKENS} words.`)
    at = after(SPACE, text, token.end)
  }
  return [...tokens, { kind: 'end', text: '', at, end: at }]
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

function tokenAt(text: string, at: number): Token {
  for (const [pattern, make] of RULES) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) return { ...make(match, at), text: match[0], at, end: pattern.lastIndex }
  }
  const found = String.fromCodePoint(text.codePointAt(at)!)
  if (found === '"' || found === "'") throw new UserError(`The ${found} at character ${at + 1} is never closed.`)
  if (found === '$') throw new UserError(`A register's name is missing after the $ at character ${at + 1}.`)
  throw new UserError(`Character ${at + 1}, "${found}", has no meaning in an expression.`)
}

const FLOATING = /^(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[+-]?\d+)?([fl]?)$/i

function number(text: string, at: number): Found {
  const floating = FLOATING.exec(text)
  if (floating) {
    const type = floating[1] === '' ? DOUBLE : floating[1]!.toLowerCase() === 'f' ? FLOAT : LONG_DOUBLE
    const value = Number.parseFloat(text)
    return { kind: 'number', type, scalar: type === FLOAT ? Math.fround(value) : value }
  }
  const integer = integerConstant(text)
  if (!integer) throw new UserError(`"${text}" at character ${at + 1} is not a number.`)
  return { kind: 'number', ...integer }
}

/** One character is a number; more are a name that C's letters do not suffice for, such as 'free_one.isra.0'. */
function character(body: string, at: number): Found {
  const bytes = unescaped(body)
  if (bytes.length === 1) return { kind: 'number', type: CHAR, scalar: bytes[0]! }
  if (/^[\w.$]+$/.test(body)) return { kind: 'name', name: body }
  throw new UserError(`'${body}' at character ${at + 1} is more than one byte. Write a string in double quotes.`)
}
