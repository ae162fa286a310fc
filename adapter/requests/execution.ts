// Going on and stopping: continue, steps, pause. All CPUs run and stop together.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { forgetStop, showStop } from '../launch/debuggee.ts'
import type { Plan } from '../running/runner.ts'
import { stackOf } from '../stack/stackOf.ts'
import { type Debuggee, debuggeeOf, livingDebuggee, type SessionState, stoppedDebuggee, vcpuOf } from '../state.ts'
import {
  instructionStep,
  leaveInlined,
  resume,
  returnTo,
  type StepContext,
  statementStep,
  stepped,
} from '../stepping/stepPlan.ts'
import type { Outcome } from '../stop.ts'
import { UserError } from '../userError.ts'
import type { Request } from '../wire/protocolSession.ts'

export function stepContext(debuggee: Debuggee, vcpu: number): StepContext {
  const { machine, breakpoints, program } = debuggee
  return { machine, breakpoints, program, vcpu }
}

type Granular = {
  readonly threadId: number
  readonly granularity?: DebugProtocol.SteppingGranularity
  readonly singleThread?: boolean
}

/** The answer comes before anything that the run brings about. */
function go(state: SessionState, args: Granular, plan: (debuggee: Debuggee, vcpu: number) => Plan<Outcome>): void {
  const { debuggee, vcpu } = steady(state, args)
  const next = plan(debuggee, vcpu)
  forgetStop(debuggee)
  debuggee.runner.run(next)
}
/** A guest that may go on, and the CPU that is meant. */
function steady(state: SessionState, args: Granular): { readonly debuggee: Debuggee; readonly vcpu: number } {
  if (args.singleThread)
    throw new UserError(
      'One CPU cannot run alone: they share one clock, so all run and stop together. Leave "singleThread" out.',
    )
  livingDebuggee(state)
  const debuggee = stoppedDebuggee(state)
  return { debuggee, vcpu: vcpuOf(debuggee, args.threadId) }
}
/** Of the CPU that stopped: the others stand where they are. */
const hiddenCalls = ({ view: { stop } }: Debuggee, vcpu: number) => (stop?.vcpu === vcpu ? (stop.hiddenCalls ?? 0) : 0)

export function continueRequest(state: SessionState, args: DebugProtocol.ContinueArguments) {
  go(state, args, (debuggee, vcpu) => resume(stepContext(debuggee, vcpu)))
  return { allThreadsContinued: true }
}

export function next(state: SessionState, args: DebugProtocol.NextArguments): void {
  go(state, args, (debuggee, vcpu) => step(debuggee, vcpu, args, false))
}
export function stepIn(state: SessionState, args: DebugProtocol.StepInArguments, request: Request): void {
  const { debuggee, vcpu } = steady(state, args)
  const hidden = hiddenCalls(debuggee, vcpu)
  if (hidden > 0 && args.granularity !== 'instruction') {
    request.afterResponse(() => showStop(state, debuggee, stepped(vcpu, hidden - 1)))
    return
  }
  go(state, args, (debuggee, vcpu) => step(debuggee, vcpu, args, true))
}
function step(debuggee: Debuggee, vcpu: number, { granularity }: Granular, into: boolean): Plan<Outcome> {
  const context = stepContext(debuggee, vcpu)
  return granularity === 'instruction'
    ? instructionStep(context, !into)
    : statementStep(context, into, hiddenCalls(debuggee, vcpu))
}

export function stepOut(state: SessionState, args: DebugProtocol.StepOutArguments): void {
  go(state, args, (debuggee, vcpu) => {
    const [innermost, caller] = stackOf(debuggee, vcpu)
    const context = stepContext(debuggee, vcpu)
    if (!caller || !innermost)
      throw new UserError('The caller of this function is not known here, so there is no way out to step.')
    if (caller.level === innermost.level) return leaveInlined(context, innermost.depth)
    const outer = caller.reader.register(1)
    if (outer === undefined)
      throw new UserError('The stack of the caller is not known here, so there is no way out to step.')
    return returnTo(context, caller.pc, outer)
  })
}

export function pause(state: SessionState, { threadId }: DebugProtocol.PauseArguments, request: Request): void {
  const debuggee = debuggeeOf(state)
  const vcpu = vcpuOf(debuggee, threadId)
  request.afterResponse(() => debuggee.runner.stop({ kind: 'stop', reason: 'pause', vcpu, description: 'Paused' }))
}
