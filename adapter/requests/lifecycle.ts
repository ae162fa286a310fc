// A session from initialize to disconnect.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { launchConfiguration } from '../launch/configuration.ts'
import { createDebuggee, forgetStop, placeEntry, showStop } from '../launch/debuggee.ts'
import { type Debuggee, debuggeeOf, livingDebuggee, type SessionState } from '../state.ts'
import { resume } from '../stepping/stepPlan.ts'
import { UserError } from '../userError.ts'
import type { Request } from '../wire/protocolSession.ts'
import { capabilities } from './capabilities.ts'
import { stepContext } from './execution.ts'

export function initialize(
  state: SessionState,
  args: DebugProtocol.InitializeRequestArguments,
): DebugProtocol.Capabilities {
  if (args.pathFormat !== undefined && args.pathFormat !== 'path')
    throw new UserError(`"pathFormat" is "${args.pathFormat}". This adapter knows "path" only.`)
  state.client = {
    linesStartAt1: args.linesStartAt1 ?? true,
    columnsStartAt1: args.columnsStartAt1 ?? true,
    supportsMemoryEvent: args.supportsMemoryEvent ?? false,
    supportsInvalidatedEvent: args.supportsInvalidatedEvent ?? false,
  }
  return capabilities
}

export function launch(state: SessionState, args: DebugProtocol.LaunchRequestArguments, request: Request): void {
  if (state.debuggee) throw new UserError('This session has a guest already. Use "restart", or start another session.')
  const debuggee = createDebuggee(state, launchConfiguration(args as Record<string, unknown>))
  state.debuggee = debuggee
  const { symbols, path } = debuggee.program.modules[0]!
  if (symbols.sources().length === 0)
    state.send('output', {
      category: 'important',
      output: `${path} has no debug information: there are no source lines and no types, only symbols, registers and memory. Compile with -g.\n`,
    })
  request.afterResponse(() => state.send('initialized'))
}

export function attach(): never {
  throw new UserError(
    'Attaching to a guest that runs already is not there yet. Write "request": "launch": the adapter starts the guest.',
  )
}

/** Breakpoints are set: the guest starts. */
export function configurationDone(state: SessionState, _: unknown, request: Request): void {
  // Before a launch it is refused, and counts for nothing.
  debuggeeOf(state)
  if (state.isConfigured) throw new UserError('"configurationDone" was sent twice: the guest has started.')
  state.isConfigured = true
  const debuggee = livingDebuggee(state)
  request.afterResponse(() => start(state, debuggee))
}

function start(state: SessionState, debuggee: Debuggee): void {
  state.send('process', { name: debuggee.program.modules[0]!.path, startMethod: 'launch', isLocalProcess: false })
  if (debuggee.configuration.stopOnEntry && !debuggee.configuration.noDebug) {
    showStart(state, debuggee)
    return
  }
  forgetStop(debuggee)
  debuggee.runner.run(resume(stepContext(debuggee, 0)))
}

export function showStart(state: SessionState, debuggee: Debuggee): void {
  const pc = hex(debuggee.machine.vcpus[0]!.register('pc')!)
  showStop(state, debuggee, {
    kind: 'stop',
    reason: 'entry',
    vcpu: 0,
    description: `Before the first instruction, ${pc}`,
  })
}

/** Cold start with the same files; breakpoints stay. */
export function restart(state: SessionState, _: unknown, request: Request): void {
  const debuggee = livingDebuggee(state)
  debuggee.runner.dispose()
  reload(debuggee)
  // Breakpoints that were set since may hold both IACs: the guest starts all the same.
  const problem = placeEntry(debuggee)
  if (problem) state.send('output', { category: 'important', output: `${problem}\n` })
  request.afterResponse(() => start(state, debuggee))
}

export function reload(debuggee: Debuggee, isReset = false): void {
  debuggee.breakpoints.whileReloading(() => debuggee.load(isReset))
  debuggee.hasStarted = false
}

export function terminate(state: SessionState, _: unknown, request: Request): void {
  state.debuggee?.runner.dispose()
  request.afterResponse(() => sayEnded(state))
}

/** Once: the guest may power itself off while its client terminates it. */
export function sayEnded(state: SessionState): void {
  if (state.hasEnded) return
  state.hasEnded = true
  state.send('exited', { exitCode: 0 })
  state.send('terminated')
}

export function disconnect(state: SessionState, _: unknown, request: Request): void {
  state.debuggee?.runner.dispose()
  request.afterResponse(() => state.end())
}
