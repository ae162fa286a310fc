// Debug sessions for tests, in this process, through the whole wire. Lines are named by markers: `@name` in a comment of the source.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { nodeHost } from '../../../adapter/nodeHost.ts'
import { sessionOn } from '../../../adapter/session.ts'
import type { DapClient } from './client.ts'
import { connectInProcess } from './connect.ts'
import { nameOfLine } from './markers.ts'

export const SAMPLE = join(import.meta.dirname, '../../guest/sample')
export const SAMPLE_ELF = join(SAMPLE, 'sample.elf')

export type Stopped = DebugProtocol.StoppedEvent['body']
export type Variables = Readonly<Record<string, DebugProtocol.Variable>>

/** The line of a source of the sample that has the marker. */
export function lineOf(file: string, marker: string): number {
  const lines = readFileSync(join(SAMPLE, file), 'utf8').split('\n')
  const at = lines.findIndex((line) => new RegExp(`@${marker}\\b(?!-)`).test(line))
  if (at < 0) throw new Error(`${file} has no @${marker}`)
  return at + 1
}

/** A client with the requests of everyday; `client` for everything else. */
export class Session {
  readonly client: DapClient
  /** What the guest's UART 0 sent so far, where the session shows it in a terminal. */
  console = ''

  constructor(client: DapClient) {
    this.client = client
  }
  request = <Body>(command: string, args?: object): Promise<Body> => this.client.request<Body>(command, args)

  async initialize(): Promise<DebugProtocol.Capabilities> {
    return this.request('initialize', {
      adapterID: 'e500',
      clientID: 'test',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
      supportsMemoryEvent: true,
      supportsInvalidatedEvent: true,
    })
  }
  async launch(configuration: object): Promise<void> {
    await this.initialize()
    await this.request('launch', { clock: 'virtual', ...configuration })
    await this.client.waitFor('initialized')
  }
  configurationDone = () => this.request('configurationDone')
  stopped = (reason?: string) =>
    this.client.waitFor<Stopped>('stopped', (body) => reason === undefined || body.reason === reason)

  /** Breakpoints in a source of the sample, by marker. */
  async setBreakpoints(
    file: string,
    ...breakpoints: readonly (string | ({ marker: string } & Omit<DebugProtocol.SourceBreakpoint, 'line'>))[]
  ) {
    const wanted = breakpoints.map((one) => {
      const { marker, ...more } = typeof one === 'string' ? { marker: one } : one
      return { line: lineOf(file, marker), ...more }
    })
    const args = { source: { path: join(SAMPLE, file) }, breakpoints: wanted }
    return (await this.request<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', args)).breakpoints
  }
  async setFunctionBreakpoints(...names: readonly string[]) {
    const args = { breakpoints: names.map((name) => ({ name })) }
    return (await this.request<DebugProtocol.SetFunctionBreakpointsResponse['body']>('setFunctionBreakpoints', args))
      .breakpoints
  }
  /** Instructions by address: `0x10000014`, or a whole InstructionBreakpoint. */
  async setInstructionBreakpoints(...wanted: readonly (string | DebugProtocol.InstructionBreakpoint)[]) {
    const breakpoints = wanted.map((one) => (typeof one === 'string' ? { instructionReference: one } : one))
    return (
      await this.request<DebugProtocol.SetInstructionBreakpointsResponse['body']>('setInstructionBreakpoints', {
        breakpoints,
      })
    ).breakpoints
  }
  dataBreakpointInfo = (args: object) =>
    this.request<DebugProtocol.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', args)
  async setDataBreakpoints(...breakpoints: readonly DebugProtocol.DataBreakpoint[]) {
    return (await this.request<DebugProtocol.SetDataBreakpointsResponse['body']>('setDataBreakpoints', { breakpoints }))
      .breakpoints
  }
  /** A data breakpoint on an expression, as the editor makes one: asks for the id, then sets it. */
  async watch(name: string, mode = 'auto', more: object = {}) {
    const { dataId } = await this.dataBreakpointInfo({ name, mode })
    if (dataId === null) throw new Error(`${name} cannot be watched`)
    return (await this.setDataBreakpoints({ dataId, accessType: 'write', ...more }))[0]!
  }
  async catchInterrupts(...filters: readonly (string | DebugProtocol.ExceptionFilterOptions)[]): Promise<void> {
    const filterOptions = filters.map((one) => (typeof one === 'string' ? { filterId: one } : one))
    await this.request('setExceptionBreakpoints', { filters: [], filterOptions })
  }

  /** The end of the configuration, and the first stop. */
  async start(): Promise<Stopped> {
    await this.configurationDone()
    return this.stopped()
  }
  async pause(): Promise<Stopped> {
    await this.request('pause', { threadId: 1 })
    return this.stopped()
  }
  async run(command: 'continue' | 'next' | 'stepIn' | 'stepOut', more: object = {}): Promise<Stopped> {
    await this.request(command, { threadId: 1, ...more })
    return this.stopped()
  }

  async stack(): Promise<DebugProtocol.StackFrame[]> {
    return (await this.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId: 1 })).stackFrames
  }
  /** `summarize user.c:84` of each frame. */
  async backtrace(): Promise<string[]> {
    return (await this.stack()).map(({ name, source, line }) => (source ? `${name} ${source.name}:${line}` : name))
  }
  /** Where the guest stands: `producer user.c:@produce`. */
  async place(): Promise<string> {
    const { name, source, line } = await this.top()
    return source ? `${name} ${source.name}:${nameOfLine(source.path, line)}` : name
  }
  top = async () => (await this.stack())[0]!
  async scopes(frameId?: number): Promise<DebugProtocol.Scope[]> {
    const id = frameId ?? (await this.top()).id
    return (await this.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId: id })).scopes
  }
  async variables(variablesReference: number, more: object = {}): Promise<Variables> {
    const args = { variablesReference, ...more }
    const { variables } = await this.request<DebugProtocol.VariablesResponse['body']>('variables', args)
    return Object.fromEntries(variables.map((variable) => [variable.name, variable]))
  }
  async scope(name: string, frameId?: number): Promise<Variables> {
    const scope = (await this.scopes(frameId)).find((one) => one.name === name)
    if (!scope) throw new Error(`no scope ${name}`)
    return this.variables(scope.variablesReference)
  }
  async evaluate(expression: string, more: object = {}): Promise<string> {
    const { id } = await this.top()
    return (await this.request<{ result: string }>('evaluate', { expression, frameId: id, context: 'watch', ...more }))
      .result
  }
  /** Output of a category so far, in one piece. */
  output = (category: string): string =>
    this.client.log
      .map(({ message }) => message as { event?: string; body?: { category?: string; output?: string } })
      .filter(({ event, body }) => event === 'output' && body?.category === category)
      .map(({ body }) => body!.output)
      .join('')
  type = (text: string) => this.request('e500/uartInput', { index: 0, data: Buffer.from(text).toString('base64') })

  /** Waits until the guest's console shows the text after what was waited for before. */
  async printed(text: string): Promise<void> {
    while (!this.console.includes(text)) {
      const { data } = await this.client.waitFor<{ data: string }>('e500/uartOutput')
      this.console += Buffer.from(data, 'base64').toString()
    }
    this.console = this.console.slice(this.console.indexOf(text) + text.length)
  }
  finish = () => this.client.finish()
}

export const startSession = (): Session => new Session(connectInProcess(sessionOn(nodeHost)))

/** The sample guest, loaded, with its console as a terminal; breakpoints may be set now. */
export async function sampleSession(configuration: object = {}): Promise<Session> {
  const session = startSession()
  await session.launch({ program: SAMPLE_ELF, uarts: [{ index: 0, view: 'terminal' }], ...configuration })
  return session
}
