// One WebAssembly.Memory holds each core's state block, its translation tables and guest RAM.
// RAM is kept as words in host order (byte address ^ 3, half ^ 2). Offset 0 is nothing's: a table entry of 0 means miss.

import { STATE } from '../isa/cpu.ts'
import { TLB_WORDS } from './tlb.ts'

const CORE_BYTES = 0x1300000
const FIRST_CORE = 0x10000
const STATE_BYTES = 0x10000
const PAGE_TABLE_BYTES = 0x400000
/** Pages of code of which the interpreter keeps decoded words, two words each. */
export const DECODED_PAGES = 288

export interface CoreRegions {
  /** General state: STATE words. */
  readonly state: Int32Array
  /** Plain values of the SPRs, by number. */
  readonly sprs: Int32Array
  /** TLB entries (core/tlb). */
  readonly tlb: Int32Array
  /** Effective page -> host address of its RAM page, for supervisor and user: loads, stores. */
  readonly loadPages: readonly [Int32Array, Int32Array]
  readonly storePages: readonly [Int32Array, Int32Array]
  readonly decoded: Int32Array
}

export class Memory {
  readonly words: Int32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  readonly ramBase: number
  readonly ramBytes: number

  constructor(ramBytes: number, cores: number) {
    this.ramBytes = ramBytes
    this.ramBase = Memory.coresBytes(cores)
    const { buffer } = new WebAssembly.Memory({ initial: (this.ramBase + ramBytes + 0xffff) >>> 16 })
    this.words = new Int32Array(buffer)
    this.halves = new Uint16Array(buffer)
    this.bytes = new Uint8Array(buffer)
  }

  /** What stands before RAM. */
  static coresBytes = (cores: number) => FIRST_CORE + cores * CORE_BYTES

  core(index: number): CoreRegions {
    const base = FIRST_CORE + index * CORE_BYTES
    const words = (offset: number, count: number) => new Int32Array(this.words.buffer, base + offset, count)
    const pages = (n: number) => words(STATE_BYTES + n * PAGE_TABLE_BYTES, PAGE_TABLE_BYTES / 4)
    return {
      state: words(0, STATE.WORDS),
      sprs: words(0x1000, 1024),
      tlb: words(0x2000, TLB_WORDS),
      loadPages: [pages(0), pages(1)],
      storePages: [pages(2), pages(3)],
      decoded: words(STATE_BYTES + 4 * PAGE_TABLE_BYTES, DECODED_PAGES * 2048),
    }
  }

  isRam = (address: number) => address < this.ramBytes

  /** Naturally aligned reads and writes of RAM by physical address. */
  read(address: number, size: 1 | 2 | 4): number {
    const host = this.ramBase + address
    if (size === 4) return this.words[host >>> 2]!
    return size === 2 ? this.halves[(host ^ 2) >>> 1]! : this.bytes[host ^ 3]!
  }

  write(address: number, size: 1 | 2 | 4, value: number): void {
    const host = this.ramBase + address
    if (size === 4) this.words[host >>> 2] = value
    else if (size === 2) this.halves[(host ^ 2) >>> 1] = value
    else this.bytes[host ^ 3] = value
  }
}
