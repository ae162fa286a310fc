// TLB1: 16 fully associative entries of variable size, filled through MAS0 to MAS3 and MAS7 (E500RM 2.12).
// Not here yet: TLB0, tlbre, tlbsx, tlbivax.
import { bits } from '../bits.ts'

export interface Tlb1Entry {
  readonly valid: boolean
  readonly TS: number
  readonly TID: number
  readonly EPN: number
  /** Bytes; up to 4 GB. */
  readonly size: number
  /** 36-bit physical address. */
  readonly RPN: number
  /** UX SX UW SW UR SR as in MAS3. */
  readonly permissions: number
}

export function entryOfMas(MAS1: number, MAS2: number, MAS3: number, MAS7: number): Tlb1Entry {
  // MAS1[TSIZE] in units of 4^n KB (bits 52:55, 20:23 of the word).
  const size = 1024 * 4 ** bits(MAS1, 20, 23)
  const high = bits(MAS7, 28, 31) * 0x100000000
  return {
    valid: bits(MAS1, 0, 0) === 1,
    TS: bits(MAS1, 19, 19),
    TID: bits(MAS1, 2, 15),
    EPN: Math.floor(((MAS2 >>> 12) * 4096) / size) * size,
    size,
    RPN: Math.floor((high + (MAS3 >>> 12) * 4096) / size) * size,
    permissions: bits(MAS3, 26, 31),
  }
}

export function find(
  entries: readonly (Tlb1Entry | undefined)[],
  EA: number,
  AS: number,
  PID: number,
): Tlb1Entry | undefined {
  const address = EA >>> 0
  return entries.find(
    (entry) =>
      entry?.valid &&
      entry.TS === AS &&
      (entry.TID === 0 || entry.TID === PID) &&
      address >= entry.EPN &&
      address < entry.EPN + entry.size,
  )
}

export type Access = 'load' | 'store' | 'execute'

/** MAS3's permission for an access with MSR[PR]. */
export function permits({ permissions }: Tlb1Entry, access: Access, PR: number): boolean {
  const supervisor = { execute: 0x10, store: 0x04, load: 0x01 }[access]
  return (permissions & (PR ? supervisor << 1 : supervisor)) !== 0
}
