// Expressions: watch, hover (no side effects), the debug console and its few commands.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { evaluate, parse } from '../expression/expression.ts'
import { debuggeeOf, type SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import type { NamedValue } from '../values/children.ts'
import { complete } from '../variables/completion.ts'
import { contextOf, frameFor } from '../variables/contextOf.ts'
import { frameContext } from '../variables/frameContext.ts'
import { sendToUart } from './machine.ts'
import { setValue, toVariable } from './variables.ts'

export function evaluateRequest(state: SessionState, args: DebugProtocol.EvaluateArguments) {
  const debuggee = debuggeeOf(state)
  const command = args.context === 'repl' ? consoleCommand(state, args.expression) : undefined
  if (command) return command
  const allowsSideEffects = args.context === undefined || args.context === 'repl'
  const context = contextOf(state, debuggee, args.frameId, allowsSideEffects)
  const expression = parse(args.expression)
  const value = evaluate(expression, context)
  const frame = frameFor(debuggee, args.frameId)
  const named: NamedValue = { name: args.expression, value, expression: expression.text.trim() }
  const display = expression.display ?? (args.format?.hex ? 'hex' : undefined)
  const { value: result, name: _, ...more } = toVariable(debuggee, named, context.memory, frame, display)
  return { result, ...more }
}

/** `send "text"`: types it into the guest's console. */
function consoleCommand(state: SessionState, line: string) {
  const [, quoted] = /^\s*send\s+("(?:[^"\\]|\\.)*")\s*$/.exec(line) ?? []
  if (quoted === undefined) {
    if (/^\s*send\b/.test(line))
      throw new UserError('Write send "text", with the text in double quotes; \\n is the Enter key.')
    return undefined
  }
  const text = unquoted(quoted).replaceAll('\n', '\r')
  sendToUart(debuggeeOf(state), 0, new TextEncoder().encode(text))
  return { result: `sent ${text.length} characters`, variablesReference: 0 }
}
function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw new UserError(`${quoted} is no text: of backslashes only \\n, \\t, \\", \\\\ and \\uXXXX are known.`)
  }
}

export function setExpression(state: SessionState, args: DebugProtocol.SetExpressionArguments) {
  const debuggee = debuggeeOf(state)
  const context = contextOf(state, debuggee, args.frameId, true)
  const value = evaluate(parse(args.expression), context)
  const named: NamedValue = { name: args.expression, value, expression: args.expression }
  const frame = frameFor(debuggee, args.frameId)
  const { name: _, memoryReference: reference, ...shown } = setValue(state, debuggee, named, args.value, frame)
  return { ...shown, ...(reference !== undefined && { memoryReference: reference }) }
}

export function completions(state: SessionState, args: DebugProtocol.CompletionsArguments) {
  const debuggee = debuggeeOf(state)
  const before = args.text.slice(0, args.column - (state.client.columnsStartAt1 ? 1 : 0))
  const frame = frameFor(debuggee, args.frameId)
  const context = frameContext(state, debuggee, frame, false)
  return { targets: complete(before, context, debuggee.program, frame) }
}
