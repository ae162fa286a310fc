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
export const DBCR4_FIELDS: readonly SprField[] = [
  ['DAC1XM', 16, 19, 'Low bits of the address that DAC1 ignores'],
  ['DAC2XM', 20, 23, 'Low bits of the address that DAC2 ignores'],
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
  ['FP', 7, 7, 'Floating-point instruction', 'e500mc'],
  ['ST', 8, 8, 'Store'],
  ['DLK', 10, 10, 'Data cache locking'],
  ['ILK', 11, 11, 'Instruction cache locking'],
  ['PUO', 13, 13, 'Unimplemented operation'],
  ['BO', 14, 14, 'Byte ordering'],
  ['PIE', 15, 15, 'Imprecise exception', 'e500mc'],
  ['SPV', 24, 24, 'SPE or embedded floating-point instruction', 'e500v2'],
  ['EPID', 25, 25, 'External process ID instruction', 'e500mc'],
]
export const MAS0_FIELDS: readonly SprField[] = [
  ['TLBSEL', 2, 3, 'Which TLB'],
  ['ESEL', 10, 15, 'Which entry or way'],
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
  ['U', 22, 25, 'For the system to use'],
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
  ['WD', 27, 27, 'Default of write-through'],
  ['ID', 28, 28, 'Default of caching-inhibited'],
  ['MD', 29, 29, 'Default of coherent'],
  ['GD', 30, 30, 'Default of guarded'],
  ['ED', 31, 31, 'Default of little-endian'],
]
export const MAS6_FIELDS: readonly SprField[] = [
  ['SPID', 2, 15, 'Process ID of searches'],
  ['SAS', 31, 31, 'Address space of searches'],
]
export const MAS7_FIELDS: readonly SprField[] = [['RPN', 28, 31, 'Real page, upper four bits']]
export const MMUCSR0_FIELDS: readonly SprField[] = [
  ['TLB0FI', 29, 29, 'Invalidates all of TLB0'],
  ['TLB1FI', 30, 30, 'Invalidates all of TLB1 but IPROT entries'],
]
export const TLBCFG_FIELDS: readonly SprField[] = [
  ['ASSOC', 0, 7, 'Ways'],
  ['MINSIZE', 8, 11, 'Smallest page, 4^MINSIZE KB'],
  ['MAXSIZE', 12, 15, 'Largest page, 4^MAXSIZE KB'],
  ['IPROT', 16, 16, 'Entries can be protected from invalidation'],
  ['AVAIL', 17, 17, 'Each entry can have any size'],
  ['NENTRY', 20, 31, 'Entries'],
]
export const MMUCFG_FIELDS: readonly SprField[] = [
  ['LPIDSIZE', 4, 7, 'Bits of a partition ID', 'e500mc'],
  ['RASIZE', 8, 14, 'Bits of a real address', 'e500mc'],
  ['NPIDS', 17, 20, 'PID registers'],
  ['PIDSIZE', 21, 25, 'Bits of a PID, less one'],
  ['NTLBS', 28, 29, 'TLBs, less one'],
  ['MAVN', 30, 31, 'Version of the MMU architecture, less one'],
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

export const HID0_FIELDS: readonly SprField[] = [
  ['EMCP', 0, 0, 'Machine check pin'],
  ['EN_L2MMU_MHD', 1, 1, 'Two TLB entries for one address are a machine check', 'e500mc'],
  ['DOZE', 8, 8, 'Doze by MSR[WE]', 'e500v2'],
  ['NAP', 9, 9, 'Nap by MSR[WE]', 'e500v2'],
  ['SLEEP', 10, 10, 'Sleep by MSR[WE]', 'e500v2'],
  ['TBEN', 17, 17, 'Time base counts', 'e500v2'],
  ['SEL_TBCLK', 18, 18, 'Clock of the time base', 'e500v2'],
  ['EN_MAS7_UPDATE', 24, 24, 'tlbre, tlbsx and misses write MAS7'],
  ['DCFA', 25, 25, 'Data cache flush assist'],
  ['NOPTI', 31, 31, 'Touches do nothing'],
]
const CACHE: readonly SprField[] = [
  ['CPE', 15, 15, 'Parity'],
  ['SLC', 20, 20, 'Snoop lock clear'],
  ['CUL', 21, 21, 'A lock failed'],
  ['CLO', 22, 22, 'More locks than ways'],
  ['LFC', 23, 23, 'Clears all locks'],
  ['CFI', 30, 30, 'Invalidates all of it'],
  ['CE', 31, 31, 'Cache enable'],
]
export const L1CSR0_FIELDS: readonly SprField[] = [...CACHE, ['DCBZ32', 28, 28, 'dcbz takes 32 bytes', 'e500mc']]
export const L1CSR1_FIELDS: readonly SprField[] = CACHE
export const BUCSR_FIELDS: readonly SprField[] = [
  ['BBFI', 22, 22, 'Invalidates all of the branch buffer'],
  ['BPEN', 31, 31, 'Branch prediction'],
]
export const MCSR_FIELDS: readonly SprField[] = [
  ['MCP', 0, 0, 'Machine check pin'],
  ['ICPERR', 1, 1, 'Instruction cache parity'],
  ['DCP_PERR', 2, 2, 'Data cache push parity', 'e500v2'],
  ['DCPERR', 3, 3, 'Data cache parity', 'e500v2'],
  ['BUS_IAERR', 24, 24, 'Bus error, instruction address', 'e500v2'],
  ['BUS_RAERR', 25, 25, 'Bus error, read address', 'e500v2'],
  ['BUS_WAERR', 26, 26, 'Bus error, write address', 'e500v2'],
  ['BUS_IBERR', 27, 27, 'Bus error, instruction data', 'e500v2'],
  ['BUS_RBERR', 28, 28, 'Bus error, read data', 'e500v2'],
  ['BUS_WBERR', 29, 29, 'Bus error, write data', 'e500v2'],
  ['BUS_IPERR', 30, 30, 'Bus error, instruction parity', 'e500v2'],
  ['BUS_RPERR', 31, 31, 'Bus error, read parity', 'e500v2'],
  ['DCPERR', 2, 2, 'Data cache parity', 'e500mc'],
  ['L2MMU_MHIT', 4, 4, 'Two TLB entries for one address', 'e500mc'],
  ['NMI', 11, 11, 'Interrupt that cannot be masked', 'e500mc'],
  ['MAV', 12, 12, 'MCAR is valid', 'e500mc'],
  ['MEA', 13, 13, 'MCAR is an effective address', 'e500mc'],
  ['IF', 15, 15, 'Of a fetch', 'e500mc'],
  ['LD', 16, 16, 'Of a load', 'e500mc'],
  ['ST', 17, 17, 'Of a store', 'e500mc'],
  ['LDG', 18, 18, 'Of a guarded load', 'e500mc'],
  ['TLBSYNC', 30, 30, 'Two tlbsync at once', 'e500mc'],
  ['BSL2_ERR', 31, 31, 'Backside L2 cache', 'e500mc'],
]
export const SPEFSCR_FIELDS: readonly SprField[] = [
  ['SOVH', 0, 0, 'Summary integer overflow, upper'],
  ['OVH', 1, 1, 'Integer overflow, upper'],
  ['FGH', 2, 2, 'Guard bit, upper'],
  ['FXH', 3, 3, 'Sticky bit, upper'],
  ['FINVH', 4, 4, 'Invalid operation, upper'],
  ['FDBZH', 5, 5, 'Division by zero, upper'],
  ['FUNFH', 6, 6, 'Underflow, upper'],
  ['FOVFH', 7, 7, 'Overflow, upper'],
  ['FINXS', 10, 10, 'Inexact, sticky'],
  ['FINVS', 11, 11, 'Invalid operation, sticky'],
  ['FDBZS', 12, 12, 'Division by zero, sticky'],
  ['FUNFS', 13, 13, 'Underflow, sticky'],
  ['FOVFS', 14, 14, 'Overflow, sticky'],
  ['MODE', 15, 15, 'Mode'],
  ['SOV', 16, 16, 'Summary integer overflow'],
  ['OV', 17, 17, 'Integer overflow'],
  ['FG', 18, 18, 'Guard bit'],
  ['FX', 19, 19, 'Sticky bit'],
  ['FINV', 20, 20, 'Invalid operation'],
  ['FDBZ', 21, 21, 'Division by zero'],
  ['FUNF', 22, 22, 'Underflow'],
  ['FOVF', 23, 23, 'Overflow'],
  ['FINXE', 25, 25, 'Interrupt when inexact'],
  ['FINVE', 26, 26, 'Interrupt on an invalid operation'],
  ['FDBZE', 27, 27, 'Interrupt on a division by zero'],
  ['FUNFE', 28, 28, 'Interrupt on underflow'],
  ['FOVFE', 29, 29, 'Interrupt on overflow'],
  ['FRMC', 30, 31, 'Rounding: 00 nearest, 01 zero, 10 up, 11 down'],
]

/** MSR is no SPR; its fields stand with those of the SPRs. */
export const MSR_FIELDS: readonly SprField[] = [
  ['GS', 3, 3, 'Guest state', 'e500mc'],
  ['UCLE', 5, 5, 'User cache lock enable'],
  ['SPE', 6, 6, 'SPE and embedded floating-point available', 'e500v2'],
  ['WE', 13, 13, 'Wait state', 'e500v2'],
  ['CE', 14, 14, 'Critical interrupts'],
  ['EE', 16, 16, 'External interrupts'],
  ['PR', 17, 17, 'User mode'],
  ['FP', 18, 18, 'Floating-point available', 'e500mc'],
  ['ME', 19, 19, 'Machine check interrupts'],
  ['FE0', 20, 20, 'Floating-point exception mode', 'e500mc'],
  ['UBLE', 21, 21, 'User branch locking', 'e500v2'],
  ['DE', 22, 22, 'Debug interrupts'],
  ['FE1', 23, 23, 'Floating-point exception mode', 'e500mc'],
  ['IS', 26, 26, 'Address space of instructions'],
  ['DS', 27, 27, 'Address space of data'],
  ['PMM', 29, 29, 'Performance monitor mark'],
  ['RI', 30, 30, 'Recoverable interrupt', 'e500mc'],
]
