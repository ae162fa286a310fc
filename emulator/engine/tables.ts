// What the printed run loop works on: plain arrays, in objects of one shape so that the host compiles one run loop for all of them.
import { mask } from '../bits.ts'

/** MASK(MB, ME) by both fields as they stand in a word. */
export const masks = Int32Array.from({ length: 1024 }, (_, n) => mask(n >> 5, n & 31))

export interface Tables {
  /** The core's state block. */
  readonly R: Int32Array
  /** RAM by host address. */
  readonly words: Int32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  readonly masks: Int32Array
  /** Decoded words: an opcode counts while the word beside it is the one in memory. So a store to code needs no notice. */
  readonly cacheWords: Int32Array
  readonly cacheOpcodes: Uint16Array
  // In the present context of MSR[IS, DS, PR]:
  /** Effective page -> host address of its RAM page. */
  loads: Int32Array
  stores: Int32Array
  /** For fetches, four words a page: effective page, index of its first word in words, the way from there to its place in the cache. */
  fetch: Int32Array
}

/** After so many instructions the run loop returns: the host's compiler replaces a function where it is entered, hardly within it. */
export const CHUNK = 8192
export const FETCH_ENTRIES = 256
export const noFetches = () => new Int32Array(4 * FETCH_ENTRIES).fill(-1)
