// The interrupts that a core has taken: how often each, and the last of them, for a person to look at. It stands outside of the guest's state.
import { LastOnes } from '../debug/lastOnes.ts'
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

/** A reset of the core clears the last ones: its instructions are counted from 0 again. How many there were in all is still known. */
export class InterruptLog extends LastOnes<TakenInterrupt> {
  private readonly counted = new Map<InterruptName, number>()

  override add(taken: TakenInterrupt): void {
    super.add(taken)
    this.counted.set(taken.name, (this.counted.get(taken.name) ?? 0) + 1)
  }
  counts = (): ReadonlyMap<InterruptName, number> => this.counted
}
