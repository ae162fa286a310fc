// The context of an expression by the client's frame id; without one the innermost frame of the CPU that stopped.
import type { ExpressionContext } from '../expression/context.ts'
import type { Frame } from '../stack/frame.ts'
import { liveFrame } from '../stack/liveFrame.ts'
import { stackOf } from '../stack/stackOf.ts'
import type { Debuggee, SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import { frameContext } from './frameContext.ts'

export function frameFor(debuggee: Debuggee, frameId: number | undefined): Frame {
  const { view, runner } = debuggee
  if (frameId !== undefined) {
    const frame = view.frames.get(frameId)
    if (frame) return frame
    throw new UserError('This frame belongs to an earlier stop. Ask for the call stack anew.')
  }
  const vcpu = view.stop?.vcpu ?? 0
  // A running guest stands still between two slices: globals and registers can be looked at.
  return runner.isRunning ? liveFrame(debuggee, vcpu) : stackOf(debuggee, vcpu)[0]!
}

export const contextOf = (
  state: SessionState,
  debuggee: Debuggee,
  frameId: number | undefined,
  allowsSideEffects: boolean,
): ExpressionContext => frameContext(state, debuggee, frameFor(debuggee, frameId), allowsSideEffects)
