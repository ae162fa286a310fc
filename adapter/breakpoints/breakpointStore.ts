// The client's breakpoints, and which addresses of the machine they stand at now. One owner: nobody else places a stop.
// A place is what machine.hostDebug knows by number; a breakpoint may have several, and none while nothing fits.
import type { Exit, Machine, Breakpoint as MachineBreakpoint } from '../../emulator/index.ts'
import type { LinkAddress, Program } from '../program/program.ts'
import type { HitCondition } from './hitCondition.ts'

/** Exits that a breakpoint made. */
export type HitExit = Extract<Exit, { kind: 'breakpoint' | 'watchpoint' }>
export type InterruptExit = Extract<Exit, { kind: 'interrupt' }>

export type BreakpointKind = 'source' | 'function' | 'instruction' | 'data' | 'entry'

/** Where a breakpoint is meant to be. */
export type Where =
  /** line: of source breakpoints; name: the function's, of function breakpoints. */
  | {
      readonly kind: 'code'
      readonly links: readonly LinkAddress[]
      readonly line?: number | undefined
      readonly name?: string
    }
  | { readonly kind: 'address'; readonly address: number }
  | {
      readonly kind: 'data'
      readonly address: number
      readonly length: number
      readonly access: 'load' | 'store' | 'both'
      /** `jiffies_64`. */
      readonly name: string
    }

export interface BreakpointRequest {
  readonly kind: BreakpointKind
  readonly mode: 'auto' | 'iac' | 'trap' | 'dac'
  readonly where: Where
  /** Tells requests apart: one that is asked for again keeps its id and its hits. */
  readonly key: string
  readonly condition?: ((exit: HitExit) => boolean) | undefined
  readonly hitCondition?: HitCondition | undefined
  /** Prints instead of stopping. */
  readonly log?: ((exit: HitExit) => void) | undefined
}

export interface EditorBreakpoint extends BreakpointRequest {
  readonly id: number
  hits: number
  /** Why it moved from its slot to `auto`, where the guest took the slot: a slot is wished for again, not insisted on. */
  moved: string | undefined
  /** Undefined: it stands. Else why it does not. */
  problem: string | undefined
  /** `IAC1`; undefined: it takes no slot. */
  slot: string | undefined
  /** Where it stands, effective. */
  addresses: readonly number[]
  places: number[]
}

export interface StoreEvents {
  /** A breakpoint changed by itself. */
  readonly onChanged: (breakpoint: EditorBreakpoint) => void
  /** An exception filter wants the interrupt that it catches. */
  readonly wantsInterrupt: (exit: InterruptExit) => boolean
}

/** After so many the run gives others a turn: a hot loop must not keep a pause waiting. */
const HITS_IN_A_SLICE = 1000

export class BreakpointStore {
  private readonly machine: Machine
  private readonly program: Program
  private readonly events: StoreEvents
  private readonly breakpoints = new Map<number, EditorBreakpoint>()
  /** Place -> breakpoint, and place -> a plan's own stop. */
  private readonly owners = new Map<number, EditorBreakpoint>()
  private readonly temporaries = new Map<number, (exit: HitExit) => boolean>()
  private lastId = 0
  private lastPlace = 0
  private passes = 0
  /** What condition() found of an exit that it let through. */
  private decided: { readonly exit: Exit; readonly wanted: readonly EditorBreakpoint[] } | undefined

  constructor(machine: Machine, program: Program, events: StoreEvents) {
    this.machine = machine
    this.program = program
    this.events = events
    machine.hostDebug.condition = (exit) => this.condition(exit)
    machine.hostDebug.onMoved = (place, message) => this.moved(place, message)
    machine.onTlb1Changed = () => this.rebind()
  }

  /** Replaces all of one group (a file's, all functions ...) by what is asked for now. */
  replace(
    belongs: (breakpoint: EditorBreakpoint) => boolean,
    requests: readonly BreakpointRequest[],
  ): EditorBreakpoint[] {
    const before = [...this.breakpoints.values()].filter(belongs)
    for (const breakpoint of before) this.removePlaces(breakpoint)
    const kept = requests.map((request) => this.renewed(request, before))
    for (const breakpoint of before)
      if (!kept.some(({ id }) => id === breakpoint.id)) this.breakpoints.delete(breakpoint.id)
    for (const breakpoint of kept) {
      this.breakpoints.set(breakpoint.id, breakpoint)
      this.place(breakpoint)
    }
    for (const breakpoint of this.breakpoints.values())
      if (breakpoint.problem && !kept.includes(breakpoint)) this.tryAgain(breakpoint)
    return kept
  }
  /** What was in the way may be gone: a slot was given up, a page was mapped. */
  private tryAgain(breakpoint: EditorBreakpoint): void {
    const { problem } = breakpoint
    this.removePlaces(breakpoint)
    this.place(breakpoint)
    if (breakpoint.problem !== problem) this.events.onChanged(breakpoint)
  }
  private renewed(request: BreakpointRequest, before: readonly EditorBreakpoint[]): EditorBreakpoint {
    const known = before.find(({ kind, key }) => kind === request.kind && key === request.key)
    const fresh = { problem: undefined, slot: undefined, addresses: [], places: [], moved: known?.moved }
    return { ...request, ...fresh, id: known?.id ?? ++this.lastId, hits: known?.hits ?? 0 }
  }
  remove(id: number): void {
    const breakpoint = this.breakpoints.get(id)
    if (!breakpoint) return
    this.removePlaces(breakpoint)
    this.breakpoints.delete(id)
  }
  all = (): readonly EditorBreakpoint[] => [...this.breakpoints.values()]

  // ---- placement ----
  private place(breakpoint: EditorBreakpoint): void {
    const asked = this.machineBreakpoints(breakpoint, breakpoint.mode)
    breakpoint.addresses = asked.map(({ address }) => address)
    breakpoint.problem = this.placeThese(breakpoint, asked)
    if (breakpoint.problem && breakpoint.moved)
      breakpoint.problem = this.placeThese(breakpoint, this.machineBreakpoints(breakpoint, 'auto'))
    else breakpoint.moved = undefined
  }
  /** All or none; says what is in the way. */
  private placeThese(breakpoint: EditorBreakpoint, asked: readonly MachineBreakpoint[]): string | undefined {
    const slots: string[] = []
    for (const request of asked) {
      const place = ++this.lastPlace
      const placed = this.machine.hostDebug.place(place, request)
      if (!placed.verified) {
        this.removePlaces(breakpoint)
        return placed.message
      }
      breakpoint.places.push(place)
      this.owners.set(place, breakpoint)
      if (placed.slot) slots.push(placed.slot)
    }
    breakpoint.slot = slots.length > 0 ? slots.join(', ') : undefined
    return undefined
  }
  private removePlaces(breakpoint: EditorBreakpoint): void {
    for (const place of breakpoint.places) {
      this.machine.hostDebug.remove(place)
      this.owners.delete(place)
    }
    breakpoint.places = []
    breakpoint.slot = undefined
  }
  private machineBreakpoints({ where }: EditorBreakpoint, mode: BreakpointRequest['mode']): MachineBreakpoint[] {
    if (where.kind === 'data') {
      const { address, length, access } = where
      return [{ kind: 'data', placement: mode === 'dac' ? 'dac' : 'auto', address, length, access }]
    }
    const placement = mode === 'dac' ? 'auto' : mode
    return this.effective(where, mode).map((address) => ({ kind: 'instruction', placement, address }))
  }
  /** Memory that is seen at several addresses is stopped at in all of them where that costs nothing: a slot or a trap word is one place. */
  private effective(where: Exclude<Where, { kind: 'data' }>, mode: BreakpointRequest['mode']): readonly number[] {
    if (where.kind === 'address') return [where.address]
    const seen = where.links.map((link) => this.program.toEffective(link))
    return [...new Set(mode === 'auto' ? seen.flat() : seen.map(([first]) => first!))]
  }

  /** TLB1 changed: code may be seen at another address now, or where nothing was. */
  private rebind(): void {
    for (const breakpoint of this.breakpoints.values()) {
      const { where, mode, addresses, problem } = breakpoint
      if (where.kind === 'data') continue
      const now = this.effective(where, mode)
      const isSame = now.length === addresses.length && now.every((at, n) => at === addresses[n])
      if (isSame) {
        if (problem) this.tryAgain(breakpoint)
        continue
      }
      this.removePlaces(breakpoint)
      this.place(breakpoint)
      this.events.onChanged(breakpoint)
    }
  }
  private moved(place: number, message: string): void {
    const breakpoint = this.owners.get(place)
    if (!breakpoint) return
    breakpoint.slot = undefined
    breakpoint.moved = message
    this.events.onChanged(breakpoint)
  }
  /** The slots have another owner: what was refused one, or had to leave it, takes it where it is free. */
  ownershipChanged(): void {
    for (const breakpoint of this.breakpoints.values()) {
      if (breakpoint.problem) this.tryAgain(breakpoint)
      if (!breakpoint.moved || breakpoint.mode === 'trap' || this.machine.hostDebug.ownership() === 'guest') continue
      this.removePlaces(breakpoint)
      this.place(breakpoint)
      if (!breakpoint.moved) this.events.onChanged(breakpoint)
    }
  }
  /**
   * A restart: all of them anew, in the order in which they were made. Trap words at an address are laid again by the machine, which knows
   * where in memory they stood; nothing may map the address yet.
   */
  whileReloading(load: () => void): void {
    const all = [...this.breakpoints.values()]
    const again = all.filter((one) => one.mode !== 'trap' || one.where.kind !== 'address' || one.problem || one.moved)
    const before = new Map(again.map((one) => [one, messageOf(one)]))
    for (const breakpoint of again) this.removePlaces(breakpoint)
    try {
      load()
    } finally {
      for (const breakpoint of all) breakpoint.hits = 0
      for (const breakpoint of again) {
        breakpoint.moved = undefined
        this.place(breakpoint)
        if (messageOf(breakpoint) !== before.get(breakpoint)) this.events.onChanged(breakpoint)
      }
    }
  }

  // ---- stops of a plan ----
  /** A stop that belongs to a step: wants says whether this arrival is the one. */
  temporary(address: number, wants: (exit: HitExit) => boolean): number {
    const place = ++this.lastPlace
    this.temporaries.set(place, wants)
    this.machine.hostDebug.place(place, { kind: 'instruction', placement: 'auto', address: address >>> 0 })
    return place
  }
  removeTemporary(place: number): void {
    this.temporaries.delete(place)
    this.machine.hostDebug.remove(place)
  }

  // ---- hits ----
  /** Called by the machine in the middle of a run, before it stops: no protocol and no debug information here. */
  private condition(exit: Exit): boolean {
    if (exit.kind === 'interrupt') return this.events.wantsInterrupt(exit)
    if (exit.kind !== 'breakpoint' && exit.kind !== 'watchpoint') return true
    const isArrival = exit.ids.some((place) => this.temporaries.get(place)?.(exit))
    const wanted = this.count(exit)
    this.decided = { exit, wanted }
    if (++this.passes % HITS_IN_A_SLICE === 0) this.machine.leave()
    return isArrival || wanted.length > 0
  }
  /** The breakpoints that want this stop; hits are counted once for each exit. */
  wanted(exit: HitExit): readonly EditorBreakpoint[] {
    const decided = this.decided?.exit === exit ? this.decided.wanted : this.count(exit)
    this.decided = undefined
    return decided
  }
  isArrival = (exit: HitExit) => exit.ids.some((place) => this.temporaries.get(place)?.(exit))

  /** A step ended at address: what would have stopped a run there, and who wanted that. */
  stopAt(vcpu: number, address: number): { exit: HitExit; wanted: readonly EditorBreakpoint[] } | undefined {
    const exit = this.machine.stopAt(vcpu, address)
    const wanted = exit ? this.count(exit) : []
    return exit && wanted.length > 0 ? { exit, wanted } : undefined
  }
  /** Where something else stopped the core: the same, and the next run goes over them. */
  hitAt(vcpu: number, address: number): readonly EditorBreakpoint[] {
    const exit = this.machine.stopAt(vcpu, address)
    if (!exit) return []
    this.machine.passStop(vcpu)
    return this.count(exit)
  }

  private count(exit: HitExit): EditorBreakpoint[] {
    const hit = new Set(
      exit.ids.map((place) => this.owners.get(place)).filter((breakpoint) => breakpoint !== undefined),
    )
    return [...hit].filter((breakpoint) => {
      if (breakpoint.condition && !breakpoint.condition(exit)) return false
      breakpoint.hits++
      if (breakpoint.hitCondition && !breakpoint.hitCondition(breakpoint.hits)) return false
      breakpoint.log?.(exit)
      return breakpoint.log === undefined
    })
  }
}

/** What the client is told of a breakpoint besides its place. */
export const messageOf = ({ problem, moved, slot }: EditorBreakpoint) => problem ?? moved ?? (slot && `In ${slot}`)
