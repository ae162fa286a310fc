// npm run demo: a debug session on the sample guest in the terminal, through the same adapter that F5 starts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { AdapterProcess } from './demo/adapterProcess.ts'
import * as print from './demo/print.ts'

const SAMPLE = join(import.meta.dirname, '../test/guest/sample')
const THREAD = { threadId: 1 }

/** Lines are found by the marker in their comment, so that the sample may change. */
function lineOf(file: string, marker: string): number {
  const line = readFileSync(join(SAMPLE, file), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes(`@${marker}`))
  if (line < 0) throw new Error(`${file} has no @${marker}.`)
  return line + 1
}

const adapter = new AdapterProcess(join(import.meta.dirname, 'adapter.js'), (event, body) => {
  if (event === 'e500/uartOutput') print.console((body as { data: string }).data)
})

async function stopped(): Promise<void> {
  const body = await adapter.next<DebugProtocol.StoppedEvent['body']>('stopped')
  print.stop(body)
}

async function topFrame(): Promise<DebugProtocol.StackFrame> {
  const { stackFrames } = await adapter.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', THREAD)
  return stackFrames[0]!
}

async function start(): Promise<void> {
  await adapter.request('initialize', { adapterID: 'e500', clientID: 'demo' })
  await adapter.request('launch', {
    program: join(SAMPLE, 'sample.elf'),
    uarts: [{ index: 0, view: 'terminal' }],
    clock: 'virtual',
  })
  await adapter.next('initialized')
}

async function breakpoint(): Promise<void> {
  print.title('A breakpoint in user.c, held by an IAC of the core')
  const line = lineOf('user.c', 'longest')
  const { breakpoints } = await adapter.request<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: join(SAMPLE, 'user.c') },
    breakpoints: [{ line, mode: 'iac', condition: 'total->primes >= 3' }],
  })
  print.breakpoints(breakpoints)
  await adapter.request('configurationDone')
  await stopped()
}

async function lookAround(): Promise<void> {
  print.title('Call stack')
  const { stackFrames } = await adapter.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', THREAD)
  print.stack(stackFrames)
  const { scopes } = await adapter.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: stackFrames[0]!.id,
  })
  for (const name of ['Arguments', 'Locals', 'MSR']) {
    const scope = scopes.find((one) => one.name === name)
    if (!scope) continue
    print.title(name)
    await variables(scope.variablesReference, name === 'Locals' ? 1 : 2)
  }
}

async function variables(variablesReference: number, depth: number, indent = 2): Promise<void> {
  type Body = DebugProtocol.VariablesResponse['body']
  const { variables: shown } = await adapter.request<Body>('variables', { variablesReference })
  for (const variable of shown) {
    print.variable(variable, indent)
    if (depth > 1 && variable.variablesReference > 0)
      await variables(variable.variablesReference, depth - 1, indent + 2)
  }
}

async function debugResources(): Promise<void> {
  print.title('The debug registers, as the guest, the host and the hardware see them')
  print.debugResources(await adapter.request('e500/debugResources', THREAD))
}

async function step(): Promise<void> {
  print.title('A step over one line')
  await adapter.request('next', THREAD)
  await stopped()
  print.stack([await topFrame()])
}

async function watchpoint(): Promise<void> {
  print.title('A watchpoint by DAC1 on summary.longest.steps')
  const frame = await topFrame()
  type Info = DebugProtocol.DataBreakpointInfoResponse['body']
  const info = await adapter.request<Info>('dataBreakpointInfo', {
    name: 'summary.longest.steps',
    frameId: frame.id,
    mode: 'dac',
  })
  type Body = DebugProtocol.SetDataBreakpointsResponse['body']
  const wanted = [{ dataId: info.dataId, accessType: 'write' }]
  print.breakpoints((await adapter.request<Body>('setDataBreakpoints', { breakpoints: wanted })).breakpoints)
  await adapter.request('setBreakpoints', { source: { path: join(SAMPLE, 'user.c') }, breakpoints: [] })
  await adapter.request('continue', THREAD)
  await stopped()
  print.stack([await topFrame()])
  await adapter.request('setDataBreakpoints', { breakpoints: [] })
}

type Events = { readonly events: Parameters<typeof print.debugEvents>[0] }

async function guestsOwnDebugger(): Promise<void> {
  print.title("The guest's own debugger beside ours: we type debug and stop at its debug interrupt")
  await adapter.request('setExceptionBreakpoints', { filters: ['Guest debugger'] })
  await adapter.request('continue', THREAD)
  await adapter.request('e500/uartInput', { index: 0, data: btoa('debug\r') })
  await stopped()
  print.title('The last debug events: who wrote, who got what, and why')
  print.debugEvents((await adapter.request<Events>('e500/debugEvents', { ...THREAD, count: 8 })).events)
  await adapter.request('setExceptionBreakpoints', { filters: [] })
}

async function guestConsole(): Promise<void> {
  print.title("The guest's console: we type tasks, then poweroff")
  await adapter.request('continue', THREAD)
  for (const line of ['tasks\r', 'poweroff\r']) await adapter.request('e500/uartInput', { index: 0, data: btoa(line) })
  await adapter.next('terminated')
}

async function main(): Promise<void> {
  await start()
  await breakpoint()
  await lookAround()
  await debugResources()
  await step()
  await watchpoint()
  await guestsOwnDebugger()
  await guestConsole()
  await adapter.end()
  print.goodbye()
}

void main()
