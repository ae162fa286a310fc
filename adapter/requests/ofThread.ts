// What e500's own requests have in common: the CPU that they ask about, how many events, and fields and addresses in words.
import { bits } from '../../emulator/bits.ts'
import type { SprField } from '../../emulator/spr/record.ts'
import { type Debuggee, vcpuOf } from '../state.ts'
import { UserError } from '../userError.ts'

export interface OfThread {
  readonly threadId?: number
}
export const cpuOf = (debuggee: Debuggee, { threadId = 1 }: OfThread) => vcpuOf(debuggee, threadId)

export const fieldValue = (word: number, [, from, to]: SprField) => bits(word, from, to)

const MOST_EVENTS = 256

/** Of the last events. */
export function howMany({ count = 20 }: { readonly count?: number }): number {
  if (!Number.isInteger(count) || count < 1 || count > MOST_EVENTS)
    throw new UserError(`"count" is ${count}. Write a number from 1 to ${MOST_EVENTS}.`)
  return count
}

/** Of 36 bits. */
export const physicalHex = (address: number) => `0x${address.toString(16).padStart(9, '0')}`
