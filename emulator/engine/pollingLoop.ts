// A loop that asks the console whether somebody typed, or looks at the time, and does nothing else, is run through without being executed:
// as many rounds as are proven to be alike (round.ts) and fit into the slice, in which nothing comes from outside. The guest, its time and its
// instruction count are afterwards what execution would have made of them: recognition changes what a run costs, never what it does.
import { TICKS_PER_INSTRUCTION } from '../core/clock.ts'
import type { Memory } from '../core/memory.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { STATE } from '../isa/cpu.ts'
import { Round } from './round.ts'

/** Instructions of the longest round. */
const LONGEST = 10_000
/** A round that looks at its clocks more often is not found. */
const MOST_LOOKS = 16
/** What is left of a slice is executed sooner than looked at. */
const LEAST_LEFT = 200
/** Going through an instruction takes the host as long as executing so many. */
const COST = 32
/** An attempt that lost time is followed by so many times as much of execution, so that all of them cost a few percent at most. */
const PATIENCE = 32

export class PollingLoop {
  /** Passed unexecuted: the host may rest as long. No part of the machine's state. */
  skippedInstructions = 0
  private readonly round: Round
  /** The look at a clock by which a round is known. */
  private core: Vcpu | undefined
  private CIA = 0
  private otherLooks = 0
  /** The last attempt, and how long to rest after it, in ticks. */
  private triedAt = 0
  private rest = 0

  constructor(memory: Memory) {
    this.round = new Round(memory)
  }

  /** Before an instruction that reads a timer or a console without input. */
  looks(core: Vcpu): void {
    if (core !== this.core || core.CIA() !== this.CIA) {
      if (core === this.core && ++this.otherLooks < MOST_LOOKS) return
      this.core = core
      this.CIA = core.CIA()
      this.otherLooks = 0
      return
    }
    this.otherLooks = 0
    const left = core.state[STATE.LEFT]!
    const since = core.ticks() - this.triedAt
    if (left >= LEAST_LEFT && (since < 0 || since >= this.rest)) this.attempt(core, left)
  }

  private attempt(core: Vcpu, left: number): void {
    const { round } = this
    const rounds = round.proven(core, Math.min(left, LONGEST))
    const skipped = rounds === 0 ? 0 : Math.min(rounds, Math.floor(left / round.length)) * round.length
    if (skipped > 0) {
      round.skip(skipped / round.length)
      core.state[STATE.LEFT] = left - skipped
      this.skippedInstructions += skipped
    }
    this.triedAt = core.ticks()
    this.rest = Math.max(0, COST * round.work - skipped) * PATIENCE * TICKS_PER_INSTRUCTION
  }
}
