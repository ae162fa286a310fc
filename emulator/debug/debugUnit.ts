// The debug facility of one core: which instruction and data addresses are compared, what an event does (E500RM chapter 8).
// The guest's registers are plain SPRs (DBCR, DBSR, IAC, DAC); the host's wishes come from hostDebug. Host first, then the guest.
import { EPCR, MSR } from '../spr/fields.ts'
import { fromField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { branchTaken } from './branchTaken.ts'
import { ignoring, MODE, pairHits, stateAllowed } from './compare.ts'
import type { DebugCpu, InterruptClass } from './debugCpu.ts'
import { DBCR0, DBCR1, DBCR2, DBCR4, DBSR, dacEnable, EVENT_NAMES, EVENTS } from './debugFields.ts'
import { DebugLog } from './debugLog.ts'
import type { Exit } from './exit.ts'
import { GuestRegisters } from './guestRegisters.ts'
import { type HostDebug, type PlacedBreakpoint, SLOTS, type Slot } from './hostDebug.ts'

const IACS = DBCR0.IAC1 | DBCR0.IAC2
const DACS = DBCR0.DAC1 | DBCR0.DAC2

/** A stop before the instruction: thrown to the run loop, which undoes its count and hands the Exit out. */
export class HostStop {
  readonly exit: Exit
  constructor(exit: Exit) {
    this.exit = exit
  }
}

export class DebugUnit {
  readonly log = new DebugLog()
  readonly registers: GuestRegisters
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  /** The completed count at which a stop has been reported: there the host's stops let the instruction pass. */
  private reportedCode = -1
  private reportedData = -1
  /** The places of `dac` that the instruction at that count has met and that wanted no stop: its other accesses may meet others. */
  private declined = { at: -1, ids: [] as readonly number[] }
  /** What the instruction at that count accesses in pieces, and was compared already. */
  private whole = { EA: 0, size: 0, at: -1 }
  /** The places of `auto` that the instruction at that count has met. */
  private met = { at: -1, ids: new Set<number>() }
  private hostPages = new Set<number>()
  private hostAddresses = new Set<number>()
  private watched: readonly PlacedBreakpoint[] = []
  private guestArms = ''
  /** The completed count of the instruction that brought the last event, and its bits; -1: it came between instructions. */
  private recordedAt = -1
  private recordedBits = 0

  constructor(cpu: DebugCpu, host: HostDebug) {
    this.cpu = cpu
    this.host = host
    const justRecorded = () => (this.recordedAt === cpu.completed() ? this.recordedBits : 0)
    this.registers = new GuestRegisters(cpu, host, this.log, justRecorded)
  }

  // ---- what is armed ----
  hostStopsChanged(): void {
    const addresses = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'instruction')
    this.hostAddresses = new Set(addresses.map(({ breakpoint }) => breakpoint.address | 0))
    this.hostPages = new Set(addresses.map(({ breakpoint }) => breakpoint.address >>> 12))
    // A host that owns the facility freezes nothing.
    this.timersMayFreeze()
  }
  hostWatchesChanged(): void {
    this.watched = this.host.breakpoints().filter(({ breakpoint }) => breakpoint.kind === 'data')
  }
  /** True: the guest's compares changed, so armed code and watched pages have to be looked at again. */
  guestArmsChanged(): boolean {
    const { sprs } = this.cpu
    const arms = [SPR.DBCR0, SPR.DBCR1, SPR.DBCR2, SPR.IAC1, SPR.IAC2, SPR.DAC1, SPR.DAC2, SPR.DBCR4]
      .map((number) => sprs[number])
      .join()
    const changed = arms !== this.guestArms
    this.guestArms = arms
    return changed
  }
  /** What the guest compares with: of a pair that works as one both, whichever is enabled. */
  guestSlots(): ReadonlySet<Slot> {
    const control = this.guestDbcr0()
    const iacs = this.iacMode() === MODE.exact ? 0 : IACS
    const dacs = this.dacMode() === MODE.exact ? 0 : DACS
    const holds = (slot: Slot, pair: number) => (control & (pair || DBCR0[slot])) !== 0
    return new Set(SLOTS.filter((slot) => holds(slot, slot.startsWith('IAC') ? iacs : dacs)))
  }
  private iacMode = () => fromField(this.cpu.sprs[SPR.DBCR1]!, DBCR1.IAC12M)
  private dacMode = () => fromField(this.cpu.sprs[SPR.DBCR2]!, DBCR2.DAC12M)

  /** The guest's enables, as far as the ownership lets them work. */
  private guestDbcr0 = () => (this.host.guestHasDebug() ? this.cpu.sprs[SPR.DBCR0]! : 0)
  armsPage = (effectivePage: number) => this.hostPages.has(effectivePage) || this.guestIacsOn(effectivePage)
  arms = (EA: number) => this.hostAddresses.has(EA) || this.guestIacHits(EA) !== 0
  /** In the exact mode an IAC lies on one page; ranges and masks may lie on any. */
  private guestIacsOn(effectivePage: number): boolean {
    const { sprs } = this.cpu
    const enabled = this.guestDbcr0() & IACS
    if (enabled === 0) return false
    if (this.iacMode() !== MODE.exact) return true
    const isOn = (n: 0 | 1) => sprs[SPR.IAC1 + n]! >>> 12 === effectivePage
    return (enabled & DBCR0.IAC1) !== 0 && isOn(0) ? true : (enabled & DBCR0.IAC2) !== 0 && isOn(1)
  }

  // ---- instruction addresses ----
  /** Before the armed instruction at CIA: throws the host's stop or the guest's interrupt; returns when it is to run. */
  beforeInstruction(EA: number): void {
    if (this.hostAddresses.has(EA)) this.throwStop(this.hostStop(EA))
    const hits = this.allowedIacs(EA)
    if (hits !== 0 && this.event(hits)) throw this.cpu.interrupt('Debug')
  }
  /** A trap word of the host's is executed: of an address at which none was placed, where memory is seen twice. */
  beforeTrap(EA: number): void {
    this.throwStop(this.hostStop(EA))
  }
  private throwStop(exit: Exit | undefined): void {
    if (exit) throw new HostStop(exit)
  }

  /** The stop that stands at EA, unless it was reported already or its condition says no. */
  hostStop(EA: number): Exit | undefined {
    if (this.passesCode()) return undefined
    const stop = this.stopAt(EA)
    return stop && this.offered(stop)
  }
  /** Whatever its condition says. A trap word stops where it is executed, the others where they were asked for. */
  stopAt(EA: number): HostBreakpoint | undefined {
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
    else this.declined = { at, ids: [...this.declinedIds(), ...exit.ids] }
    return stop
  }
  private declinedIds = () => (this.declined.at === this.cpu.completed() ? this.declined.ids : [])
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

  /** The DBSR bits of the guest's IACs that compare equal to EA (DBCR1 modes; word addresses). */
  private guestIacHits(EA: number): number {
    const { sprs } = this.cpu
    const enabled = this.guestDbcr0()
    if ((enabled & IACS) === 0) return 0
    const hits = pairHits(this.iacMode(), EA & -4, [sprs[SPR.IAC1]! & -4, sprs[SPR.IAC2]! & -4])
    return (hits[0] ? enabled & DBCR0.IAC1 && DBSR.IAC1 : 0) | (hits[1] ? enabled & DBCR0.IAC2 && DBSR.IAC2 : 0)
  }

  /** An IAC at EA would interrupt: it stands above timers, which stand below all that an instruction brings (T115). */
  interruptsAt = (EA: number) =>
    this.allowedIacs(EA) !== 0 &&
    (this.guestDbcr0() & DBCR0.IDM) !== 0 &&
    (this.cpu.MSR & MSR.DE) !== 0 &&
    !this.isSuppressed()

  /** Of those: the ones that DBCR1[IACnUS, IACnER] lets through. The range modes record nothing with DE=0 (C6). */
  private allowedIacs(EA: number): number {
    const { MSR: msr, sprs } = this.cpu
    const control = sprs[SPR.DBCR1]!
    const isRange = this.iacMode() === MODE.inclusive || this.iacMode() === MODE.exclusive
    if (isRange && (msr & MSR.DE) === 0) return 0
    const allowed = (slot: 'IAC1' | 'IAC2') => {
      const [US, ER] = [fromField(control, DBCR1[`${slot}US`]), fromField(control, DBCR1[`${slot}ER`])]
      return stateAllowed(US, ER, msr, MSR.IS) ? DBSR[slot] : 0
    }
    return this.guestIacHits(EA) & (allowed('IAC1') | allowed('IAC2'))
  }

  // ---- data addresses ----
  watchesPage(effectivePage: number): boolean {
    for (const { breakpoint } of this.watched)
      if (breakpoint.kind === 'data' && overlapsPage(breakpoint.address, breakpoint.length, effectivePage)) return true
    const { sprs } = this.cpu
    if (!this.comparesData()) return false
    if (this.dacMode() !== MODE.exact) return true
    return sprs[SPR.DAC1]! >>> 12 === effectivePage || sprs[SPR.DAC2]! >>> 12 === effectivePage
  }

  private comparesData = () => (this.guestDbcr0() & DACS) !== 0
  /** Cache operations and a stwcx. that stores nothing: accesses without data (C10, C11). */
  dataAttempt(EA: number, access: 'load' | 'store', space?: DataSpace): void {
    this.compareHosts('dac', EA, 1, access)
    this.compareGuest(EA, access, space)
  }

  wholeAccess(EA: number, size: number, access: 'load' | 'store', space?: DataSpace): void {
    this.dataAccess(EA, size, access, space)
    this.whole = { EA, size, at: this.cpu.completed() }
  }
  private isPartOfWhole(EA: number): boolean {
    const { whole } = this
    return whole.at === this.cpu.completed() && (EA - whole.EA) >>> 0 < whole.size
  }

  /** space: DBCR2[DACnUS, DACnER] qualify an access of category E.PD by what EPLC or EPSC says in place of MSR. */
  dataAccess(EA: number, size: number, access: 'load' | 'store', space?: DataSpace): void {
    if (this.isPartOfWhole(EA)) return
    this.compareHosts('dac', EA, size, access)
    this.compareGuest(EA, access, space)
    this.compareHosts('auto', EA, size, access)
  }
  /** dcbz and dcba: the address that the instruction calculates is compared (440 p.226), by `auto` each byte of the block. */
  blockStore(EA: number, block: number, bytes: number, space?: DataSpace): void {
    this.compareHosts('dac', EA, 1, 'store')
    this.compareGuest(EA, 'store', space)
    this.compareHosts('auto', block, bytes, 'store')
    this.whole = { EA: block, size: bytes, at: this.cpu.completed() }
  }
  private compareGuest(EA: number, access: 'load' | 'store', space: DataSpace | undefined): void {
    if (!this.comparesData()) return
    const hits = this.guestDacHits(EA, access, space ? inSpace(this.cpu.MSR, space) : this.cpu.MSR)
    if (hits !== 0 && this.event(hits)) throw this.cpu.interrupt('Debug')
  }

  /** `dac` before the guest's own compares, `auto` behind them: what they suppress is no access. One stop for all that the access meets. */
  private compareHosts(placement: 'dac' | 'auto', EA: number, size: number, access: 'load' | 'store'): void {
    const declined = placement === 'dac' ? this.declinedIds() : []
    const hits = this.watched.filter(
      (placed) =>
        placed.breakpoint.placement === placement && isMet(placed, EA, size, access) && !declined.includes(placed.id),
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
      this.throwStop(this.offered({ ...found, ids, address: instruction, slot: first.slots[0] as 'DAC1' | 'DAC2' }))
  }
  /** The first access of an instruction is told, and what the others met with it. */
  private stopAfterAccess(ids: readonly number[], found: Omit<Watchpoint, 'ids' | 'address'>): void {
    const at = this.cpu.completed()
    if (this.met.at !== at) this.met = { at, ids: new Set() }
    const { met } = this
    for (const id of ids) met.ids.add(id)
    this.cpu.stopAfter((address) => this.wanted({ ...found, address, ids: [...met.ids] }, at))
  }

  private guestDacHits(EA: number, access: 'load' | 'store', msr: number): number {
    const { sprs } = this.cpu
    const control = sprs[SPR.DBCR2]!
    const XM = sprs[SPR.DBCR4]!
    const ignored = [fromField(XM, DBCR4.DAC1XM), fromField(XM, DBCR4.DAC2XM)] as const
    const equal = pairHits(this.dacMode(), EA, [sprs[SPR.DAC1]!, sprs[SPR.DAC2]!], ignored)
    const suffix = access === 'store' ? ('W' as const) : ('R' as const)
    return (['DAC1', 'DAC2'] as const).reduce((hits, name, n) => {
      const [US, ER] = [fromField(control, DBCR2[`${name}US`]), fromField(control, DBCR2[`${name}ER`])]
      const isEnabled = (this.guestDbcr0() & dacEnable(name, access)) !== 0
      return equal[n] && isEnabled && stateAllowed(US, ER, msr, MSR.DS) ? hits | DBSR[`${name}${suffix}`] : hits
    }, 0)
  }

  // ---- events ----
  /** EPCR[DUVD]: no events in the hypervisor's supervisor mode. */
  private isSuppressed(): boolean {
    const { MSR: msr, sprs } = this.cpu
    return (sprs[SPR.EPCR]! & EPCR.DUVD) !== 0 && (msr & (MSR.GS | MSR.PR)) === 0
  }
  /** Records; true: the debug interrupt comes now, in place of the instruction (E500RM 8.4; C1, C2). */
  private event(bits: number): boolean {
    if (this.isSuppressed()) return false
    const { sprs, MSR: msr } = this.cpu
    const DE = (msr & MSR.DE) !== 0
    const recorded = bits | (DE ? 0 : DBSR.IDE)
    sprs[SPR.DBSR]! |= recorded
    this.recordedAt = this.cpu.executing ? this.cpu.completed() : -1
    this.recordedBits = recorded
    this.timersMayFreeze()
    const isNow = DE && (sprs[SPR.DBCR0]! & DBCR0.IDM) !== 0
    this.note(bits, isNow ? 'guest' : 'nobody', isNow ? 'MSR[DE] and DBCR0[IDM] are 1' : recordedBecause(DE))
    return isNow
  }
  private note(bits: number, to: 'guest' | 'nobody', why: string): void {
    const event = EVENT_NAMES.filter((name) => bits & DBSR[name]).join(', ')
    this.log.add({ instructions: this.cpu.completed(), address: this.cpu.CIA(), event, to, why })
  }
  /** A trap whose condition holds. True: the debug interrupt takes the place of the program interrupt. */
  trapEvent = () => (this.guestDbcr0() & DBCR0.TRAP) !== 0 && this.event(DBSR.TRAP)
  /** Something outside asks for an event; nothing enables it (E500RM 8.4.8). */
  unconditionalEvent(): void {
    if (this.host.guestHasDebug()) this.event(DBSR.UDE)
  }

  /** An interrupt was taken. Critical ones count only with category E.ED, where they keep DE (E500RM p.329; E200 36.10.8). */
  interruptTaken(kind: InterruptClass): void {
    const control = this.guestDbcr0()
    if ((kind === 'base' || kind === 'guest') && control & DBCR0.IRPT) this.event(DBSR.IRPT)
    if (kind === 'critical' && control & DBCR0.CIRPT && this.hasOwnLevel()) this.event(DBSR.CIRPT)
  }
  private hasOwnLevel = () => this.cpu.model.categories.has('E.ED')

  /** Before rfi, rfci: throws where the return is suppressed. On the e500v2 the event comes after the rfi, and rfci has none (C3). */
  returning(instruction: 'RET' | 'CRET'): void {
    if ((this.guestDbcr0() & DBCR0[instruction]) === 0 || (instruction === 'CRET' && !this.hasOwnLevel())) return
    if (this.event(DBSR[instruction]) && this.hasOwnLevel()) throw this.cpu.interrupt('Debug')
  }

  /** True while instructions have to be run one by one: ICMP and BRT need MSR[DE] before them. */
  tracesInstructions = () =>
    (this.guestDbcr0() & (DBCR0.ICMP | DBCR0.BRT)) !== 0 && (this.cpu.MSR & MSR.DE) !== 0 && !this.isSuppressed()
  tracesBranches = () => (this.guestDbcr0() & DBCR0.BRT) !== 0
  /** Before an instruction that is traced. True: it is a branch that will be taken, and the debug interrupt comes in its place. */
  branchEvent(EA: number): boolean {
    // An IAC stands above what the branch itself brings.
    if (!this.tracesBranches() || this.interruptsAt(EA)) return false
    const word = this.cpu.peekInstruction(EA)
    return word !== undefined && branchTaken(word, this.cpu) && this.event(DBSR.BRT)
  }
  /** After it, if it completed; the enables are those from before it (C26). */
  traced(enables: number): void {
    if ((enables & DBCR0.ICMP) === 0) return
    this.cpu.sprs[SPR.DBSR]! |= DBSR.ICMP
    this.timersMayFreeze()
    this.note(DBSR.ICMP, this.pending() ? 'guest' : 'nobody', this.pending() ? 'MSR[DE] is 1' : 'it waits for MSR[DE]')
  }
  enables = () => this.guestDbcr0()

  /** A recorded event whose interrupt MSR[DE] and DBCR0[IDM] allow now: a level, not an edge (T116). */
  pending = () =>
    (this.cpu.sprs[SPR.DBSR]! & EVENTS) !== 0 &&
    (this.guestDbcr0() & DBCR0.IDM) !== 0 &&
    (this.cpu.MSR & MSR.DE) !== 0 &&
    !this.isSuppressed()
  /** It stands above critical input (E500RM 5.11.1). */
  isUnconditional = () => (this.cpu.sprs[SPR.DBSR]! & DBSR.UDE) !== 0
  /** DBCR0[FT]: an event that stands in DBSR stops the timers (C22). */
  timersMayFreeze(): void {
    const isFrozen = (this.guestDbcr0() & DBCR0.FT) !== 0 && (this.cpu.sprs[SPR.DBSR]! & (EVENTS | DBSR.IDE)) !== 0
    this.cpu.freezeTimers(isFrozen)
  }

  // ---- after a stop ----
  /** The adapter has shown this place: the next run goes over the stops of its instruction. What was marked before can be given back. */
  markReported(completed = this.cpu.completed()): number {
    const before = this.reportedCode
    this.reportedCode = completed
    return before
  }
  /** The debugger moved the program counter, an interrupt did, or the core has another state: what is there stops again. */
  forgetReported(): void {
    this.reportedCode = this.reportedData = this.recordedAt = -1
    this.declined.at = this.whole.at = this.met.at = -1
  }
  private passesCode = () => this.reportedCode === this.cpu.completed()
}

type Watchpoint = Extract<Exit, { kind: 'watchpoint' }>
type HostBreakpoint = Extract<Exit, { kind: 'breakpoint' }>
type HostExit = HostBreakpoint | Watchpoint

interface DataSpace {
  readonly isUser: boolean
  readonly AS: number
}
const inSpace = (msr: number, { isUser, AS }: DataSpace) =>
  (msr & ~(MSR.PR | MSR.DS)) | (isUser ? MSR.PR : 0) | (AS ? MSR.DS : 0)

const recordedBecause = (DE: boolean) => (DE ? 'recorded: DBCR0[IDM] is 0' : 'recorded with IDE: MSR[DE] is 0')

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
