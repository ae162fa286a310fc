// What the printed run loop works on: plain arrays, in objects of one shape so that the host compiles one run loop for all of them.
import { mask } from '../bits.ts'

/** MASK(MB, ME) by both fields as they stand in a word. */
export const masks = Int32Array.from({ length: 1024 }, (_, n) => mask(n >> 5, n & 31))

export interface Tables {
  /** All memory by host address. R, decoded, loads and stores are parts of it. */
  readonly words: Int32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  /** The core's state block. */
  readonly R: Int32Array
  readonly masks: Int32Array
  /** Pairs of word and opcode: the opcode counts while the word is the one in memory. So a store to code needs no notice. */
  readonly decoded: Int32Array
  // In the present context of MSR[IS, DS, PR]:
  /** Effective page -> host address of its RAM page. */
  loads: Int32Array
  stores: Int32Array
  /** For fetches, four words a page: effective page, index p of its first word in words, its pair's index less 2 * p. */
  fetch: Int32Array
}

/** After so many instructions the run loop returns: the host's compiler replaces a function where it is entered, hardly within it. */
export const CHUNK = 8192
export const FETCH_ENTRIES = 256
export const noFetches = () => new Int32Array(4 * FETCH_ENTRIES).fill(-1)
