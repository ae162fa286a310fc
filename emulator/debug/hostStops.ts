// The stops of the host on one core: where its breakpoints and watches are met, and which of them were told already.
// It throws the stops that come before their instruction; those of `auto` watches come after it.
import { ignoring } from './compare.ts'
import type { DebugCpu } from './debugCpu.ts'
import type { DebugLog } from './debugLog.ts'
import type { Exit } from './exit.ts'
import type { HostDebug, PlacedBreakpoint } from './hostDebug.ts'

type Watchpoint = Extract<Exit, { kind: 'watchpoint' }>
type HostBreakpoint = Extract<Exit, { kind: 'breakpoint' }>
type HostExit = HostBreakpoint | Watchpoint

/** A stop before the instruction: thrown to the run loop, which undoes its count and hands the Exit out. */
export class HostStop {
  readonly exit: Exit
  constructor(exit: Exit) {
    this.exit = exit
  }
}

export class HostStops {
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  private readonly log: DebugLog
  /** The completed count at which a stop has been reported: there the host's stops let the instruction pass. */
  private reportedCode = -1
  private reportedData = -1
  /** The places of `dac` that the instruction at that count has met: they are asked once, though one moves to `auto` at its stop. */
  private asked = { at: -1, ids: [] as readonly number[] }
  /** The places of `auto` that the instruction at that count has met. */
  private met = { at: -1, ids: new Set<number>() }
  private pages = new Set<number>()
  private addresses = new Set<number>()
  private watched: readonly PlacedBreakpoint[] = []

  constructor(cpu: DebugCpu, host: HostDebug, log: DebugLog) {
    this.cpu = cpu
    this.host = host
    this.log = log
  }

  // ---- what is armed ----
  breakpointsChanged(): void {
    const placed = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'instruction')
    this.addresses = new Set(placed.map(({ breakpoint }) => breakpoint.address | 0))
    this.pages = new Set(placed.map(({ breakpoint }) => breakpoint.address >>> 12))
  }
  watchesChanged(): void {
    this.watched = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'data')
  }
  armsPage = (effectivePage: number) => this.pages.has(effectivePage)
  arms = (EA: number) => this.addresses.has(EA)
  watchesPage(effectivePage: number): boolean {
    for (const { breakpoint } of this.watched)
      if (breakpoint.kind === 'data' && overlapsPage(breakpoint.address, breakpoint.length, effectivePage)) return true
    return false
  }

  // ---- instruction addresses ----
  before(EA: number): void {
    throwStop(this.at(EA))
  }
  /** The stop that stands at EA, unless it was reported already or its condition says no. */
  at(EA: number): Exit | undefined {
    if (this.passesCode()) return undefined
    const stop = this.standsAt(EA)
    return stop && this.offered(stop)
  }
  /** Whatever its condition says. A trap word stops where it is executed, the others where they were asked for. */
  standsAt(EA: number): HostBreakpoint | undefined {
    const here = this.host.at(EA).filter(({ breakpoint }) => breakpoint.placement !== 'trap')
    const ids = [...here.map(({ id }) => id), ...this.cpu.trapIds(EA)]
    if (ids.length === 0) return undefined
    const slot = here.flatMap(({ slots }) => slots)[0] as 'IAC1' | 'IAC2' | undefined
    return { kind: 'breakpoint', vcpu: this.cpu.index, address: EA, ids, ...(slot && { slot }) }
  }
  private offered(exit: HostExit): Exit | undefined {
    const at = this.cpu.completed()
    this.reportedCode = at
    const stop = this.wanted(exit, at)
    if (exit.kind !== 'watchpoint') return stop
    if (stop) this.reportedData = at
    this.asked = { at, ids: [...this.askedIds(), ...exit.ids] }
    return stop
  }
  private askedIds = () => (this.asked.at === this.cpu.completed() ? this.asked.ids : [])
  /** The debugger finds the core as it would if it stopped there. */
  private asks = (exit: HostExit) => this.cpu.asStopped(() => this.host.wants(exit))
  private wanted(exit: HostExit, instructions: number): Exit | undefined {
    if (!this.asks(exit)) return undefined
    const isCode = exit.kind === 'breakpoint'
    const event = exit.slot ?? (isCode ? 'breakpoint' : `watched ${exit.access}`)
    const why = exit.slot ? 'the debugger holds this slot' : 'laid by the debugger'
    this.log.add({ instructions, address: isCode ? exit.address : exit.instruction, event, to: 'host', why })
    return exit
  }

  // ---- data addresses ----
  /** One stop for all of a placement that the access meets. */
  access(placement: 'dac' | 'auto', EA: number, size: number, access: 'load' | 'store'): void {
    const asked = this.askedIds()
    const hits = this.watched.filter(
      (placed) =>
        placed.breakpoint.placement === placement && isMet(placed, EA, size, access) && !asked.includes(placed.id),
    )
    // KVM tells of DAC1 first (3.3).
    const first = hits.find(({ slots }) => slots[0] === 'DAC1') ?? hits[0]
    if (!first) return
    const instruction = this.cpu.CIA()
    const watched = first.breakpoint.address | 0
    const found = { kind: 'watchpoint', vcpu: this.cpu.index, instruction, dataAddress: EA, watched, access } as const
    const ids = hits.map(({ id }) => id)
    if (placement === 'auto') this.stopAfterAccess(ids, found)
    else if (this.reportedData !== this.cpu.completed())
      throwStop(this.offered({ ...found, ids, address: instruction, slot: first.slots[0] as 'DAC1' | 'DAC2' }))
  }
  /** The first access of an instruction is told, and what the others met with it. */
  private stopAfterAccess(ids: readonly number[], found: Omit<Watchpoint, 'ids' | 'address'>): void {
    const at = this.cpu.completed()
    if (this.met.at !== at) this.met = { at, ids: new Set() }
    const { met } = this
    for (const id of ids) met.ids.add(id)
    this.cpu.stopAfter((address) => this.wanted({ ...found, address, ids: [...met.ids] }, at))
  }

  // ---- after a stop ----
  /** The adapter has shown this place: the next run goes over the stops of its instruction. What was marked before can be given back. */
  markReported(completed = this.cpu.completed()): number {
    const before = this.reportedCode
    this.reportedCode = completed
    return before
  }
  /** What is here stops again. */
  forgetReported(): void {
    this.reportedCode = this.reportedData = this.asked.at = this.met.at = -1
  }
  private passesCode = () => this.reportedCode === this.cpu.completed()
}

function throwStop(exit: Exit | undefined): void {
  if (exit) throw new HostStop(exit)
}

const overlapsPage = (address: number, length: number, page: number) =>
  page >= address >>> 12 && page <= (address + length - 1) >>> 12

/** `dac` compares the first byte's address, `auto` every byte. */
function isMet(
  { breakpoint, slots, XM }: PlacedBreakpoint,
  EA: number,
  size: number,
  access: 'load' | 'store',
): boolean {
  if (breakpoint.kind !== 'data' || (breakpoint.access !== 'both' && breakpoint.access !== access)) return false
  const { address, length, placement } = breakpoint
  const offset = (EA - address) >>> 0
  if (placement === 'auto') return offset < length || offset + size > 2 ** 32
  return slots.length === 2 ? offset < length : (offset & ignoring(XM)) === 0
}
