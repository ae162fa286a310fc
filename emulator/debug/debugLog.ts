// The last debug events of a core, for the view: what came, to whom it went, and why. It stands outside of the guest's state.

export interface DebugEvent {
  /** Instructions completed before it. */
  readonly instructions: number
  readonly address: number
  /** IAC1, DAC2W, TRAP ... or what a guest did to a debug register. */
  readonly event: string
  readonly to: 'guest' | 'host' | 'nobody'
  readonly why: string
}

const KEPT = 256

export class DebugLog {
  /** Told of each event as it comes. */
  listener: ((event: DebugEvent) => void) | undefined
  private events: DebugEvent[] = []

  add(event: DebugEvent): void {
    this.events.push(event)
    if (this.events.length > 2 * KEPT) this.events = this.events.slice(-KEPT)
    this.listener?.(event)
  }
  /** The core is reset: its instructions are counted from 0 again. */
  clear(): void {
    this.events = []
  }
  last = (count: number): readonly DebugEvent[] => this.events.slice(-Math.min(KEPT, Math.max(0, count)))
}
