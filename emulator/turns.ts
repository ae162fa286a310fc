// Whose turn it is. Cores run one after the other in one thread; a turn's length belongs to the machine, never to the caller's slice,
// so a run is the same however it is cut. A core that waits gives its turn away.
import type { Clock } from './core/clock.ts'
import type { Vcpu } from './core/vcpu.ts'

/** Instructions. At 50 MIPS a turn takes 0.1 ms, and changing turns a hundredth of that. */
const QUANTUM = 5000

export class Turns {
  private readonly vcpus: readonly Vcpu[]
  private readonly clock: Clock
  private current = 0
  /** Where the present turn ends, in instructions of the machine. */
  private end = QUANTUM
  /** Not started yet: the spin table will. */
  private halted: Set<number>

  constructor(vcpus: readonly Vcpu[], clock: Clock) {
    this.vcpus = vcpus
    this.clock = clock
    this.halted = this.secondaries()
    clock.reset(this.running())
  }
  private secondaries = () => new Set(this.vcpus.slice(1).map(({ index }) => index))

  reset(): void {
    this.current = 0
    this.end = QUANTUM
    this.halted = this.secondaries()
    this.clock.reset(this.running())
  }
  save = () => ({ current: this.current, end: this.end, halted: [...this.halted], clock: this.clock.save() })
  restore({ current, end, halted, clock }: ReturnType<Turns['save']>): void {
    this.current = current
    this.end = end
    this.halted = new Set(halted)
    this.clock.restore(clock, this.running())
  }

  running = () => this.vcpus[this.current]!
  isHalted = (core: number) => this.halted.has(core)
  start(core: number): void {
    this.halted.delete(core)
  }

  /** Instructions left of this turn. */
  left = () => (this.vcpus.length === 1 ? Infinity : this.end - this.clock.instructions())

  /** The core to go on with; undefined: all of them wait. */
  next(): Vcpu | undefined {
    if (this.left() > 0 && this.canRun(this.running())) return this.running()
    for (let n = 1; n <= this.vcpus.length; n++) {
      const vcpu = this.vcpus[(this.current + n) % this.vcpus.length]!
      if (this.canRun(vcpu)) return this.give(vcpu)
    }
    return undefined
  }
  private give(vcpu: Vcpu): Vcpu {
    this.end = this.clock.instructions() + QUANTUM
    if (vcpu.index === this.current) return vcpu
    // Stores of the others leave no trace that could be asked whether they met its granule.
    this.running().loseReservation()
    this.clock.switchTo(vcpu)
    this.current = vcpu.index
    return vcpu
  }
  private canRun(vcpu: Vcpu): boolean {
    if (this.halted.has(vcpu.index)) return false
    if (!vcpu.isWaiting()) return true
    vcpu.timers.update(vcpu)
    return vcpu.pendingInterrupt() !== undefined
  }

  private started = () => this.vcpus.filter(({ index }) => !this.halted.has(index))
  /** All wait: ticks to the first timer event, of a core or of the board, that wakes one; Infinity: there is none. */
  ticksToWake = (ticksToInput: (core: number) => number) =>
    Math.min(
      ...this.started().map((vcpu) =>
        Math.min(
          vcpu.timers.ticksToWake(vcpu.MSR),
          vcpu.takesExternalInput() ? Math.max(0, ticksToInput(vcpu.index)) : Infinity,
        ),
      ),
    )
  takesInput = () => this.started().some((vcpu) => vcpu.takesInput())
}
