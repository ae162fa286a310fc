// The interrupt controller's four global timers (MPC8544 reference manual 10.3.2): they count down, reload at zero and turn the toggle
// bit. TCR divides their clock, and makes a timer count the zeros of the one below it. Counted in ticks of the guest's time base.

/** Time-base ticks (400 MHz) of a count where TCR[CLKR] is 0: QEMU's timers count at 25 MHz. */
const TICKS_PER_COUNT = 16
const TIMERS = 4
/** In the base count register: count inhibit. In the current count register: toggle. */
const TOP = 0x80000000 | 0
const COUNT = 0x7fffffff
/** ROVR and CASC have a bit for each of the timers 0 to 2. RTM: an external clock counts, which this board does not have. */
const TCR = { ROVR: 24, RTM: 0x10000, CLKR: 8, writable: 0x07010307 } as const

const initial = () => ({
  /** The timer frequency reporting register holds what the guest writes and changes nothing. */
  TFRR: 0,
  TCR: 0,
  timers: Array.from({ length: TIMERS }, () => ({
    GTBCR: TOP,
    toggle: false,
    /** Driven by the clock: the tick at which it comes to zero; undefined: it stands. */
    zeroAt: undefined as number | undefined,
    /** Not driven by the clock: what is left of its count; 0: it stands. */
    left: 0,
  })),
})

/** The guest's time, and who must know when the next event moved. */
export interface PicTime {
  now(): number
  nextEventChanged(): void
}

export class PicTimers {
  private readonly time: PicTime
  private state = initial()
  private next = Infinity

  constructor(time: PicTime) {
    this.time = time
  }

  reset(): void {
    this.state = initial()
    this.next = Infinity
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<PicTimers['save']>): void {
    this.state = structuredClone(saved)
    this.next = this.earliest()
  }

  // ---- what TCR says ----
  private ticksPerCount = () => TICKS_PER_COUNT << ((this.state.TCR >> TCR.CLKR) & 3)
  /** TCR[CASC]: timer n counts the zeros of timer n-1. */
  private isFed = (n: number) => n > 0 && (this.state.TCR & (1 << (n - 1))) !== 0
  private isClocked = (n: number) => !this.isFed(n) && (this.state.TCR & TCR.RTM) === 0
  /** What it begins anew with: its base count, or all ones where it rolls over, which only a cascaded timer does. */
  private period(n: number): number {
    const isCascaded = this.isFed(n) || this.isFed(n + 1)
    const rollsOver = isCascaded && (this.state.TCR & (1 << (TCR.ROVR + n))) !== 0
    return rollsOver ? COUNT : this.state.timers[n]!.GTBCR & COUNT
  }

  // ---- time ----
  /** To the next zero of any that the clock drives; Infinity: there is none. */
  ticksToEvent = () => this.next - this.time.now()
  /** To the next zero of a timer. */
  ticksToZero = (n: number) => this.zero(n, 1) - this.time.now()
  /** The tick of its zero so many zeros from now. */
  private zero(n: number, ordinal: number): number {
    const { zeroAt, left } = this.state.timers[n]!
    const further = ordinal > 1 ? (ordinal - 1) * (this.period(n) || Infinity) : 0
    if (zeroAt !== undefined) return zeroAt + further * this.ticksPerCount()
    return left > 0 && this.isFed(n) ? this.zero(n - 1, left + further) : Infinity
  }

  /** The timers that have come to zero since the last call. */
  due(): readonly number[] {
    const now = this.time.now()
    if (now < this.next) return []
    const zeros = [0, 0, 0, 0]
    for (const n of zeros.keys()) zeros[n] = this.isFed(n) ? this.countDown(n, zeros[n - 1]!) : this.pass(n, now)
    this.next = this.earliest()
    return [...zeros.keys()].filter((n) => zeros[n]! > 0)
  }
  private earliest = () => Math.min(...this.state.timers.map(({ zeroAt }) => zeroAt ?? Infinity))

  /** Both give the number of zeros: at the first one, and at as many further ones as there is room for. */
  private pass(n: number, now: number): number {
    const timer = this.state.timers[n]!
    if (timer.zeroAt === undefined || timer.zeroAt > now) return 0
    const ticks = this.period(n) * this.ticksPerCount()
    const zeros = ticks === 0 ? 1 : Math.floor((now - timer.zeroAt) / ticks) + 1
    turn(timer, zeros)
    timer.zeroAt = ticks === 0 ? undefined : timer.zeroAt + zeros * ticks
    return zeros
  }
  private countDown(n: number, counts: number): number {
    const timer = this.state.timers[n]!
    if (timer.left === 0 || timer.left > counts) {
      timer.left = Math.max(0, timer.left - counts)
      return 0
    }
    const period = this.period(n)
    const zeros = period === 0 ? 1 : Math.floor((counts - timer.left) / period) + 1
    turn(timer, zeros)
    timer.left = period === 0 ? 0 : timer.left + zeros * period - counts
    return zeros
  }

  // ---- registers ----
  /** Current count (0) or base count (0x10) of timer n. An inhibited timer's count reads 0, as QEMU's. */
  register(n: number, offset: number): number {
    const { GTBCR, toggle } = this.state.timers[n]!
    return offset === 0 ? this.count(n) | (toggle ? TOP : 0) : GTBCR
  }
  private count(n: number): number {
    const { zeroAt, left } = this.state.timers[n]!
    return zeroAt === undefined ? left : Math.max(0, Math.ceil((zeroAt - this.time.now()) / this.ticksPerCount()))
  }
  /** Counting begins as CI goes from 1 to 0; a base count written to a timer that counts is taken at its next zero. */
  setBaseCount(n: number, value: number): void {
    const timer = this.state.timers[n]!
    const wasInhibited = timer.GTBCR < 0
    timer.GTBCR = value
    if (wasInhibited === value < 0) return
    timer.toggle = false
    this.goOn(n, Math.max(0, value))
    this.eventsMoved()
  }
  private goOn(n: number, count: number): void {
    const timer = this.state.timers[n]!
    const isClocked = this.isClocked(n) && count > 0
    timer.zeroAt = isClocked ? this.time.now() + count * this.ticksPerCount() : undefined
    timer.left = isClocked ? 0 : count
  }
  private eventsMoved(): void {
    this.next = this.earliest()
    this.time.nextEventChanged()
  }

  /** What the timers have left of their counts goes on under the new rules. */
  setTcr(value: number): void {
    if ((value & TCR.writable) === this.state.TCR) return
    const counts = [...this.state.timers.keys()].map((n) => this.count(n))
    this.state.TCR = value & TCR.writable
    for (const [n, count] of counts.entries()) this.goOn(n, count)
    this.eventsMoved()
  }
  get TCR(): number {
    return this.state.TCR
  }

  get TFRR(): number {
    return this.state.TFRR
  }
  set TFRR(value: number) {
    this.state.TFRR = value
  }
}

function turn(timer: { toggle: boolean }, zeros: number): void {
  if (zeros % 2 === 1) timer.toggle = !timer.toggle
}
