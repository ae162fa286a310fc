// The named fields of the special purpose registers and of MSR (E500RM chapter 2; e500mc: Power ISA 2.06).
import type { SprField } from './record.ts'

export const DBCR0_FIELDS: readonly SprField[] = [
  ['EDM', 0, 0, 'External debug mode: something outside owns the debug resources'],
  ['IDM', 1, 1, 'Internal debug mode: debug interrupts may be taken'],
  ['RST', 2, 3, 'Reset request'],
  ['ICMP', 4, 4, 'Instruction complete event'],
  ['BRT', 5, 5, 'Branch taken event'],
  ['IRPT', 6, 6, 'Interrupt taken event'],
  ['TRAP', 7, 7, 'Trap event'],
  ['IAC1', 8, 8, 'Instruction address compare 1'],
  ['IAC2', 9, 9, 'Instruction address compare 2'],
  ['DAC1', 12, 13, 'Data address compare 1: 01 stores, 10 loads, 11 both'],
  ['DAC2', 14, 15, 'Data address compare 2: 01 stores, 10 loads, 11 both'],
  ['RET', 16, 16, 'Return event'],
  ['CIRPT', 25, 25, 'Critical interrupt taken event (category E.ED)'],
  ['CRET', 26, 26, 'Critical return event (category E.ED)'],
  ['FT', 31, 31, 'Freeze timers on a debug event'],
]
const US = 'Compares in 00 any state, 10 supervisor, 11 user'
const ER = 'Compares 00 effective addresses, 10 in address space 0, 11 in address space 1'
const PAIR = '00 exact, 01 bit mask, 10 inclusive range, 11 exclusive range'
export const DBCR1_FIELDS: readonly SprField[] = [
  ['IAC1US', 0, 1, US],
  ['IAC1ER', 2, 3, ER],
  ['IAC2US', 4, 5, US],
  ['IAC2ER', 6, 7, ER],
  ['IAC12M', 8, 9, PAIR],
]
export const DBCR2_FIELDS: readonly SprField[] = [
  ['DAC1US', 0, 1, US],
  ['DAC1ER', 2, 3, ER],
  ['DAC2US', 4, 5, US],
  ['DAC2ER', 6, 7, ER],
  ['DAC12M', 8, 9, PAIR],
]
export const DBSR_FIELDS: readonly SprField[] = [
  ['IDE', 0, 0, 'Imprecise debug event: it came while MSR[DE] was 0'],
  ['UDE', 1, 1, 'Unconditional debug event'],
  ['MRR', 2, 3, 'Most recent reset'],
  ['ICMP', 4, 4, 'Instruction complete'],
  ['BRT', 5, 5, 'Branch taken'],
  ['IRPT', 6, 6, 'Interrupt taken'],
  ['TRAP', 7, 7, 'Trap'],
  ['IAC1', 8, 8, 'Instruction address compare 1'],
  ['IAC2', 9, 9, 'Instruction address compare 2'],
  ['DAC1R', 12, 12, 'Load at DAC1'],
  ['DAC1W', 13, 13, 'Store at DAC1'],
  ['DAC2R', 14, 14, 'Load at DAC2'],
  ['DAC2W', 15, 15, 'Store at DAC2'],
  ['RET', 16, 16, 'Return'],
  ['CIRPT', 25, 25, 'Critical interrupt taken (category E.ED)'],
  ['CRET', 26, 26, 'Critical return (category E.ED)'],
]
export const TSR_FIELDS: readonly SprField[] = [
  ['ENW', 0, 0, 'Enable next watchdog timer'],
  ['WIS', 1, 1, 'Watchdog interrupt status'],
  ['WRS', 2, 3, 'Watchdog reset status'],
  ['DIS', 4, 4, 'Decrementer interrupt status'],
  ['FIS', 5, 5, 'Fixed-interval interrupt status'],
]
export const ESR_FIELDS: readonly SprField[] = [
  ['PIL', 4, 4, 'Illegal instruction'],
  ['PPR', 5, 5, 'Privileged instruction'],
  ['PTR', 6, 6, 'Trap'],
  ['ST', 8, 8, 'Store'],
  ['DLK', 10, 10, 'Data cache locking'],
  ['ILK', 11, 11, 'Instruction cache locking'],
  ['BO', 14, 14, 'Byte ordering'],
  ['SPV', 24, 24, 'SPE or embedded floating-point instruction'],
]
export const MAS0_FIELDS: readonly SprField[] = [
  ['TLBSEL', 2, 3, 'Which TLB'],
  ['ESEL', 12, 15, 'Which entry or way'],
  ['NV', 30, 31, 'Next victim'],
]
export const MAS1_FIELDS: readonly SprField[] = [
  ['V', 0, 0, 'Valid'],
  ['IPROT', 1, 1, 'Survives invalidation'],
  ['TID', 2, 15, 'Process ID that it translates for; 0 all'],
  ['TS', 19, 19, 'Address space'],
  ['TSIZE', 20, 23, 'Page size, 4^TSIZE KB'],
]
export const MAS2_FIELDS: readonly SprField[] = [
  ['EPN', 0, 19, 'Effective page'],
  ['W', 27, 27, 'Write-through'],
  ['I', 28, 28, 'Caching-inhibited'],
  ['M', 29, 29, 'Coherent'],
  ['G', 30, 30, 'Guarded'],
  ['E', 31, 31, 'Little-endian'],
]
export const MAS3_FIELDS: readonly SprField[] = [
  ['RPN', 0, 19, 'Real page'],
  ['UX', 26, 26, 'User execute'],
  ['SX', 27, 27, 'Supervisor execute'],
  ['UW', 28, 28, 'User write'],
  ['SW', 29, 29, 'Supervisor write'],
  ['UR', 30, 30, 'User read'],
  ['SR', 31, 31, 'Supervisor read'],
]
export const MAS4_FIELDS: readonly SprField[] = [
  ['TLBSELD', 2, 3, 'Default TLB'],
  ['TIDSELD', 14, 15, 'Default PID register'],
  ['TSIZED', 20, 23, 'Default page size'],
]
export const MAS6_FIELDS: readonly SprField[] = [
  ['SPID', 2, 15, 'Process ID of searches'],
  ['SAS', 31, 31, 'Address space of searches'],
]
export const TCR_FIELDS: readonly SprField[] = [
  ['WP', 0, 1, 'Watchdog period'],
  ['WRC', 2, 3, 'Watchdog reset control'],
  ['WIE', 4, 4, 'Watchdog interrupt enable'],
  ['DIE', 5, 5, 'Decrementer interrupt enable'],
  ['FP', 6, 7, 'Fixed-interval period'],
  ['FIE', 8, 8, 'Fixed-interval interrupt enable'],
  ['ARE', 9, 9, 'Auto-reload enable'],
  ['WPEXT', 11, 14, 'Watchdog period, extension'],
  ['FPEXT', 15, 18, 'Fixed-interval period, extension'],
]

/** MSR is no SPR; its fields stand with those of the SPRs. */
export const MSR_FIELDS: readonly SprField[] = [
  ['UCLE', 5, 5, 'User cache lock enable'],
  ['SPE', 6, 6, 'SPE and embedded floating-point available'],
  ['WE', 13, 13, 'Wait state'],
  ['CE', 14, 14, 'Critical interrupts'],
  ['EE', 16, 16, 'External interrupts'],
  ['PR', 17, 17, 'User mode'],
  ['ME', 19, 19, 'Machine check interrupts'],
  ['UBLE', 21, 21, 'User branch locking'],
  ['DE', 22, 22, 'Debug interrupts'],
  ['IS', 26, 26, 'Address space of instructions'],
  ['DS', 27, 27, 'Address space of data'],
  ['PMM', 29, 29, 'Performance monitor mark'],
]
