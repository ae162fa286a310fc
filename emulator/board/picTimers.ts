// The interrupt controller's four global timers (MPC8544 reference manual 10.3.2): they count down at 25 MHz, as QEMU's do,
// reload their base count and turn the toggle bit at zero. Counted in ticks of the guest's time base: no clock of the host.

/** Time-base ticks (400 MHz) of a count. */
const TICKS_PER_COUNT = 16
const TIMERS = 4
/** In the base count register: count inhibit. In the current count register: toggle. */
const TOP = 0x80000000 | 0
const COUNT = 0x7fffffff

const initial = () => ({
  /** The timer frequency reporting register holds what the guest writes and changes nothing. */
  TFRR: 0,
  timers: Array.from({ length: TIMERS }, () => ({
    GTBCR: TOP,
    toggle: false,
    /** The tick at which it comes to zero; undefined: it stands. */
    zeroAt: undefined as number | undefined,
  })),
})
type Timer = ReturnType<typeof initial>['timers'][number]

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

  /** Ticks to the next zero of any, or of one; Infinity: there is none. */
  ticksToEvent = (timer?: number): number =>
    (timer === undefined ? this.next : (this.state.timers[timer]!.zeroAt ?? Infinity)) - this.time.now()

  /** The timers that have come to zero since the last call. */
  due(): readonly number[] {
    const now = this.time.now()
    if (now < this.next) return []
    const { timers } = this.state
    const found = [...timers.keys()].filter((n) => (timers[n]!.zeroAt ?? Infinity) <= now)
    for (const n of found) reload(timers[n]!, now)
    this.next = this.earliest()
    return found
  }
  private earliest = () => Math.min(...this.state.timers.map(({ zeroAt }) => zeroAt ?? Infinity))

  /** A register of timer n: current count (0) or base count (0x10). An inhibited timer's count reads 0, as QEMU's. */
  register(n: number, offset: number): number {
    const { GTBCR, toggle, zeroAt } = this.state.timers[n]!
    if (offset !== 0) return GTBCR
    if (zeroAt === undefined) return 0
    return Math.max(0, Math.ceil((zeroAt - this.time.now()) / TICKS_PER_COUNT)) | (toggle ? TOP : 0)
  }
  /** Counting begins as CI goes from 1 to 0; a base count written to a timer that counts is taken at its next zero. */
  setBaseCount(n: number, value: number): void {
    const timer = this.state.timers[n]!
    const wasInhibited = timer.GTBCR < 0
    timer.GTBCR = value
    if (wasInhibited === value < 0) return
    timer.toggle = false
    timer.zeroAt = value > 0 ? this.time.now() + value * TICKS_PER_COUNT : undefined
    this.next = this.earliest()
    this.time.nextEventChanged()
  }

  get TFRR(): number {
    return this.state.TFRR
  }
  set TFRR(value: number) {
    this.state.TFRR = value
  }
}

/** At its zero, and over as many further ones as the time since then holds. */
function reload(timer: Timer, now: number): void {
  const period = (timer.GTBCR & COUNT) * TICKS_PER_COUNT
  const zeros = period === 0 ? 1 : Math.floor((now - timer.zeroAt!) / period) + 1
  if (zeros % 2 === 1) timer.toggle = !timer.toggle
  timer.zeroAt = period === 0 ? undefined : timer.zeroAt! + zeros * period
}
