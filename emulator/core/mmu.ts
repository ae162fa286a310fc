// Translation and the MAS registers, which TLB instructions and misses go by (E500RM chapter 12; MAS5, MAS8: reference 5.2).
import { fieldMasks } from '../spr/fields.ts'
import { fromField, inField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import type { CoreModel } from './coreModel.ts'
import { EPCR, ESR, GuestInterrupt, type InterruptName } from './interrupts.ts'
import { type AddressSpace, type EntryWords, MAS1, MAS3, MAS8, type Mapping, TLB0_ENTRIES, Tlb } from './tlb.ts'

const { LPIDR, HID0 } = SPR
const { EN_MAS7_UPDATE, EN_L2MMU_MHD } = fieldMasks(HID0, 'EN_MAS7_UPDATE', 'EN_L2MMU_MHD')
const { L2MMU_MHIT } = fieldMasks(SPR.MCSR, 'L2MMU_MHIT')
const { TLB0FI, TLB1FI } = fieldMasks(SPR.MMUCSR0, 'TLB0FI', 'TLB1FI')
const MAS0 = fieldMasks(SPR.MAS0, 'TLBSEL', 'ESEL')
const MAS4 = fieldMasks(SPR.MAS4, 'TLBSELD', 'TIDSELD', 'TSIZED')
const MAS5 = fieldMasks(SPR.MAS5, 'SGS', 'SLPID')
const MAS6 = fieldMasks(SPR.MAS6, 'SPID', 'SAS')
const { EPN } = fieldMasks(SPR.MAS2, 'EPN')
const { RPN: RPN_UPPER } = fieldMasks(SPR.MAS7, 'RPN')
/** All of MAS0[NV], of which these cores use two bits. */
const NV = 0xfff
/** X0 X1 W I M G E of MAS2, and where MAS4 has their defaults. */
const ATTRIBUTES = 0x7f
/** UX SX UW SW UR SR. */
const EVERYBODY = 0x3f
const TLB0_WAYS = 4
const TLB0_SETS = TLB0_ENTRIES / TLB0_WAYS

export type Access = 'load' | 'store' | 'execute'
/** The supervisor's bit of MAS3; the user's stands one to the left. */
const PERMISSION = { execute: MAS3.SX, store: MAS3.SW, load: MAS3.SR }
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
  entries = (): readonly (Mapping & { readonly mas1: number; readonly mas8: number })[] =>
    Array.from({ length: this.tlb.entries }, (_, entry) => {
      return { ...this.tlb.mapping(entry), mas1: this.tlb.word(entry, 0), mas8: this.tlb.word(entry, 4) }
    })

  save = () => ({ victim: this.victim })
  restore(saved: { victim: number }): void {
    this.victim = saved.victim
  }

  /** What the board's boot protocol finds: TLB1[0] maps 0 to 0, for everybody. */
  mapAtBoot(TSIZE: number): void {
    this.tlb.write(TLB0_ENTRIES, [MAS1.V | inField(TSIZE, MAS1.TSIZE), 0, EVERYBODY, 0, 0])
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
    const RPN = fromField(tlb.word(entry, 3), RPN_UPPER) * 0x100000000 + ((mas3 & -4096 & pageMask) >>> 0)
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

  /** After a miss. With EPCR[DMIUH] only a miss of the guest's own does it. */
  private presetMas(EA: number, { AS, PID0, PID1, PID2 }: AddressSpace): void {
    const { sprs } = this
    this.presetDefaults([PID0, PID1, PID2, 0][fromField(sprs[SPR.MAS4]!, MAS4.TIDSELD)]!, AS)
    sprs[SPR.MAS1]! |= MAS1.V
    sprs[SPR.MAS2]! |= EA & EPN
    sprs[SPR.MAS6] = inField(PID0, MAS6.SPID) | inField(AS, MAS6.SAS)
  }
  /** The page that MAS4 proposes (E500RM table 12-8). */
  private presetDefaults(TID: number, AS: number): void {
    const { sprs } = this
    const mas4 = sprs[SPR.MAS4]!
    const TLBSELD = fromField(mas4, MAS4.TLBSELD)
    const ESEL = TLBSELD === 0 ? this.victim : 0
    const next = (this.victim + 1) % TLB0_WAYS
    sprs[SPR.MAS0] = inField(TLBSELD, MAS0.TLBSEL) | inField(ESEL, MAS0.ESEL) | next
    const TSIZE = fromField(mas4, MAS4.TSIZED)
    sprs[SPR.MAS1] = inField(TID, MAS1.TID) | inField(AS, MAS1.TS) | inField(TSIZE, MAS1.TSIZE)
    sprs[SPR.MAS2] = mas4 & ATTRIBUTES
    sprs[SPR.MAS3] = 0
    if (this.mas7Follows()) sprs[SPR.MAS7] = 0
  }

  private selected(): number {
    const mas0 = this.sprs[SPR.MAS0]!
    const ESEL = fromField(mas0, MAS0.ESEL)
    if (fromField(mas0, MAS0.TLBSEL) === 1) return TLB0_ENTRIES + (ESEL & (this.model.tlb1Entries - 1))
    const set = (this.sprs[SPR.MAS2]! >>> 12) & (TLB0_SETS - 1)
    return set * TLB0_WAYS + (ESEL & (TLB0_WAYS - 1))
  }

  tlbwe(): TlbChange {
    const { sprs, tlb } = this
    const entry = this.selected()
    const before = tlb.isValid(entry) ? [tlb.word(entry, 1) >>> 12] : []
    const words: EntryWords = [sprs[SPR.MAS1]!, sprs[SPR.MAS2]!, sprs[SPR.MAS3]!, sprs[SPR.MAS7]!, sprs[SPR.MAS8]!]
    tlb.write(entry, words)
    if (entry >= TLB0_ENTRIES) return EVERYTHING
    this.victim = sprs[SPR.MAS0]! & (TLB0_WAYS - 1)
    return { pages: [...before, tlb.word(entry, 1) >>> 12], inTlb1: false }
  }

  tlbre(): void {
    this.readEntry(this.selected())
    this.sprs[SPR.MAS0] = (this.sprs[SPR.MAS0]! & ~NV) | this.victim
  }

  private readEntry(entry: number): void {
    const { sprs } = this
    const [mas1, mas2, mas3, mas7, mas8] = this.tlb.read(entry)
    sprs[SPR.MAS1] = mas1
    sprs[SPR.MAS2] = mas2
    sprs[SPR.MAS3] = mas3
    if (this.mas7Follows()) sprs[SPR.MAS7] = mas7
    sprs[SPR.MAS8] = mas8
  }

  /** The space that MAS6 and MAS5 name. */
  private searched(): AddressSpace {
    const { space, sprs } = this
    const mas5 = sprs[SPR.MAS5]!
    const mas6 = sprs[SPR.MAS6]!
    space.AS = fromField(mas6, MAS6.SAS)
    space.GS = fromField(mas5, MAS5.SGS)
    space.LPID = fromField(mas5, MAS5.SLPID)
    space.PID0 = space.PID1 = space.PID2 = fromField(mas6, MAS6.SPID)
    return space
  }

  tlbsx(EA: number): void {
    const { sprs } = this
    const space = this.searched()
    const found = this.tlb.search(EA, space)
    if (found < 0) {
      this.presetDefaults(space.PID0, space.AS)
      return
    }
    const inTlb1 = found >= TLB0_ENTRIES
    const ESEL = inTlb1 ? found - TLB0_ENTRIES : found & (TLB0_WAYS - 1)
    sprs[SPR.MAS0] = inField(inTlb1 ? 1 : 0, MAS0.TLBSEL) | inField(ESEL, MAS0.ESEL) | this.victim
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
      const mas1 = tlb.word(entry, 0)
      const mas8 = tlb.word(entry, 4)
      const TID = fromField(mas1, MAS1.TID)
      if (fromField(mas8, MAS8.TLPID) !== LPID) return false
      if (T === 0) return true
      if (T === 1) return TID === PID0
      const isIn = fromField(mas1, MAS1.TS) === AS && fromField(mas8, MAS8.TGS) === GS
      return isIn && (TID === 0 || TID === PID0) && tlb.covers(entry, EA)
    }
    return this.changed([...tlb.invalidate(0, isOf), ...tlb.invalidate(1, isOf)])
  }

  flush(MMUCSR0: number): TlbChange {
    const first = MMUCSR0 & TLB0FI ? this.tlb.invalidate(0, () => true) : []
    return this.changed(MMUCSR0 & TLB1FI ? [...first, ...this.tlb.invalidate(1, () => true)] : first)
  }

  private changed(entries: readonly number[]): TlbChange {
    if (entries.some((entry) => entry >= TLB0_ENTRIES)) return EVERYTHING
    return { pages: entries.map((entry) => this.tlb.word(entry, 1) >>> 12), inTlb1: false }
  }
}
