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
const TCR_FIELDS: readonly SprField[] = [
  ['WP', 0, 1, 'Watchdog period'],
  ['WRC', 2, 3, 'Watchdog reset control'],
  ['WIE', 4, 4, 'Watchdog interrupt enable'],
  ['DIE', 5, 5, 'Decrementer interrupt enable'],
  ['FP', 6, 7, 'Fixed-interval period'],
  ['FIE', 8, 8, 'Fixed-interval interrupt enable'],
  ['ARE', 9, 9, 'Auto-reload enable'],
]

const debugRegister = (number: number, name: string, title: string, fields?: readonly SprField[]) =>
  spr(number, name, title, 'debug', {
    ...(fields && { fields }),
    write: stores(number, (cpu) => cpu.debugRegistersChanged()),
  })
const numbered = (from: number, count: number, make: (number: number, n: number) => Spr) =>
  Array.from({ length: count }, (_, n) => make(from + n, n))
const ivor = (number: number, n: number) =>
  spr(number, `IVOR${n}`, `Interrupt Vector Offset Register ${n}`, 'interrupt', { write: storesUnder(number, 0xfff0) })
const mas = (number: number, name: string) => spr(number, name, `MMU Assist Register ${name.slice(3)}`, 'mmu')
const sprg = (number: number, n: number) => spr(number, `SPRG${n}`, `Software-Use SPR ${n}`, 'software')

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
  spr(62, 'ESR', 'Exception Syndrome Register', 'interrupt'),
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
    write: clearsOnes(304),
  }),
  debugRegister(308, 'DBCR0', 'Debug Control Register 0', DBCR0_FIELDS),
  debugRegister(309, 'DBCR1', 'Debug Control Register 1'),
  debugRegister(310, 'DBCR2', 'Debug Control Register 2'),
  debugRegister(312, 'IAC1', 'Instruction Address Compare 1'),
  debugRegister(313, 'IAC2', 'Instruction Address Compare 2'),
  debugRegister(316, 'DAC1', 'Data Address Compare 1'),
  debugRegister(317, 'DAC2', 'Data Address Compare 2'),
  spr(336, 'TSR', 'Timer Status Register', 'timer', { write: clearsOnes(336) }),
  spr(340, 'TCR', 'Timer Control Register', 'timer', {
    fields: TCR_FIELDS,
    write: stores(340, (cpu) => cpu.interruptsChanged()),
  }),
  ...numbered(400, 16, ivor),
  spr(512, 'SPEFSCR', 'SPE and Embedded Floating-Point Status and Control', 'user'),
  readOnly(515, 'L1CFG0', 'L1 Cache Configuration Register 0', 0x3820),
  readOnly(516, 'L1CFG1', 'L1 Cache Configuration Register 1', 0x3820),
  ...numbered(528, 4, (number, n) => ivor(number, n + 32)),
  spr(570, 'MCSRR0', 'Machine Check Save/Restore Register 0', 'interrupt'),
  spr(571, 'MCSRR1', 'Machine Check Save/Restore Register 1', 'interrupt'),
  spr(572, 'MCSR', 'Machine Check Syndrome Register', 'interrupt', { write: clearsOnes(572) }),
  readOnly(573, 'MCAR', 'Machine Check Address Register', 0),
  mas(624, 'MAS0'),
  mas(625, 'MAS1'),
  mas(626, 'MAS2'),
  mas(627, 'MAS3'),
  mas(628, 'MAS4'),
  mas(630, 'MAS6'),
  readOnly(688, 'TLB0CFG', 'TLB Configuration Register 0', 0x04110200),
  // E500RM has MAXSIZE 11 (4 GB); QEMU writes 12.
  readOnly(689, 'TLB1CFG', 'TLB Configuration Register 1', 0x101bc010),
  spr(702, 'EPR', 'External Proxy Register', 'interrupt', { access: 'r', read: (cpu) => cpu.acknowledgedVector() }),
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
