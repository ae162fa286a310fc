// What the adapter answers and reports, in a transcript. An answer without news has no line.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { type Names, plain, withoutHost } from './names.ts'
import type { Json } from './schema.ts'

export function renderResponse(response: Json, request: Json, names: Names): string[] {
  const { command, body } = response
  if (!response.success) {
    const { error } = (body ?? {}) as { error?: { format: string } }
    return [`< refused: ${withoutHost(error?.format ?? String(response.message))}`]
  }
  const render = responses[command as string]
  if (render) return render(body as never, names, (request.arguments ?? {}) as never)
  const text = plain((body as object | undefined) ?? {})
  return text === '' ? [] : [`< ${text}`]
}

export function renderEvent({ event, body }: Json, names: Names): string[] {
  const render = events[event as string]
  if (render) return render(body as never, names)
  return [`< ${event} ${plain((body as object | undefined) ?? {})}`.trimEnd()]
}

function breakpoints({ breakpoints }: { breakpoints: DebugProtocol.Breakpoint[] }, names: Names): string[] {
  return breakpoints.map((breakpoint) => `< ${breakpointText(breakpoint, names)}`)
}

function breakpointText({ id, verified, message, source, line }: DebugProtocol.Breakpoint, names: Names): string {
  const place = source && line !== undefined ? ` at ${names.place(source, line)}` : ''
  const why = message === undefined ? '' : `, ${withoutHost(message)}`
  return `breakpoint ${names.breakpoint(id)} ${verified ? 'verified' : 'not verified'}${place}${why}`
}

const nothing = () => []

const responses: Readonly<Record<string, (body: never, names: Names, args: never) => string[]>> = {
  // The capabilities have a test of their own.
  initialize: nothing,
  continue: nothing,
  setBreakpoints: breakpoints,
  setFunctionBreakpoints: breakpoints,
  setInstructionBreakpoints: breakpoints,
  setDataBreakpoints: breakpoints,
  // The filters are many, and verified unless something is wrong.
  setExceptionBreakpoints: (body: { breakpoints?: DebugProtocol.Breakpoint[] } | undefined, names: Names) =>
    breakpoints({ breakpoints: (body?.breakpoints ?? []).filter(({ verified }) => !verified) }, names),
  threads: ({ threads }: DebugProtocol.ThreadsResponse['body']) =>
    threads.map(({ id, name }) => `  thread ${id}  ${name}`),
  stackTrace({ stackFrames }: DebugProtocol.StackTraceResponse['body'], names: Names) {
    for (const frame of stackFrames) names.learnFrame(frame)
    return stackFrames.map(({ name, source, line }) => `  ${name}${source ? `  ${names.place(source, line)}` : ''}`)
  },
  scopes({ scopes }: DebugProtocol.ScopesResponse['body'], names: Names) {
    for (const { name, variablesReference } of scopes) names.learnReference(variablesReference, name)
    return [`  ${scopes.map(({ name }) => name).join(', ')}`]
  },
  variables(body: DebugProtocol.VariablesResponse['body'], names: Names, args: DebugProtocol.VariablesArguments) {
    const parent = names.reference(args.variablesReference)
    for (const { name, variablesReference } of body.variables)
      names.learnReference(variablesReference, `${parent}.${name}`)
    return body.variables.map(({ name, value }) => `  ${name} = ${withoutHost(value)}`)
  },
  evaluate(body: DebugProtocol.EvaluateResponse['body'], names: Names, args: DebugProtocol.EvaluateArguments) {
    names.learnReference(body.variablesReference, args.expression)
    return withoutHost(body.result)
      .split('\n')
      .map((line) => `  ${line}`)
  },
  setVariable: ({ value }: DebugProtocol.SetVariableResponse['body']) => [`  ${value}`],
  setExpression: ({ value }: DebugProtocol.SetExpressionResponse['body']) => [`  ${value}`],
  readMemory: (body: DebugProtocol.ReadMemoryResponse['body']) => {
    const bytes = Buffer.from(body?.data ?? '', 'base64')
    const unreadable = body?.unreadableBytes ? `, ${body.unreadableBytes} unreadable` : ''
    return [`  ${body?.address}: ${bytes.toString('hex').replace(/(.{8})(?=.)/g, '$1 ')}${unreadable}`]
  },
  disassemble: (body: DebugProtocol.DisassembleResponse['body']) =>
    (body?.instructions ?? []).map(
      ({ address, symbol, instruction }) => `  ${address}  ${instruction}${symbol ? `  ${symbol}` : ''}`,
    ),
}

const events: Readonly<Record<string, (body: never, names: Names) => string[]>> = {
  stopped(
    { reason, description, threadId, hitBreakpointIds = [], text }: DebugProtocol.StoppedEvent['body'],
    names: Names,
  ) {
    const ids = hitBreakpointIds.map((id) => ` ${names.breakpoint(id)}`).join(',')
    const why = [description, text].filter((part) => part && part !== reason).map((part) => `: ${withoutHost(part!)}`)
    return [`< stopped ${reason}${ids}, thread ${threadId}${why.join('')}`]
  },
  breakpoint: ({ reason, breakpoint }: DebugProtocol.BreakpointEvent['body'], names: Names) => [
    `< ${reason}: ${breakpointText(breakpoint, names)}`,
  ],
  exited: ({ exitCode }: DebugProtocol.ExitedEvent['body']) => [`< exited ${exitCode}`],
}
