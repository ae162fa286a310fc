// The address compares (reference 1.3, 2.2, C6, C8, C17): one function for the IACs, one for the DACs.
import { DBCR0, MSR } from '../rig.ts'
import { type Guest, has } from './state.ts'

/** US: 00 any, 01 never, 10 supervisor, 11 user. */
const userMatches = (US: number, MSRvalue: number) => [true, false, !has(MSRvalue, MSR.PR), has(MSRvalue, MSR.PR)][US]!
/** ER: 00 effective, 01 real addresses (never here), 10 and 11 address space 0 and 1. */
const spaceMatches = (ER: number, space: boolean) => [true, false, !space, space][ER]!

/** Fields of n=1, 2 in DBCR1 and DBCR2: US at bits 0 and 4 of the word, ER behind it, the pair's mode at bits 8 and 9. */
const pairOf = (value: number, n: 1 | 2) => ({ US: (value >>> (34 - 4 * n)) & 3, ER: (value >>> (32 - 4 * n)) & 3 })
const modeOf = (value: number) => (value >>> 22) & 3

/** 01 mask, 10 inclusive, 11 exclusive range. */
function pairMatches(mode: number, address: number, first: number, second: number): boolean {
  if (mode === 1) return ((address ^ first) & second) === 0
  const inside = first <= address && address < second
  return mode === 2 ? inside : !inside
}

/** The DBSR bits of the IACs that compare equal. */
export function instructionCompares({ pc, MSR: value, spr }: Guest): number {
  const qualified = (n: 1 | 2) => {
    const { US, ER } = pairOf(spr.DBCR1, n)
    return userMatches(US, value) && spaceMatches(ER, has(value, MSR.IS))
  }
  const mode = modeOf(spr.DBCR1)
  // C6: the range modes do not record while DE is 0.
  if (mode > 1 && !has(value, MSR.DE)) return 0
  const equal = (n: 1 | 2) => (mode ? pairMatches(mode, pc, spr.IAC1, spr.IAC2) : spr[`IAC${n}`] === pc)
  const bits = (n: 1 | 2) => (qualified(n) && equal(n) ? DBCR0[`IAC${n}`] : 0)
  return (bits(1) | bits(2)) & spr.DBCR0
}

/** The DBSR bits of the DACs that compare equal with the first byte's address. */
export function dataCompares({ MSR: value, spr }: Guest, EA: number, access: 'load' | 'store'): number {
  const mode = modeOf(spr.DBCR2)
  const equal = (n: 1 | 2) => {
    if (mode) return pairMatches(mode, EA, spr.DAC1, spr.DAC2)
    const XM = (spr.DBCR4 >>> (16 - 4 * n)) & 15
    return (spr[`DAC${n}`] ^ EA) >>> (XM <= 12 ? XM : 0) === 0
  }
  const bits = (n: 1 | 2) => {
    const { US, ER } = pairOf(spr.DBCR2, n)
    if (!userMatches(US, value) || !spaceMatches(ER, has(value, MSR.DS)) || !equal(n)) return 0
    return DBCR0[`DAC${n}${access === 'load' ? 'R' : 'W'}`]
  }
  return (bits(1) | bits(2)) & spr.DBCR0
}
