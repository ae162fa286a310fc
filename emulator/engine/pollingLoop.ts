// A loop that asks the console whether somebody typed, or looks at the time, and does nothing else, is run through without being executed:
// as many rounds as are proven to be alike (round.ts) and fit into the slice, in which nothing comes from outside. The guest, its time and its
// instruction count are afterwards what execution would have made of them: recognition changes what a run costs, never what it does.
import type { Memory } from '../core/memory.ts'
import type { PollWatcher, Vcpu } from '../core/vcpu.ts'
import { STATE } from '../isa/cpu.ts'
import { Round } from './round.ts'

/** Instructions of the longest round. */
const LONGEST = 10_000
/** A round that looks at its clocks more often is not found. */
const MOST_LOOKS = 16
/** Going through an instruction takes the host as long as executing so many. */
const COST = 32
/** After attempts that lost time so many rounds in a row have to be of one length before the next one: that costs a few percent. */
const MOST_PATIENCE = 1024
const STACK_POINTER = 1

/** What one core does. */
export class PollingLoop implements PollWatcher {
  /** Passed unexecuted: the host may rest as long. No part of the machine's state. */
  skippedInstructions = 0
  private readonly core: Vcpu
  private readonly round: Round
  /** The look at a clock by which a round is known: one instruction in one call of its function. */
  private CIA = 0
  private LR = 0
  private stackPointer = 0
  /** When it was last, how long after the time before, in instructions, and how often it was that. */
  private lookedAt = 0
  private length = 0
  private repetitions = 0
  private patience = 1
  private isProven = false
  /** Others since. */
  private otherLooks = MOST_LOOKS

  constructor(core: Vcpu, memory: Memory) {
    this.core = core
    this.round = new Round(core, memory)
  }

  looks(): void {
    const now = this.core.instructions()
    if (!this.isAgain()) {
      if (++this.otherLooks >= MOST_LOOKS) this.begin(now)
      return
    }
    const length = now - this.lookedAt
    this.lookedAt = now
    this.otherLooks = 0
    if (!this.isProven) {
      this.repetitions = length === this.length ? this.repetitions + 1 : 0
      this.length = length
    }
    const isPossible = this.length > 0 && this.length <= LONGEST
    if (isPossible && (this.isProven || this.repetitions >= this.patience)) this.attempt()
  }
  disturbed(): void {
    this.repetitions = 0
    this.isProven = false
  }
  private isAgain(): boolean {
    const { core } = this
    const { state } = core
    return core.CIA() === this.CIA && state[STATE.LR] === this.LR && state[STACK_POINTER] === this.stackPointer
  }
  private begin(now: number): void {
    const { core } = this
    this.CIA = core.CIA()
    this.LR = core.state[STATE.LR]!
    this.stackPointer = core.state[STACK_POINTER]!
    this.lookedAt = now
    this.otherLooks = 0
    this.disturbed()
  }

  private attempt(): void {
    const { core, round, length } = this
    const left = core.state[STATE.LEFT]!
    if (left < COST * length) return
    const rounds = Math.min(round.proven(length), Math.floor(left / length))
    const skipped = rounds * length
    if (rounds > 0) round.skip(rounds)
    core.state[STATE.LEFT] = left - skipped
    this.lookedAt += skipped
    this.skippedInstructions += skipped
    this.repetitions = 0
    this.isProven = skipped > COST * round.work
    this.patience = this.isProven ? 1 : Math.min(MOST_PATIENCE, 2 * this.patience)
  }
}
