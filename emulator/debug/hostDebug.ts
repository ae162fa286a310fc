// What the debugger asked for: breakpoints and their placement, steps, interrupts to stop at. It stands below everything architected:
// the guest cannot read it, and it is in no saved state. debugUnit asks it at each address that it armed.
import { hex } from '../bits.ts'
import { MOST_XM } from './compare.ts'
import type { Breakpoint, DataBreakpoint, Exit, InstructionBreakpoint, Placed } from './exit.ts'
import { type KvmDebugExit, kvmDebugExit } from './kvm.ts'
import { type DebugOwnership, type DebugRules, guestHasDebug, noSlotsForHost, rulesOf } from './ownership.ts'
import { Traps } from './traps.ts'
import type { LaidTrap } from './trapWord.ts'

export const SLOTS = ['IAC1', 'IAC2', 'DAC1', 'DAC2'] as const
export type Slot = (typeof SLOTS)[number]
export interface PlacedBreakpoint {
  readonly id: number
  readonly breakpoint: Breakpoint
  readonly slots: readonly Slot[]
  /** DBCR4[DACnXM] of its DAC: low bits of the address that do not count. */
  readonly XM: number
}

/** What placement needs of the machine. */
export interface DebugTarget {
  /** A DAC can ignore low bits. */
  readonly hasDbcr4: boolean
  /** The slots of any core that the guest has enabled for itself. */
  guestSlots(): ReadonlySet<Slot>
  stopsChanged(): void
  watchesChanged(): void
  /** The physical address of the code at an effective one; undefined: nothing maps it to RAM, or as little-endian. */
  codeAt(address: number): number | undefined
  layTrap(physical: number): LaidTrap
}

const NOW_AUTO = {
  instruction: 'this breakpoint is now laid over the code ("auto").',
  data: 'this breakpoint now watches its bytes without a slot ("auto"), and stops after the access.',
} as const

export class HostDebug {
  /** Asked before a stop is made; false lets the guest go on in the same slice. */
  condition: ((exit: Exit) => boolean) | undefined
  /** A placement changed by itself: the guest took its slot, or wrote over its trap word. */
  onMoved: ((id: number, message: string) => void) | undefined
  private mode: DebugOwnership
  private readonly given: DebugRules
  private readonly target: DebugTarget
  private readonly placed = new Map<number, PlacedBreakpoint>()
  private readonly traps: Traps
  private caught: ReadonlySet<string> = new Set()
  private stepping = -1
  private lastStepped = -1
  /** By core. */
  private readonly exits = new Map<number, KvmDebugExit>()

  constructor(target: DebugTarget, ownership: DebugOwnership, rules: DebugRules = rulesOf('none')) {
    this.target = target
    this.traps = new Traps((physical) => target.layTrap(physical))
    this.given = rules
    this.mode = ownership
  }

  ownership = () => this.mode
  rules = () => this.given
  guestHasDebug = () => guestHasDebug(this.mode)
  /** The guest's and the host's registers survive. Host placements that the new mode has no slots for move to `auto`. */
  setOwnership(ownership: DebugOwnership): void {
    this.mode = ownership
    if (ownership === 'guest') this.moveFrom(new Set(SLOTS), 'The guest owns')
    else this.guestTook(this.target.guestSlots())
    this.target.stopsChanged()
    this.target.watchesChanged()
  }

  /** An id that is placed already is placed anew. */
  place(id: number, breakpoint: Breakpoint): Placed {
    this.remove(id)
    const answer = breakpoint.kind === 'instruction' ? this.placeCode(id, breakpoint) : this.placeData(id, breakpoint)
    if (answer.verified) this.changed(breakpoint.kind)
    return answer
  }

  remove(id: number): void {
    const placed = this.placed.get(id)
    if (!placed) return
    this.traps.remove(id)
    this.placed.delete(id)
    this.changed(placed.breakpoint.kind)
  }

  private changed(kind: Breakpoint['kind']): void {
    if (kind === 'instruction') this.target.stopsChanged()
    else this.target.watchesChanged()
  }

  private placeCode(id: number, breakpoint: InstructionBreakpoint): Placed {
    const { placement, address } = breakpoint
    if (placement === 'trap') return this.placeTrap(id, breakpoint)
    if (placement === 'auto') return this.keep(id, breakpoint, [])
    if (this.mode === 'guest') return { verified: false, message: noSlotsForHost }
    const slot = this.free(['IAC1', 'IAC2'])[0]
    if (slot) return this.keep(id, breakpoint, [slot])
    return {
      verified: false,
      message: `No IAC is free for ${hex(address)} (${this.holders(['IAC1', 'IAC2'])}). Remove one, or choose the mode "auto".`,
    }
  }

  private placeTrap(id: number, breakpoint: InstructionBreakpoint): Placed {
    const { address } = breakpoint
    const physical = this.target.codeAt(address)
    if (physical === undefined) {
      const message = `Nothing maps ${hex(address)} to big-endian memory now, so no trap word can be put there. Set it again when it is mapped, or choose the mode "auto".`
      return { verified: false, message }
    }
    this.layTrap(physical, id)
    return this.keep(id, breakpoint, [])
  }
  private layTrap(physical: number, id: number): void {
    this.traps.add(physical, id)
    // Stores to its page have to come by from now on.
    this.target.watchesChanged()
  }

  private placeData(id: number, breakpoint: DataBreakpoint): Placed {
    if (breakpoint.placement === 'auto') return this.keep(id, breakpoint, [])
    if (this.mode === 'guest') return { verified: false, message: noSlotsForHost }
    const free = this.free(['DAC1', 'DAC2'])
    // One DAC compares the first byte's address, which finds whole accesses of a scalar; a longer object takes both as an inclusive range,
    // where DBCR4 does not let one suffice.
    const XM = this.target.hasDbcr4 ? extendedMask(breakpoint) : 0
    const needed = breakpoint.length > 4 && XM === 0 ? 2 : 1
    if (free.length >= needed) return this.keep(id, breakpoint, free.slice(0, needed), XM)
    const wish = needed === 2 ? `${breakpoint.length} bytes take DAC1 and DAC2 as a pair` : 'No DAC is free'
    return {
      verified: false,
      message: `${wish} (${this.holders(['DAC1', 'DAC2'])}). Remove what holds them, or choose the mode "auto".`,
    }
  }

  private keep(id: number, breakpoint: Breakpoint, slots: readonly Slot[], XM = 0): Placed {
    this.placed.set(id, { id, breakpoint, slots, XM })
    if (slots.length === 2) return { verified: true, slot: 'DAC1, DAC2' }
    return slots.length === 1 ? { verified: true, slot: slots[0]! } : { verified: true }
  }

  /** The first of them first, as KVM and the NXP hypervisor allocate them (3.3, 3.5): a guest that takes the same one costs the host nothing. */
  private free<S extends Slot>(slots: readonly S[]): S[] {
    const guest = this.target.guestSlots()
    return slots.filter((slot) => !guest.has(slot) && !this.holder(slot))
  }
  holder = (slot: Slot) => [...this.placed.values()].find(({ slots }) => slots.includes(slot))
  private holders(slots: readonly Slot[]): string {
    const guest = this.target.guestSlots()
    return slots
      .map((slot) => {
        const mine = this.holder(slot)
        const who = mine ? `a breakpoint at ${hex(mine.breakpoint.address)}` : guest.has(slot) ? 'the guest' : 'free'
        return `${slot}: ${who}`
      })
      .join(', ')
  }

  /** The guest enabled slots for itself: what the host held in them moves to `auto` (C21). */
  guestTook(slots: ReadonlySet<Slot>): void {
    this.moveFrom(slots, 'The guest took')
  }
  private moveFrom(slots: ReadonlySet<Slot>, because: string): void {
    for (const placed of [...this.placed.values()]) {
      const held = placed.slots
      if (!held.some((slot) => slots.has(slot))) continue
      this.moveToAuto(placed, `${because} ${held.join(' and ')}`)
    }
  }
  private moveToAuto({ id, breakpoint }: PlacedBreakpoint, because: string): void {
    this.placed.set(id, { id, breakpoint: { ...breakpoint, placement: 'auto' }, slots: [], XM: 0 })
    this.changed(breakpoint.kind)
    this.onMoved?.(id, `${because}; ${NOW_AUTO[breakpoint.kind]}`)
  }

  breakpoints = (): readonly PlacedBreakpoint[] => [...this.placed.values()]
  at(address: number): readonly PlacedBreakpoint[] {
    return this.breakpoints().filter(
      ({ breakpoint }) => breakpoint.kind === 'instruction' && (breakpoint.address | 0) === (address | 0),
    )
  }

  hasTraps = () => !this.traps.isEmpty()
  trapAt = (physical: number) => this.traps.at(physical)
  holdsTraps = (physicalPage: number) => this.traps.isOn(physicalPage)
  /** Before a store of the guest or of a device: a breakpoint whose trap word it meets moves to `auto`. */
  guestStores(physical: number, bytes: number): void {
    for (const id of this.traps.giveWay(physical, bytes))
      this.moveToAuto(this.placed.get(id)!, 'The guest wrote over its trap word')
  }
  withoutTraps = <T>(work: () => T): T => this.traps.without(work)

  /**
   * work loads the machine anew. Traps are laid where their addresses lead then, else where they were if the image has something there;
   * what has no place any more moves to `auto`.
   */
  whileReloading(work: () => void, isImage: (physical: number) => boolean): void {
    const before = this.traps.takeOut()
    work()
    this.exits.clear()
    for (const [physical, ids] of before)
      for (const id of ids) {
        const placed = this.placed.get(id)!
        const now = this.target.codeAt(placed.breakpoint.address) ?? (isImage(physical) ? physical : undefined)
        if (now !== undefined) this.layTrap(now, id)
        else this.moveToAuto(placed, 'The guest was started anew and has no code there yet')
      }
  }

  /** The next run executes one instruction of this core. */
  step(vcpu: number): void {
    this.stepping = vcpu
  }
  /** The core that is to step; asking takes the wish. */
  takeStep(): number {
    this.lastStepped = this.stepping
    this.stepping = -1
    return this.lastStepped
  }
  /** The core that the last run stepped, while who asked for it may ask again: KVM_GUESTDBG_SINGLESTEP. */
  isStepping = (vcpu: number) => this.lastStepped === vcpu
  exited(exit: Exit): void {
    const told = kvmDebugExit(exit)
    if (told && 'vcpu' in exit) this.exits.set(exit.vcpu, told)
  }
  /** The last stop of the core. */
  lastExit = (vcpu: number) => this.exits.get(vcpu)
  endSteps(): void {
    this.stepping = this.lastStepped = -1
  }

  /** The debugger leaves, or has failed: guest memory and the slots are as if it had never been there. */
  release(): void {
    for (const id of [...this.placed.keys()]) this.remove(id)
    this.endSteps()
    this.exits.clear()
    this.caught = new Set()
    this.condition = undefined
  }

  catchInterrupts(names: ReadonlySet<string>): void {
    this.caught = names
  }
  catches = (name: string) => this.caught.has(name)
  wants = (exit: Exit) => this.condition?.(exit) ?? true
}

/** The low bits that a single DAC may ignore to find all of a longer object, if it is as long as it is aligned; 0: it is not. */
function extendedMask({ address, length }: DataBreakpoint): number {
  const count = Math.log2(length)
  return length > 4 && count <= MOST_XM && Number.isInteger(count) && address % length === 0 ? count : 0
}
