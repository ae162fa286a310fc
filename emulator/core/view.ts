// What a debugger sees of a core and its memory without touching the guest: no interrupt, no device, no change.
import { bits } from '../bits.ts'
import type { HostDebug } from '../debug/hostDebug.ts'
import type { Memory } from './memory.ts'
import { readBytes, writeBytes } from './memoryBlocks.ts'
import type { Access } from './mmu.ts'
import type { Vcpu } from './vcpu.ts'

/** One entry of TLB0 or TLB1, decoded. Sizes and addresses in bytes. */
export interface TlbEntry {
  readonly tlb: 0 | 1
  /** TLB1: entry; TLB0: set. */
  readonly index: number
  readonly way: number | undefined
  readonly valid: boolean
  readonly IPROT: boolean
  readonly epn: number
  readonly rpn: number
  readonly pageBytes: number
  readonly TID: number
  readonly TS: number
  /** MAS3: UX SX UW SW UR SR, UX the most significant of six bits. */
  readonly permissions: number
  /** MAS2: W I M G E, W the most significant of five bits. */
  readonly WIMGE: number
}

const TLB0_ENTRIES = 512

export const tlbEntries = (vcpu: Vcpu): readonly TlbEntry[] =>
  vcpu.mmu.entries().map(({ entry, MAS1, MAS2, EPN, RPN, size, permissions }) => ({
    tlb: entry < TLB0_ENTRIES ? 0 : 1,
    index: entry < TLB0_ENTRIES ? entry >> 2 : entry - TLB0_ENTRIES,
    way: entry < TLB0_ENTRIES ? entry & 3 : undefined,
    valid: bits(MAS1, 0, 0) === 1,
    IPROT: bits(MAS1, 1, 1) === 1,
    epn: EPN,
    rpn: RPN,
    pageBytes: size,
    TID: bits(MAS1, 2, 15),
    TS: bits(MAS1, 19, 19),
    permissions,
    WIMGE: bits(MAS2, 27, 31),
  }))

/** Visits the pieces of [address, address + length) page by page; false: one of them is no RAM. */
function eachPiece(
  vcpu: Vcpu,
  memory: Memory,
  address: number,
  length: number,
  visit: (physical: number, offset: number, bytes: number) => void,
  access: Access = 'load',
): boolean {
  for (let offset = 0; offset < length; ) {
    const EA = (address + offset) | 0
    const bytes = Math.min(length - offset, 4096 - (EA & 0xfff))
    const physical = vcpu.storage.peekTranslation(EA, access)
    if (physical === undefined || !memory.isRam(physical) || !memory.isRam(physical + bytes - 1)) return false
    visit(physical, offset, bytes)
    offset += bytes
  }
  return true
}

/** Undefined: some byte of it is not mapped, or is a device's. */
export function peek(
  vcpu: Vcpu,
  memory: Memory,
  host: HostDebug,
  address: number,
  length: number,
): Uint8Array | undefined {
  const result = new Uint8Array(length)
  const isWhole = host.withoutTraps(() =>
    eachPiece(vcpu, memory, address, length, (physical, offset, bytes) => {
      result.set(readBytes(memory, physical, bytes), offset)
    }),
  )
  return isWhole ? result : undefined
}

/** Writes all or nothing; false: some byte of it is not mapped to RAM. Traps stay where they are laid. */
export function poke(vcpu: Vcpu, memory: Memory, host: HostDebug, address: number, bytes: Uint8Array): boolean {
  if (!eachPiece(vcpu, memory, address, bytes.length, () => {})) return false
  host.withoutTraps(() =>
    eachPiece(vcpu, memory, address, bytes.length, (physical, offset, length) => {
      writeBytes(memory, physical, bytes.subarray(offset, offset + length))
      for (let n = 0; n < length; n += 4) vcpu.storage.code?.stored(physical + n)
    }),
  )
  return true
}
