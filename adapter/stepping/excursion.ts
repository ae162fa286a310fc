// What a step goes through at full speed: a called function, an interrupt's handler. It ends where the guest comes back to one of
// the addresses with the same stack pointer; another task or a deeper call of the same function passes. Tasks in user mode may have
// their stacks at the same address, told apart by the PID.
import type { Machine } from '../../emulator/index.ts'
import type { BreakpointStore, HitExit } from '../breakpoints/breakpointStore.ts'

/** Where a step began, and what its arrival must have in common with that. */
export interface Place {
  readonly stackPointer: number
  /** Undefined in the kernel: there a task may be resumed under another's PID, and has a stack of its own. */
  readonly userPID: number | undefined
}

const MSR_PR = 0x4000

export function placeOf(machine: Machine, vcpu: number, stackPointer = register(machine, vcpu, 'r1')): Place {
  const isUser = (register(machine, vcpu, 'MSR') & MSR_PR) !== 0
  return { stackPointer: stackPointer | 0, userPID: isUser ? register(machine, vcpu, 'PID0') : undefined }
}
const register = (machine: Machine, vcpu: number, name: string) => machine.vcpus[vcpu]!.register(name)!

export class Excursion {
  private readonly breakpoints: BreakpointStore
  private readonly places: readonly number[]

  /** from undefined: any arrival counts. */
  constructor(
    machine: Machine,
    breakpoints: BreakpointStore,
    vcpu: number,
    addresses: readonly number[],
    from?: Place,
  ) {
    this.breakpoints = breakpoints
    const isBack = (exit: HitExit) => exit.vcpu === vcpu && (from === undefined || isSame(from, placeOf(machine, vcpu)))
    this.places = addresses.map((address) => breakpoints.temporary(address, isBack))
  }

  end(): void {
    for (const place of this.places) this.breakpoints.removeTemporary(place)
  }
}

/** An excursion that began in the kernel may end in a task: an interrupt's handler that is left. */
const isSame = (a: Place, b: Place) =>
  a.stackPointer === b.stackPointer && (a.userPID === undefined || a.userPID === b.userPID)
