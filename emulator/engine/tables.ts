// What the printed run loop works on, as plain arrays.
import { mask } from '../bits.ts'
import type { Body } from './generated/bodies.ts'

export interface Tables {
  /** The core's state block. */
  readonly R: Int32Array
  /** RAM and tables by host address. */
  readonly words: Int32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  /** MASK(MB, ME) by both fields as they stand in a word. */
  readonly masks: Int32Array
  /** Decoded words: an opcode counts while the word beside it is the one in memory. So a store to code needs no notice. */
  readonly cacheWords: Int32Array
  readonly cacheOpcodes: Uint16Array
  /** By opcode. */
  readonly bodies: readonly Body[]
  /** Translation of instruction fetches in the present context, four words a page: effective page, index of its first word in words, from there to its place in the cache. */
  readonly fetch: Int32Array
  /** Effective page -> host page in the present context. */
  readonly storage: { readonly loads: Int32Array; readonly stores: Int32Array }
  /** Fills the entry for the page of R[NIA], or throws what its fetch meets. */
  enterPage(entry: number): void
  decode(place: number, word: number): number
}

export const masks = Int32Array.from({ length: 1024 }, (_, n) => mask(n >> 5, n & 31))
