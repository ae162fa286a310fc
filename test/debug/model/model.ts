// A second debug facility, deliberately simple and slow, written from the reference's sentences alone: what a machine does that is told to
// run, to step, or to stop somewhere.
import type { Core } from './core.ts'
import { IVOR } from './core.ts'
import { type Instruction, illegal, type Outcome } from './instructions.ts'
import { u32 } from './state.ts'

export type Stop = 'budget' | 'breakpoint' | 'watchpoint' | 'step'

/** What the rig maps. */
const MAPPED = 0x01000000
/** Of the time base, for each instruction (the machine's configuration). */
const TICKS = 4

export class Model {
  readonly core: Core
  private readonly program: ReadonlyMap<number, Instruction>
  /** Instructions begun. */
  done = 0
  /** The instruction count at which the stop before an instruction, and before an access, was told. */
  private told = -1
  private accessTold = -1
  private idsTold: readonly number[] = []
  private watchHit = false
  /** What the present instruction takes. */
  private ticks = TICKS
  constructor(core: Core, program: ReadonlyMap<number, Instruction>) {
    this.core = core
    this.program = program
  }
  isMapped = (address: number) => address < MAPPED

  // ---- memory: words of host order, bytes from the most significant ----
  read(EA: number, bytes: 1 | 4): number {
    const byte = (address: number) => (this.word(address) >>> (24 - 8 * (address & 3))) & 0xff
    if (bytes === 1) return byte(EA)
    return u32((byte(EA) << 24) | (byte(EA + 1) << 16) | (byte(EA + 2) << 8) | byte(EA + 3))
  }
  private word = (address: number) => this.core.guest.words[address & ~3] ?? 0
  write(EA: number, bytes: 1 | 4, value: number): void {
    for (let n = 0; n < bytes; n++) {
      const address = EA + n
      const shift = 24 - 8 * (address & 3)
      const byte = (value >>> (8 * (bytes - 1 - n))) & 0xff
      this.core.guest.words[address & ~3] = u32((this.word(address) & ~(0xff << shift)) | (byte << shift))
    }
  }

  // ---- the host's watchpoints ----
  watchedBefore(EA: number, bytes: number, kind: 'load' | 'store'): boolean {
    const ids = this.core.host.watching('dac', EA, bytes, kind)
    if (this.accessTold === this.done || ids.length === 0) return false
    // It shows this place, as a breakpoint here would.
    this.accessTold = this.told = this.done
    this.idsTold = ids
    return true
  }
  accessed(EA: number, bytes: number, kind: 'load' | 'store'): void {
    // What was told before the access is not told again after it, where its DAC became the guest's meanwhile.
    const isNew = (id: number) => this.accessTold !== this.done || !this.idsTold.includes(id)
    if (this.core.host.watching('auto', EA, bytes, kind).some(isNew)) this.watchHit = true
  }

  // ---- running ----
  run(instructions: number): Stop {
    const end = this.done + instructions
    while (this.done < end) {
      for (let number = this.core.pending(); number !== undefined; number = this.core.pending()) {
        this.core.take(number)
        this.moved()
      }
      const stop = this.stopBefore() ?? this.execute()
      if (stop) return stop
    }
    return 'budget'
  }
  private stopBefore(): Stop | undefined {
    if (this.told === this.done || this.core.host.stopsAt(this.core.guest.pc).length === 0) return undefined
    this.told = this.done
    return 'breakpoint'
  }
  /** T129: one instruction, or one interrupt. */
  step(): Stop {
    const number = this.core.pending()
    if (number !== undefined) this.core.take(number)
    const stop = number === undefined ? this.execute() : undefined
    if (stop) return stop
    this.told = this.done
    return 'step'
  }
  /** At an endless loop of its own. */
  isAtItsEnd = () => this.program.get(this.core.guest.pc)?.text === 'b here'
  /** What is told is of another place. */
  moved(): void {
    this.told = this.accessTold = -1
  }

  private execute(): Stop | undefined {
    const { core } = this
    core.own = 0
    this.watchHit = false
    const traces = core.tracesCompletion()
    this.timersMayStand()
    const outcome = this.attempt()
    if (outcome === 'watched') return 'watchpoint'
    if (outcome === 'completed' && traces) core.completionEvent()
    if (outcome === 'uncounted') this.moved()
    else {
      this.done++
      core.guest.ticks += this.ticks
    }
    return this.watchHit ? 'watchpoint' : undefined
  }
  /** As an instruction begins. BRT is recorded before its branch does. */
  timersMayStand(): void {
    this.ticks = this.core.timersStand() ? 0 : TICKS
  }
  private attempt(): Outcome {
    const { core } = this
    if (core.instructionEvent()) core.take(IVOR.debug)
    else if (!this.isMapped(core.guest.pc)) core.take(IVOR.instructionTlb)
    else return (this.program.get(core.guest.pc) ?? illegal).does(this)
    return 'interrupted'
  }
}
