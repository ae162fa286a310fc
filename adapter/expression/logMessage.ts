// A log message into text and the expressions between { and }. `\{` is a brace; expressions may have braces of their own.
import { UserError } from '../userError.ts'
import { parse } from './expression.ts'
import type { Expression } from './syntax.ts'

export type LogPart = { readonly text: string } | { readonly expression: Expression }

/** From an opening brace to the one that closes it: braces in strings, characters and {type} do not count. */
const BRACED = /\{((?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{[^{}]*\})*)\}/y
const PLAIN = /(?:\\[{}]|[^{])+/y

export function logMessage(message: string): LogPart[] {
  const parts: LogPart[] = []
  for (let at = 0; at < message.length; ) {
    const pattern = message[at] === '{' ? BRACED : PLAIN
    pattern.lastIndex = at
    const match = pattern.exec(message)
    if (!match)
      throw new UserError(`The { at character ${at + 1} of the log message is never closed. Write \\{ for a brace.`)
    at = pattern.lastIndex
    parts.push(match[1] === undefined ? { text: match[0].replace(/\\([{}])/g, '$1') } : { expression: parse(match[1]) })
  }
  return parts
}
