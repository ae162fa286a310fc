// Guest memory as bytes for those outside of the guest: copies in and out, sparse copies of RAM, a hash. RAM's words are in host order.
import type { Memory } from './memory.ts'

const PAGE_WORDS = 1024

/** Bytes of RAM in the guest's order; address and length within RAM. */
export function readBytes(memory: Memory, address: number, length: number): Uint8Array {
  const host = memory.ramBase + address
  return Uint8Array.from({ length }, (_, n) => memory.bytes[(host + n) ^ 3]!)
}

export function writeBytes(memory: Memory, address: number, bytes: Uint8Array): void {
  const host = memory.ramBase + address
  const aligned = host & 3 ? 0 : bytes.length & ~3
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let n = 0; n < aligned; n += 4) memory.words[(host + n) >>> 2] = view.getInt32(n)
  for (let n = aligned; n < bytes.length; n++) memory.bytes[(host + n) ^ 3] = bytes[n]!
}

export interface SavedRam {
  readonly bytes: number
  /** Numbers of the pages that are not all zero, and their words one page after the other. */
  readonly pages: Int32Array
  readonly words: Int32Array
}

const ramWords = ({ words, ramBase, ramBytes }: Memory) => words.subarray(ramBase >>> 2, (ramBase + ramBytes) >>> 2)

export function saveRam(memory: Memory): SavedRam {
  const ram = ramWords(memory)
  const pages: number[] = []
  for (let page = 0; page * PAGE_WORDS < ram.length; page++) if (!isZero(ram, page * PAGE_WORDS)) pages.push(page)
  const words = new Int32Array(pages.length * PAGE_WORDS)
  for (const [n, page] of pages.entries())
    words.set(ram.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS), n * PAGE_WORDS)
  return { bytes: memory.ramBytes, pages: Int32Array.from(pages), words }
}

export function restoreRam(memory: Memory, saved: SavedRam): void {
  const ram = ramWords(memory)
  clearRam(memory)
  for (const [n, page] of saved.pages.entries())
    ram.set(saved.words.subarray(n * PAGE_WORDS, (n + 1) * PAGE_WORDS), page * PAGE_WORDS)
}

/** Only what is not zero is written: the host's memory of untouched pages stays untouched. */
export function clearRam(memory: Memory): void {
  const ram = ramWords(memory)
  for (let from = 0; from < ram.length; from += PAGE_WORDS) if (!isZero(ram, from)) ram.fill(0, from, from + PAGE_WORDS)
}

function isZero(words: Int32Array, from: number): boolean {
  for (let n = from; n < from + PAGE_WORDS; n++) if (words[n] !== 0) return false
  return true
}

/** Two independent 32-bit mixes over words (multiply-rotate, after MurmurHash3's constants), as 16 hex digits. */
export class Hash {
  private a = 0x2f0b4c47
  private b = 0x51ed270b

  word(value: number): void {
    this.a = Math.imul((this.a << 13) | (this.a >>> 19), 5) + Math.imul(value, 0xcc9e2d51)
    this.b = Math.imul((this.b << 15) | (this.b >>> 17), 0x1b873593) ^ Math.imul(value ^ this.a, 0x85ebca6b)
  }
  words(values: Int32Array): void {
    for (let n = 0; n < values.length; n++) this.word(values[n]!)
  }
  text(text: string): void {
    for (let n = 0; n < text.length; n++) this.word(text.charCodeAt(n))
  }
  digest = () => [this.a, this.b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** Pages of zeros count by nothing but their absence. */
export function hashRam(hash: Hash, memory: Memory): void {
  const { pages, words } = saveRam(memory)
  hash.words(pages)
  hash.words(words)
}
