// Time base, decrementer, fixed-interval timer and watchdog, counted in instructions (E500RM chapter 4; no clock of the host comes in here).
import { fieldMasks } from '../spr/fields.ts'
import { fromField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { type Clock, TICKS_PER_INSTRUCTION } from './clock.ts'
import { MSR } from './interrupts.ts'

const { DECAR, TSR, TCR } = SPR
export const TSR_BITS = fieldMasks(TSR, 'ENW', 'WIS', 'DIS', 'FIS')
export const TCR_BITS = fieldMasks(TCR, 'WRC', 'WIE', 'DIE', 'FIE', 'ARE')

const { WP, WPEXT, FP, FPEXT } = fieldMasks(TCR, 'WP', 'WPEXT', 'FP', 'FPEXT')
const watchdog = (control: number) => (fromField(control, WPEXT) << 2) | fromField(control, WP)
const fixedInterval = (control: number) => (fromField(control, FPEXT) << 2) | fromField(control, FP)

/** What the timers ask of their core. */
export interface TimerCpu {
  interruptsChanged(): void
  /** The watchdog ran out a third time. */
  requestReset(): void
}

export class Timers {
  /** What the guest wrote to TB, less the clock then. */
  private timeBaseOffset = 0
  /** Ticks, before timeBaseOffset, of the next events; Infinity: there is none. */
  private zeroAt = Infinity
  private fixedIntervalAt = Infinity
  private watchdogAt = Infinity
  /** DBCR0[FT]: since when the timers stand still. */
  private frozenAt: number | undefined
  private readonly sprs: Int32Array
  private readonly clock: Clock

  constructor(sprs: Int32Array, clock: Clock) {
    this.sprs = sprs
    this.clock = clock
  }

  /** With the clock at 0: time begins anew. */
  reset(): void {
    this.timeBaseOffset = 0
    this.frozenAt = undefined
    this.zeroAt = this.fixedIntervalAt = this.watchdogAt = Infinity
  }

  save = () => ({
    timeBaseOffset: this.timeBaseOffset,
    zeroAt: finite(this.zeroAt),
    fixedIntervalAt: finite(this.fixedIntervalAt),
    watchdogAt: finite(this.watchdogAt),
    frozenAt: this.frozenAt,
  })
  restore(saved: ReturnType<Timers['save']>): void {
    this.timeBaseOffset = saved.timeBaseOffset
    this.zeroAt = saved.zeroAt ?? Infinity
    this.fixedIntervalAt = saved.fixedIntervalAt ?? Infinity
    this.watchdogAt = saved.watchdogAt ?? Infinity
    this.frozenAt = saved.frozenAt
  }

  /** Ticks since the machine was started, whatever the guest wrote to TB. */
  now = () => this.clock.now()
  /** As far as the timers have come. */
  private come = () => this.frozenAt ?? this.now()
  timeBase = () => this.come() + this.timeBaseOffset

  isFrozen = () => this.frozenAt !== undefined
  /** Time base, decrementer, FIT and watchdog go on from where they stood. */
  freeze(isFrozen: boolean): void {
    if (isFrozen === (this.frozenAt !== undefined)) return
    if (isFrozen) {
      this.frozenAt = this.now()
      return
    }
    const lost = this.now() - this.frozenAt!
    this.frozenAt = undefined
    this.timeBaseOffset -= lost
    this.zeroAt += lost
    this.controlChanged()
  }

  setTimeBase(ticks: number): void {
    this.timeBaseOffset = ticks - this.come()
    this.controlChanged()
  }

  decrementer = () => (this.zeroAt === Infinity ? 0 : (this.zeroAt - this.come()) | 0)
  decrements = () => this.zeroAt !== Infinity && !this.isFrozen()

  /** Going from 1 to 0 is the event: writing 0 makes none. */
  setDecrementer(value: number): void {
    this.zeroAt = value === 0 ? Infinity : this.come() + (value >>> 0)
  }

  /** TCR or TB was written: when the bits of TB that it selects go from 0 to 1 next. */
  controlChanged(): void {
    const control = this.sprs[TCR]!
    this.fixedIntervalAt = this.nextEdge(fixedInterval(control))
    this.watchdogAt = this.nextEdge(watchdog(control))
  }
  private nextEdge(period: number): number {
    const ticks = periodTicks(period)
    if (ticks === Infinity) return Infinity
    const half = ticks / 2
    return (Math.floor((this.timeBase() - half) / ticks) + 1) * ticks + half - this.timeBaseOffset
  }

  /** How many instructions may run before update() has something to do; at least 1. */
  instructionsToEvent(): number {
    if (this.frozenAt !== undefined) return Infinity
    const next = Math.min(this.zeroAt, this.fixedIntervalAt, this.watchdogAt)
    return Math.max(1, Math.ceil((next - this.now()) / TICKS_PER_INSTRUCTION))
  }

  /** Records what has come due. */
  update(cpu: TimerCpu): void {
    if (this.frozenAt !== undefined) return
    const now = this.now()
    if (now < this.zeroAt && now < this.fixedIntervalAt && now < this.watchdogAt) return
    if (now >= this.zeroAt) this.decrementerEvent(now)
    if (now >= this.fixedIntervalAt) this.sprs[TSR]! |= TSR_BITS.FIS
    if (now >= this.watchdogAt) this.watchdogEvents(now, cpu)
    this.controlChanged()
    cpu.interruptsChanged()
  }
  private decrementerEvent(now: number): void {
    this.sprs[TSR]! |= TSR_BITS.DIS
    const reload = this.sprs[DECAR]! >>> 0
    const reloads = this.sprs[TCR]! & TCR_BITS.ARE && reload !== 0
    this.zeroAt = reloads ? this.zeroAt + (Math.floor((now - this.zeroAt) / reload) + 1) * reload : Infinity
  }
  /** First the next watchdog is enabled, then it interrupts, then TCR[WRC] says what is reset. */
  private watchdogEvents(now: number, cpu: TimerCpu): void {
    const control = this.sprs[TCR]!
    const period = periodTicks(watchdog(control))
    const events = Math.min(3, Math.floor((now - this.watchdogAt) / period) + 1)
    for (let n = 0; n < events; n++) {
      const status = this.sprs[TSR]!
      if ((status & TSR_BITS.ENW) === 0) this.sprs[TSR]! |= TSR_BITS.ENW
      else if ((status & TSR_BITS.WIS) === 0) this.sprs[TSR]! |= TSR_BITS.WIS
      else if (control & TCR_BITS.WRC) {
        this.sprs[TSR]! |= control & TCR_BITS.WRC
        cpu.requestReset()
      }
    }
  }

  /** Ticks to the next event that can end the core's waiting; Infinity: there is none. */
  ticksToWake(msr: number): number {
    if (this.frozenAt !== undefined) return Infinity
    const control = this.sprs[TCR]!
    // A guest masks nothing that goes to the hypervisor.
    const EE = (msr & (MSR.EE | MSR.GS)) !== 0
    const CE = (msr & (MSR.CE | MSR.GS)) !== 0
    const wake = Math.min(
      EE && control & TCR_BITS.DIE ? this.zeroAt : Infinity,
      EE && control & TCR_BITS.FIE ? this.fixedIntervalAt : Infinity,
      (CE && control & TCR_BITS.WIE) || control & TCR_BITS.WRC ? this.watchdogAt : Infinity,
    )
    return Math.max(0, wake - this.now())
  }
}

const finite = (ticks: number) => (Number.isFinite(ticks) ? ticks : undefined)

/** A period selects bit 63 - period of TB, counted from the least significant; above 2^52 ticks none will come. */
const periodTicks = (period: number) => (63 - period > 51 ? Infinity : 2 ** (64 - period))
