// Why the guest stands still, as the session tells its client. One Exit of the machine, a finished step or a request makes one.

export interface Stop {
  readonly kind: 'stop'
  readonly reason:
    | 'breakpoint'
    | 'function breakpoint'
    | 'instruction breakpoint'
    | 'data breakpoint'
    | 'step'
    | 'pause'
    | 'entry'
    | 'exception'
  readonly vcpu: number
  /** In words what happened: `IAC1 hit`, `DAC1 write to jiffies_64`. */
  readonly description: string
  readonly text?: string
  readonly hitBreakpointIds?: readonly number[]
  /** So many inlined calls begin here and have not been stepped into: the stack is shown without them, at the line that calls. */
  readonly hiddenCalls?: number
  /** Of reason `exception`: the interrupt and where it came. */
  readonly interrupt?: { readonly name: string; readonly from: number }
}

/** The guest goes no further by itself. */
export interface Ended {
  readonly kind: 'powerOff' | 'reset'
}

export type Outcome = Stop | Ended
