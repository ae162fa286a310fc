// What e500's own requests have in common: the CPU that they ask about, and fields in registers' words.
import { bits } from '../../emulator/bits.ts'
import type { SprField } from '../../emulator/spr/record.ts'
import { type Debuggee, vcpuOf } from '../state.ts'

export interface OfThread {
  readonly threadId?: number
}
export const cpuOf = (debuggee: Debuggee, { threadId = 1 }: OfThread) => vcpuOf(debuggee, threadId)

export const fieldValue = (word: number, [, from, to]: SprField) => bits(word, from, to)
