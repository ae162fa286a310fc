// The machine's time, common to all cores: each instruction takes its ticks, whichever core executes it, and while all wait time passes too.
// So it never goes back from one core's turn to the next one's, and a run is one sequence of instructions.

/** Time-base ticks of an instruction; the time base has 400 MHz. */
export const TICKS_PER_INSTRUCTION = 4
export const TICKS_PER_SECOND = 400_000_000

interface Counter {
  instructions(): number
}

export class Clock {
  private running: Counter = { instructions: () => 0 }
  /** Instructions of the cores that do not run now. */
  private others = 0
  private slept = 0

  /** Of all cores. */
  instructions = () => this.others + this.running.instructions()
  now = () => this.instructions() * TICKS_PER_INSTRUCTION + this.slept
  /** Ticks in which no core had anything to do. */
  idleTicks = () => this.slept
  sleep(ticks: number): void {
    this.slept += ticks
  }

  /** This core's instructions count from now on. */
  switchTo(core: Counter): void {
    this.others = this.instructions() - core.instructions()
    this.running = core
  }

  save = () => ({ others: this.others, slept: this.slept })
  restore({ others, slept }: ReturnType<Clock['save']>, running: Counter): void {
    this.others = others
    this.slept = slept
    this.running = running
  }
  reset(running: Counter): void {
    this.restore({ others: 0, slept: 0 }, running)
  }
}
