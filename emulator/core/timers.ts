// Time base and decrementer, counted in instructions (E500RM chapter 4; no clock of the host comes in here).
// Not here yet: FIT and watchdog.
import type { SprCpu } from '../spr/record.ts'

/** Time-base ticks of an instruction. */
const TICKS_PER_INSTRUCTION = 4
const DECAR = 54
const TSR = 336
const TCR = 340
const DIS = 0x08000000
const ARE = 0x00400000

export class Timers {
  /** Added to the ticks of instructions: what the guest wrote to TB, and the time that it slept. */
  private timeBaseOffset = 0
  private slept = 0
  /** Tick, before timeBaseOffset, at which DEC reaches 0; Infinity while it stands. */
  private zeroAt = Infinity
  private readonly sprs: Int32Array
  private readonly instructions: () => number

  constructor(sprs: Int32Array, instructions: () => number) {
    this.sprs = sprs
    this.instructions = instructions
  }

  reset(): void {
    this.timeBaseOffset = -this.now()
    this.zeroAt = Infinity
  }
  /** Ticks that the core slept so far. */
  idleTicks = () => this.slept

  save = () => ({
    timeBaseOffset: this.timeBaseOffset,
    slept: this.slept,
    zeroAt: Number.isFinite(this.zeroAt) ? this.zeroAt : -1,
  })
  restore(saved: ReturnType<Timers['save']>): void {
    this.timeBaseOffset = saved.timeBaseOffset
    this.slept = saved.slept
    this.zeroAt = saved.zeroAt < 0 ? Infinity : saved.zeroAt
  }

  private now = () => this.instructions() * TICKS_PER_INSTRUCTION + this.slept
  timeBase = () => this.now() + this.timeBaseOffset

  setTimeBase(ticks: number): void {
    this.timeBaseOffset = ticks - this.now()
  }

  decrementer = () => (this.zeroAt === Infinity ? 0 : (this.zeroAt - this.now()) | 0)

  /** Going from 1 to 0 is the event: writing 0 makes none. */
  setDecrementer(value: number): void {
    this.zeroAt = value === 0 ? Infinity : this.now() + (value >>> 0)
  }

  /** How many instructions may run before update() has something to do; at least 1. */
  instructionsToEvent = () => Math.max(1, Math.ceil((this.zeroAt - this.now()) / TICKS_PER_INSTRUCTION))

  /** Records what has come due. */
  update(cpu: Pick<SprCpu, 'interruptsChanged'>): void {
    if (this.now() < this.zeroAt) return
    this.sprs[TSR]! |= DIS
    const reload = this.sprs[DECAR]! >>> 0
    this.zeroAt = this.sprs[TCR]! & ARE && reload !== 0 ? this.zeroAt + reload : Infinity
    cpu.interruptsChanged()
  }

  /** Sleeps to the next event. False: there is none, it would sleep for ever. */
  sleep(): boolean {
    if (this.zeroAt === Infinity) return false
    this.slept += Math.max(0, this.zeroAt - this.now())
    return true
  }
}
