// The debug facility of one core: which instruction and data addresses are compared, what an event does (E500RM chapter 8).
// The guest's registers are plain SPRs (DBCR, DBSR, IAC, DAC); the host's wishes come from hostDebug. Host first, then the guest.
import type { AccessSize } from '../board/bus.ts'
import { GuestInterrupt, MSR } from '../core/interrupts.ts'
import { fieldMasks } from '../spr/fields.ts'
import type { Exit } from './exit.ts'
import type { HostDebug, PlacedBreakpoint, Slot } from './hostDebug.ts'

const SPR = { DBSR: 304, DBCR0: 308, DBCR1: 309, DBCR2: 310, IAC1: 312, IAC2: 313, DAC1: 316, DAC2: 317 } as const
const DBCR0 = fieldMasks(SPR.DBCR0, 'IDM', 'ICMP', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2')
const DBSR = fieldMasks(SPR.DBSR, 'IDE', 'MRR', 'ICMP', 'TRAP', 'IAC1', 'IAC2', 'DAC1R', 'DAC1W', 'DAC2R', 'DAC2W')
/** Bits of DBSR that ask for an interrupt: not IDE alone, not MRR. */
const EVENTS = ~(DBSR.IDE | DBSR.MRR)
const DBCR0_IAC = [DBCR0.IAC1, DBCR0.IAC2]
const DBSR_IAC = [DBSR.IAC1, DBSR.IAC2]
const RANGE_OR_MASK = { mask: 1, inclusive: 2, exclusive: 3 } as const

/** A stop before the instruction: thrown to the run loop, which undoes its count and hands the Exit out. */
export class HostStop {
  readonly exit: Exit
  constructor(exit: Exit) {
    this.exit = exit
  }
}

/** The core as the debug unit sees it. */
export interface DebugCpu {
  readonly index: number
  readonly sprs: Int32Array
  MSR: number
  CIA(): number
  /** Instructions completed before the present one. */
  completed(): number
  /** Ends the slice after the present instruction and hands the Exit out. */
  stopAfter(exit: (address: number) => Exit): void
}

export class DebugUnit {
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  /** The completed count at which a stop has been reported: there the host's stops let the instruction pass. */
  private reportedCode = -1
  private reportedData = -1
  private hostPages = new Set<number>()
  private hostAddresses = new Set<number>()
  private watched: readonly PlacedBreakpoint[] = []
  private guestArms = ''

  constructor(cpu: DebugCpu, host: HostDebug) {
    this.cpu = cpu
    this.host = host
  }

  // ---- what is armed ----
  hostStopsChanged(): void {
    const addresses = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'instruction')
    this.hostAddresses = new Set(addresses.map(({ breakpoint }) => breakpoint.address | 0))
    this.hostPages = new Set(addresses.map(({ breakpoint }) => breakpoint.address >>> 12))
  }
  hostWatchesChanged(): void {
    this.watched = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'data')
  }
  /** True: the guest's compares changed, so armed code and watched pages have to be looked at again. */
  guestArmsChanged(): boolean {
    const { sprs } = this.cpu
    const arms = [SPR.DBCR0, SPR.DBCR1, SPR.DBCR2, SPR.IAC1, SPR.IAC2, SPR.DAC1, SPR.DAC2]
      .map((number) => sprs[number])
      .join()
    const changed = arms !== this.guestArms
    this.guestArms = arms
    return changed
  }
  guestSlots(): ReadonlySet<Slot> {
    const control = this.guestDbcr0()
    return new Set((['IAC1', 'IAC2', 'DAC1', 'DAC2'] as const).filter((slot) => control & DBCR0[slot]))
  }

  /** The guest's enables, as far as the ownership lets them work. */
  private guestDbcr0 = () => (this.host.guestHasDebug() ? this.cpu.sprs[SPR.DBCR0]! : 0)
  armsPage = (effectivePage: number) => this.hostPages.has(effectivePage) || this.guestIacs() !== 0
  arms = (EA: number) => this.hostAddresses.has(EA) || this.guestIacHits(EA) !== 0
  private guestIacs = () => this.guestDbcr0() & (DBCR0_IAC[0]! | DBCR0_IAC[1]!)

  // ---- instruction addresses ----
  /** Before the armed instruction at CIA: throws the host's stop or the guest's interrupt; returns when it is to run. */
  beforeInstruction(EA: number): void {
    if (this.hostAddresses.has(EA) && !this.passesCode()) this.stopAt(EA)
    const hits = this.guestIacHits(EA)
    if (hits !== 0 && this.stateMatches(hits) && this.event(hits)) throw new GuestInterrupt('Debug')
  }

  private stopAt(EA: number): void {
    const here = this.host.at(EA).filter(({ breakpoint }) => breakpoint.placement !== 'trap')
    if (here.length === 0) return
    const slot = here.flatMap(({ slots }) => slots)[0] as 'IAC1' | 'IAC2' | undefined
    const ids = here.map(({ id }) => id)
    const stop: Exit = { kind: 'breakpoint', vcpu: this.cpu.index, address: EA, ids, ...(slot && { slot }) }
    this.offer(stop)
  }
  private offer(exit: Exit): void {
    this.reportedCode = this.cpu.completed()
    if (exit.kind === 'watchpoint') this.reportedData = this.reportedCode
    if (!this.host.condition || this.host.condition(exit)) throw new HostStop(exit)
  }

  /** The DBSR bits of the guest's IACs that compare equal to EA (DBCR1 modes; word addresses). */
  private guestIacHits(EA: number): number {
    const { sprs } = this.cpu
    const enabled = this.guestDbcr0()
    if ((enabled & (DBCR0_IAC[0]! | DBCR0_IAC[1]!)) === 0) return 0
    const word = (EA & -4) >>> 0
    const first = (sprs[SPR.IAC1]! & -4) >>> 0
    const second = (sprs[SPR.IAC2]! & -4) >>> 0
    const mode = (sprs[SPR.DBCR1]! >>> 22) & 3
    const equal = mode === 0 ? [word === first, word === second] : pair(compare(mode, word, first, second))
    return DBSR_IAC.reduce((hits, bit, n) => (equal[n] && enabled & DBCR0_IAC[n]! ? hits | bit : hits), 0)
  }

  /** DBCR1[IACnUS, IACnER]: user or supervisor, address space; and C6: the range modes record nothing with DE=0. */
  private stateMatches(hits: number): boolean {
    const control = this.cpu.sprs[SPR.DBCR1]!
    const shift = hits & DBSR_IAC[0]! ? 28 : 24
    const mode = (control >>> 22) & 3
    if (mode >= RANGE_OR_MASK.inclusive && (this.cpu.MSR & MSR.DE) === 0) return false
    return stateAllowed((control >>> shift) & 15, this.cpu.MSR, MSR.IS)
  }

  // ---- data addresses ----
  watchesPage(effectivePage: number): boolean {
    for (const { breakpoint } of this.watched)
      if (breakpoint.kind === 'data' && overlapsPage(breakpoint.address, breakpoint.length, effectivePage)) return true
    const { sprs } = this.cpu
    const enabled = this.guestDbcr0() & (DBCR0.DAC1 | DBCR0.DAC2)
    if (enabled === 0) return false
    if (((sprs[SPR.DBCR2]! >>> 22) & 3) !== 0) return true
    return sprs[SPR.DAC1]! >>> 12 === effectivePage || sprs[SPR.DAC2]! >>> 12 === effectivePage
  }

  dataAccess(EA: number, size: AccessSize, access: 'load' | 'store'): void {
    for (const placed of this.watched) this.compareHost(placed, EA, size, access)
    const hits = this.guestDacHits(EA, access)
    if (hits !== 0 && this.event(hits)) throw new GuestInterrupt('Debug')
  }

  /** `dac` compares the first byte's address and stops before the access; `auto` compares every byte and stops after the instruction. */
  private compareHost(placed: PlacedBreakpoint, EA: number, size: number, access: 'load' | 'store'): void {
    const { breakpoint, id, slots } = placed
    if (breakpoint.kind !== 'data' || (breakpoint.access !== 'both' && breakpoint.access !== access)) return
    const offset = (EA - breakpoint.address) | 0
    const { index: vcpu } = this.cpu
    const instruction = this.cpu.CIA()
    const found = { kind: 'watchpoint', vcpu, instruction, ids: [id], dataAddress: EA, access } as const
    if (breakpoint.placement === 'dac') {
      const hit = slots.length === 2 ? offset >= 0 && offset < breakpoint.length : offset === 0
      if (hit && this.reportedData !== this.cpu.completed())
        this.offer({ ...found, address: instruction, slot: slots[0] as 'DAC1' | 'DAC2' })
      return
    }
    if (offset + size <= 0 || offset >= breakpoint.length) return
    this.cpu.stopAfter((address) => ({ ...found, address }))
  }

  private guestDacHits(EA: number, access: 'load' | 'store'): number {
    const { sprs, MSR: msr } = this.cpu
    const control = sprs[SPR.DBCR2]!
    const first = sprs[SPR.DAC1]! >>> 0
    const second = sprs[SPR.DAC2]! >>> 0
    const mode = (control >>> 22) & 3
    const byte = EA >>> 0
    const equal = mode === 0 ? [byte === first, byte === second] : pair(compare(mode, byte, first, second))
    const suffix = access === 'store' ? ('W' as const) : ('R' as const)
    return (['DAC1', 'DAC2'] as const).reduce((hits, name, n) => {
      // DBCR0[DACn]: the left bit enables loads, the right one stores.
      const enabled = this.guestDbcr0() & DBCR0[name] & (access === 'store' ? 0x00050000 : 0x000a0000)
      const state = (control >>> (n === 0 ? 28 : 24)) & 15
      return equal[n] && enabled && stateAllowed(state, msr, MSR.DS) ? hits | DBSR[`${name}${suffix}`] : hits
    }, 0)
  }

  // ---- events ----
  /** Records; true: the debug interrupt comes now, in place of the instruction (E500RM 8.4; C1, C2). */
  event(bits: number): boolean {
    const { sprs, MSR: msr } = this.cpu
    const DE = (msr & MSR.DE) !== 0
    sprs[SPR.DBSR]! |= bits | (DE ? 0 : DBSR.IDE)
    return DE && (sprs[SPR.DBCR0]! & DBCR0.IDM) !== 0
  }
  /** A trap whose condition holds. True: the debug interrupt takes the place of the program interrupt. */
  trapEvent = () => (this.guestDbcr0() & DBCR0.TRAP) !== 0 && this.event(DBSR.TRAP)

  /** True while each instruction that completes is an event of the guest's (ICMP needs MSR[DE] before it). */
  tracesInstructions = () => (this.guestDbcr0() & DBCR0.ICMP) !== 0 && (this.cpu.MSR & MSR.DE) !== 0
  instructionCompleted(): void {
    this.cpu.sprs[SPR.DBSR]! |= DBSR.ICMP
  }
  /** A recorded event whose interrupt MSR[DE] and DBCR0[IDM] allow now. */
  pending = () =>
    (this.cpu.sprs[SPR.DBSR]! & EVENTS) !== 0 && (this.guestDbcr0() & DBCR0.IDM) !== 0 && (this.cpu.MSR & MSR.DE) !== 0

  // ---- after a stop ----
  /** The adapter has shown this place: the next run goes over the stops of its instruction. */
  markReported(): void {
    this.reportedCode = this.cpu.completed()
  }
  /** The debugger moved the program counter: what is there stops again. */
  forgetReported(): void {
    this.reportedCode = this.reportedData = -1
  }
  private passesCode = () => this.reportedCode === this.cpu.completed()
  /** The host's trap at CIA, unless it was reported already. */
  hostTrap(EA: number): boolean {
    const here = this.host.at(EA).filter(({ breakpoint }) => breakpoint.placement === 'trap')
    if (here.length === 0) return false
    if (!this.passesCode())
      this.offer({ kind: 'breakpoint', vcpu: this.cpu.index, address: EA, ids: here.map(({ id }) => id) })
    return true
  }
}

const pair = (value: boolean): readonly [boolean, boolean] => [value, value]

/** DBCR1[IAC12M], DBCR2[DAC12M]: 01 bit mask, 10 inclusive range, 11 exclusive range. */
function compare(mode: number, address: number, first: number, second: number): boolean {
  if (mode === RANGE_OR_MASK.mask) return (address & second) === (first & second)
  const inside = first <= address && address < second
  return mode === RANGE_OR_MASK.inclusive ? inside : !inside
}

/** US (2 bits) and ER (2 bits): 00 any; US 10 supervisor, 11 user; ER 10 address space 0, 11 address space 1; the others never match (C17). */
function stateAllowed(USER: number, msr: number, AS: number): boolean {
  const US = USER >>> 2
  const ER = USER & 3
  if (US === 1 || ER === 1) return false
  if (US !== 0 && (US === 3) !== ((msr & MSR.PR) !== 0)) return false
  return ER === 0 || (ER === 3) === ((msr & AS) !== 0)
}

const overlapsPage = (address: number, length: number, page: number) =>
  page >= address >>> 12 && page <= (address + length - 1) >>> 12
