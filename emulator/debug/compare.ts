// How a debug address register compares: DBCR1[IAC12M], DBCR2[DAC12M] and the qualifiers US and ER (Power ISA 2.03 Book III-E 8.4; 440 p.223).
import { MSR } from '../spr/fields.ts'

/** The modes of a pair. */
export const MODE = { exact: 0, mask: 1, inclusive: 2, exclusive: 3 } as const

/** What each of the two registers of a pair says of an address. ignoredBits: of the exact mode, by register. */
export function pairHits(
  mode: number,
  address: number,
  [first, second]: readonly [number, number],
  ignoredBits: readonly [number, number] = [0, 0],
): readonly [boolean, boolean] {
  if (mode === MODE.exact)
    return [((address ^ first) & ignoring(ignoredBits[0])) === 0, ((address ^ second) & ignoring(ignoredBits[1])) === 0]
  const hit = mode === MODE.mask ? (address & second) === (first & second) : isInRange(mode, address, first, second)
  return [hit, hit]
}

function isInRange(mode: number, address: number, first: number, second: number): boolean {
  const inside = first >>> 0 <= address >>> 0 && address >>> 0 < second >>> 0
  return mode === MODE.inclusive ? inside : !inside
}

/** The largest supported DBCR4[DACnXM]; larger values are reserved and ignore no bits (T118). */
export const MOST_XM = 12
export const ignoring = (count: number) => (count > MOST_XM ? -1 : -1 << count)

/** 00 any; US 10 supervisor, 11 user; ER 10 address space 0, 11 address space 1; the others never match (C17). */
export function stateAllowed(US: number, ER: number, msr: number, addressSpace: number): boolean {
  if (US === 1 || ER === 1) return false
  if (US !== 0 && (US === 3) !== ((msr & MSR.PR) !== 0)) return false
  return ER === 0 || (ER === 3) === ((msr & addressSpace) !== 0)
}
