// The call stack of a CPU at the present stop, unwound once.
import type { Debuggee } from '../state.ts'
import type { Frame } from './frame.ts'
import { liveFrame } from './liveFrame.ts'

export function stackOf(debuggee: Debuggee, vcpu: number): readonly Frame[] {
  const { stacks } = debuggee.view
  const known = stacks.get(vcpu)
  if (known) return known
  const stack = [liveFrame(debuggee, vcpu)]
  stacks.set(vcpu, stack)
  return stack
}
