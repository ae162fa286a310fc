// What the second model knows of a guest: plain data, so that saving it is copying it.

import { DBSR } from '../rig.ts'

/** Masks that the rig does not name (reference 1.2 to 1.6, 2.1). */
export const IDE = 0x80000000
export const UDE = 0x40000000
export const MRR = 0x30000000
export const EDM = 0x80000000
export const RI = 2
export const DUVD = 0x04000000
export const DEP = 0x200
export const DTLBGS = 0x40000000
export const ITLBGS = 0x20000000

export const DEBUG_REGISTERS = ['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'DAC1', 'DAC2'] as const
const SAVE_REGISTERS = ['SRR0', 'SRR1', 'CSRR0', 'CSRR1'] as const
const E500MC = ['DBCR4', 'DSRR0', 'DSRR1', 'GSRR0', 'GSRR1', 'EPCR', 'MSRP'] as const
export type Register =
  | (typeof DEBUG_REGISTERS)[number]
  | (typeof SAVE_REGISTERS)[number]
  | (typeof E500MC)[number]
  | 'DBSRWR'

export const registersOf = (isE500mc: boolean): readonly Register[] => [
  ...DEBUG_REGISTERS,
  ...SAVE_REGISTERS,
  ...(isE500mc ? E500MC : []),
]

export interface Guest {
  pc: number
  MSR: number
  CTR: number
  LR: number
  readonly spr: Record<Register, number>
  readonly gpr: number[]
  /** The watched words, by address. */
  readonly words: Record<number, number>
  /** Where the reservation is, if it is held. */
  reserved: number | undefined
  decrementer: boolean
  /** The time base. */
  ticks: number
}

/** The bits' names, in the order of the alphabet. */
export const eventName = (bits: number) =>
  Object.entries(DBSR)
    .filter(([name, bit]) => name !== 'IDE' && has(bits, bit))
    .map(([name]) => name)
    .sort()
    .join(', ')

export const u32 = (value: number) => value >>> 0
export const has = (value: number, mask: number) => (value & mask) !== 0
