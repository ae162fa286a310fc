// The special purpose registers of the e500v2 (E500RM chapter 2; e500-debug facts for the fields).
import type { Spr, SprCpu, SprField } from './record.ts'

type Extra = Partial<Pick<Spr, 'access' | 'fields' | 'reset' | 'read' | 'write'>>
const spr = (number: number, name: string, title: string, group: Spr['group'], extra: Extra = {}): Spr => ({
  number,
  name,
  title,
  group,
  access: 'rw',
  ...extra,
})

const readOnly = (number: number, name: string, title: string, reset: number): Spr =>
  spr(number, name, title, 'configuration', { access: 'r', reset })

/** mtspr clears the bits that are written as one. */
const clearsOnes = (number: number) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number]! &= ~value
  cpu.interruptsChanged()
}
const stores = (number: number, then: (cpu: SprCpu) => void) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number] = value
  then(cpu)
}
const storesUnder = (number: number, mask: number) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number] = value & mask
}
const low = (ticks: number) => ticks | 0
const high = (ticks: number) => Math.floor(ticks / 0x100000000) | 0

const DBCR0_FIELDS: readonly SprField[] = [
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
  ['FT', 31, 31, 'Freeze timers on a debug event'],
]
const US = 'Compares in 00 any state, 10 supervisor, 11 user'
const ER = 'Compares 00 effective addresses, 10 in address space 0, 11 in address space 1'
const PAIR = '00 exact, 01 bit mask, 10 inclusive range, 11 exclusive range'
const DBCR1_FIELDS: readonly SprField[] = [
  ['IAC1US', 0, 1, US],
  ['IAC1ER', 2, 3, ER],
  ['IAC2US', 4, 5, US],
  ['IAC2ER', 6, 7, ER],
  ['IAC12M', 8, 9, PAIR],
]
const DBCR2_FIELDS: readonly SprField[] = [
  ['DAC1US', 0, 1, US],
  ['DAC1ER', 2, 3, ER],
  ['DAC2US', 4, 5, US],
  ['DAC2ER', 6, 7, ER],
  ['DAC12M', 8, 9, PAIR],
]
const DBSR_FIELDS: readonly SprField[] = [
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
]
const TSR_FIELDS: readonly SprField[] = [
  ['ENW', 0, 0, 'Enable next watchdog timer'],
  ['WIS', 1, 1, 'Watchdog interrupt status'],
  ['WRS', 2, 3, 'Watchdog reset status'],
  ['DIS', 4, 4, 'Decrementer interrupt status'],
  ['FIS', 5, 5, 'Fixed-interval interrupt status'],
]
const ESR_FIELDS: readonly SprField[] = [
  ['PIL', 4, 4, 'Illegal instruction'],
  ['PPR', 5, 5, 'Privileged instruction'],
  ['PTR', 6, 6, 'Trap'],
  ['ST', 8, 8, 'Store'],
  ['DLK', 10, 10, 'Data cache locking'],
  ['ILK', 11, 11, 'Instruction cache locking'],
  ['BO', 14, 14, 'Byte ordering'],
  ['SPV', 24, 24, 'SPE or embedded floating-point instruction'],
]
const MAS0_FIELDS: readonly SprField[] = [
  ['TLBSEL', 2, 3, 'Which TLB'],
  ['ESEL', 12, 15, 'Which entry or way'],
  ['NV', 30, 31, 'Next victim'],
]
const MAS1_FIELDS: readonly SprField[] = [
  ['V', 0, 0, 'Valid'],
  ['IPROT', 1, 1, 'Survives invalidation'],
  ['TID', 2, 15, 'Process ID that it translates for; 0 all'],
  ['TS', 19, 19, 'Address space'],
  ['TSIZE', 20, 23, 'Page size, 4^TSIZE KB'],
]
const MAS2_FIELDS: readonly SprField[] = [
  ['EPN', 0, 19, 'Effective page'],
  ['W', 27, 27, 'Write-through'],
  ['I', 28, 28, 'Caching-inhibited'],
  ['M', 29, 29, 'Coherent'],
  ['G', 30, 30, 'Guarded'],
  ['E', 31, 31, 'Little-endian'],
]
const MAS3_FIELDS: readonly SprField[] = [
  ['RPN', 0, 19, 'Real page'],
  ['UX', 26, 26, 'User execute'],
  ['SX', 27, 27, 'Supervisor execute'],
  ['UW', 28, 28, 'User write'],
  ['SW', 29, 29, 'Supervisor write'],
  ['UR', 30, 30, 'User read'],
  ['SR', 31, 31, 'Supervisor read'],
]
const MAS4_FIELDS: readonly SprField[] = [
  ['TLBSELD', 2, 3, 'Default TLB'],
  ['TIDSELD', 14, 15, 'Default PID register'],
  ['TSIZED', 20, 23, 'Default page size'],
]
const MAS6_FIELDS: readonly SprField[] = [
  ['SPID', 2, 15, 'Process ID of searches'],
  ['SAS', 31, 31, 'Address space of searches'],
]
const TCR_FIELDS: readonly SprField[] = [
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

/** WRC, once it is not 0, only a reset changes. */
function setTimerControl(cpu: SprCpu, value: number): void {
  const WRC = 0x30000000
  const kept = cpu.sprs[340]! & WRC
  cpu.sprs[340] = kept === 0 ? value : (value & ~WRC) | kept
  cpu.timerControlChanged()
}

const DBCR0 = 308
const EDM = 0x80000000 | 0
const debugRegister = (number: number, name: string, title: string, fields?: readonly SprField[]) =>
  spr(number, name, title, 'debug', {
    ...(fields && { fields }),
    write: (cpu, value) => {
      if (!cpu.hasDebug()) return
      cpu.sprs[number] = number === DBCR0 ? value & ~EDM : value
      cpu.debugRegistersChanged()
      // C16: RST = 10 asks for a reset, as Linux' abort() does; other values do nothing.
      if (number === DBCR0 && (value & 0x30000000) === 0x20000000) cpu.requestReset()
    },
    ...(number === DBCR0 && { read: (cpu: SprCpu) => cpu.sprs[DBCR0]! | (cpu.hasDebug() ? 0 : EDM) }),
  })
const numbered = (from: number, count: number, make: (number: number, n: number) => Spr) =>
  Array.from({ length: count }, (_, n) => make(from + n, n))
const ivor = (number: number, n: number) =>
  spr(number, `IVOR${n}`, `Interrupt Vector Offset Register ${n}`, 'interrupt', { write: storesUnder(number, 0xfff0) })
const mas = (number: number, name: string, fields?: readonly SprField[]) =>
  spr(number, name, `MMU Assist Register ${name.slice(3)}`, 'mmu', fields ? { fields } : {})
const sprg = (number: number, n: number) => spr(number, `SPRG${n}`, `Software-Use SPR ${n}`, 'software')

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

export const sprs: readonly Spr[] = [
  spr(1, 'XER', 'Integer Exception Register', 'user', {
    read: (cpu) => cpu.getXer(),
    write: (cpu, value) => cpu.setXer(value),
  }),
  spr(8, 'LR', 'Link Register', 'user', { read: (cpu) => cpu.getLr(), write: (cpu, value) => cpu.setLr(value) }),
  spr(9, 'CTR', 'Count Register', 'user', { read: (cpu) => cpu.getCtr(), write: (cpu, value) => cpu.setCtr(value) }),
  spr(22, 'DEC', 'Decrementer', 'timer', {
    read: (cpu) => cpu.decrementer(),
    write: (cpu, value) => cpu.setDecrementer(value),
  }),
  spr(26, 'SRR0', 'Save/Restore Register 0', 'interrupt'),
  spr(27, 'SRR1', 'Save/Restore Register 1', 'interrupt'),
  ...(
    [
      [48, 'PID0'],
      [633, 'PID1'],
      [634, 'PID2'],
    ] as const
  ).map(([number, name]) =>
    spr(number, name, 'Process ID Register', 'mmu', { write: stores(number, (cpu) => cpu.translationChanged()) }),
  ),
  spr(54, 'DECAR', 'Decrementer Auto-Reload', 'timer', { access: 'w' }),
  spr(58, 'CSRR0', 'Critical Save/Restore Register 0', 'interrupt'),
  spr(59, 'CSRR1', 'Critical Save/Restore Register 1', 'interrupt'),
  spr(61, 'DEAR', 'Data Exception Address Register', 'interrupt'),
  spr(62, 'ESR', 'Exception Syndrome Register', 'interrupt', { fields: ESR_FIELDS }),
  spr(63, 'IVPR', 'Interrupt Vector Prefix Register', 'interrupt', { write: storesUnder(63, -0x10000) }),
  spr(256, 'USPRG0', 'User SPR General 0', 'software'),
  ...numbered(260, 4, (number, n) =>
    spr(number, `SPRG${n + 4}`, 'Software-Use SPR, user read', 'software', {
      access: 'r',
      read: (cpu) => cpu.sprs[number + 16]!,
    }),
  ),
  spr(268, 'TBL', 'Time Base Lower', 'timer', { access: 'r', read: (cpu) => low(cpu.timeBase()) }),
  spr(269, 'TBU', 'Time Base Upper', 'timer', { access: 'r', read: (cpu) => high(cpu.timeBase()) }),
  ...numbered(272, 8, sprg),
  spr(284, 'TBL', 'Time Base Lower, write', 'timer', {
    access: 'w',
    write: (cpu, value) => cpu.setTimeBase((high(cpu.timeBase()) >>> 0) * 0x100000000 + (value >>> 0)),
  }),
  spr(285, 'TBU', 'Time Base Upper, write', 'timer', {
    access: 'w',
    write: (cpu, value) => cpu.setTimeBase((value >>> 0) * 0x100000000 + (low(cpu.timeBase()) >>> 0)),
  }),
  spr(286, 'PIR', 'Processor ID Register', 'configuration'),
  readOnly(287, 'PVR', 'Processor Version Register', 0x80210022),
  spr(304, 'DBSR', 'Debug Status Register', 'debug', {
    fields: DBSR_FIELDS,
    reset: 0x10000000,
    write: (cpu, value) => {
      if (cpu.hasDebug()) clearsOnes(304)(cpu, value)
    },
  }),
  debugRegister(308, 'DBCR0', 'Debug Control Register 0', DBCR0_FIELDS),
  debugRegister(309, 'DBCR1', 'Debug Control Register 1', DBCR1_FIELDS),
  debugRegister(310, 'DBCR2', 'Debug Control Register 2', DBCR2_FIELDS),
  debugRegister(312, 'IAC1', 'Instruction Address Compare 1'),
  debugRegister(313, 'IAC2', 'Instruction Address Compare 2'),
  debugRegister(316, 'DAC1', 'Data Address Compare 1'),
  debugRegister(317, 'DAC2', 'Data Address Compare 2'),
  spr(336, 'TSR', 'Timer Status Register', 'timer', { fields: TSR_FIELDS, write: clearsOnes(336) }),
  spr(340, 'TCR', 'Timer Control Register', 'timer', {
    fields: TCR_FIELDS,
    write: setTimerControl,
  }),
  ...numbered(400, 16, ivor),
  spr(512, 'SPEFSCR', 'SPE and Embedded Floating-Point Status and Control', 'user'),
  readOnly(515, 'L1CFG0', 'L1 Cache Configuration Register 0', 0x3820),
  readOnly(516, 'L1CFG1', 'L1 Cache Configuration Register 1', 0x3820),
  spr(513, 'BBEAR', 'Branch Buffer Entry Address Register', 'cache'),
  spr(514, 'BBTAR', 'Branch Buffer Target Address Register', 'cache'),
  // Counts the core's clock, which the board runs at the time base's rate; writes of TB do not reach it.
  spr(526, 'ATBL', 'Alternate Time Base Lower', 'timer', { access: 'r', read: (cpu) => low(cpu.ticks()) }),
  spr(527, 'ATBU', 'Alternate Time Base Upper', 'timer', { access: 'r', read: (cpu) => high(cpu.ticks()) }),
  ...numbered(528, 4, (number, n) => ivor(number, n + 32)),
  readOnly(569, 'MCARU', 'Machine Check Address Register Upper', 0),
  spr(570, 'MCSRR0', 'Machine Check Save/Restore Register 0', 'interrupt'),
  spr(571, 'MCSRR1', 'Machine Check Save/Restore Register 1', 'interrupt'),
  spr(572, 'MCSR', 'Machine Check Syndrome Register', 'interrupt', { write: clearsOnes(572) }),
  readOnly(573, 'MCAR', 'Machine Check Address Register', 0),
  mas(624, 'MAS0', MAS0_FIELDS),
  mas(625, 'MAS1', MAS1_FIELDS),
  mas(626, 'MAS2', MAS2_FIELDS),
  mas(627, 'MAS3', MAS3_FIELDS),
  mas(628, 'MAS4', MAS4_FIELDS),
  mas(630, 'MAS6', MAS6_FIELDS),
  readOnly(688, 'TLB0CFG', 'TLB Configuration Register 0', 0x04110200),
  // E500RM has MAXSIZE 11 (4 GB); QEMU writes 12.
  readOnly(689, 'TLB1CFG', 'TLB Configuration Register 1', 0x101bc010),
  spr(702, 'EPR', 'External Proxy Register', 'interrupt', { access: 'r' }),
  mas(944, 'MAS7'),
  spr(1008, 'HID0', 'Hardware Implementation Dependent Register 0', 'configuration'),
  spr(1009, 'HID1', 'Hardware Implementation Dependent Register 1', 'configuration'),
  // Flash invalidate and lock clear finish at once: their bits read 0.
  spr(1010, 'L1CSR0', 'L1 Cache Control and Status Register 0', 'cache', { write: storesUnder(1010, ~0x102) }),
  spr(1011, 'L1CSR1', 'L1 Cache Control and Status Register 1', 'cache', { write: storesUnder(1011, ~0x102) }),
  spr(1012, 'MMUCSR0', 'MMU Control and Status Register 0', 'mmu', {
    read: () => 0,
    write: (cpu, value) => cpu.flushTlb(value),
  }),
  spr(1013, 'BUCSR', 'Branch Unit Control and Status Register', 'cache', { write: storesUnder(1013, ~0x200) }),
  readOnly(1015, 'MMUCFG', 'MMU Configuration Register', 0),
  readOnly(1023, 'SVR', 'System Version Register', 0),
]

export const sprByNumber: ReadonlyMap<number, Spr> = new Map(sprs.map((record) => [record.number, record]))
