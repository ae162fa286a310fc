// Loads, stores and fetch translation of one core: effective-page tables over RAM for the fast way, the MMU and the bus for the rest.
// A page that is watched never stands in a table.
import type { AccessSize, Bus } from '../board/bus.ts'
import type { Storage as StorageForBodies } from '../isa/cpu.ts'
import type { Instruction } from '../isa/record.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import type { Access, Mmu } from './mmu.ts'
import type { AddressSpace } from './tlb.ts'

const LITTLE_ENDIAN = 1
const CACHING_INHIBITED = 8
const WRITE_THROUGH = 16
/** Stores do not end in the cache. */
const UNCACHED = WRITE_THROUGH | CACHING_INHIBITED

/** What an engine keeps from translation and code, and has to drop when they change. */
export interface CodeCache {
  /** Undefined: every page. */
  translationChanged(effectivePage?: number): void
  contextChanged(context: number): void
  stopsChanged(): void
  /** The host address in words of the instruction at EA; undefined: it has not been fetched of late, or a stop is armed there. */
  placeOf(EA: number): number | undefined
  /** What execute would do; undefined: a word that is illegal here. */
  instructionOf(word: number): Instruction | undefined
  /** Runs one word as if it stood at CIA. */
  execute(word: number): void
}

/** Of category E.PD, with the privilege of its accesses. */
export interface ExternalSpace extends AddressSpace {
  readonly isUser: boolean
}

/** Who compares data addresses. */
export interface Watcher {
  watchesPage(effectivePage: number): boolean
  /** After translation, before the access. May throw: then the access does not happen. space: of category E.PD, in place of MSR's. */
  dataAccess(EA: number, size: number, access: 'load' | 'store', space?: ExternalSpace): void
  /** The same for an access that is made of smaller ones: those that follow are not compared again. */
  wholeAccess(EA: number, size: number, access: 'load' | 'store', space?: ExternalSpace): void
  /** The same for the block of stores that EA names. */
  blockStore(EA: number, block: number, bytes: number, space?: ExternalSpace): void
}

export class Storage implements StorageForBodies {
  code: CodeCache | undefined
  watcher: Watcher | undefined
  private readonly regions: CoreRegions
  private readonly bus: Bus
  private readonly mmu: Mmu
  private readonly words: Int32Array
  private readonly halves: Uint16Array
  private readonly bytes: Uint8Array
  /** Effective page -> host address of its RAM page in the present context. */
  loads: Int32Array
  stores: Int32Array
  private PR = 0
  private IS = 0
  private DS = 0
  private GS = 0
  private readonly filled = new Set<number>()
  /** Of those filled: write-through or caching-inhibited. */
  private readonly uncached = new Set<number>()

  constructor(regions: CoreRegions, bus: Bus, mmu: Mmu) {
    this.regions = regions
    this.bus = bus
    this.mmu = mmu
    const { words, halves, bytes } = bus.memory
    this.words = words
    this.halves = halves
    this.bytes = bytes
    this.loads = regions.loadPages[0]
    this.stores = regions.storePages[0]
  }

  msrChanged(value: number): void {
    const DS = value & MSR.DS ? 1 : 0
    const GS = value & MSR.GS ? 1 : 0
    if (GS !== this.GS) this.translationChanged()
    else if (DS !== this.DS) this.forgetPages()
    this.PR = value & MSR.PR ? 1 : 0
    this.IS = value & MSR.IS ? 1 : 0
    this.DS = DS
    this.GS = GS
    this.loads = this.regions.loadPages[this.PR]!
    this.stores = this.regions.storePages[this.PR]!
    this.code?.contextChanged(2 * this.IS + this.PR)
  }

  private space = (access: Access) => this.mmu.ownSpace(access === 'execute' ? this.IS : this.DS, this.GS)
  translate(EA: number, access: Access): number {
    return this.mmu.translate(EA, access, this.space(access), this.PR === 1)
  }
  /** For us: no interrupt, no change of MAS, no permission. Undefined: nothing maps it. */
  peekTranslation(EA: number, access: Access): number | undefined {
    const mapping = this.mmu.find(EA, access === 'execute' ? this.IS : this.DS, this.GS)
    return mapping && mapping.RPN + ((EA >>> 0) - mapping.EPN)
  }
  /** The word that is fetched at EA; undefined: none is there. */
  peekInstruction(EA: number): number | undefined {
    const mapping = this.mmu.find(EA, this.IS, this.GS)
    const address = mapping && mapping.RPN + ((EA >>> 0) - mapping.EPN)
    if (address === undefined || !this.bus.memory.isRam(address)) return undefined
    const word = this.bus.memory.read(address, 4)
    return mapping!.WIMGE & LITTLE_ENDIAN ? swap(word, 4) : word
  }
  /** Code on this page stands with its bytes reversed; asked right after its translation. */
  fetchesReversed = () => (this.mmu.WIMGE & LITTLE_ENDIAN) !== 0

  translationChanged(effectivePage?: number): void {
    if (effectivePage === undefined) this.forgetPages()
    else this.forgetPage(effectivePage)
    this.code?.translationChanged(effectivePage)
  }
  /** Watches or code came or went: the tables are filled anew by the accesses to come. */
  forgetPages(): void {
    for (const page of this.filled) this.forgetPage(page)
    this.filled.clear()
    this.uncached.clear()
  }
  private forgetPage(page: number): void {
    const { loadPages, storePages } = this.regions
    loadPages[0][page] = loadPages[1][page] = storePages[0][page] = storePages[1][page] = 0
  }

  load4(EA: number): number {
    const page = this.loads[EA >>> 12]!
    return page !== 0 && (EA & 3) === 0 ? this.words[(page | (EA & 0xfff)) >>> 2]! : this.loadSlowly(EA, 4)
  }
  load2(EA: number): number {
    const page = this.loads[EA >>> 12]!
    return page !== 0 && (EA & 1) === 0 ? this.halves[((page | (EA & 0xfff)) ^ 2) >>> 1]! : this.loadSlowly(EA, 2)
  }
  load1(EA: number): number {
    const page = this.loads[EA >>> 12]!
    return page !== 0 ? this.bytes[(page | (EA & 0xfff)) ^ 3]! : this.loadSlowly(EA, 1)
  }
  store4(EA: number, value: number): void {
    const page = this.stores[EA >>> 12]!
    if (page !== 0 && (EA & 3) === 0) this.words[(page | (EA & 0xfff)) >>> 2] = value
    else this.storeSlowly(EA, 4, value)
  }
  store2(EA: number, value: number): void {
    const page = this.stores[EA >>> 12]!
    if (page !== 0 && (EA & 1) === 0) this.halves[((page | (EA & 0xfff)) ^ 2) >>> 1] = value
    else this.storeSlowly(EA, 2, value)
  }
  store1(EA: number, value: number): void {
    const page = this.stores[EA >>> 12]!
    if (page !== 0) this.bytes[(page | (EA & 0xfff)) ^ 3] = value
    else this.storeSlowly(EA, 1, value)
  }

  /** What a load from a device gives until input comes; undefined: something else happens at EA. */
  awaited(EA: number, size: AccessSize): number | undefined {
    const WIMGE = this.mmu.granted(EA, 'load', this.space('load'), this.PR === 1)
    if (WIMGE === undefined || WIMGE & LITTLE_ENDIAN || this.isWatched(EA, size)) return undefined
    return this.bus.awaited(this.translate(EA, 'load'), size)
  }

  /** The physical address that a reservation is for. E500RM p.264: none on write-through pages. */
  reservable(EA: number, access: 'load' | 'store'): number {
    const page = (access === 'load' ? this.loads : this.stores)[EA >>> 12]!
    if (page !== 0 && !this.uncached.has(EA >>> 12)) return (page | (EA & 0xfff)) - this.bus.memory.ramBase
    const address = this.translate(EA, access)
    if (this.mmu.WIMGE & WRITE_THROUGH)
      throw new GuestInterrupt('Data storage', { ESR: access === 'store' ? ESR.ST : 0, DEAR: EA })
    return address
  }

  /** A hint, which never faults, comes to something: EA may be accessed so, in a page that is cached, for a store copied back too. */
  hintReaches(EA: number, access: 'load' | 'store'): boolean {
    return this.hintReachesIn({ ...this.space(access), isUser: this.PR === 1 }, EA, access)
  }
  hintReachesIn(space: ExternalSpace, EA: number, access: 'load' | 'store'): boolean {
    const WIMGE = this.mmu.granted(EA, access, space, space.isUser)
    return WIMGE !== undefined && !(WIMGE & (access === 'store' ? UNCACHED : CACHING_INHIBITED))
  }
  /** Loads from EA go by the cache; asked right after its translation. */
  isCachingInhibited = () => (this.mmu.WIMGE & CACHING_INHIBITED) !== 0

  /** dcbz: a whole cache line of zeros, as the stores of its words. Only where lines are cached (E500RM p.132). */
  zeroLine(line: number, bytes: number, EA: number): void {
    const page = this.stores[line >>> 12]!
    if (page !== 0 && !this.uncached.has(line >>> 12)) {
      const host = (page | (line & 0xfff)) >>> 2
      this.words.fill(0, host, host + bytes / 4)
      return
    }
    this.translate(EA, 'store')
    this.requireCached(EA)
    if (this.isWatched(line, bytes)) this.watcher!.blockStore(EA, line, bytes)
    for (let offset = 0; offset < bytes; offset += 4) this.store4((line + offset) | 0, 0)
  }
  /** Of the page translated last. */
  private requireCached(EA: number): void {
    if (this.mmu.WIMGE & UNCACHED) throw new GuestInterrupt('Alignment', { ESR: ESR.ST, DEAR: EA })
  }

  /** Before an access that is made of smaller ones: what faults has done nothing, and one address is compared (C8). */
  beginWhole(EA: number, bytes: number, access: 'load' | 'store'): void {
    const pages = access === 'load' ? this.loads : this.stores
    if (pages[EA >>> 12] !== 0 && pages[(EA + bytes - 1) >>> 12] !== 0) return
    this.beginWholeIn({ ...this.space(access), isUser: this.PR === 1 }, EA, bytes, access)
  }
  beginWholeIn(space: ExternalSpace, EA: number, bytes: number, access: 'load' | 'store'): void {
    this.translateIn(space, EA, access)
    if (crossesPage(EA, bytes)) this.translateRest(EA, bytes, access, space, space.isUser)
    if (this.isWatched(EA, bytes)) this.watcher!.wholeAccess(EA, bytes, access, space)
  }

  private loadSlowly(EA: number, size: AccessSize): number {
    const address = this.translate(EA, 'load')
    const { WIMGE } = this.mmu
    const crosses = crossesPage(EA, size)
    if (crosses) this.translateRest(EA, size, 'load', this.space('load'), this.PR === 1)
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'load')
    else if (!crosses) this.fill(EA, address, 'load', WIMGE)
    const value = crosses
      ? this.loadBytes(EA, size, (byte) => this.translate(byte, 'load'))
      : this.readWithin(address, size)
    return WIMGE & LITTLE_ENDIAN ? swap(value, size) : value
  }

  /** A store that crosses into a page that faults writes nothing. */
  private storeSlowly(EA: number, size: AccessSize, value: number): void {
    const address = this.translate(EA, 'store')
    const { WIMGE } = this.mmu
    const crosses = crossesPage(EA, size)
    if (crosses) this.translateRest(EA, size, 'store', this.space('store'), this.PR === 1)
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'store')
    else if (!crosses) this.fill(EA, address, 'store', WIMGE)
    const ordered = WIMGE & LITTLE_ENDIAN ? swap(value, size) : value
    if (crosses) this.storeBytes(EA, size, ordered, (byte) => this.translate(byte, 'store'))
    else this.writeWithin(address, size, ordered)
  }

  /** Category E.PD: an access in the space of EPLC or EPSC, never through the tables. */
  loadIn(space: ExternalSpace, EA: number, size: AccessSize): number {
    const { isUser } = space
    const address = this.mmu.translate(EA, 'load', space, isUser)
    const { WIMGE } = this.mmu
    const crosses = crossesPage(EA, size)
    if (crosses) this.translateRest(EA, size, 'load', space, isUser)
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'load', space)
    const value = crosses
      ? this.loadBytes(EA, size, (byte) => this.mmu.translate(byte, 'load', space, isUser))
      : this.readWithin(address, size)
    return WIMGE & LITTLE_ENDIAN ? swap(value, size) : value
  }
  storeIn(space: ExternalSpace, EA: number, size: AccessSize, value: number): void {
    const { isUser } = space
    const address = this.mmu.translate(EA, 'store', space, isUser)
    const { WIMGE } = this.mmu
    const crosses = crossesPage(EA, size)
    if (crosses) this.translateRest(EA, size, 'store', space, isUser)
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'store', space)
    const ordered = WIMGE & LITTLE_ENDIAN ? swap(value, size) : value
    if (crosses) this.storeBytes(EA, size, ordered, (byte) => this.mmu.translate(byte, 'store', space, isUser))
    else this.writeWithin(address, size, ordered)
  }
  translateIn(space: ExternalSpace, EA: number, access: Access): void {
    this.mmu.translate(EA, access, space, space.isUser)
  }
  zeroLineIn(space: ExternalSpace, line: number, bytes: number, EA: number): void {
    this.translateIn(space, EA, 'store')
    this.requireCached(EA)
    if (this.isWatched(line, bytes)) this.watcher!.blockStore(EA, line, bytes, space)
    for (let offset = 0; offset < bytes; offset += 4) this.storeIn(space, (line + offset) | 0, 4, 0)
  }

  /** The second page faults before anything is done, and has to have the first one's byte order (E500RM p.264: else a byte-ordering exception). */
  private translateRest(EA: number, size: number, access: Access, space: AddressSpace, PR: boolean): void {
    const { WIMGE } = this.mmu
    this.mmu.translate((EA + size - 1) | 0, access, space, PR)
    if ((WIMGE ^ this.mmu.WIMGE) & LITTLE_ENDIAN)
      throw new GuestInterrupt('Data storage', { ESR: ESR.BO | (access === 'store' ? ESR.ST : 0), DEAR: EA })
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

  private isWatched = (EA: number, size: number) =>
    this.watcher !== undefined &&
    (this.watcher.watchesPage(EA >>> 12) || this.watcher.watchesPage((EA + size - 1) >>> 12))

  private fill(EA: number, address: number, access: 'load' | 'store', WIMGE: number): void {
    const { memory } = this.bus
    const page = Math.floor(address / 4096)
    if (!memory.isRam(address) || WIMGE & LITTLE_ENDIAN) return
    if (access === 'store' && this.bus.traps?.holdsTraps(page)) return
    const pages = access === 'load' ? this.loads : this.stores
    pages[EA >>> 12] = memory.ramBase + page * 4096
    this.filled.add(EA >>> 12)
    if (WIMGE & UNCACHED) this.uncached.add(EA >>> 12)
    else this.uncached.delete(EA >>> 12)
  }
}

const crossesPage = (EA: number, size: number) => (EA & 0xfff) + size > 0x1000

/** With its bytes in the other order. */
function swap(value: number, size: AccessSize): number {
  if (size === 1) return value
  if (size === 2) return ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}
