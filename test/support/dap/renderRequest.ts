// What the client asks, in a transcript: `> setBreakpoints main.c:@loop if r3 == 4`.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { type Names, plain } from './names.ts'
import type { Json } from './schema.ts'

export function renderRequest({ command, arguments: args = {} }: Json, names: Names): string {
  const render = renderers[command as string]
  const text = render ? render(args as never, names) : plain(args as object)
  return `> ${command} ${text}`.trimEnd()
}

const orNone = (items: readonly string[]) => (items.length === 0 ? 'none' : items.join(', '))

interface Conditions {
  readonly condition?: string
  readonly hitCondition?: string
  readonly logMessage?: string
  readonly mode?: string
}

function conditions({ condition, hitCondition, logMessage, mode }: Conditions): string {
  return [
    mode && ` by ${mode}`,
    condition && ` if ${condition}`,
    hitCondition && ` hit ${hitCondition}`,
    logMessage && ` log ${JSON.stringify(logMessage)}`,
  ]
    .filter(Boolean)
    .join('')
}

/** Thread 1 is meant where nothing is said. */
const thread = ({ threadId, granularity }: { threadId: number; granularity?: string }) =>
  [threadId === 1 ? '' : `thread ${threadId}`, granularity ?? ''].filter(Boolean).join(' ')

const renderers: Readonly<Record<string, (args: never, names: Names) => string>> = {
  initialize: () => '',
  configurationDone: () => '',
  continue: thread,
  next: thread,
  stepIn: thread,
  stepOut: thread,
  pause: thread,
  stackTrace: ({ threadId }: DebugProtocol.StackTraceArguments) => thread({ threadId }),
  setBreakpoints({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments, names: Names) {
    if (breakpoints.length === 0) return `${names.place(source, undefined)}: none`
    return breakpoints.map((breakpoint) => names.place(source, breakpoint.line) + conditions(breakpoint)).join(', ')
  },
  setFunctionBreakpoints: ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) =>
    orNone(breakpoints.map((breakpoint) => breakpoint.name + conditions(breakpoint))),
  setInstructionBreakpoints: ({ breakpoints }: DebugProtocol.SetInstructionBreakpointsArguments) =>
    orNone(
      breakpoints.map(
        ({ instructionReference, offset, ...rest }) =>
          instructionReference + (offset ? `+${offset}` : '') + conditions(rest),
      ),
    ),
  setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) =>
    orNone(
      breakpoints.map(({ dataId, accessType = 'write', ...rest }) => `${accessType} ${dataId}${conditions(rest)}`),
    ),
  setExceptionBreakpoints: ({ filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments) =>
    orNone([...filters, ...filterOptions.map(({ filterId, ...rest }) => filterId + conditions(rest))]),
  dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments, names: Names) => {
    const { variablesReference, name, frameId, ...rest } = args
    const parent = variablesReference ? `${names.reference(variablesReference)}.` : ''
    return [`${parent}${name}`, frameId === undefined ? '' : `in ${names.frame(frameId)}`, plain(rest)]
      .filter(Boolean)
      .join(' ')
  },
  scopes: ({ frameId }: DebugProtocol.ScopesArguments, names: Names) => names.frame(frameId),
  variables: ({ variablesReference, ...rest }: DebugProtocol.VariablesArguments, names: Names) =>
    `${names.reference(variablesReference)} ${plain(rest)}`,
  setVariable: ({ variablesReference, name, value }: DebugProtocol.SetVariableArguments, names: Names) =>
    `${names.reference(variablesReference)}.${name} = ${value}`,
  setExpression: ({ expression, value }: DebugProtocol.SetExpressionArguments) => `${expression} = ${value}`,
  evaluate: ({ expression, context }: DebugProtocol.EvaluateArguments) =>
    expression + (context ? `  (${context})` : ''),
  'e500/uartInput': ({ data }: { data: string }) => JSON.stringify(Buffer.from(data, 'base64').toString()),
}
