// Completions in the debug console: registers and their fields, members, locals, and names of the program.
import type { DebugProtocol } from '@vscode/debugprotocol'
import type { ExpressionContext } from '../expression/context.ts'
import { evaluate, parse } from '../expression/expression.ts'
import type { Program } from '../program/program.ts'
import type { Frame } from '../stack/frame.ts'
import { UserError } from '../userError.ts'
import { children } from '../values/children.ts'
import { ALL_GROUPS, registerNamed } from './registerGroups.ts'

const MOST = 100
type Item = DebugProtocol.CompletionItem

/** text: the line up to the cursor. */
export function complete(text: string, context: ExpressionContext, program: Program, frame: Frame): Item[] {
  const register = /\$(\w*)$/.exec(text)
  if (register) return registers(register[1]!)
  const member = /((?:\$?\w+(?:\[\d+\])?(?:\.|->))*\$?\w+(?:\[\d+\])?)(?:\.|->)(\w*)$/.exec(text)
  if (member) return members(member[1]!, member[2]!, context)
  const word = /(\w+)$/.exec(text)?.[1]
  return word ? names(word, program, frame) : []
}

const item = (label: string, typed: string, type: Item['type'], detail?: string): Item => ({
  label,
  ...(type && { type }),
  length: typed.length,
  ...(detail && { detail }),
})

const registers = (typed: string): Item[] =>
  ALL_GROUPS.flatMap((group) => group.registers)
    .filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .slice(0, MOST)
    .map(({ name, title }) => item(name.toLowerCase(), typed, 'variable', title))

function members(outer: string, typed: string, context: ExpressionContext): Item[] {
  const name = /^\$(\w+)$/.exec(outer)?.[1]
  const fields = name === undefined ? undefined : registerNamed(name)?.fields
  if (fields)
    return fields
      .filter(([field]) => starts(field, typed))
      .map(([field, , , title]) => item(field, typed, 'field', title))
  try {
    const value = evaluate(parse(outer), context)
    return children({ name: outer, value }, context.memory)
      .filter((child) => starts(child.name, typed))
      .slice(0, MOST)
      .map((child) => item(child.name, typed, 'field'))
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}
const starts = (name: string, typed: string) => name.toLowerCase().startsWith(typed.toLowerCase())

function names(typed: string, program: Program, { scope, link }: Frame): Item[] {
  const locals = scope && link ? scope.variables(link.address).map(({ name }) => name) : []
  const symbols = program.modules.flatMap((module) => module.symbols.symbolsMatching(typed, MOST))
  const globals = symbols.filter(({ name }) => name.startsWith(typed)).slice(0, MOST)
  return [
    ...locals.filter((name) => starts(name, typed)).map((name) => item(name, typed, 'variable')),
    ...globals.map(({ name, kind }) => item(name, typed, kind === 'function' ? 'function' : 'variable')),
  ]
}
