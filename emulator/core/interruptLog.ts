// The interrupts that a core has taken: how often each, and the last of them, for a person to look at. It stands outside of the guest's state.
import type { InterruptName } from './interrupts.ts'

export interface TakenInterrupt {
  /** What the core had completed. */
  readonly instructions: number
  readonly name: InterruptName
  /** The instruction that it came at, or before. */
  readonly from: number
  /** Where its handler begins. */
  readonly to: number
}

const KEPT = 256

export class InterruptLog {
  private readonly counted = new Map<InterruptName, number>()
  private taken: TakenInterrupt[] = []

  add(taken: TakenInterrupt): void {
    this.counted.set(taken.name, (this.counted.get(taken.name) ?? 0) + 1)
    this.taken.push(taken)
    if (this.taken.length > 2 * KEPT) this.taken = this.taken.slice(-KEPT)
  }
  /** The core is reset: its instructions are counted from 0 again. How many there were in all is still known. */
  forgetLast(): void {
    this.taken = []
  }
  counts = (): ReadonlyMap<InterruptName, number> => this.counted
  /** The oldest first. */
  last = (count: number): readonly TakenInterrupt[] => this.taken.slice(-Math.min(KEPT, count))
}
