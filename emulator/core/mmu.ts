// TLB0 (512 entries, 4-way, 4 KB) and TLB1 (16 entries, 4 KB to 4 GB) and the MAS registers (E500RM chapter 12).
// An entry is kept as the MAS1, MAS2, MAS3, MAS7 that would write it. What it does not do: cache translations (vcpu's page tables).
import { bits, place } from '../bits.ts'
import { ESR, GuestInterrupt } from './interrupts.ts'

const MAS0 = 624
const MAS1 = 625
const MAS2 = 626
const MAS3 = 627
const MAS4 = 628
const MAS6 = 630
const MAS7 = 944
const PIDS = [48, 633, 634]
const HID0 = 1008
const EN_MAS7_UPDATE = 0x80
const TLB0_ENTRIES = 512
const TLB0_SETS = 128
const TLB1_ENTRIES = 16
const VALID = 0x80000000 | 0
const IPROT = 0x40000000

export type Access = 'load' | 'store' | 'execute'
/** MAS3's supervisor permission bit of an access; the user's stands one to the left. */
const PERMISSION = { execute: 0x10, store: 0x04, load: 0x01 }

export interface Mapping {
  /** Index of the entry: TLB0 first, then TLB1. */
  readonly entry: number
  readonly EPN: number
  readonly size: number
  readonly RPN: number
  readonly permissions: number
}

export class Mmu {
  private readonly tlb: Int32Array
  private readonly sprs: Int32Array
  /** The way of TLB0 that the next miss proposes. */
  private victim = 0

  constructor(tlb: Int32Array, sprs: Int32Array) {
    this.tlb = tlb
    this.sprs = sprs
  }

  /** Each entry, for a person to look at. */
  entries(): readonly (Mapping & { readonly MAS1: number; readonly MAS2: number })[] {
    return Array.from({ length: TLB0_ENTRIES + TLB1_ENTRIES }, (_, entry) => ({
      ...this.mapping(entry),
      MAS1: this.tlb[4 * entry]!,
      MAS2: this.tlb[4 * entry + 1]!,
    }))
  }

  save = () => ({ victim: this.victim })
  restore(saved: { victim: number }): void {
    this.victim = saved.victim
  }

  /** The entry that maps EA in an address space, for the present PIDs. */
  find(EA: number, AS: number): Mapping | undefined {
    const entry = this.entryOf(EA, AS)
    return entry < 0 ? undefined : this.mapping(entry)
  }
  private entryOf(EA: number, AS: number): number {
    const { sprs } = this
    return this.search(EA, AS, sprs[PIDS[0]!]!, sprs[PIDS[1]!]!, sprs[PIDS[2]!]!)
  }

  /** Index of the entry that maps EA for one of these PIDs; -1: none does. On the way of every miss: nothing is allocated. */
  private search(EA: number, AS: number, pid0: number, pid1: number, pid2: number): number {
    const set = 4 * ((EA >>> 12) & (TLB0_SETS - 1))
    for (let entry = set; entry < set + 4; entry++)
      if (this.matches(entry, EA, AS, -4096) && this.isOf(entry, pid0, pid1, pid2)) return entry
    for (let entry = TLB0_ENTRIES; entry < TLB0_ENTRIES + TLB1_ENTRIES; entry++)
      if (this.matches(entry, EA, AS, this.pageMask(entry)) && this.isOf(entry, pid0, pid1, pid2)) return entry
    return -1
  }
  private matches(entry: number, EA: number, AS: number, pageMask: number): boolean {
    const mas1 = this.tlb[4 * entry]!
    return mas1 < 0 && bits(mas1, 19, 19) === AS && ((this.tlb[4 * entry + 1]! ^ EA) & pageMask) === 0
  }
  private isOf(entry: number, pid0: number, pid1: number, pid2: number): boolean {
    const TID = bits(this.tlb[4 * entry]!, 2, 15)
    return TID === 0 || TID === pid0 || TID === pid1 || TID === pid2
  }
  /** The bits of an address that name its page, of 4^TSIZE KB in TLB1. */
  private pageMask(entry: number): number {
    if (entry < TLB0_ENTRIES) return -4096
    const TSIZE = bits(this.tlb[4 * entry]!, 20, 23)
    return TSIZE > 10 ? 0 : -1 << (10 + 2 * TSIZE)
  }

  private mapping(entry: number): Mapping {
    const word = (n: number) => this.tlb[4 * entry + n]!
    const [mas1, mas2, mas3, mas7] = [word(0), word(1), word(2), word(3)]
    const size = entry < TLB0_ENTRIES ? 4096 : 1024 * 4 ** bits(mas1, 20, 23)
    const aligned = (address: number) => Math.floor(address / size) * size
    return {
      entry,
      size,
      EPN: aligned((mas2 & -4096) >>> 0),
      RPN: aligned(bits(mas7, 28, 31) * 0x100000000 + ((mas3 & -4096) >>> 0)),
      permissions: bits(mas3, 26, 31),
    }
  }

  /** The physical address of an access with MSR[PR] in address space AS; throws the interrupt that it takes. */
  translate(EA: number, access: Access, AS: number, PR: boolean): number {
    const entry = this.entryOf(EA, AS)
    const esr = access === 'store' ? ESR.ST : 0
    if (entry < 0) {
      this.presetMas(EA, AS)
      throw access === 'execute'
        ? new GuestInterrupt('Instruction TLB error')
        : new GuestInterrupt('Data TLB error', { ESR: esr, DEAR: EA })
    }
    const mas3 = this.tlb[4 * entry + 2]!
    if ((mas3 & (PERMISSION[access] << (PR ? 1 : 0))) === 0)
      throw access === 'execute'
        ? new GuestInterrupt('Instruction storage', { ESR: 0 })
        : new GuestInterrupt('Data storage', { ESR: esr, DEAR: EA })
    const pageMask = this.pageMask(entry)
    const RPN = bits(this.tlb[4 * entry + 3]!, 28, 31) * 0x100000000 + ((mas3 & -4096 & pageMask) >>> 0)
    return RPN + ((EA & ~pageMask) >>> 0)
  }

  /** MAS registers after a miss, from the defaults in MAS4 (E500RM table 12-8). */
  private presetMas(EA: number, AS: number): void {
    const { sprs } = this
    const mas4 = sprs[MAS4]!
    const pid = sprs[PIDS[bits(mas4, 14, 15)] ?? PIDS[0]!]!
    this.proposeVictim(mas4)
    sprs[MAS1] =
      VALID | place(bits(mas4, 14, 15) === 3 ? 0 : pid, 2, 15) | place(AS, 19, 19) | place(bits(mas4, 20, 23), 20, 23)
    sprs[MAS2] = (EA & -4096) | bits(mas4, 25, 31)
    sprs[MAS3] = 0
    sprs[MAS6] = place(sprs[PIDS[0]!]!, 2, 15) | AS
    if (sprs[HID0]! & EN_MAS7_UPDATE) sprs[MAS7] = 0
  }

  private proposeVictim(mas4: number): void {
    const TLBSELD = bits(mas4, 2, 3)
    const ESEL = TLBSELD === 0 ? this.victim : 0
    this.victim = (this.victim + 1) & 3
    this.sprs[MAS0] = place(TLBSELD, 2, 3) | place(ESEL, 12, 15) | this.victim
  }

  private selected(): number {
    const mas0 = this.sprs[MAS0]!
    if (bits(mas0, 2, 3) === 1) return TLB0_ENTRIES + bits(mas0, 12, 15)
    const set = (this.sprs[MAS2]! >>> 12) & (TLB0_SETS - 1)
    return set * 4 + bits(mas0, 14, 15)
  }

  /** Returns the effective pages whose translation may differ now. */
  tlbwe(): readonly number[] | 'all' {
    const { sprs, tlb } = this
    const entry = this.selected()
    const before = this.pageOf(entry)
    ;[MAS1, MAS2, MAS3, MAS7].forEach((mas, n) => {
      tlb[4 * entry + n] = sprs[mas]!
    })
    if (entry >= TLB0_ENTRIES) return 'all'
    return before === undefined ? [tlb[4 * entry + 1]! >>> 12] : [before, tlb[4 * entry + 1]! >>> 12]
  }
  private pageOf = (entry: number) => (this.tlb[4 * entry]! & VALID ? this.tlb[4 * entry + 1]! >>> 12 : undefined)

  tlbre(): void {
    this.readEntry(this.selected())
  }

  private readEntry(entry: number): void {
    const { sprs, tlb } = this
    sprs[MAS1] = tlb[4 * entry]!
    sprs[MAS2] = tlb[4 * entry + 1]!
    sprs[MAS3] = tlb[4 * entry + 2]!
    if (sprs[HID0]! & EN_MAS7_UPDATE) sprs[MAS7] = tlb[4 * entry + 3]!
  }

  tlbsx(EA: number): void {
    const { sprs } = this
    const mas6 = sprs[MAS6]!
    const SPID = bits(mas6, 2, 15)
    const found = this.search(EA, bits(mas6, 31, 31), SPID, SPID, SPID)
    if (found < 0) {
      const mas4 = sprs[MAS4]!
      this.proposeVictim(mas4)
      sprs[MAS1] = place(SPID, 2, 15) | place(mas6 & 1, 19, 19) | place(bits(mas4, 20, 23), 20, 23)
      sprs[MAS2] = bits(mas4, 25, 31)
      sprs[MAS3] = 0
      return
    }
    const inTlb1 = found >= TLB0_ENTRIES
    sprs[MAS0] = inTlb1 ? place(1, 2, 3) | place(found - TLB0_ENTRIES, 12, 15) : place(found & 3, 12, 15)
    sprs[MAS0]! |= this.victim
    this.readEntry(found)
  }

  /** EA bit 0x4: all entries of the array; bit 0x8: TLB1. IPROT entries survive. */
  tlbivax(EA: number): readonly number[] | 'all' {
    const array = EA & 8 ? 1 : 0
    const all = (EA & 4) !== 0
    this.invalidate(array, ({ EPN, size }) => all || (EA >>> 0 >= EPN && EA >>> 0 < EPN + size))
    return array === 0 && !all ? [EA >>> 12] : 'all'
  }

  flush(MMUCSR0: number): void {
    if (MMUCSR0 & 4) this.invalidate(0, () => true)
    if (MMUCSR0 & 2) this.invalidate(1, () => true)
  }

  private invalidate(array: 0 | 1, matches: (mapping: Mapping) => boolean): void {
    const [from, to] = array === 0 ? [0, TLB0_ENTRIES] : [TLB0_ENTRIES, TLB0_ENTRIES + TLB1_ENTRIES]
    for (let entry = from; entry < to; entry++) {
      const isProtected = array === 1 && this.tlb[4 * entry]! & IPROT
      if (!isProtected && this.tlb[4 * entry]! & VALID && matches(this.mapping(entry))) this.tlb[4 * entry]! &= ~VALID
    }
  }
}
