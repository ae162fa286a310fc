// One e500v2 core: registers, translation, and the functions that instructions call (interface Cpu).
import { bits, place } from '../bits.ts'
import type { Bus } from '../board/bus.ts'
import { type Cpu, STATE } from '../isa/cpu.ts'
import { crField, setCrField } from './arithmetic.ts'
import { ESR, GuestInterrupt, INTERRUPTS } from './interrupts.ts'
import { type Access, entryOfMas, find, permits, type Tlb1Entry } from './tlb1.ts'

/** Time-base ticks of an instruction. */
const TICKS = 4
const MSR = { CE: 0x20000, EE: 0x8000, PR: 0x4000, ME: 0x1000, DE: 0x200, IS: 0x20, DS: 0x10 } as const
const SPR = {
  XER: 1,
  LR: 8,
  CTR: 9,
  SRR0: 26,
  SRR1: 27,
  PID: 48,
  CSRR0: 58,
  CSRR1: 59,
  DEAR: 61,
  ESR: 62,
  IVPR: 63,
  TBL: 268,
  TBU: 269,
  SPRG0: 272,
  SPRG7: 279,
  PVR: 287,
  IVOR0: 400,
  IVOR15: 415,
  MCSRR0: 570,
  MCSRR1: 571,
  MAS0: 624,
  MAS1: 625,
  MAS2: 626,
  MAS3: 627,
  MAS7: 944,
} as const
const STORED = new Set<number>([
  SPR.SRR0,
  SPR.SRR1,
  SPR.PID,
  SPR.CSRR0,
  SPR.CSRR1,
  SPR.DEAR,
  SPR.ESR,
  SPR.IVPR,
  SPR.MCSRR0,
  SPR.MCSRR1,
  SPR.MAS0,
  SPR.MAS1,
  SPR.MAS2,
  SPR.MAS3,
  SPR.MAS7,
  ...range(SPR.SPRG0, SPR.SPRG7),
  ...range(SPR.IVOR0, SPR.IVOR15),
])

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n)
}

export class Vcpu implements Cpu {
  readonly state = new Int32Array(STATE.WORDS)
  readonly tlb1: (Tlb1Entry | undefined)[] = Array(16).fill(undefined)
  MSR = 0
  instructions = 0
  private readonly sprs = new Int32Array(1024)
  private readonly bus: Bus
  /** Effective page -> physical page + 1, 0 means miss; of the present MSR[PR, DS] and PID. */
  private readonly loadPages = new Float64Array(1 << 20)
  private readonly storePages = new Float64Array(1 << 20)
  private filled: number[] = []
  /** Told of every store to RAM and of every change of translation, so that decoded code never is stale. */
  onStore: (address: number) => void = () => {}
  onTranslationChange: () => void = () => {}

  constructor(bus: Bus) {
    this.bus = bus
    this.sprs[SPR.PVR] = 0x80210022
  }

  /** The physical address of an access; throws the GuestInterrupt that it takes. */
  translate(EA: number, access: Access): number {
    const AS = this.MSR & (access === 'execute' ? MSR.IS : MSR.DS) ? 1 : 0
    const entry = find(this.tlb1, EA, AS, this.sprs[SPR.PID]!)
    const esr = access === 'store' ? ESR.ST : 0
    if (!entry)
      throw access === 'execute'
        ? new GuestInterrupt('Instruction TLB error')
        : new GuestInterrupt('Data TLB error', esr, EA)
    if (!permits(entry, access, this.MSR & MSR.PR))
      throw access === 'execute'
        ? new GuestInterrupt('Instruction storage')
        : new GuestInterrupt('Data storage', esr, EA)
    return entry.RPN + ((EA >>> 0) - entry.EPN)
  }

  private physical(EA: number, access: 'load' | 'store'): number {
    const pages = access === 'load' ? this.loadPages : this.storePages
    const page = EA >>> 12
    if (pages[page] === 0) {
      pages[page] = Math.floor(this.translate(EA, access) / 4096) + 1
      this.filled.push(page)
    }
    return (pages[page]! - 1) * 4096 + (EA & 0xfff)
  }

  private forgetTranslations(): void {
    for (const page of this.filled) this.loadPages[page] = this.storePages[page] = 0
    this.filled = []
    this.onTranslationChange()
  }

  load1 = (EA: number) => this.bus.read(this.physical(EA, 'load'), 1)
  load2 = (EA: number) =>
    EA & 1 ? (this.load1(EA) << 8) | this.load1((EA + 1) | 0) : this.bus.read(this.physical(EA, 'load'), 2)
  load4 = (EA: number): number =>
    EA & 3 ? (this.load2(EA) << 16) | this.load2((EA + 2) | 0) : this.bus.read(this.physical(EA, 'load'), 4)
  store1 = (EA: number, value: number) => this.storeAligned(EA, 1, value & 0xff)
  store2 = (EA: number, value: number) => {
    if ((EA & 1) === 0) return this.storeAligned(EA, 2, value & 0xffff)
    this.physical((EA + 1) | 0, 'store')
    this.store1(EA, value >>> 8)
    this.store1((EA + 1) | 0, value)
  }
  store4 = (EA: number, value: number) => {
    if ((EA & 3) === 0) return this.storeAligned(EA, 4, value)
    // The last byte first: a store that crosses into a page that faults writes nothing.
    this.physical((EA + 3) | 0, 'store')
    this.store2(EA, value >>> 16)
    this.store2((EA + 2) | 0, value)
  }

  private storeAligned(EA: number, size: 1 | 2 | 4, value: number): void {
    const address = this.physical(EA, 'store')
    this.bus.write(address, size, value)
    this.onStore(address)
  }

  dcbz(EA: number): void {
    for (let offset = 0; offset < 32; offset += 4) this.store4((EA & ~31) + offset, 0)
  }

  mfspr(number: number, RT: number): void {
    this.state[RT] = this.readSpr(number)
  }

  private readSpr(number: number): number {
    const R = this.state
    switch (number) {
      case SPR.XER:
        return (R[STATE.SO]! << 31) | (R[STATE.OV]! << 30) | (R[STATE.CA]! << 29)
      case SPR.LR:
        return R[STATE.LR]!
      case SPR.CTR:
        return R[STATE.CTR]!
      case SPR.TBL:
        return (this.instructions * TICKS) | 0
      case SPR.TBU:
        return Math.floor((this.instructions * TICKS) / 0x100000000) | 0
      case SPR.PVR:
        return this.sprs[number]!
    }
    this.requireStored(number)
    return this.sprs[number]!
  }

  mtspr(number: number, value: number): void {
    const R = this.state
    if (number === SPR.LR) R[STATE.LR] = value
    else if (number === SPR.CTR) R[STATE.CTR] = value
    else if (number === SPR.XER) {
      R[STATE.SO] = bits(value, 0, 0)
      R[STATE.OV] = bits(value, 1, 1)
      R[STATE.CA] = bits(value, 2, 2)
    } else {
      this.requireStored(number)
      this.sprs[number] = value
      if (number === SPR.PID) this.forgetTranslations()
    }
  }

  /** E200 3.11: bit 0x10 of the number means privileged; unimplemented ones are illegal. */
  private requireStored(number: number): void {
    if (number & 0x10 && this.MSR & MSR.PR) throw new GuestInterrupt('Program', ESR.PPR)
    if (!STORED.has(number)) throw new GuestInterrupt('Program', ESR.PIL)
  }

  private requireSupervisor(): void {
    if (this.MSR & MSR.PR) throw new GuestInterrupt('Program', ESR.PPR)
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
    this.MSR = EE & 1 ? this.MSR | MSR.EE : this.MSR & ~MSR.EE
  }

  private setMsr(value: number): void {
    const changed = this.MSR ^ value
    this.MSR = value
    if (changed & (MSR.PR | MSR.IS | MSR.DS)) this.forgetTranslations()
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
    const R = this.state
    setCrField(R, BF, (R[STATE.SO]! << 3) | (R[STATE.OV]! << 2) | (R[STATE.CA]! << 1))
    R[STATE.SO] = R[STATE.OV] = R[STATE.CA] = 0
  }

  trap(TO: number, a: number, b: number): void {
    const less = a < b ? 16 : a > b ? 8 : 4
    const unsigned = a >>> 0 < b >>> 0 ? 2 : a >>> 0 > b >>> 0 ? 1 : 0
    if (TO & (less | unsigned)) throw new GuestInterrupt('Program', ESR.PTR)
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

  tlbwe(): void {
    this.requireSupervisor()
    const [MAS0, MAS1, MAS2, MAS3] = [SPR.MAS0, SPR.MAS1, SPR.MAS2, SPR.MAS3].map((number) => this.sprs[number]!)
    if (bits(MAS0!, 2, 3) === 1) this.tlb1[bits(MAS0!, 12, 15)] = entryOfMas(MAS1!, MAS2!, MAS3!, this.sprs[SPR.MAS7]!)
    this.forgetTranslations()
  }

  /** Base-class entry: SRR0/1, MSR keeps CE, ME, DE (E500RM p.277). sc saves the next instruction's address. */
  take({ name, ESR: esr, DEAR }: GuestInterrupt): void {
    const R = this.state
    const { IVOR } = INTERRUPTS[name]
    this.sprs[SPR.SRR0] = name === 'System call' ? R[STATE.NIA]! : R[STATE.CIA]!
    this.sprs[SPR.SRR1] = this.MSR
    if (!['System call', 'Instruction TLB error'].includes(name)) this.sprs[SPR.ESR] = esr
    if (DEAR !== undefined) this.sprs[SPR.DEAR] = DEAR
    R[STATE.NIA] = (this.sprs[SPR.IVPR]! & 0xffff0000) | (this.sprs[SPR.IVOR0 + IVOR]! & 0xfff0)
    this.setMsr(this.MSR & (MSR.CE | MSR.ME | MSR.DE))
  }
}
