// The last debug events of a core, for the view: what came, to whom it went, and why. It stands outside of the guest's state.
import { LastOnes } from './lastOnes.ts'

export interface DebugEvent {
  /** Instructions completed before it. */
  readonly instructions: number
  readonly address: number
  /** IAC1, DAC2W, TRAP ... or what a guest did to a debug register. */
  readonly event: string
  readonly to: 'guest' | 'host' | 'nobody'
  readonly why: string
}

/** Cleared when the core is reset: its instructions are counted from 0 again. */
export class DebugLog extends LastOnes<DebugEvent> {
  /** Told of each event as it comes. */
  listener: ((event: DebugEvent) => void) | undefined

  override add(event: DebugEvent): void {
    super.add(event)
    this.listener?.(event)
  }
}
