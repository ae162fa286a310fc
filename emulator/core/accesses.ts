// Accesses in whatever address space: each translated, compared with what is watched, and given to the bus. What no page table serves.
import type { AccessSize, Bus } from '../board/bus.ts'
import { fieldMasks } from '../spr/fields.ts'
import { SPR } from '../spr/table.ts'
import { ESR, GuestInterrupt } from './interrupts.ts'
import type { Access, Mmu } from './mmu.ts'
import type { AddressSpace } from './tlb.ts'

export const { W: WRITE_THROUGH, I: CACHING_INHIBITED, E: LITTLE_ENDIAN } = fieldMasks(SPR.MAS2, 'W', 'I', 'E')
/** Stores do not end in the cache. */
export const UNCACHED = WRITE_THROUGH | CACHING_INHIBITED

type DataAccess = 'load' | 'store'

/** Who compares data addresses, within the space of the access. */
export interface Watcher {
  watchesPage(effectivePage: number): boolean
  /** After translation, before the access. May throw: then the access does not happen. */
  dataAccess(EA: number, size: number, access: DataAccess, space: AddressSpace): void
  /** The same for an access that is made of smaller ones: those that follow are not compared again. */
  wholeAccess(EA: number, size: number, access: DataAccess, space: AddressSpace): void
  /** The same for a store to a block that an address within it names. */
  blockStore(EA: number, block: number, bytes: number, space: AddressSpace): void
}

/** Told of a page that nobody watches, as an access finds it. */
type Found = (EA: number, physical: number, access: DataAccess, WIMGE: number) => void

export class Accesses {
  watcher: Watcher | undefined
  private readonly bus: Bus
  private readonly mmu: Mmu

  constructor(bus: Bus, mmu: Mmu) {
    this.bus = bus
    this.mmu = mmu
  }

  load(space: AddressSpace, EA: number, size: AccessSize, found?: Found): number {
    const address = this.begin(space, EA, size, 'load', found)
    const isReversed = this.mmu.WIMGE & LITTLE_ENDIAN
    const value = crossesPage(EA, size)
      ? this.loadBytes(EA, size, (byte) => this.mmu.translate(byte, 'load', space))
      : this.readWithin(address, size)
    return isReversed ? swap(value, size) : value
  }
  /** A store that crosses into a page that faults writes nothing. */
  store(space: AddressSpace, EA: number, size: AccessSize, value: number, found?: Found): void {
    const address = this.begin(space, EA, size, 'store', found)
    const ordered = this.mmu.WIMGE & LITTLE_ENDIAN ? swap(value, size) : value
    if (crossesPage(EA, size)) this.storeBytes(EA, size, ordered, (byte) => this.mmu.translate(byte, 'store', space))
    else this.writeWithin(address, size, ordered)
  }
  /** Before an access that is made of smaller ones: what faults has done nothing, and one address is compared (C8). */
  beginWhole(space: AddressSpace, EA: number, bytes: number, access: DataAccess): void {
    this.translate(space, EA, bytes, access)
    if (this.isWatched(EA, bytes)) this.watcher!.wholeAccess(EA, bytes, access, space)
  }
  /** dcbz: zeros, as the stores of the block's words. Only where lines are cached (E500RM p.132). */
  clearBlock(space: AddressSpace, block: number, bytes: number, EA: number, found?: Found): void {
    this.mmu.translate(EA, 'store', space)
    if (this.mmu.WIMGE & UNCACHED) throw new GuestInterrupt('Alignment', { ESR: ESR.ST, DEAR: EA })
    if (this.isWatched(block, bytes)) this.watcher!.blockStore(EA, block, bytes, space)
    for (let offset = 0; offset < bytes; offset += 4) this.store(space, (block + offset) | 0, 4, 0, found)
  }
  /** A hint, which never faults, comes to something: EA may be accessed so, in a page that is cached, for a store copied back too. */
  hintReaches(space: AddressSpace, EA: number, access: DataAccess): boolean {
    const WIMGE = this.mmu.granted(EA, access, space)
    return WIMGE !== undefined && !(WIMGE & (access === 'store' ? UNCACHED : CACHING_INHIBITED))
  }

  isWatched = (EA: number, size: number) =>
    this.watcher !== undefined &&
    (this.watcher.watchesPage(EA >>> 12) || this.watcher.watchesPage((EA + size - 1) >>> 12))

  private begin(space: AddressSpace, EA: number, size: number, access: DataAccess, found: Found | undefined): number {
    const address = this.translate(space, EA, size, access)
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, access, space)
    else if (found && !crossesPage(EA, size)) found(EA, address, access, this.mmu.WIMGE)
    return address
  }
  /** A second page faults before anything is done, and has to have the first one's byte order (E500RM p.264: else a byte-ordering exception). */
  translate(space: AddressSpace, EA: number, size: number, access: Access): number {
    const { mmu } = this
    const address = mmu.translate(EA, access, space)
    if (!crossesPage(EA, size)) return address
    const { WIMGE } = mmu
    mmu.translate((EA + size - 1) | 0, access, space)
    if ((WIMGE ^ mmu.WIMGE) & LITTLE_ENDIAN)
      throw new GuestInterrupt('Data storage', { ESR: ESR.BO | (access === 'store' ? ESR.ST : 0), DEAR: EA })
    return address
  }

  private readWithin(address: number, size: AccessSize): number {
    if (address % size === 0) return this.bus.read(address, size)
    return this.loadBytes(0, size, (n) => address + n)
  }
  private writeWithin(address: number, size: AccessSize, value: number): void {
    if (address % size === 0) this.bus.write(address, size, size === 4 ? value : value & (size === 2 ? 0xffff : 0xff))
    else this.storeBytes(0, size, value, (n) => address + n)
  }
  private loadBytes(EA: number, size: AccessSize, translate: (EA: number) => number): number {
    let value = 0
    for (let n = 0; n < size; n++) value = (value << 8) | this.bus.read(translate((EA + n) | 0), 1)
    return value
  }
  private storeBytes(EA: number, size: AccessSize, value: number, translate: (EA: number) => number): void {
    for (let n = 0; n < size; n++) this.bus.write(translate((EA + n) | 0), 1, (value >>> (8 * (size - 1 - n))) & 0xff)
  }
}

const crossesPage = (EA: number, size: number) => (EA & 0xfff) + size > 0x1000

/** With its bytes in the other order. */
export function swap(value: number, size: AccessSize): number {
  if (size === 1) return value
  if (size === 2) return ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}
