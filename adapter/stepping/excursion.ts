// What a step goes through at full speed: a called function, an interrupt's handler. It ends where the guest comes back to one of
// the addresses with the same stack pointer; another task or a deeper call of the same function passes.
import type { Machine } from '../../emulator/index.ts'
import type { BreakpointStore, HitExit } from '../breakpoints/breakpointStore.ts'

export class Excursion {
  private readonly breakpoints: BreakpointStore
  private readonly places: readonly number[]

  /** stackPointer undefined: any arrival counts. */
  constructor(
    machine: Machine,
    breakpoints: BreakpointStore,
    vcpu: number,
    addresses: readonly number[],
    stackPointer?: number,
  ) {
    this.breakpoints = breakpoints
    const isBack = (exit: HitExit) =>
      exit.vcpu === vcpu && (stackPointer === undefined || machine.vcpus[vcpu]!.register('r1') === stackPointer)
    this.places = addresses.map((address) => breakpoints.temporary(address, isBack))
  }

  end(): void {
    for (const place of this.places) this.breakpoints.removeTemporary(place)
  }
}
