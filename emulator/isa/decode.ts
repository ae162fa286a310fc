// Word -> record, by a table over the bits in which records differ.
import type { CoreName } from '../spr/record.ts'
import { isOf } from './category.ts'
import { type Instruction, pattern } from './record.ts'
import { instructions } from './table.ts'

interface Candidate {
  readonly value: number
  readonly mask: number
  readonly instruction: Instruction
}

const candidates: readonly Candidate[] = instructions.map((instruction) => ({ ...pattern(instruction), instruction }))

/** OPCD and the extended opcodes. */
const SELECTOR = 0xfc0007ff | 0
const bySelector: (readonly Candidate[] | undefined)[] = new Array(1 << 17).fill(undefined)

function remembered(selector: number, word: number): readonly Candidate[] {
  const possible = candidates.filter(({ value, mask }) => ((value ^ word) & mask & SELECTOR) === 0)
  bySelector[selector] = possible
  return possible
}

/** The record that a word encodes on a core, or undefined: an illegal instruction there. Without a core: on any. Never throws. */
export function decode(word: number, core?: CoreName): Instruction | undefined {
  const selector = ((word >>> 26) << 11) | (word & 0x7ff)
  const possible = bySelector[selector] ?? remembered(selector, word)
  for (let n = 0; n < possible.length; n++) {
    const { value, mask, instruction } = possible[n]!
    if ((word & mask) === value && isOf(instruction, core)) return instruction
  }
  return undefined
}
