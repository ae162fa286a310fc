// A loop that asks the console whether somebody typed, and does nothing else, is run through without being executed: as many rounds as fit
// into the slice, in which nothing can change. The guest, its time and its instruction count are afterwards what execution would have made
// of them. So recognition changes what a run costs, never what it does, and an interpreter without it gives the same run.
import type { BusObserver, Device } from '../board/bus.ts'
import type { Memory } from '../core/memory.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { STATE } from '../isa/cpu.ts'

/** Instructions of the longest round. */
const LONGEST = 10_000
/** So many rounds are executed before one is looked at. */
const SUSPICIOUS = 2
const PAGE_BYTES = 4096

/** A core at the load that polls. */
interface Before {
  readonly state: Int32Array
  readonly sprs: Int32Array
  readonly rest: string
  /** Pages that the round stores to, as they were: by index of their first word. */
  readonly pages: Map<number, Int32Array>
}

export class PollingLoop implements BusObserver {
  /** Ticks that passed unexecuted: the host may rest as long. No part of the machine's state. */
  skippedInstructions = 0
  private readonly memory: Memory
  private readonly running: () => Vcpu
  private core: Vcpu | undefined
  private CIA = 0
  private count = 0
  private rounds = 0
  private before: Before | undefined

  constructor(memory: Memory, running: () => Vcpu) {
    this.memory = memory
    this.running = running
  }

  /** Between slices anything may change: interrupts, other cores, input, the debugger. */
  sliceBegins(): void {
    this.before = undefined
  }
  /** The round does something that counts. */
  disturbed(): void {
    this.before = undefined
    this.rounds = 0
  }
  deviceRead(device: Device, offset: number): void {
    if (device.awaitsInput?.(offset)) this.polled(this.running())
    else this.disturbed()
  }
  deviceWritten(): void {
    this.disturbed()
  }
  memoryWritten(physical: number): void {
    if (!this.before) return
    const first = (this.memory.ramBase + Math.floor(physical / PAGE_BYTES) * PAGE_BYTES) >>> 2
    if (!this.before.pages.has(first)) this.before.pages.set(first, this.page(first).slice())
  }
  private page = (first: number) => this.memory.words.subarray(first, first + PAGE_BYTES / 4)

  private polled(core: Vcpu): void {
    const now = core.instructions()
    const length = now - this.count
    if (core !== this.core || length > LONGEST || length <= 0) {
      this.core = core
      this.CIA = core.CIA()
      this.count = now
      this.disturbed()
      return
    }
    // A round may poll at several places; the first one counts.
    if (core.CIA() !== this.CIA) return
    this.count = now
    const { before } = this
    this.before = undefined
    if (before && isUnchanged(core, before) && this.areUnchanged(before.pages)) this.skip(core, length)
    else if (before) this.rounds = 0
    else if (++this.rounds >= SUSPICIOUS && !hasWatches(core)) this.look(core)
  }

  /** The round to come is compared with this one; all its stores come by. */
  private look(core: Vcpu): void {
    this.before = { state: stateOf(core), sprs: core.sprs.slice(), rest: restOf(core), pages: new Map() }
    core.storage.forgetPages()
  }
  private areUnchanged(pages: Before['pages']): boolean {
    for (const [first, words] of pages) if (!isEqual(words, this.page(first))) return false
    return true
  }
  private skip(core: Vcpu, length: number): void {
    const left = core.state[STATE.LEFT]!
    const skipped = left - (left % length)
    core.state[STATE.LEFT] = left - skipped
    this.count += skipped
    this.skippedInstructions += skipped
  }
}

function stateOf({ state }: Vcpu): Int32Array {
  const copy = state.slice()
  copy[STATE.LEFT] = 0
  return copy
}
/** timers.reads: a round that looks at the time is not the same again. */
const restOf = (core: Vcpu) =>
  JSON.stringify([
    core.MSR,
    core.reservation.save(),
    core.doorbells.save(),
    core.mmu.save(),
    core.timers.save(),
    core.timers.reads,
    core.performanceMonitor.save(),
  ])
const isUnchanged = (core: Vcpu, before: Before) =>
  isEqual(before.state, stateOf(core)) && isEqual(before.sprs, core.sprs) && before.rest === restOf(core)

function isEqual(a: Int32Array, b: Int32Array): boolean {
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false
  return true
}

/** Data breakpoints compare each access. */
const hasWatches = ({ host, debug }: Vcpu) =>
  host.breakpoints().some(({ breakpoint }) => breakpoint.kind === 'data') ||
  [...debug.guestSlots()].some((slot) => slot === 'DAC1' || slot === 'DAC2')
