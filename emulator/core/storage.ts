// Loads, stores and fetch translation of one core: effective-page tables over RAM for the fast way, core/accesses for the rest.
// A page that is watched never stands in a table.
import type { AccessSize, Bus } from '../board/bus.ts'
import type { Storage as StorageForBodies } from '../isa/cpu.ts'
import type { Instruction } from '../isa/record.ts'
import { Accesses, CACHING_INHIBITED, LITTLE_ENDIAN, swap, UNCACHED, WRITE_THROUGH } from './accesses.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import type { Access, Mmu } from './mmu.ts'
import type { AddressSpace } from './tlb.ts'

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

export class Storage implements StorageForBodies {
  code: CodeCache | undefined
  readonly accesses: Accesses
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
    this.accesses = new Accesses(bus, mmu)
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

  private space = (access: Access): AddressSpace =>
    this.mmu.ownSpace(access === 'execute' ? this.IS : this.DS, this.GS, this.PR === 1)
  translate(EA: number, access: Access): number {
    return this.mmu.translate(EA, access, this.space(access))
  }
  /** For us: no interrupt, no change of MAS, no permission. Undefined: nothing maps it. */
  mapping = (EA: number, access: Access) => this.mmu.find(EA, access === 'execute' ? this.IS : this.DS, this.GS)
  peekTranslation(EA: number, access: Access): number | undefined {
    const mapping = this.mapping(EA, access)
    return mapping && mapping.RPN + ((EA >>> 0) - mapping.EPN)
  }
  /** Where the code at EA stands in RAM; undefined: nowhere. */
  peekCode(EA: number): { readonly physical: number; readonly isReversed: boolean } | undefined {
    const mapping = this.mapping(EA, 'execute')
    const physical = mapping && mapping.RPN + ((EA >>> 0) - mapping.EPN)
    if (physical === undefined || !this.bus.memory.isRam(physical)) return undefined
    return { physical, isReversed: (mapping!.WIMGE & LITTLE_ENDIAN) !== 0 }
  }
  /** A fetch from EA does not fault. */
  mayExecute = (EA: number) => this.mmu.granted(EA, 'execute', this.space('execute')) !== undefined
  /** The word that is fetched at EA; undefined: none is there. */
  peekInstruction(EA: number): number | undefined {
    const code = this.peekCode(EA)
    if (!code) return undefined
    const word = this.bus.memory.read(code.physical, 4)
    return code.isReversed ? swap(word, 4) : word
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
    const WIMGE = this.mmu.granted(EA, 'load', this.space('load'))
    if (WIMGE === undefined || WIMGE & LITTLE_ENDIAN || this.accesses.isWatched(EA, size)) return undefined
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

  hintReaches = (EA: number, access: 'load' | 'store') => this.accesses.hintReaches(this.space(access), EA, access)
  /** Loads from EA go by the cache; asked right after its translation. */
  isCachingInhibited = () => (this.mmu.WIMGE & CACHING_INHIBITED) !== 0

  clearBlock(block: number, bytes: number, EA: number): void {
    const page = this.stores[block >>> 12]!
    if (page === 0 || this.uncached.has(block >>> 12)) {
      this.accesses.clearBlock(this.space('store'), block, bytes, EA, this.fill)
      return
    }
    const host = (page | (block & 0xfff)) >>> 2
    this.words.fill(0, host, host + bytes / 4)
  }

  beginWhole(EA: number, bytes: number, access: 'load' | 'store'): void {
    const pages = access === 'load' ? this.loads : this.stores
    if (pages[EA >>> 12] !== 0 && pages[(EA + bytes - 1) >>> 12] !== 0) return
    this.accesses.beginWhole(this.space(access), EA, bytes, access)
  }

  private loadSlowly(EA: number, size: AccessSize): number {
    return this.accesses.load(this.space('load'), EA, size, this.fill)
  }
  private storeSlowly(EA: number, size: AccessSize, value: number): void {
    this.accesses.store(this.space('store'), EA, size, value, this.fill)
  }

  private fill = (EA: number, address: number, access: 'load' | 'store', WIMGE: number): void => {
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
