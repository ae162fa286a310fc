// Who executes and for how long: slice after slice, until the budget is used or something makes it stop.
import { TICKS_PER_INSTRUCTION } from './core/clock.ts'
import type { Vcpu } from './core/vcpu.ts'
import type { Exit } from './debug/exit.ts'
import { Interpreter } from './engine/interpreter.ts'
import { PollingLoop } from './engine/pollingLoop.ts'
import type { Hardware } from './hardware.ts'
import { STATE } from './isa/cpu.ts'

/** What is left of a slice is a word of the state block. */
const LONGEST_SLICE = 0x7fffffff
const NOTHING_WAKES = 'it waits (MSR[WE] or wait) with interrupts off, so nothing can wake it'

export class RunLoop {
  private readonly hardware: Hardware
  private readonly interpreters: readonly Interpreter[]
  private readonly pollingLoops: readonly PollingLoop[]
  private exit: Exit | undefined
  private isLeaving = false

  constructor(hardware: Hardware) {
    const { vcpus, memory } = hardware
    this.hardware = hardware
    this.interpreters = vcpus.map((vcpu) => new Interpreter(vcpu, memory))
    this.pollingLoops = vcpus.map((vcpu) => new PollingLoop(vcpu, memory))
    for (const [n, vcpu] of vcpus.entries()) vcpu.pollWatcher = this.pollingLoops[n]
  }

  /** The guest is another one now, or the same at another time. */
  begin(): void {
    this.exit = undefined
    for (const interpreter of this.interpreters) interpreter.stopsChanged()
  }
  /** Ends the run after the present instruction with this. */
  stop(exit: Exit): void {
    this.exit = exit
    this.hardware.turns.running().leaveSlice()
  }
  /** Ends it as if the budget were used. */
  leave(): void {
    this.isLeaving = true
    this.hardware.turns.running().leaveSlice()
  }
  /** In which the guest waited, or polled its console or a timer and did nothing else. */
  restingTicks(): number {
    const skipped = this.pollingLoops.reduce((sum, { skippedInstructions }) => sum + skippedInstructions, 0)
    return this.hardware.clock.idleTicks() + skipped * TICKS_PER_INSTRUCTION
  }

  /** end: instructions of the machine. stepping: the run ends with its next instruction; until its turn the others run as they would without the debugger. */
  run(end: number, idleEnd: number, stepping: Vcpu | undefined): Exit {
    const { clock, turns, board } = this.hardware
    this.isLeaving = false
    while (!this.isLeaving && clock.instructions() < end && clock.idleTicks() < idleEnd) {
      board.pic.timersMayBeDue()
      const vcpu = turns.next()
      const exit = vcpu
        ? this.slice(vcpu, end - clock.instructions(), vcpu === stepping)
        : this.wait(idleEnd - clock.idleTicks())
      if (exit) return exit
    }
    return { kind: 'budget' }
  }

  /** One slice of a core: to the end of its turn, to its next timer event, to a change of what may interrupt it, or to a stop. */
  private slice(vcpu: Vcpu, left: number, isStep: boolean): Exit | undefined {
    vcpu.timers.update(vcpu)
    vcpu.taken = undefined
    vcpu.takePending(isStep)
    if (isStep && vcpu.taken) return this.takeExit(vcpu) ?? stepped(vcpu)
    const early = this.takeExit(vcpu)
    if (early || vcpu.isWaiting()) return early
    const traced = vcpu.debug.tracesInstructions()
    const before = vcpu.instructions()
    vcpu.taken = undefined
    if (traced && vcpu.endsBeforeBranch()) return this.takeExit(vcpu) ?? (isStep ? stepped(vcpu) : undefined)
    const enables = vcpu.debug.enables()
    vcpu.beginSlice(traced || isStep ? 1 : this.longestSlice(vcpu, left))
    const reason = this.interpreters[vcpu.index]!.runSlice()
    if (reason) return { kind: 'lost', vcpu: vcpu.index, address: vcpu.CIA(), reason }
    if (traced && vcpu.hasCompleted() && vcpu.instructions() > before) vcpu.debug.traced(enables)
    return this.takeExit(vcpu) ?? (isStep ? stepped(vcpu) : undefined)
  }
  private longestSlice(vcpu: Vcpu, left: number): number {
    const { board, turns } = this.hardware
    const toBoardEvent = Math.max(1, Math.ceil(board.pic.ticksToEvent() / TICKS_PER_INSTRUCTION))
    return Math.min(left, turns.left(), vcpu.timers.instructionsToEvent(), toBoardEvent, LONGEST_SLICE)
  }

  private takeExit(vcpu: Vcpu): Exit | undefined {
    const exit = this.exit ?? vcpu.exit?.(vcpu.state[STATE.NIA]!)
    this.exit = undefined
    vcpu.exit = undefined
    return exit
  }

  /** All cores wait: that takes no instruction; it lasts to the next timer event or to a device's interrupt. */
  private wait(atMostTicks: number): Exit | undefined {
    const { turns, clock, board } = this.hardware
    const vcpu = turns.running()
    const reset = this.takeExit(vcpu)
    if (reset) return reset
    const ticks = turns.ticksToWake((core) => board.pic.ticksToInterrupt(core))
    if (ticks !== Infinity) clock.sleep(Math.min(atMostTicks, ticks))
    else if (turns.takesInput()) return { kind: 'idle', vcpu: vcpu.index }
    else return { kind: 'lost', vcpu: vcpu.index, address: vcpu.state[STATE.NIA]!, reason: NOTHING_WAKES }
    return undefined
  }
}

/** A step over `wait` has completed it: the core is awake. */
function stepped(vcpu: Vcpu): Exit {
  vcpu.stopWaiting()
  const { index, taken, state } = vcpu
  const interrupted = taken && { name: taken.name, from: taken.from }
  return { kind: 'step', vcpu: index, address: state[STATE.NIA]!, ...(interrupted && { interrupted }) }
}
