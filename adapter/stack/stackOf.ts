// The call stack of a CPU at the present stop, unwound once.
import type { Debuggee } from '../state.ts'
import type { Frame } from './frame.ts'
import { liveStack } from './liveFrame.ts'

/** Nobody reads more, and an unwinder that went astray could find ten thousand. */
const MOST_FRAMES = 1000

export function stackOf(debuggee: Debuggee, vcpu: number): readonly Frame[] {
  const { stacks, stop } = debuggee.view
  const known = stacks.get(vcpu)
  if (known) return known
  const pc = debuggee.machine.vcpus[vcpu]!.register('pc')!
  const stack: Frame[] = []
  let hidden = stop?.vcpu === vcpu ? (stop.hiddenCalls ?? 0) : 0
  for (const frame of liveStack(debuggee, vcpu, pc)) {
    if (hidden-- > 0) continue
    stack.push(frame)
    if (stack.length >= MOST_FRAMES) break
  }
  stacks.set(vcpu, stack)
  return stack
}
