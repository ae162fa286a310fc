// Loads, stores and fetch translation of one core: effective-page tables over RAM for the fast way, the MMU and the bus for the rest.
// A page that is watched never stands in a table.
import type { AccessSize, Bus } from '../board/bus.ts'
import type { Storage as StorageForBodies } from '../isa/cpu.ts'
import { MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import type { Access, Mmu } from './mmu.ts'

/** What an engine keeps from translation and code, and has to drop when they change. */
export interface CodeCache {
  /** The debugger wrote to memory. */
  stored(physicalAddress: number): void
  /** Undefined: every page. */
  translationChanged(effectivePage?: number): void
  contextChanged(context: number): void
  stopsChanged(): void
  /** Runs one word as if it stood at CIA. */
  execute(word: number): void
}

/** Who compares data addresses. */
export interface Watcher {
  watchesPage(effectivePage: number): boolean
  /** After translation, before the access. May throw: then the access does not happen. */
  dataAccess(EA: number, size: AccessSize, access: 'load' | 'store'): void
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
  private readonly filled = new Set<number>()

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
    if (DS !== this.DS) this.forgetPages()
    this.PR = value & MSR.PR ? 1 : 0
    this.IS = value & MSR.IS ? 1 : 0
    this.DS = DS
    this.loads = this.regions.loadPages[this.PR]!
    this.stores = this.regions.storePages[this.PR]!
    this.code?.contextChanged(2 * this.IS + this.PR)
  }

  translate(EA: number, access: Access): number {
    return this.mmu.translate(EA, access, access === 'execute' ? this.IS : this.DS, this.PR === 1)
  }
  /** For us: no interrupt, no change of MAS, no permission. Undefined: nothing maps it. */
  peekTranslation(EA: number, access: Access): number | undefined {
    const mapping = this.mmu.find(EA, access === 'execute' ? this.IS : this.DS)
    return mapping && mapping.RPN + ((EA >>> 0) - mapping.EPN)
  }

  translationChanged(effectivePage?: number): void {
    if (effectivePage === undefined) this.forgetPages()
    else this.forgetPage(effectivePage)
    this.code?.translationChanged(effectivePage)
  }
  /** Watches or code came or went: the tables are filled anew by the accesses to come. */
  forgetPages(): void {
    for (const page of this.filled) this.forgetPage(page)
    this.filled.clear()
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

  /** A whole cache line of zeros, as the stores of its words. */
  zeroLine(line: number, bytes: number): void {
    const page = this.stores[line >>> 12]!
    const host = (page | (line & 0xfff)) >>> 2
    if (page !== 0) this.words.fill(0, host, host + bytes / 4)
    else for (let offset = 0; offset < bytes; offset += 4) this.store4((line + offset) | 0, 0)
  }

  private loadSlowly(EA: number, size: AccessSize): number {
    const address = this.translate(EA, 'load')
    const crosses = EA & (size - 1) && (EA & 0xfff) + size > 0x1000
    if (crosses) this.translate((EA + size - 1) | 0, 'load')
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'load')
    else this.fill(EA, address, 'load')
    if ((EA & (size - 1)) === 0) return this.bus.read(address, size)
    let value = 0
    for (let n = 0; n < size; n++) value = (value << 8) | this.bus.read(this.translate((EA + n) | 0, 'load'), 1)
    return value
  }

  /** A store that crosses into a page that faults writes nothing. */
  private storeSlowly(EA: number, size: AccessSize, value: number): void {
    const address = this.translate(EA, 'store')
    const crosses = EA & (size - 1) && (EA & 0xfff) + size > 0x1000
    if (crosses) this.translate((EA + size - 1) | 0, 'store')
    if (this.isWatched(EA, size)) this.watcher!.dataAccess(EA, size, 'store')
    else this.fill(EA, address, 'store')
    if ((EA & (size - 1)) === 0) {
      this.bus.write(address, size, size === 4 ? value : value & (size === 2 ? 0xffff : 0xff))
      return
    }
    for (let n = 0; n < size; n++)
      this.bus.write(this.translate((EA + n) | 0, 'store'), 1, (value >>> (8 * (size - 1 - n))) & 0xff)
  }

  private isWatched = (EA: number, size: number) =>
    this.watcher !== undefined &&
    (this.watcher.watchesPage(EA >>> 12) || this.watcher.watchesPage((EA + size - 1) >>> 12))

  private fill(EA: number, address: number, access: 'load' | 'store'): void {
    const { memory } = this.bus
    const page = Math.floor(address / 4096)
    if (!memory.isRam(address)) return
    const pages = access === 'load' ? this.loads : this.stores
    pages[EA >>> 12] = memory.ramBase + page * 4096
    this.filled.add(EA >>> 12)
  }
}
