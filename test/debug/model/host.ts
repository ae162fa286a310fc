// What the host's debugger asked for (design: placements; reference C21, T95, T105 to T109, T129, T130): plain lists, searched each time.

import type { Breakpoint, DataBreakpoint, InstructionBreakpoint } from '../../../emulator/debug/exit.ts'
import type { DebugOwnership } from '../../../emulator/debug/ownership.ts'
import { DBCR0 } from '../rig.ts'
import { type Guest, has } from './state.ts'

export type Slot = 'IAC1' | 'IAC2' | 'DAC1' | 'DAC2'
interface Placed {
  readonly id: number
  breakpoint: Breakpoint
  slots: readonly Slot[]
}
const ENABLES: Readonly<Record<Slot, number>> = {
  IAC1: DBCR0.IAC1,
  IAC2: DBCR0.IAC2,
  DAC1: DBCR0.DAC1R | DBCR0.DAC1W,
  DAC2: DBCR0.DAC2R | DBCR0.DAC2W,
}

export class Host {
  ownership: DebugOwnership
  readonly isE500mc: boolean
  placed: Placed[] = []
  constructor(ownership: DebugOwnership, isE500mc: boolean) {
    this.ownership = ownership
    this.isE500mc = isE500mc
  }

  /** The slots that the guest holds: those that it enabled, both of a pair that it compares as one. */
  guestSlots({ spr }: Guest): Set<Slot> {
    if (this.ownership === 'guest') return new Set<Slot>(['IAC1', 'IAC2', 'DAC1', 'DAC2'])
    if (this.ownership === 'host') return new Set()
    const held = new Set<Slot>()
    for (const kind of ['IAC', 'DAC'] as const) {
      const enabled = ([1, 2] as const).filter((n) => has(spr.DBCR0, ENABLES[`${kind}${n}`]))
      const isPair = ((kind === 'IAC' ? spr.DBCR1 : spr.DBCR2) & 0x00c00000) !== 0
      for (const n of isPair && enabled.length > 0 ? ([1, 2] as const) : enabled) held.add(`${kind}${n}`)
    }
    return held
  }
  private taken = (guest: Guest) => new Set([...this.guestSlots(guest), ...this.placed.flatMap(({ slots }) => slots)])

  /** The slots that it got; undefined: refused. */
  place(id: number, breakpoint: Breakpoint, guest: Guest): readonly Slot[] | undefined {
    this.remove(id)
    const slots = this.slotsFor(breakpoint, this.taken(guest))
    if (slots) this.placed.push({ id, breakpoint, slots })
    return slots
  }
  private slotsFor(breakpoint: Breakpoint, taken: ReadonlySet<Slot>): readonly Slot[] | undefined {
    const kind = breakpoint.placement === 'iac' ? 'IAC' : breakpoint.placement === 'dac' ? 'DAC' : undefined
    if (!kind) return []
    const free = ([`${kind}1`, `${kind}2`] as const).filter((slot) => !taken.has(slot))
    // A longer one than a word is an aligned power of two here: DBCR4 ignores low bits on the e500mc, else the pair is a range.
    const wanted = isLong(breakpoint) && !this.isE500mc ? 2 : 1
    return free.length < wanted ? undefined : free.slice(0, wanted)
  }
  remove(id: number): void {
    this.placed = this.placed.filter((one) => one.id !== id)
  }
  /** C21: what stood in a slot that is the guest's now is laid over the code. */
  giveWay(guest: Guest): void {
    const held = this.guestSlots(guest)
    for (const one of this.placed)
      if (one.slots.some((slot) => held.has(slot))) {
        one.slots = []
        one.breakpoint = { ...one.breakpoint, placement: 'auto' } as Breakpoint
      }
  }

  stopsAt = (pc: number): number[] =>
    this.instructions().flatMap(({ id, breakpoint }) => (breakpoint.address === pc ? [id] : []))
  private instructions = () =>
    this.placed.filter(
      (one): one is Placed & { breakpoint: InstructionBreakpoint } => one.breakpoint.kind === 'instruction',
    )

  /** `dac` compares the first byte's address, `auto` every byte. */
  watching(placement: 'auto' | 'dac', EA: number, bytes: number, access: 'load' | 'store'): number[] {
    return this.placed.flatMap(({ id, breakpoint }) => {
      if (breakpoint.kind !== 'data' || breakpoint.placement !== placement) return []
      if (breakpoint.access !== 'both' && breakpoint.access !== access) return []
      return (placement === 'dac' ? silicon(breakpoint, EA) : meets(breakpoint, EA, bytes)) ? [id] : []
    })
  }
}

const isLong = (breakpoint: Breakpoint) => breakpoint.kind === 'data' && breakpoint.length > 4
/** The first byte alone, but for what takes more than a word. */
const silicon = (breakpoint: DataBreakpoint, EA: number) =>
  isLong(breakpoint) ? meets(breakpoint, EA, 1) : breakpoint.address === EA

const meets = ({ address, length }: DataBreakpoint, EA: number, bytes: number) =>
  bytes > 0 && EA < address + length && address < EA + bytes
