// Runs the machine in slices of a few milliseconds, so that requests are answered between them. What the slices are changes
// nothing of what the guest does. It knows no DAP: a stop goes to whoever asked for the run.
import type { Exit, Machine } from '../../emulator/index.ts'
import type { Host } from '../host.ts'

/** What a run is for. A statement step is one; so is "until something stops it". */
export interface Plan<Stop> {
  /** Before each piece of the run: sets up what the machine is to do next. */
  prepare(): void
  /** After a piece that ended by itself: why the guest stays stopped, or undefined to go on. */
  decide(exit: Exit): Stop | undefined
  /** The run is over, for whatever reason. */
  finish(): void
}

const SLICE_MS = 5
const TICKS_PER_MS = 400_000
/** A waiting guest is looked after this often. */
const IDLE_TICKS = 10 * TICKS_PER_MS
const FIRST_BUDGET = 50_000
const LEAST_BUDGET = 2_000
const MOST_BUDGET = 5_000_000

export interface RunnerOptions<Stop> {
  readonly machine: Machine
  readonly host: Host
  /** True: waiting of the guest takes as long for a person as for the guest. */
  readonly paced: boolean
  readonly onStop: (stop: Stop) => void
  /** An exception of ours came out of the machine. */
  readonly onBug: (error: unknown) => void
}

export class Runner<Stop> {
  private readonly options: RunnerOptions<Stop>
  private plan: Plan<Stop> | undefined
  private budget = FIRST_BUDGET
  private cancel: (() => void) | undefined
  /** The guest waits for input and for nothing else. */
  private sleeping = false

  constructor(options: RunnerOptions<Stop>) {
    this.options = options
  }

  get isRunning(): boolean {
    return this.plan !== undefined
  }

  run(plan: Plan<Stop>): void {
    if (this.plan) throw new Error('The guest runs already.')
    this.plan = plan
    this.sleeping = false
    this.schedule(0)
  }

  /** Ends the run between two instructions; the plan's owner gets the stop. False: it did not run. */
  stop(stop: Stop): boolean {
    if (!this.plan) return false
    this.end()
    this.options.onStop(stop)
    return true
  }
  /** Ends the run and tells nobody. */
  dispose(): void {
    if (this.plan) this.end()
  }
  private end(): void {
    const { plan } = this
    this.cancel?.()
    this.cancel = undefined
    this.plan = undefined
    plan?.finish()
  }

  /** Input came: a guest that waited for it goes on. */
  wake(): void {
    if (!this.sleeping || !this.plan) return
    this.sleeping = false
    this.schedule(0)
  }

  private schedule(delayMs: number): void {
    this.cancel?.()
    this.cancel = this.options.host.later(() => this.guarded(), delayMs)
  }
  private guarded(): void {
    try {
      this.slice()
    } catch (error) {
      this.end()
      this.options.onBug(error)
    }
  }

  private slice(): void {
    const { host, machine, paced } = this.options
    const started = host.now()
    const idleBefore = machine.restingTicks()
    do {
      const stop = this.piece()
      if (stop !== undefined) {
        this.stop(stop)
        return
      }
      if (this.sleeping) return
    } while (host.now() - started < SLICE_MS && machine.restingTicks() === idleBefore)
    const owedMs = paced ? (machine.restingTicks() - idleBefore) / TICKS_PER_MS - (host.now() - started) : 0
    this.schedule(Math.max(0, owedMs))
  }

  private piece(): Stop | undefined {
    const { host, machine } = this.options
    const plan = this.plan!
    plan.prepare()
    const before = host.now()
    const exit = machine.run(this.budget, IDLE_TICKS)
    if (exit.kind === 'idle') this.sleeping = true
    if (exit.kind === 'budget') this.adapt(host.now() - before)
    return exit.kind === 'budget' || exit.kind === 'idle' ? undefined : plan.decide(exit)
  }

  /** Towards slices of SLICE_MS, whatever this computer and this piece of code make of an instruction. */
  private adapt(tookMs: number): void {
    const wanted = tookMs > SLICE_MS ? this.budget / 2 : tookMs < SLICE_MS / 2 ? this.budget * 2 : this.budget
    this.budget = Math.round(Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, wanted)))
  }
}
