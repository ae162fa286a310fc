// Translation and the MAS registers, which TLB instructions and misses go by (E500RM chapter 12; MAS5, MAS8: reference 5.2).
import { bits, place } from '../bits.ts'
import { fieldMasks } from '../spr/fields.ts'
import { SPR } from '../spr/table.ts'
import type { CoreModel } from './coreModel.ts'
import { EPCR, ESR, GuestInterrupt, type InterruptName } from './interrupts.ts'
import { type AddressSpace, type EntryWords, type Mapping, TLB0_ENTRIES, Tlb } from './tlb.ts'

const { MAS0, MAS1, MAS2, MAS3, MAS4, MAS5, MAS6, MAS7, MAS8, LPIDR, HID0 } = SPR
const { EN_MAS7_UPDATE, EN_L2MMU_MHD } = fieldMasks(HID0, 'EN_MAS7_UPDATE', 'EN_L2MMU_MHD')
const { L2MMU_MHIT } = fieldMasks(SPR.MCSR, 'L2MMU_MHIT')
const TLB0_SETS = 128
const VALID = 0x80000000 | 0

export type Access = 'load' | 'store' | 'execute'
/** MAS3's supervisor permission bit of an access; the user's stands one to the left. */
const PERMISSION = { execute: 0x10, store: 0x04, load: 0x01 }
const permission = (access: Access, { isUser }: AddressSpace) => PERMISSION[access] << (isUser ? 1 : 0)

/** What a TLB instruction changed. */
export interface TlbChange {
  readonly pages: 'all' | readonly number[]
  readonly inTlb1: boolean
}
const EVERYTHING: TlbChange = { pages: 'all', inTlb1: true }

export class Mmu {
  /** W I M G E of the page translated last. */
  WIMGE = 0
  private readonly model: CoreModel
  private readonly tlb: Tlb
  private readonly sprs: Int32Array
  /** TLB0[NV]: the way that the next miss proposes. */
  private victim = 0
  private readonly space: AddressSpace = { isUser: false, AS: 0, GS: 0, LPID: 0, PID0: 0, PID1: 0, PID2: 0 }
  /** The debugger's, who may look in the middle of an access. */
  private readonly peeked: AddressSpace = { ...this.space }

  /** Whether an interrupt that comes now is the guest's own. */
  private readonly isGuests: (name: InterruptName) => boolean

  constructor(model: CoreModel, words: Int32Array, sprs: Int32Array, isGuests: (name: InterruptName) => boolean) {
    this.model = model
    this.isGuests = isGuests
    this.tlb = new Tlb(words, model.tlb1Entries)
    this.sprs = sprs
  }

  /** Each entry, for a person to look at. */
  entries = (): readonly (Mapping & { readonly MAS1: number; readonly MAS2: number; readonly MAS8: number })[] =>
    Array.from({ length: this.tlb.entries }, (_, entry) => {
      const [mas1, mas2, , , mas8] = this.tlb.read(entry)
      return { ...this.tlb.mapping(entry), MAS1: mas1, MAS2: mas2, MAS8: mas8 }
    })

  save = () => ({ victim: this.victim })
  restore(saved: { victim: number }): void {
    this.victim = saved.victim
  }

  /** What the board's boot protocol finds: TLB1[0] maps 0 to 0, for everybody. */
  mapAtBoot(TSIZE: number): void {
    this.tlb.write(TLB0_ENTRIES, [VALID | place(TSIZE, 20, 23), 0, 0x3f, 0, 0])
  }

  // ---- translation ----
  /** The core's own space with its present PIDs; until the next call. */
  ownSpace = (AS: number, GS: number, isUser: boolean) => this.fillSpace(this.space, AS, GS, isUser)
  private fillSpace(space: AddressSpace, AS: number, GS: number, isUser: boolean): AddressSpace {
    const { sprs, model } = this
    const [pid0, pid1 = pid0, pid2 = pid0] = model.PIDs
    space.isUser = isUser
    space.AS = AS
    space.GS = GS
    space.LPID = sprs[LPIDR]!
    space.PID0 = sprs[pid0!]!
    space.PID1 = sprs[pid1!]!
    space.PID2 = sprs[pid2!]!
    return space
  }

  /** The entry that maps EA. */
  find(EA: number, AS: number, GS: number): Mapping | undefined {
    const entry = this.tlb.search(EA, this.fillSpace(this.peeked, AS, GS, false))
    return entry < 0 ? undefined : this.tlb.mapping(entry)
  }

  /** The physical address of an access; throws the interrupt that it takes. */
  translate(EA: number, access: Access, space: AddressSpace): number {
    const { tlb } = this
    const entry = tlb.search(EA, space)
    const details = access === 'execute' ? {} : { ESR: access === 'store' ? ESR.ST : 0, DEAR: EA }
    if (entry < 0) {
      const name = access === 'execute' ? 'Instruction TLB error' : 'Data TLB error'
      if (!(this.sprs[SPR.EPCR]! & EPCR.DMIUH) || this.isGuests(name)) this.presetMas(EA, space)
      throw new GuestInterrupt(name, details)
    }
    if (this.sprs[HID0]! & EN_L2MMU_MHD) this.checkMultipleHits(EA, space)
    const mas3 = tlb.word(entry, 2)
    if (access !== 'execute' && tlb.hasVirtualizationFault(entry))
      throw new GuestInterrupt('Data storage', { ...details, toHypervisor: true })
    if ((mas3 & permission(access, space)) === 0)
      throw new GuestInterrupt(access === 'execute' ? 'Instruction storage' : 'Data storage', details)
    this.WIMGE = tlb.word(entry, 1) & 31
    const pageMask = tlb.pageMask(entry)
    const RPN = bits(tlb.word(entry, 3), 28, 31) * 0x100000000 + ((mas3 & -4096 & pageMask) >>> 0)
    return RPN + ((EA & ~pageMask) >>> 0)
  }
  /** W I M G E of the page at EA if it grants the access; never an interrupt. */
  granted(EA: number, access: Access, space: AddressSpace): number | undefined {
    const { tlb } = this
    const entry = tlb.search(EA, space)
    if (entry < 0 || tlb.hasVirtualizationFault(entry) || !(tlb.word(entry, 2) & permission(access, space)))
      return undefined
    return tlb.word(entry, 1) & 31
  }
  /** Without the enable two entries for one address are a mistake that nobody reports (E500RM 12.3.1). */
  private checkMultipleHits(EA: number, space: AddressSpace): void {
    if (this.model.detectsMultipleHits && this.tlb.hitsTwice(EA, space))
      throw new GuestInterrupt('Machine check', { MCSR: L2MMU_MHIT })
  }

  // ---- MAS registers ----
  private mas7Follows = () => (this.sprs[HID0]! & EN_MAS7_UPDATE) !== 0

  /** After a miss, from the defaults in MAS4 (E500RM table 12-8). With EPCR[DMIUH] only a miss of the guest's own does it. */
  private presetMas(EA: number, { AS, PID0, PID1, PID2 }: AddressSpace): void {
    const { sprs } = this
    const mas4 = sprs[MAS4]!
    const TID = [PID0, PID1, PID2, 0][bits(mas4, 14, 15)]!
    this.proposeVictim(mas4)
    sprs[MAS1] = VALID | place(TID, 2, 15) | place(AS, 19, 19) | place(bits(mas4, 20, 23), 20, 23)
    sprs[MAS2] = (EA & -4096) | bits(mas4, 25, 31)
    sprs[MAS3] = 0
    sprs[MAS6] = place(PID0, 2, 15) | AS
    if (this.mas7Follows()) sprs[MAS7] = 0
  }

  private proposeVictim(mas4: number): void {
    const TLBSELD = bits(mas4, 2, 3)
    const ESEL = TLBSELD === 0 ? this.victim : 0
    this.sprs[MAS0] = place(TLBSELD, 2, 3) | place(ESEL, 12, 15) | ((this.victim + 1) & 3)
  }

  private selected(): number {
    const mas0 = this.sprs[MAS0]!
    if (bits(mas0, 2, 3) === 1) return TLB0_ENTRIES + (bits(mas0, 10, 15) & (this.model.tlb1Entries - 1))
    const set = (this.sprs[MAS2]! >>> 12) & (TLB0_SETS - 1)
    return set * 4 + bits(mas0, 14, 15)
  }

  tlbwe(): TlbChange {
    const { sprs, tlb } = this
    const entry = this.selected()
    const before = tlb.isValid(entry) ? [tlb.word(entry, 1) >>> 12] : []
    const words: EntryWords = [sprs[MAS1]!, sprs[MAS2]!, sprs[MAS3]!, sprs[MAS7]!, sprs[MAS8]!]
    tlb.write(entry, words)
    if (entry >= TLB0_ENTRIES) return EVERYTHING
    this.victim = sprs[MAS0]! & 3
    return { pages: [...before, tlb.word(entry, 1) >>> 12], inTlb1: false }
  }

  tlbre(): void {
    this.readEntry(this.selected())
    this.sprs[MAS0] = (this.sprs[MAS0]! & ~0xfff) | this.victim
  }

  private readEntry(entry: number): void {
    const { sprs } = this
    const [mas1, mas2, mas3, mas7, mas8] = this.tlb.read(entry)
    sprs[MAS1] = mas1
    sprs[MAS2] = mas2
    sprs[MAS3] = mas3
    if (this.mas7Follows()) sprs[MAS7] = mas7
    sprs[MAS8] = mas8
  }

  /** The space that MAS6 and MAS5 name. */
  private searched(): AddressSpace {
    const { space, sprs } = this
    const SPID = bits(sprs[MAS6]!, 2, 15)
    space.AS = sprs[MAS6]! & 1
    space.GS = bits(sprs[MAS5]!, 0, 0)
    space.LPID = sprs[MAS5]! & 0xff
    space.PID0 = space.PID1 = space.PID2 = SPID
    return space
  }

  tlbsx(EA: number): void {
    const { sprs } = this
    const space = this.searched()
    const found = this.tlb.search(EA, space)
    if (found < 0) {
      const mas4 = sprs[MAS4]!
      this.proposeVictim(mas4)
      sprs[MAS1] = place(space.PID0, 2, 15) | place(space.AS, 19, 19) | place(bits(mas4, 20, 23), 20, 23)
      sprs[MAS2] = bits(mas4, 25, 31)
      sprs[MAS3] = 0
      if (this.mas7Follows()) sprs[MAS7] = 0
      return
    }
    const inTlb1 = found >= TLB0_ENTRIES
    sprs[MAS0] = inTlb1 ? place(1, 2, 3) | place(found - TLB0_ENTRIES, 10, 15) : place(found & 3, 12, 15)
    sprs[MAS0]! |= this.victim
    this.readEntry(found)
  }

  /** EA bit 0x4: all entries of the array; bit 0x8: TLB1. IPROT entries survive. */
  tlbivax(EA: number): TlbChange {
    const all = (EA & 4) !== 0
    return this.changed(this.tlb.invalidate(EA & 8 ? 1 : 0, (entry) => all || this.tlb.covers(entry, EA)))
  }

  /** T 0: all entries of MAS5's LPID; 1: of its LPID and MAS6's PID; 3: those of them that map EA for MAS5[SGS] and MAS6[SAS]. */
  tlbilx(T: number, EA: number): TlbChange {
    const { tlb } = this
    const { AS, GS, LPID, PID0 } = this.searched()
    const isOf = (entry: number) => {
      const TID = bits(tlb.word(entry, 0), 2, 15)
      if ((tlb.word(entry, 4) & 0xff) !== LPID) return false
      if (T === 0) return true
      if (T === 1) return TID === PID0
      const isIn = bits(tlb.word(entry, 0), 19, 19) === AS && tlb.word(entry, 4) >>> 31 === GS
      return isIn && (TID === 0 || TID === PID0) && tlb.covers(entry, EA)
    }
    return this.changed([...tlb.invalidate(0, isOf), ...tlb.invalidate(1, isOf)])
  }

  flush(MMUCSR0: number): TlbChange {
    const first = MMUCSR0 & 4 ? this.tlb.invalidate(0, () => true) : []
    return this.changed(MMUCSR0 & 2 ? [...first, ...this.tlb.invalidate(1, () => true)] : first)
  }

  private changed(entries: readonly number[]): TlbChange {
    if (entries.some((entry) => entry >= TLB0_ENTRIES)) return EVERYTHING
    return { pages: entries.map((entry) => this.tlb.word(entry, 1) >>> 12), inTlb1: false }
  }
}
