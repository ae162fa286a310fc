// 32-bit registers of a big-endian block, reached by bytes and halves as well.
import type { AccessSize } from './bus.ts'

/** Where the devices' registers begin (configuration, control and status registers). */
export const CCSR = 0xf_e000_0000
export const CCSR_BYTES = 0x100000

/** The part of a word that an access at this offset reads; a whole word is signed, as words are. */
export function partOf(word: number, offset: number, size: AccessSize): number {
  if (size === 4) return word | 0
  return (word >>> (8 * (4 - size - (offset & 3)))) & (size === 2 ? 0xffff : 0xff)
}

/** The word after a write of a part of it. */
export function merged(word: number, offset: number, size: AccessSize, value: number): number {
  if (size === 4) return value | 0
  const shift = 8 * (4 - size - (offset & 3))
  const mask = (size === 2 ? 0xffff : 0xff) << shift
  return (word & ~mask) | ((value << shift) & mask)
}
