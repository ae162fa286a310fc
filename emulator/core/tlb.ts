// The two TLB arrays: TLB0 (512 entries, 4-way, 4 KB) and TLB1 (16 or 64 entries of 4 KB to 4 GB, fully associative) (E500RM 12.3).
// An entry is kept as the MAS1, MAS2, MAS3, MAS7 and MAS8 that would write it. Nothing here is cached: core/storage does that.
import { bits } from '../bits.ts'
import { fieldMasks } from '../spr/fields.ts'
import { fromField, inField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'

export const TLB0_ENTRIES = 512
const TLB0_SETS = 128
/** The largest TLB1 of a core. */
const TLB1_MOST = 64
const WORDS = 5
export const TLB_WORDS = (TLB0_ENTRIES + TLB1_MOST) * WORDS
export const MAS1 = fieldMasks(SPR.MAS1, 'V', 'IPROT', 'TID', 'TS', 'TSIZE')
export const MAS3 = fieldMasks(SPR.MAS3, 'SX', 'SW', 'SR')
export const MAS8 = fieldMasks(SPR.MAS8, 'TGS', 'VF', 'TLPID')
/** TSIZE, and the bit for sizes between its own, which these cores do not have. */
const SIZE_BITS = MAS1.TSIZE | (MAS1.TSIZE >>> 1)
/** TSIZE of 4 KB and of 4 GB: sizes are powers of four. */
const SMALLEST = 1
const LARGEST = 11

export interface Mapping {
  /** Index of the entry: TLB0 first, then TLB1. */
  readonly entry: number
  readonly EPN: number
  readonly size: number
  readonly RPN: number
  /** UX SX UW SW UR SR. */
  readonly permissions: number
  /** W I M G E. */
  readonly WIMGE: number
}

/** Whose translations count, and whose permissions. Of three PIDs a core with one repeats it. */
export interface AddressSpace {
  /** MSR[PR], or EPR of an external PID. */
  isUser: boolean
  AS: number
  GS: number
  LPID: number
  PID0: number
  PID1: number
  PID2: number
}

export type EntryWords = readonly [MAS1: number, MAS2: number, MAS3: number, MAS7: number, MAS8: number]

export class Tlb {
  readonly entries: number
  private readonly words: Int32Array

  constructor(words: Int32Array, tlb1Entries: number) {
    this.words = words
    this.entries = TLB0_ENTRIES + tlb1Entries
  }

  /** Index of the entry that maps EA; -1: none does. On the way of every miss: nothing is allocated. */
  search(EA: number, space: AddressSpace): number {
    const set = 4 * ((EA >>> 12) & (TLB0_SETS - 1))
    for (let entry = set; entry < set + 4; entry++) if (this.matches(entry, EA, space, -4096)) return entry
    return this.searchTlb1(EA, space, TLB0_ENTRIES)
  }
  private searchTlb1(EA: number, space: AddressSpace, from: number): number {
    for (let entry = from; entry < this.entries; entry++)
      if (this.words[WORDS * entry]! < 0 && this.matches(entry, EA, space, this.pageMask(entry))) return entry
    return -1
  }
  /** More than one entry maps EA. */
  hitsTwice(EA: number, space: AddressSpace): boolean {
    const set = 4 * ((EA >>> 12) & (TLB0_SETS - 1))
    let hits = 0
    for (let entry = set; entry < set + 4; entry++) if (this.matches(entry, EA, space, -4096)) hits++
    for (let entry = TLB0_ENTRIES - 1; ; hits++) {
      entry = this.searchTlb1(EA, space, entry + 1)
      if (entry < 0) return hits > 1
    }
  }
  private matches(entry: number, EA: number, space: AddressSpace, pageMask: number): boolean {
    const { words } = this
    const mas1 = words[WORDS * entry]!
    if (mas1 >= 0 || ((words[WORDS * entry + 1]! ^ EA) & pageMask) !== 0) return false
    if (((mas1 >>> 12) & 1) !== space.AS) return false
    const TID = (mas1 >>> 16) & 0x3fff
    if (TID !== 0 && TID !== space.PID0 && TID !== space.PID1 && TID !== space.PID2) return false
    const mas8 = words[WORDS * entry + 4]!
    const TLPID = mas8 & 0xff
    return mas8 >>> 31 === space.GS && (TLPID === 0 || TLPID === space.LPID)
  }

  /** The bits of an address that name its page. TLB1 takes a reserved size for the nearest that there is. */
  pageMask(entry: number): number {
    if (entry < TLB0_ENTRIES) return -4096
    const TSIZE = sizeOf(this.words[WORDS * entry]!)
    return TSIZE === LARGEST ? 0 : -1 << (10 + 2 * TSIZE)
  }

  mapping(entry: number): Mapping {
    const [mas1, mas2, mas3, mas7] = this.read(entry)
    const size = entry < TLB0_ENTRIES ? 4096 : 1024 * 4 ** sizeOf(mas1)
    const aligned = (address: number) => Math.floor(address / size) * size
    return {
      entry,
      size,
      EPN: aligned((mas2 & -4096) >>> 0),
      RPN: aligned(bits(mas7, 28, 31) * 0x100000000 + ((mas3 & -4096) >>> 0)),
      permissions: bits(mas3, 26, 31),
      WIMGE: bits(mas2, 27, 31),
    }
  }

  read(entry: number): EntryWords {
    const at = WORDS * entry
    const { words } = this
    return [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!]
  }
  word = (entry: number, n: 0 | 1 | 2 | 3 | 4) => this.words[WORDS * entry + n]!

  /** TLB0 has pages of 4 KB only, and protects none of them from invalidation. */
  write(entry: number, [mas1, ...others]: EntryWords): void {
    const of4K = (mas1 & ~(MAS1.IPROT | SIZE_BITS)) | inField(SMALLEST, MAS1.TSIZE)
    this.words.set([entry < TLB0_ENTRIES ? of4K : mas1, ...others], WORDS * entry)
  }

  isValid = (entry: number) => (this.words[WORDS * entry]! & MAS1.V) !== 0
  hasVirtualizationFault = (entry: number) => (this.words[WORDS * entry + 4]! & MAS8.VF) !== 0

  /** Entries of an array that are not protected and match are no longer valid: these. */
  invalidate(array: 0 | 1, matches: (entry: number) => boolean): number[] {
    const invalidated: number[] = []
    const [from, to] = array === 0 ? [0, TLB0_ENTRIES] : [TLB0_ENTRIES, this.entries]
    for (let entry = from; entry < to; entry++) {
      if (!this.isValid(entry) || this.words[WORDS * entry]! & MAS1.IPROT || !matches(entry)) continue
      this.words[WORDS * entry]! &= ~MAS1.V
      invalidated.push(entry)
    }
    return invalidated
  }
  /** The entry's page holds EA, whatever its address space. */
  covers = (entry: number, EA: number) => ((this.words[WORDS * entry + 1]! ^ EA) & this.pageMask(entry)) === 0
}

const sizeOf = (mas1: number) => Math.min(LARGEST, Math.max(SMALLEST, fromField(mas1, MAS1.TSIZE)))
