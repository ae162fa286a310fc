// One e500v2 core: general state, MSR, and the functions that instructions and SPRs call. Every engine works on it.

import { bits, place } from '../bits.ts'
import type { AccessSize, Bus } from '../board/bus.ts'
import { type Cpu, STATE } from '../isa/cpu.ts'
import type { SprCpu } from '../spr/record.ts'
import { sprByNumber, sprs as sprRecords } from '../spr/table.ts'
import { crField, setCrField } from './arithmetic.ts'
import { ESR, GuestInterrupt, INTERRUPTS, MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import { type Access, Mmu } from './mmu.ts'
import { Timers } from './timers.ts'

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
} as const
const TIMER_BITS = { DIS: 0x08000000, DIE: 0x04000000 }
/** UCLE, SPE, WE, CE, EE, PR, ME, UBLE, DE, IS, DS, PMM: what an e500v2 has. */
const IMPLEMENTED_MSR = 0x0606d634
const CACHE_LINE = 32

/** What an engine keeps from translation and code, and has to drop when they change. */
export interface CodeCache {
  /** True: words of this RAM page are decoded, so its stores have to be reported. */
  holdsCode(physicalPage: number): boolean
  stored(address: number): void
  translationChanged(): void
}

/** The external interrupt line into a core; acknowledge is the external proxy's read of the vector. */
export interface InterruptSource {
  pending(core: number): boolean
  acknowledge(core: number): number
}

export class Vcpu implements Cpu, SprCpu {
  readonly index: number
  readonly state: Int32Array
  readonly sprs: Int32Array
  readonly mmu: Mmu
  readonly timers: Timers
  MSR = 0
  /** The instruction count at which the present slice ends; STATE.LEFT are left of it. */
  private sliceEnd = 0
  private reservation = -1
  private readonly bus: Bus
  private readonly regions: CoreRegions
  private readonly interrupts: InterruptSource
  private filled: number[] = []
  code: CodeCache = { holdsCode: () => false, stored: () => {}, translationChanged: () => {} }

  constructor(index: number, regions: CoreRegions, bus: Bus, interrupts: InterruptSource) {
    this.index = index
    this.regions = regions
    this.state = regions.state
    this.sprs = regions.sprs
    this.bus = bus
    this.interrupts = interrupts
    this.mmu = new Mmu(regions.tlb, regions.sprs)
    this.timers = new Timers(regions.sprs, () => this.instructions())
    for (const { number, reset = 0 } of sprRecords) this.sprs[number] = reset
    this.sprs[286] = index
  }

  // ---- slices ----
  instructions = () => this.sliceEnd - this.state[STATE.LEFT]!
  beginSlice(length: number): void {
    this.sliceEnd = this.instructions() + length
    this.state[STATE.LEFT] = length
  }
  /** Ends the slice after the present instruction; the count stays exact. */
  leaveSlice(): void {
    this.sliceEnd -= this.state[STATE.LEFT]!
    this.state[STATE.LEFT] = 0
  }
  interruptsChanged = () => this.leaveSlice()
  debugRegistersChanged = () => this.leaveSlice()

  save = () => ({
    MSR: this.MSR,
    instructions: this.instructions(),
    reservation: this.reservation,
    state: Array.from(this.state),
    sprs: Array.from(this.sprs),
    tlb: Array.from(this.regions.tlb),
    mmu: this.mmu.save(),
    timers: this.timers.save(),
  })
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
    this.translationChanged()
  }

  // ---- storage ----
  translate(EA: number, access: Access): number {
    const AS = this.MSR & (access === 'execute' ? MSR.IS : MSR.DS) ? 1 : 0
    return this.mmu.translate(EA, access, AS, (this.MSR & MSR.PR) !== 0)
  }

  /** The slow way of an access, whole and naturally aligned: fills the page table where the page is plain RAM. */
  private physical(EA: number, access: 'load' | 'store'): number {
    const address = this.translate(EA, access)
    const page = Math.floor(address / 4096)
    const { memory } = this.bus
    const plain = memory.isRam(address) && (access === 'load' || !this.code.holdsCode(page))
    if (plain) {
      const pages = (access === 'load' ? this.regions.loadPages : this.regions.storePages)[this.MSR & MSR.PR ? 1 : 0]
      pages[EA >>> 12] = memory.ramBase + page * 4096
      this.filled.push(EA >>> 12)
    }
    return address
  }

  translationChanged(): void {
    const { loadPages, storePages } = this.regions
    for (const page of this.filled)
      loadPages[0][page] = loadPages[1][page] = storePages[0][page] = storePages[1][page] = 0
    this.filled = []
    this.code.translationChanged()
  }

  private loadPage = (EA: number) => this.regions.loadPages[(this.MSR >>> 14) & 1 ? 1 : 0][EA >>> 12]!
  private storePage = (EA: number) => this.regions.storePages[(this.MSR >>> 14) & 1 ? 1 : 0][EA >>> 12]!

  load4(EA: number): number {
    const page = this.loadPage(EA)
    if (page !== 0 && (EA & 3) === 0) return this.bus.memory.words[(page | (EA & 0xfff)) >>> 2]!
    return EA & 3 ? this.loadMisaligned(EA, 4) : this.bus.read(this.physical(EA, 'load'), 4)
  }
  load2(EA: number): number {
    const page = this.loadPage(EA)
    if (page !== 0 && (EA & 1) === 0) return this.bus.memory.halves[((page | (EA & 0xfff)) ^ 2) >>> 1]!
    return EA & 1 ? this.loadMisaligned(EA, 2) : this.bus.read(this.physical(EA, 'load'), 2)
  }
  load1(EA: number): number {
    const page = this.loadPage(EA)
    if (page !== 0) return this.bus.memory.bytes[(page | (EA & 0xfff)) ^ 3]!
    return this.bus.read(this.physical(EA, 'load'), 1)
  }
  private loadMisaligned(EA: number, size: AccessSize): number {
    let value = 0
    for (let n = 0; n < size; n++) value = (value << 8) | this.load1((EA + n) | 0)
    return value
  }

  store4(EA: number, value: number): void {
    const page = this.storePage(EA)
    if (page !== 0 && (EA & 3) === 0) this.bus.memory.words[(page | (EA & 0xfff)) >>> 2] = value
    else this.storeSlow(EA, 4, value)
  }
  store2(EA: number, value: number): void {
    const page = this.storePage(EA)
    if (page !== 0 && (EA & 1) === 0) this.bus.memory.halves[((page | (EA & 0xfff)) ^ 2) >>> 1] = value
    else this.storeSlow(EA, 2, value)
  }
  store1(EA: number, value: number): void {
    const page = this.storePage(EA)
    if (page !== 0) this.bus.memory.bytes[(page | (EA & 0xfff)) ^ 3] = value
    else this.storeSlow(EA, 1, value)
  }
  private storeSlow(EA: number, size: AccessSize, value: number): void {
    if (EA & (size - 1)) {
      // The last byte first: a store that crosses into a page that faults writes nothing.
      this.translate((EA + size - 1) | 0, 'store')
      for (let n = 0; n < size; n++) this.store1((EA + n) | 0, value >>> (8 * (size - 1 - n)))
      return
    }
    const address = this.physical(EA, 'store')
    this.bus.write(address, size, size === 4 ? value : value & (size === 2 ? 0xffff : 0xff))
    this.code.stored(address)
  }

  dcbz(EA: number): void {
    const line = EA & -CACHE_LINE
    for (let offset = 0; offset < CACHE_LINE; offset += 4) this.store4(line + offset, 0)
  }
  /** Cache operations find memory coherent: they only have to fault as the access that they are would. */
  cacheOperation(EA: number): void {
    this.translate(EA, 'load')
  }

  lwarx(EA: number, RT: number): void {
    this.requireAligned(EA, 0)
    this.state[RT] = this.load4(EA)
    this.reservation = EA >>> 0
  }
  stwcx(EA: number, value: number): void {
    this.requireAligned(EA, ESR.ST)
    const held = this.reservation >= 0
    if (held) this.store4(EA, value)
    this.reservation = -1
    setCrField(this.state, 0, (held ? 2 : 0) | this.state[STATE.SO]!)
  }
  private requireAligned(EA: number, esr: number): void {
    if (EA & 3) throw new GuestInterrupt('Alignment', { ESR: esr, DEAR: EA })
  }
  lmw(EA: number, RT: number): void {
    this.requireAligned(EA, 0)
    for (let n = RT; n < 32; n++) this.state[n] = this.load4((EA + 4 * (n - RT)) | 0)
  }
  stmw(EA: number, RS: number): void {
    this.requireAligned(EA, ESR.ST)
    for (let n = RS; n < 32; n++) this.store4((EA + 4 * (n - RS)) | 0, this.state[n]!)
  }

  // ---- registers ----
  getXer = () => (this.state[STATE.SO]! << 31) | (this.state[STATE.OV]! << 30) | (this.state[STATE.CA]! << 29)
  setXer(value: number): void {
    this.state[STATE.SO] = bits(value, 0, 0)
    this.state[STATE.OV] = bits(value, 1, 1)
    this.state[STATE.CA] = bits(value, 2, 2)
  }
  getLr = () => this.state[STATE.LR]!
  setLr(value: number): void {
    this.state[STATE.LR] = value
  }
  getCtr = () => this.state[STATE.CTR]!
  setCtr(value: number): void {
    this.state[STATE.CTR] = value
  }
  timeBase = () => this.timers.timeBase()
  setTimeBase = (ticks: number) => this.timers.setTimeBase(ticks)
  decrementer = () => this.timers.decrementer()
  setDecrementer(value: number): void {
    this.timers.setDecrementer(value)
    this.leaveSlice()
  }
  acknowledgedVector = () => this.sprs[702]!
  flushTlb(MMUCSR0: number): void {
    this.mmu.flush(MMUCSR0)
    this.translationChanged()
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
    if (changed & (MSR.IS | MSR.DS)) this.translationChanged()
    else if (changed & MSR.PR) this.code.translationChanged()
    this.leaveSlice()
  }

  mfcr(RT: number): void {
    let CR = 0
    for (let field = 0; field < 8; field++) CR |= place(crField(this.state, field), 4 * field, 4 * field + 3)
    this.state[RT] = CR
  }
  mtcrf(FXM: number, value: number): void {
    for (let field = 0; field < 8; field++)
      if (FXM & (0x80 >> field)) setCrField(this.state, field, bits(value, 4 * field, 4 * field + 3))
  }
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
    if (TO & (signed | unsigned)) throw new GuestInterrupt('Program', { ESR: ESR.PTR })
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
  private changeTlb(change: () => void): void {
    this.requireSupervisor()
    change()
    this.translationChanged()
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
  }

  /** Takes the most urgent asynchronous interrupt that MSR allows, before the next instruction (E500RM 5.11.1). */
  takePending(): void {
    if ((this.MSR & MSR.EE) === 0) return
    const name = this.pendingInterrupt()
    if (!name) return
    if (name === 'External input') this.sprs[702] = this.interrupts.acknowledge(this.index)
    this.state[STATE.CIA] = this.state[STATE.NIA]!
    this.take(new GuestInterrupt(name))
  }
  private pendingInterrupt() {
    if (this.interrupts.pending(this.index)) return 'External input'
    const { DIS, DIE } = TIMER_BITS
    return this.sprs[SPR.TSR]! & DIS && this.sprs[SPR.TCR]! & DIE ? 'Decrementer' : undefined
  }
}
