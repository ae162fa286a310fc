// What a debugger sees of a core and its memory without touching the guest: no interrupt, no change.
import type { Bus } from '../board/bus.ts'
import type { HostDebug } from '../debug/hostDebug.ts'
import { fromField } from '../spr/masks.ts'
import type { Memory } from './memory.ts'
import { readBytes, writeBytes } from './memoryBlocks.ts'
import type { Access } from './mmu.ts'
import { MAS1, MAS8, TLB0_ENTRIES } from './tlb.ts'
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
  /** Category E.HV: MAS8. */
  readonly partition: { readonly TGS: number; readonly VF: number; readonly TLPID: number } | undefined
}

export function tlbEntries(vcpu: Vcpu): readonly TlbEntry[] {
  const hasPartitions = vcpu.model.categories.has('E.HV')
  return vcpu.mmu.entries().map(({ entry, mas1, mas8, EPN, RPN, size, permissions, WIMGE }) => ({
    tlb: entry < TLB0_ENTRIES ? 0 : 1,
    index: entry < TLB0_ENTRIES ? entry >> 2 : entry - TLB0_ENTRIES,
    way: entry < TLB0_ENTRIES ? entry & 3 : undefined,
    valid: fromField(mas1, MAS1.V) === 1,
    IPROT: fromField(mas1, MAS1.IPROT) === 1,
    epn: EPN,
    rpn: RPN,
    pageBytes: size,
    TID: fromField(mas1, MAS1.TID),
    TS: fromField(mas1, MAS1.TS),
    permissions,
    WIMGE,
    partition: hasPartitions
      ? { TGS: fromField(mas8, MAS8.TGS), VF: fromField(mas8, MAS8.VF), TLPID: fromField(mas8, MAS8.TLPID) }
      : undefined,
  }))
}

/** The one that maps EA in the core's present space; permissions are not asked. */
export function tlbEntryOf(vcpu: Vcpu, EA: number, access: Access): TlbEntry | undefined {
  const entry = vcpu.storage.mapping(EA, access)?.entry
  return entry === undefined ? undefined : tlbEntries(vcpu)[entry]
}

/** Visits the pieces of [address, address + length) page by page, until one is refused; true: none was, and all are mapped. */
function eachPiece(
  vcpu: Vcpu,
  address: number,
  length: number,
  visit: (physical: number, offset: number, bytes: number) => boolean,
): boolean {
  for (let offset = 0; offset < length; ) {
    const EA = (address + offset) | 0
    const bytes = Math.min(length - offset, 4096 - (EA & 0xfff))
    const physical = vcpu.storage.peekTranslation(EA, 'load')
    if (physical === undefined || !visit(physical, offset, bytes)) return false
    offset += bytes
  }
  return true
}
const isRam = (memory: Memory, physical: number, length: number) =>
  memory.isRam(physical) && memory.isRam(physical + length - 1)

/** Bytes at a physical address: of RAM, or of devices as reads would find them, without a read's effects. Undefined: neither. */
export function peekPhysical(bus: Bus, host: HostDebug, physical: number, length: number): Uint8Array | undefined {
  const { memory } = bus
  if (isRam(memory, physical, length)) return host.withoutTraps(() => readBytes(memory, physical, length))
  const bytes = Array.from({ length }, (_, n) => bus.peek(physical + n, 1))
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : undefined
}

/** Undefined: some byte of it is not mapped, or neither RAM nor a device's. */
export function peek(vcpu: Vcpu, bus: Bus, host: HostDebug, address: number, length: number): Uint8Array | undefined {
  const result = new Uint8Array(length)
  const isWhole = eachPiece(vcpu, address, length, (physical, offset, bytes) => {
    const piece = peekPhysical(bus, host, physical, bytes)
    if (piece) result.set(piece, offset)
    return piece !== undefined
  })
  return isWhole ? result : undefined
}

/** Writes all or nothing; false: some byte of it is not mapped to RAM. Traps stay where they are laid. */
export function poke(vcpu: Vcpu, memory: Memory, host: HostDebug, address: number, bytes: Uint8Array): boolean {
  if (!eachPiece(vcpu, address, bytes.length, (physical, _, length) => isRam(memory, physical, length))) return false
  return host.withoutTraps(() =>
    eachPiece(vcpu, address, bytes.length, (physical, offset, length) => {
      writeBytes(memory, physical, bytes.subarray(offset, offset + length))
      return true
    }),
  )
}
