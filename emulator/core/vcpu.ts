// One e500v2 core: general state, MSR, and the functions that instructions and SPRs call. Every engine works on it.

import { bits } from '../bits.ts'
import type { Bus } from '../board/bus.ts'
import { type DebugCpu, DebugUnit } from '../debug/debugUnit.ts'
import type { Exit } from '../debug/exit.ts'
import type { HostDebug } from '../debug/hostDebug.ts'
import { type Cpu, STATE } from '../isa/cpu.ts'
import type { SprCpu } from '../spr/record.ts'
import { sprByNumber, sprs as sprRecords } from '../spr/table.ts'
import { crField, setCrField } from './arithmetic.ts'
import { ESR, GuestInterrupt, INTERRUPTS, type InterruptName, MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import { Mmu } from './mmu.ts'
import { readRegister, writeRegister } from './registerAccess.ts'
import { Storage } from './storage.ts'
import { TCR_BITS, Timers, TSR_BITS } from './timers.ts'
import { readCr, readXer, writeCrFields, writeXer } from './xerAndCr.ts'

const SPR = {
  SRR0: 26,
  SRR1: 27,
  CSRR0: 58,
  CSRR1: 59,
  DEAR: 61,
  ESR: 62,
  IVPR: 63,
  TSR: 336,
  TCR: 340,
  IVOR0: 400,
  IVOR32: 528,
  MCSRR0: 570,
  MCSRR1: 571,
  EPR: 702,
} as const
/** UCLE, SPE, WE, CE, EE, PR, ME, UBLE, DE, IS, DS, PMM: what an e500v2 has. */
const IMPLEMENTED_MSR = 0x0606d634
const CACHE_LINE = 32

/** The external interrupt line into a core. With the external proxy the core acknowledges as it takes the interrupt; else undefined. */
export interface InterruptSource {
  pending(core: number): boolean
  proxyAcknowledge(core: number): number | undefined
}

export class Vcpu implements Cpu, SprCpu, DebugCpu {
  readonly index: number
  readonly state: Int32Array
  readonly sprs: Int32Array
  readonly mmu: Mmu
  readonly timers: Timers
  readonly storage: Storage
  readonly debug: DebugUnit
  MSR = 0
  /** An Exit to hand out when the slice has ended; the address is where the core then stands. */
  exit: ((address: number) => Exit) | undefined
  /** The interrupt that the last instruction ended in, or that came in its place; for steps. */
  taken: { readonly name: InterruptName; readonly from: number } | undefined
  /** A TLB1 entry was written or invalidated. */
  onTlb1Changed: (() => void) | undefined
  /** The watchdog or DBCR0[RST] asks for a reset. */
  onResetRequest: (() => void) | undefined
  private readonly host: HostDebug
  private readonly regions: CoreRegions
  private readonly interrupts: InterruptSource
  /** The instruction count at which the present slice ends; STATE.LEFT are left of it. */
  private sliceEnd = 0
  private reservation = -1

  constructor(index: number, regions: CoreRegions, bus: Bus, interrupts: InterruptSource, host: HostDebug) {
    this.index = index
    this.regions = regions
    this.state = regions.state
    this.sprs = regions.sprs
    this.interrupts = interrupts
    this.host = host
    this.mmu = new Mmu(regions.tlb, regions.sprs)
    this.timers = new Timers(regions.sprs, () => this.instructions())
    this.storage = new Storage(regions, bus, this.mmu)
    this.debug = new DebugUnit(this, host)
    this.storage.watcher = this.debug
    this.reset()
  }

  /** As the board's boot protocol finds a core: everything 0 but what a record resets to; time begins anew. */
  reset(): void {
    this.state.fill(0)
    this.sprs.fill(0)
    this.regions.tlb.fill(0)
    for (const { number, reset = 0 } of sprRecords) this.sprs[number] = reset
    this.sprs[286] = this.index
    this.MSR = 0
    this.reservation = -1
    this.sliceEnd = 0
    this.exit = this.taken = undefined
    this.debug.forgetReported()
    this.mmu.restore({ victim: 0 })
    this.timers.reset()
    this.storage.msrChanged(0)
    this.translationChanged()
    this.debugRegistersChanged()
  }

  /** For the debugger: r0 to r31, pc, msr, cr or an SPR by name (core/registerAccess). */
  register = (name: string) => readRegister(this, name)
  setRegister = (name: string, value: number) => writeRegister(this, name, value)

  // ---- slices ----
  instructions = () => this.sliceEnd - this.state[STATE.LEFT]!
  /** During an instruction: those before it. */
  completed = () => this.instructions() - (this.executing ? 1 : 0)
  executing = false
  CIA = () => this.state[STATE.CIA]!
  beginSlice(length: number): void {
    this.sliceEnd = this.instructions() + length
    this.state[STATE.LEFT] = length
  }
  /** Ends the slice after the present instruction; the count stays exact. */
  leaveSlice(): void {
    this.sliceEnd -= this.state[STATE.LEFT]!
    this.state[STATE.LEFT] = 0
  }
  /** The present instruction did not happen. */
  undoInstruction(): void {
    this.state[STATE.NIA] = this.state[STATE.CIA]!
    this.state[STATE.LEFT]!++
    this.leaveSlice()
  }
  stopAfter(exit: (address: number) => Exit): void {
    this.exit ??= exit
    this.leaveSlice()
  }
  interruptsChanged = () => this.leaveSlice()
  debugRegistersChanged(): void {
    this.leaveSlice()
    if (!this.debug.guestArmsChanged()) return
    this.host.guestTook(this.debug.guestSlots())
    this.stopsChanged()
    this.storage.forgetPages()
  }
  private stopsChanged(): void {
    this.storage.code?.stopsChanged()
  }
  hostStopsChanged(): void {
    this.debug.hostStopsChanged()
    this.stopsChanged()
  }
  hostWatchesChanged(): void {
    this.debug.hostWatchesChanged()
    this.storage.forgetPages()
  }

  save = () => ({
    MSR: this.MSR,
    instructions: this.instructions(),
    reservation: this.reservation,
    state: this.savedState(),
    sprs: Array.from(this.sprs),
    tlb: Array.from(this.regions.tlb),
    mmu: this.mmu.save(),
    timers: this.timers.save(),
  })
  /** Between instructions CIA and LEFT mean nothing: a stop of the debugger's must not show in them. */
  private savedState(): number[] {
    const state = Array.from(this.state)
    state[STATE.CIA] = this.state[STATE.NIA]!
    state[STATE.LEFT] = 0
    return state
  }
  restore(saved: ReturnType<Vcpu['save']>): void {
    this.MSR = saved.MSR
    this.reservation = saved.reservation
    this.state.set(saved.state)
    this.state[STATE.LEFT] = 0
    this.sliceEnd = saved.instructions
    this.sprs.set(saved.sprs)
    this.regions.tlb.set(saved.tlb)
    this.mmu.restore(saved.mmu)
    this.timers.restore(saved.timers)
    this.storage.msrChanged(this.MSR)
    this.translationChanged()
    this.debugRegistersChanged()
  }

  translationChanged = () => this.storage.translationChanged()

  dcbz(EA: number): void {
    this.storage.zeroLine(EA & -CACHE_LINE, CACHE_LINE)
  }
  /** Cache operations find memory coherent: they only have to fault as the access that they are would. */
  cacheOperation(EA: number): void {
    this.storage.translate(EA, 'load')
  }
  /** Privileged; it counts as a store. */
  dcbi(EA: number): void {
    this.requireSupervisor()
    this.storage.translate(EA, 'store')
  }

  lwarx(EA: number, RT: number): void {
    this.requireAligned(EA, 0)
    this.state[RT] = this.storage.load4(EA)
    this.reservation = EA >>> 0
  }
  stwcx(EA: number, value: number): void {
    this.requireAligned(EA, ESR.ST)
    const held = this.reservation >= 0
    if (held) this.storage.store4(EA, value)
    this.reservation = -1
    setCrField(this.state, 0, (held ? 2 : 0) | this.state[STATE.SO]!)
  }
  private requireAligned(EA: number, esr: number): void {
    if (EA & 3) throw new GuestInterrupt('Alignment', { ESR: esr, DEAR: EA })
  }
  lmw(EA: number, RT: number): void {
    this.requireAligned(EA, 0)
    for (let n = RT; n < 32; n++) this.state[n] = this.storage.load4((EA + 4 * (n - RT)) | 0)
  }
  stmw(EA: number, RS: number): void {
    this.requireAligned(EA, ESR.ST)
    for (let n = RS; n < 32; n++) this.storage.store4((EA + 4 * (n - RS)) | 0, this.state[n]!)
  }

  // ---- registers ----
  getXer = () => readXer(this.state)
  setXer = (value: number) => writeXer(this.state, value)
  getLr = () => this.state[STATE.LR]!
  setLr(value: number): void {
    this.state[STATE.LR] = value
  }
  getCtr = () => this.state[STATE.CTR]!
  setCtr(value: number): void {
    this.state[STATE.CTR] = value
  }
  ticks = () => this.timers.now()
  timeBase = () => this.timers.timeBase()
  setTimeBase = (ticks: number) => this.timers.setTimeBase(ticks)
  decrementer = () => this.timers.decrementer()
  setDecrementer(value: number): void {
    this.timers.setDecrementer(value)
    this.leaveSlice()
  }
  hasDebug = () => this.host.guestHasDebug()
  timerControlChanged(): void {
    this.timers.controlChanged()
    this.leaveSlice()
  }
  requestReset = () => this.onResetRequest?.()
  flushTlb(MMUCSR0: number): void {
    this.mmu.flush(MMUCSR0)
    this.translationChanged()
    if (MMUCSR0 & 2) this.tlb1Changed()
  }
  private tlb1Changed(): void {
    this.leaveSlice()
    this.onTlb1Changed?.()
  }

  mfspr(number: number, RT: number): void {
    const spr = this.accessibleSpr(number, 'w')
    this.state[RT] = spr.read ? spr.read(this) : this.sprs[number]!
  }
  mtspr(number: number, value: number): void {
    const spr = this.accessibleSpr(number, 'r')
    if (spr.write) spr.write(this, value)
    else this.sprs[number] = value
  }
  /** E200 3.11: bit 0x10 of the number means privileged; unimplemented ones are illegal. */
  private accessibleSpr(number: number, lacking: 'r' | 'w') {
    if (number & 0x10 && this.MSR & MSR.PR) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
    const spr = sprByNumber.get(number)
    if (!spr || spr.access === lacking) throw new GuestInterrupt('Program', { ESR: ESR.PIL })
    return spr
  }
  private requireSupervisor(): void {
    if (this.MSR & MSR.PR) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
  }

  mfmsr(RT: number): void {
    this.requireSupervisor()
    this.state[RT] = this.MSR
  }
  mtmsr(value: number): void {
    this.requireSupervisor()
    this.setMsr(value)
  }
  wrtee(EE: number): void {
    this.requireSupervisor()
    this.setMsr(EE & 1 ? this.MSR | MSR.EE : this.MSR & ~MSR.EE)
  }
  setMsr(value: number): void {
    const changed = this.MSR ^ (value & IMPLEMENTED_MSR)
    this.MSR ^= changed
    if (changed & (MSR.IS | MSR.DS | MSR.PR)) this.storage.msrChanged(this.MSR)
    this.leaveSlice()
  }

  getCr = () => readCr(this.state)
  mfcr(RT: number): void {
    this.state[RT] = this.getCr()
  }
  mtcrf = (FXM: number, value: number) => writeCrFields(this.state, FXM, value)
  mcrf(BF: number, BFA: number): void {
    setCrField(this.state, BF, crField(this.state, BFA))
  }
  mcrxr(BF: number): void {
    setCrField(this.state, BF, bits(this.getXer(), 0, 3))
    this.setXer(0)
  }

  // ---- control ----
  trap(TO: number, a: number, b: number): void {
    const signed = a < b ? 16 : a > b ? 8 : 4
    const unsigned = a >>> 0 < b >>> 0 ? 2 : a >>> 0 > b >>> 0 ? 1 : 0
    if ((TO & (signed | unsigned)) === 0) return
    if (this.host.hasTrap(this.CIA()) && this.debug.hostTrap(this.CIA())) {
      this.storage.code!.execute(this.host.trapped(this.CIA()))
      return
    }
    throw this.debug.trapEvent() ? new GuestInterrupt('Debug') : new GuestInterrupt('Program', { ESR: ESR.PTR })
  }
  systemCall(): void {
    throw new GuestInterrupt('System call')
  }
  rfi = () => this.returnTo(SPR.SRR0, SPR.SRR1)
  rfci = () => this.returnTo(SPR.CSRR0, SPR.CSRR1)
  rfmci = () => this.returnTo(SPR.MCSRR0, SPR.MCSRR1)
  private returnTo(address: number, msr: number): void {
    this.requireSupervisor()
    this.state[STATE.NIA] = this.sprs[address]! & ~3
    this.setMsr(this.sprs[msr]!)
  }
  isync(): void {}

  tlbwe = () => this.changeTlb(() => this.mmu.tlbwe())
  tlbivax = (EA: number) => this.changeTlb(() => this.mmu.tlbivax(EA))
  private changeTlb(change: () => readonly number[] | 'all'): void {
    this.requireSupervisor()
    const pages = change()
    if (pages === 'all') {
      this.translationChanged()
      this.tlb1Changed()
    } else for (const page of pages) this.storage.translationChanged(page)
  }
  tlbre(): void {
    this.requireSupervisor()
    this.mmu.tlbre()
  }
  tlbsx(EA: number): void {
    this.requireSupervisor()
    this.mmu.tlbsx(EA)
  }

  /** sc saves the next instruction's address; a fault its own; between instructions CIA is what comes next. */
  take({ name, ESR: esr, DEAR }: GuestInterrupt): void {
    const { IVOR, save, setsEsr } = INTERRUPTS[name]
    this.sprs[save.SRR0] = this.state[name === 'System call' ? STATE.NIA : STATE.CIA]!
    this.sprs[save.SRR1] = this.MSR
    if (setsEsr) this.sprs[SPR.ESR] = esr
    if (DEAR !== undefined) this.sprs[SPR.DEAR] = DEAR
    const offset = IVOR < 32 ? this.sprs[SPR.IVOR0 + IVOR]! : this.sprs[SPR.IVOR32 + IVOR - 32]!
    this.state[STATE.NIA] = this.sprs[SPR.IVPR]! | offset
    this.setMsr(this.MSR & save.kept)
    this.taken = { name, from: this.state[STATE.CIA]! }
    this.reportTaken(name)
  }
  private reportTaken(name: InterruptName): void {
    if (!this.host.catches(name)) return
    const from = this.state[STATE.CIA]!
    const stop = (address: number): Exit => ({ kind: 'interrupt', vcpu: this.index, name, address, from })
    const condition = this.host.condition
    if (!condition || condition(stop(this.state[STATE.NIA]!))) this.stopAfter(stop)
  }

  /** Takes the most urgent asynchronous interrupt that MSR allows, before the next instruction (E500RM 5.11.1). */
  takePending(): void {
    const name = this.pendingInterrupt()
    if (!name) return
    const vector = name === 'External input' ? this.interrupts.proxyAcknowledge(this.index) : undefined
    if (vector !== undefined) this.sprs[SPR.EPR] = vector
    this.state[STATE.CIA] = this.state[STATE.NIA]!
    this.take(new GuestInterrupt(name))
  }
  pendingInterrupt(): InterruptName | undefined {
    if (this.debug.pending()) return 'Debug'
    const status = this.sprs[SPR.TSR]!
    const control = this.sprs[SPR.TCR]!
    const EE = (this.MSR & MSR.EE) !== 0
    if (EE && this.interrupts.pending(this.index)) return 'External input'
    if (this.MSR & MSR.CE && status & TSR_BITS.WIS && control & TCR_BITS.WIE) return 'Watchdog'
    if (!EE) return undefined
    if (status & TSR_BITS.FIS && control & TCR_BITS.FIE) return 'Fixed-interval timer'
    return status & TSR_BITS.DIS && control & TCR_BITS.DIE ? 'Decrementer' : undefined
  }
  isWaiting = () => (this.MSR & MSR.WE) !== 0
  takesExternalInput = () => (this.MSR & MSR.EE) !== 0
}
