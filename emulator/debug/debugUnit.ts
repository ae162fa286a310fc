// The debug facility of one core: what is compared, and what an event does (E500RM chapter 8). The guest's registers are plain SPRs (DBCR, DBSR,
// IAC, DAC; guestCompares.ts), the host's wishes come from hostDebug (hostStops.ts). Host first, then the guest.
import { EPCR, MSR } from '../spr/fields.ts'
import { SPR } from '../spr/table.ts'
import { branchTaken } from './branchTaken.ts'
import type { DebugCpu, InterruptClass } from './debugCpu.ts'
import { DBCR0, DBSR, EVENT_NAMES, EVENTS } from './debugFields.ts'
import { DebugLog } from './debugLog.ts'
import { GuestCompares } from './guestCompares.ts'
import { GuestRegisters } from './guestRegisters.ts'
import type { HostDebug } from './hostDebug.ts'
import { HostStops } from './hostStops.ts'

export class DebugUnit {
  readonly log = new DebugLog()
  readonly registers: GuestRegisters
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  private readonly guest: GuestCompares
  private readonly stops: HostStops
  /** What the instruction at that completed count accesses in pieces, and was compared already. */
  private whole = { EA: 0, size: 0, at: -1 }
  /** The completed count of the instruction that brought the last event, and its bits; -1: it came between instructions. */
  private recordedAt = -1
  private recordedBits = 0

  constructor(cpu: DebugCpu, host: HostDebug) {
    this.cpu = cpu
    this.host = host
    this.guest = new GuestCompares(cpu, host)
    this.stops = new HostStops(cpu, host, this.log)
    const justRecorded = () => (this.recordedAt === cpu.completed() ? this.recordedBits : 0)
    this.registers = new GuestRegisters(cpu, host, this.log, justRecorded)
  }

  // ---- what is armed ----
  hostStopsChanged(): void {
    this.stops.breakpointsChanged()
    // A host that owns the facility freezes nothing.
    this.timersMayFreeze()
  }
  hostWatchesChanged = () => this.stops.watchesChanged()
  /** True: the guest's compares changed, so armed code and watched pages have to be looked at again. */
  guestArmsChanged = () => this.guest.changed()
  /** What the guest compares with. */
  guestSlots = () => this.guest.slots()
  enables = () => this.guest.enables()
  armsPage = (effectivePage: number) => this.stops.armsPage(effectivePage) || this.guest.iacsOn(effectivePage)
  arms = (EA: number) => this.stops.arms(EA) || this.guest.iacHits(EA) !== 0

  // ---- instruction addresses ----
  /** Before the armed instruction at CIA: throws the host's stop or the guest's interrupt; returns when it is to run. */
  beforeInstruction(EA: number): void {
    if (this.stops.arms(EA)) this.stops.before(EA)
    const hits = this.guest.allowedIacs(EA)
    if (hits !== 0 && this.event(hits)) throw this.cpu.interrupt('Debug')
  }
  /** A trap word of the host's is executed: of an address at which none was placed, where memory is seen twice. */
  beforeTrap = (EA: number) => this.stops.before(EA)
  /** The stop of the host's that comes at EA. */
  hostStop = (EA: number) => this.stops.at(EA)
  /** The breakpoint of the host's that stands at EA, told already or not, whatever its condition says. */
  stopAt = (EA: number) => this.stops.standsAt(EA)

  /** An IAC at EA would interrupt: it stands above timers, which stand below all that an instruction brings (T115). */
  interruptsAt = (EA: number) =>
    this.guest.allowedIacs(EA) !== 0 &&
    (this.enables() & DBCR0.IDM) !== 0 &&
    (this.cpu.MSR & MSR.DE) !== 0 &&
    !this.isSuppressed()

  // ---- data addresses ----
  watchesPage = (effectivePage: number) => this.stops.watchesPage(effectivePage) || this.guest.dacsOn(effectivePage)

  /** Cache operations and a stwcx. that stores nothing: accesses without data (C10, C11). */
  dataAttempt(EA: number, access: 'load' | 'store', space?: DataSpace): void {
    this.stops.access('dac', EA, 1, access)
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

  /**
   * The host's `dac` before the guest's own compares, its `auto` behind them: what they suppress is no access.
   * space: DBCR2[DACnUS, DACnER] qualify an access of category E.PD by what EPLC or EPSC says in place of MSR.
   */
  dataAccess(EA: number, size: number, access: 'load' | 'store', space?: DataSpace): void {
    if (this.isPartOfWhole(EA)) return
    this.stops.access('dac', EA, size, access)
    this.compareGuest(EA, access, space)
    this.stops.access('auto', EA, size, access)
  }
  /** dcbz and dcba: the address that the instruction calculates is compared (440 p.226), by `auto` each byte of the block. */
  blockStore(EA: number, block: number, bytes: number, space?: DataSpace): void {
    this.stops.access('dac', EA, 1, 'store')
    this.compareGuest(EA, 'store', space)
    this.stops.access('auto', block, bytes, 'store')
    this.whole = { EA: block, size: bytes, at: this.cpu.completed() }
  }
  private compareGuest(EA: number, access: 'load' | 'store', space: DataSpace | undefined): void {
    if (!this.guest.comparesData()) return
    const hits = this.guest.dacHits(EA, access, space ? inSpace(this.cpu.MSR, space) : this.cpu.MSR)
    if (hits !== 0 && this.event(hits)) throw this.cpu.interrupt('Debug')
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
  trapEvent = () => (this.enables() & DBCR0.TRAP) !== 0 && this.event(DBSR.TRAP)
  /** Something outside asks for an event; nothing enables it (E500RM 8.4.8). */
  unconditionalEvent(): void {
    if (this.host.guestHasDebug()) this.event(DBSR.UDE)
  }

  /** An interrupt was taken. Critical ones count only with category E.ED, where they keep DE (E500RM p.329; E200 36.10.8). */
  interruptTaken(kind: InterruptClass): void {
    const control = this.enables()
    if ((kind === 'base' || kind === 'guest') && control & DBCR0.IRPT) this.event(DBSR.IRPT)
    if (kind === 'critical' && control & DBCR0.CIRPT && this.hasOwnLevel()) this.event(DBSR.CIRPT)
  }
  private hasOwnLevel = () => this.cpu.model.categories.has('E.ED')

  /** Before rfi, rfci: throws where the return is suppressed. On the e500v2 the event comes after the rfi, and rfci has none (C3). */
  returning(instruction: 'RET' | 'CRET'): void {
    if ((this.enables() & DBCR0[instruction]) === 0 || (instruction === 'CRET' && !this.hasOwnLevel())) return
    if (this.event(DBSR[instruction]) && this.hasOwnLevel()) throw this.cpu.interrupt('Debug')
  }

  /** True while instructions have to be run one by one: ICMP and BRT need MSR[DE] before them. */
  tracesInstructions = () =>
    (this.enables() & (DBCR0.ICMP | DBCR0.BRT)) !== 0 && (this.cpu.MSR & MSR.DE) !== 0 && !this.isSuppressed()
  tracesBranches = () => (this.enables() & DBCR0.BRT) !== 0
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

  /** A recorded event whose interrupt MSR[DE] and DBCR0[IDM] allow now: a level, not an edge (T116). */
  pending = () =>
    (this.cpu.sprs[SPR.DBSR]! & EVENTS) !== 0 &&
    (this.enables() & DBCR0.IDM) !== 0 &&
    (this.cpu.MSR & MSR.DE) !== 0 &&
    !this.isSuppressed()
  /** It stands above critical input (E500RM 5.11.1). */
  isUnconditional = () => (this.cpu.sprs[SPR.DBSR]! & DBSR.UDE) !== 0
  /** DBCR0[FT]: an event that stands in DBSR stops the timers (C22). */
  timersMayFreeze(): void {
    const isFrozen = (this.enables() & DBCR0.FT) !== 0 && (this.cpu.sprs[SPR.DBSR]! & (EVENTS | DBSR.IDE)) !== 0
    this.cpu.freezeTimers(isFrozen)
  }

  // ---- after a stop ----
  /** The adapter has shown this place: the next run goes over the stops of its instruction. What was marked before can be given back. */
  markReported = (completed?: number) => this.stops.markReported(completed)
  /** The debugger moved the program counter, an interrupt did, or the core has another state: what is there stops again. */
  forgetReported(): void {
    this.stops.forgetReported()
    this.recordedAt = this.whole.at = -1
  }
}

interface DataSpace {
  readonly isUser: boolean
  readonly AS: number
}
const inSpace = (msr: number, { isUser, AS }: DataSpace) =>
  (msr & ~(MSR.PR | MSR.DS)) | (isUser ? MSR.PR : 0) | (AS ? MSR.DS : 0)

const recordedBecause = (DE: boolean) => (DE ? 'recorded: DBCR0[IDM] is 0' : 'recorded with IDE: MSR[DE] is 0')
