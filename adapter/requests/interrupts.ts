// The interrupts that a CPU has taken: how many of each, and the last of them (docs/requests.md).
import { hex } from '../../emulator/bits.ts'
import { debuggeeOf, type SessionState } from '../state.ts'
import { cpuOf, howMany, type OfThread } from './ofThread.ts'

/** The oldest first. */
export function interrupts(state: SessionState, args: OfThread & { count?: number }) {
  const debuggee = debuggeeOf(state)
  const vcpu = cpuOf(debuggee, args)
  const taken = debuggee.machine.interrupts(vcpu)
  const last = taken.last(howMany(args)).map(({ instructions, name, from, to }) => {
    const symbol = debuggee.program.symbolName(from, vcpu)
    return { instructions, name, from: hex(from), ...(symbol && { symbol }), to: hex(to) }
  })
  return { counts: Object.fromEntries(taken.counts()), last }
}
