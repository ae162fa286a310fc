// Events and interrupts as the reference has them (2.1 to 2.4, 3.1, 5.2; the T-numbers at their places). Everything is asked anew for
// each instruction. There are no timers: the decrementer is a line. The host's debugger stands in between, never in the guest's way.
import { DBCR0, handler, MSR } from '../rig.ts'
import { dataCompares, instructionCompares } from './compares.ts'
import type { Host } from './host.ts'
import type { Rules } from './rules.ts'
import { DTLBGS, DUVD, eventName, type Guest, has, IDE, ITLBGS, MRR, RI, UDE, u32 } from './state.ts'

export const guestHandler = (IVOR: number) => handler(IVOR) + 0x80
export const IVOR = {
  ...{ criticalInput: 0, externalInput: 4, alignment: 5, program: 6, systemCall: 8, decrementer: 10 },
  ...{ dataTlb: 13, instructionTlb: 14, debug: 15, hypervisorPrivilege: 41 },
}

/** What became of an event, or of a write that the guest may not do: an interrupt, a bit in DBSR, nothing, or a refusal. */
export interface Told {
  readonly event: string
  readonly outcome: 'guest' | 'recorded' | 'nowhere' | 'denied'
}

export class Core {
  guest: Guest
  readonly isE500mc: boolean
  readonly host: Host
  readonly rules: Rules
  critical = false
  external = false
  readonly told: Told[] = []
  /** What the present instruction has recorded itself (T125). */
  own = 0

  constructor(guest: Guest, host: Host, rules: Rules) {
    this.guest = guest
    this.isE500mc = host.isE500mc
    this.host = host
    this.rules = rules
  }
  msr = (mask: number) => has(this.guest.MSR, mask)
  enabled = (mask: number) => has(this.guest.spr.DBCR0, mask)
  guestOwns = () => this.host.ownership !== 'host'

  // ---- events (2.1) ----
  /** EPCR[DUVD]: nothing in the hypervisor itself (T75, T76). */
  private isSilenced = () => this.isE500mc && has(this.guest.spr.EPCR, DUVD) && !this.msr(MSR.GS | MSR.PR)
  /** True: the debug interrupt comes now. */
  event(bits: number): boolean {
    const { spr } = this.guest
    if (!this.guestOwns() || this.isSilenced()) {
      this.told.push({ event: eventName(bits), outcome: 'nowhere' })
      return false
    }
    const recorded = bits | (this.msr(MSR.DE) ? 0 : IDE)
    this.own |= recorded
    spr.DBSR = u32(spr.DBSR | recorded)
    const comes = this.msr(MSR.DE) && this.enabled(DBCR0.IDM)
    this.told.push({ event: eventName(bits), outcome: comes ? 'guest' : 'recorded' })
    return comes
  }
  private takesEvents = () => this.guestOwns() && this.msr(MSR.DE) && this.enabled(DBCR0.IDM) && !this.isSilenced()
  /** A level (T116); IDE and MRR alone are none (T3, T103). */
  private debugPending = () => this.takesEvents() && has(this.guest.spr.DBSR, ~(IDE | MRR))

  /** BRT, ICMP (2.2): only with DE=1, with the enables as they were before the instruction (C26). True: now. */
  branchEvent = () => this.enabled(DBCR0.BRT) && this.msr(MSR.DE) && this.event(DBCR0.BRT)
  tracesCompletion = () => this.enabled(DBCR0.ICMP) && this.msr(MSR.DE) && !this.isSilenced()
  completionEvent(): void {
    const owns = this.guestOwns()
    if (owns) this.guest.spr.DBSR = u32(this.guest.spr.DBSR | DBCR0.ICMP)
    this.told.push({ event: 'ICMP', outcome: !owns ? 'nowhere' : this.takesEvents() ? 'guest' : 'recorded' })
  }
  instructionEvent(): boolean {
    const bits = instructionCompares(this.guest)
    return bits !== 0 && this.event(bits)
  }
  dataEvent(EA: number, access: 'load' | 'store'): boolean {
    const bits = dataCompares(this.guest, EA, access)
    return bits !== 0 && this.event(bits)
  }

  /** C22. */
  timersStand = () => this.guestOwns() && this.enabled(DBCR0.FT) && has(this.guest.spr.DBSR, ~MRR)

  // ---- interrupts (2.3, 2.4) ----
  /** Between two instructions, the highest first. An IAC comes before the decrementer (T115). */
  pending(): number | undefined {
    const open = (mask: number) => this.msr(mask | (this.isE500mc ? MSR.GS : 0))
    if (this.debugPending() && has(this.guest.spr.DBSR, UDE)) return IVOR.debug
    if (this.critical && open(MSR.CE)) return IVOR.criticalInput
    if (this.debugPending()) return IVOR.debug
    if (this.external && open(MSR.EE)) return IVOR.externalInput
    const compares = this.takesEvents() && instructionCompares(this.guest) !== 0
    if (this.guest.decrementer && open(MSR.EE) && !compares) return IVOR.decrementer
    return undefined
  }
  /** Straight into guest state (5.2): sc always, TLB errors as EPCR says. */
  private isGuestDirected(number: number): boolean {
    if (!this.isE500mc || !this.msr(MSR.GS)) return false
    const { EPCR } = this.guest.spr
    if (number === IVOR.dataTlb) return has(EPCR, DTLBGS)
    if (number === IVOR.instructionTlb) return has(EPCR, ITLBGS)
    return number === IVOR.systemCall
  }
  take(number: number, saved = this.guest.pc): void {
    const before = this.guest.MSR
    const directed = this.isGuestDirected(number)
    const { registers, kept } = this.classOf(number, directed)
    this.guest.spr[registers[0]] = saved
    this.guest.spr[registers[1]] = before
    // 3.1: DE of a guest that does not own the facility is not modifiable (T93).
    this.guest.MSR = u32(before & (this.guestOwns() ? kept : kept | MSR.DE))
    this.guest.pc = directed ? guestHandler(number) : handler(number)
    this.interruptEvent(number)
  }
  private classOf(number: number, directed: boolean) {
    const RIof = this.isE500mc ? RI : 0
    const base = MSR.CE | MSR.ME | MSR.DE | RIof
    if (directed) return { registers: ['GSRR0', 'GSRR1'], kept: base | MSR.GS } as const
    if (number === IVOR.debug)
      return this.isE500mc
        ? ({ registers: ['DSRR0', 'DSRR1'], kept: MSR.ME | RI } as const)
        : ({ registers: ['CSRR0', 'CSRR1'], kept: MSR.ME } as const)
    // C13, T73.
    if (number === IVOR.criticalInput)
      return { registers: ['CSRR0', 'CSRR1'], kept: this.isE500mc ? MSR.ME | MSR.DE | RI : MSR.ME } as const
    return { registers: ['SRR0', 'SRR1'], kept: base } as const
  }
  /** IRPT of the base class, CIRPT of the critical class on the e500mc (T58 to T61): an event of the handler's state, which DUVD silences. */
  private interruptEvent(number: number): void {
    if (number === IVOR.debug) return
    const bit = number !== IVOR.criticalInput ? DBCR0.IRPT : this.isE500mc ? DBCR0.CIRPT : 0
    if (this.enabled(bit)) this.event(bit)
  }
}
