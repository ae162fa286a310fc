// Puts a loaded guest together with what the session knows of it: breakpoints, runner, sources, the guest's consoles.
import { BreakpointStore } from '../breakpoints/breakpointStore.ts'
import { toBreakpoint } from '../breakpoints/toBreakpoint.ts'
import { Program } from '../program/program.ts'
import { Sources } from '../program/sources.ts'
import { Runner } from '../running/runner.ts'
import { type Debuggee, freshView, type SessionState } from '../state.ts'
import type { Outcome, Stop } from '../stop.ts'
import { UserError } from '../userError.ts'
import { registerValues } from '../variables/registerGroups.ts'
import type { LaunchConfiguration } from './configuration.ts'
import { loadGuest } from './loadGuest.ts'
import { UartOutput } from './uartOutput.ts'

export function createDebuggee(state: SessionState, configuration: LaunchConfiguration): Debuggee {
  const { host, send, onBug } = state
  const uarts = new UartOutput(configuration.uarts, state)
  const { machine, modules, load } = loadGuest(configuration, host, { onUart: uarts.byte })
  const program = new Program(machine, modules)
  const say = (sentence: string) => send('output', { category: 'important', output: `${sentence}\n` })
  const sources = new Sources(host, configuration.sourceFileMap, say)
  const breakpoints = new BreakpointStore(machine, program, {
    onChanged: (breakpoint) =>
      send('breakpoint', { reason: 'changed', breakpoint: toBreakpoint(breakpoint, debuggee) }),
    wantsInterrupt: (exit) => debuggee.catches.get(exit.name)?.some((holds) => holds(exit)) ?? false,
  })
  const runner = new Runner<Outcome>({
    machine,
    host,
    paced: configuration.clock === 'paced',
    onStop: (outcome) => stopped(state, debuggee, outcome),
    onBug,
  })
  const debuggee: Debuggee = {
    configuration,
    machine,
    program,
    sources,
    breakpoints,
    runner,
    load,
    catches: new Map(),
    registersBefore: new Map(),
    view: freshView(undefined, undefined),
    hasStarted: false,
  }
  const problem = placeEntry(debuggee)
  if (problem) throw new UserError(problem)
  return debuggee
}

/** "runToEntryPoint", which its stop has used up: at launch, and again at a restart. Says what is in the way. */
export function placeEntry({ breakpoints, program, configuration }: Debuggee): string | undefined {
  const { runToEntryPoint: name, noDebug } = configuration
  if (name === undefined || noDebug) return undefined
  const links = program.modules.flatMap((module) =>
    module.symbols.functionsNamed(name).map((entry) => ({ module, address: module.symbols.afterPrologue(entry) })),
  )
  if (links.length === 0)
    throw new UserError(
      `"runToEntryPoint": ${configuration.program} has no function "${name}". Write the name of one that it has.`,
    )
  const [entry] = breakpoints.replace(
    ({ kind }) => kind === 'entry',
    [{ kind: 'entry', mode: configuration.breakpointPlacement, where: { kind: 'code', links }, key: name }],
  )
  return entry?.problem && `"runToEntryPoint": ${entry.problem}`
}

/** The guest stands still, or has gone: tells the client. */
function stopped(state: SessionState, debuggee: Debuggee, outcome: Outcome): void {
  if (outcome.kind !== 'stop') {
    state.ended(outcome)
    return
  }
  if (outcome.reason === 'entry') debuggee.breakpoints.replace(({ kind }) => kind === 'entry', [])
  showStop(state, debuggee, outcome)
}

export function showStop({ send }: SessionState, debuggee: Debuggee, stop: Stop): void {
  debuggee.view = freshView(debuggee.view, stop)
  const { reason, description, text, vcpu, hitBreakpointIds } = stop
  send('stopped', {
    reason,
    description,
    threadId: vcpu + 1,
    allThreadsStopped: true,
    ...(text !== undefined && { text }),
    ...(hitBreakpointIds && { hitBreakpointIds }),
  })
}

/** Before the guest goes on: what was shown belongs to the past. */
export function forgetStop(debuggee: Debuggee): void {
  if (debuggee.hasStarted) debuggee.registersBefore = registerValues(debuggee.machine)
  debuggee.hasStarted = true
  debuggee.view = freshView(debuggee.view, undefined)
}
