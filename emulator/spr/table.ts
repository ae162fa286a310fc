// The special purpose registers of both cores (E500RM chapter 2); those that only the e500mc has stand in e500mc.ts.
import {
  clearsOnes,
  debugRegister,
  type Extra,
  high,
  ivor,
  low,
  mas,
  numbered,
  readOnly,
  spr,
  sprg,
  storesUnder,
} from './build.ts'
import { hypervisorNumbers, sprsOfE500mc } from './e500mc.ts'
import type { Spr, SprCpu } from './record.ts'
import {
  BUCSR_FIELDS,
  DBCR0_FIELDS,
  DBCR1_FIELDS,
  DBCR2_FIELDS,
  DBSR_FIELDS,
  ESR_FIELDS,
  HID0_FIELDS,
  L1CSR0_FIELDS,
  L1CSR1_FIELDS,
  MAS0_FIELDS,
  MAS1_FIELDS,
  MAS2_FIELDS,
  MAS3_FIELDS,
  MAS4_FIELDS,
  MAS6_FIELDS,
  MAS7_FIELDS,
  MCSR_FIELDS,
  MMUCFG_FIELDS,
  MMUCSR0_FIELDS,
  SPEFSCR_FIELDS,
  TCR_FIELDS,
  TLBCFG_FIELDS,
  TSR_FIELDS,
} from './registerFields.ts'

/** WRC, once it is not 0, only a reset changes. */
function setTimerControl(cpu: SprCpu, value: number): void {
  const WRC = 0x30000000
  const kept = cpu.sprs[340]! & WRC
  cpu.sprs[340] = kept === 0 ? value : (value & ~WRC) | kept
  cpu.timerControlChanged()
}

export { MSR_FIELDS } from './registerFields.ts'

/** Eight bits. */
const pid = (number: number, name: string, extra: Extra = {}) =>
  spr(number, name, 'Process ID Register', 'mmu', {
    ...extra,
    write: (cpu, value) => {
      cpu.sprs[number] = value & 0xff
      cpu.translationChanged()
    },
  })

const v2 = { core: 'e500v2' } as const

const common: readonly Spr[] = [
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
  pid(48, 'PID0'),
  pid(633, 'PID1', v2),
  pid(634, 'PID2', v2),
  spr(54, 'DECAR', 'Decrementer Auto-Reload', 'timer', { access: 'w' }),
  spr(58, 'CSRR0', 'Critical Save/Restore Register 0', 'interrupt'),
  spr(59, 'CSRR1', 'Critical Save/Restore Register 1', 'interrupt'),
  spr(61, 'DEAR', 'Data Exception Address Register', 'interrupt'),
  spr(62, 'ESR', 'Exception Syndrome Register', 'interrupt', { fields: ESR_FIELDS }),
  spr(63, 'IVPR', 'Interrupt Vector Prefix Register', 'interrupt', { write: storesUnder(63, -0x10000) }),
  spr(256, 'USPRG0', 'User SPR General 0', 'software'),
  ...numbered(259, 5, (number, n) =>
    spr(number, `SPRG${n + 3}`, 'Software-Use SPR, user read', 'software', {
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
  spr(286, 'PIR', 'Processor ID Register', 'configuration', { privilege: 'hypervisorWrite' }),
  readOnly(287, 'PVR', 'Processor Version Register'),
  spr(304, 'DBSR', 'Debug Status Register', 'debug', {
    fields: DBSR_FIELDS,
    read: (cpu) => cpu.shownDebug(304),
    write: (cpu, value) => {
      const cleared = cpu.writtenDebug(304, value)
      if (cleared !== undefined) clearsOnes(304)(cpu, cleared)
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
  spr(512, 'SPEFSCR', 'SPE and Embedded Floating-Point Status and Control', 'user', {
    ...v2,
    fields: SPEFSCR_FIELDS,
    read: (cpu) => cpu.getSpefscr(),
    write: (cpu, value) => cpu.setSpefscr(value),
  }),
  readOnly(515, 'L1CFG0', 'L1 Cache Configuration Register 0'),
  readOnly(516, 'L1CFG1', 'L1 Cache Configuration Register 1'),
  spr(513, 'BBEAR', 'Branch Buffer Entry Address Register', 'cache', v2),
  spr(514, 'BBTAR', 'Branch Buffer Target Address Register', 'cache', v2),
  // Counts the core's clock, which the board runs at the time base's rate; writes of TB do not reach it.
  spr(526, 'ATBL', 'Alternate Time Base Lower', 'timer', { access: 'r', read: (cpu) => low(cpu.ticks()) }),
  spr(527, 'ATBU', 'Alternate Time Base Upper', 'timer', { access: 'r', read: (cpu) => high(cpu.ticks()) }),
  ...numbered(528, 3, (number, n) => ivor(number, n + 32, v2)),
  ivor(531, 35),
  readOnly(569, 'MCARU', 'Machine Check Address Register Upper'),
  spr(570, 'MCSRR0', 'Machine Check Save/Restore Register 0', 'interrupt'),
  spr(571, 'MCSRR1', 'Machine Check Save/Restore Register 1', 'interrupt'),
  spr(572, 'MCSR', 'Machine Check Syndrome Register', 'interrupt', { fields: MCSR_FIELDS, write: clearsOnes(572) }),
  readOnly(573, 'MCAR', 'Machine Check Address Register'),
  mas(624, 'MAS0', MAS0_FIELDS),
  mas(625, 'MAS1', MAS1_FIELDS),
  mas(626, 'MAS2', MAS2_FIELDS),
  mas(627, 'MAS3', MAS3_FIELDS),
  mas(628, 'MAS4', MAS4_FIELDS),
  mas(630, 'MAS6', MAS6_FIELDS),
  readOnly(688, 'TLB0CFG', 'TLB Configuration Register 0', { fields: TLBCFG_FIELDS }),
  readOnly(689, 'TLB1CFG', 'TLB Configuration Register 1', { fields: TLBCFG_FIELDS }),
  spr(702, 'EPR', 'External Proxy Register', 'interrupt', { access: 'r' }),
  mas(944, 'MAS7', MAS7_FIELDS),
  spr(1008, 'HID0', 'Hardware Implementation Dependent Register 0', 'configuration', { fields: HID0_FIELDS }),
  spr(1009, 'HID1', 'Hardware Implementation Dependent Register 1', 'configuration', v2),
  // Flash invalidate and lock clear finish at once: their bits read 0.
  spr(1010, 'L1CSR0', 'L1 Cache Control and Status Register 0', 'cache', {
    fields: L1CSR0_FIELDS,
    write: storesUnder(1010, ~0x102),
  }),
  spr(1011, 'L1CSR1', 'L1 Cache Control and Status Register 1', 'cache', {
    fields: L1CSR1_FIELDS,
    write: storesUnder(1011, ~0x102),
  }),
  spr(1012, 'MMUCSR0', 'MMU Control and Status Register 0', 'mmu', {
    fields: MMUCSR0_FIELDS,
    read: () => 0,
    write: (cpu, value) => cpu.flushTlb(value),
  }),
  spr(1013, 'BUCSR', 'Branch Unit Control and Status Register', 'cache', {
    fields: BUCSR_FIELDS,
    write: storesUnder(1013, ~0x200),
  }),
  readOnly(1015, 'MMUCFG', 'MMU Configuration Register', { fields: MMUCFG_FIELDS }),
  readOnly(1023, 'SVR', 'System Version Register'),
]

export const sprs: readonly Spr[] = [...common, ...sprsOfE500mc].map((record) =>
  hypervisorNumbers.has(record.number) ? { ...record, privilege: 'hypervisor' } : record,
)

export const sprByNumber: ReadonlyMap<number, Spr> = new Map(sprs.map((record) => [record.number, record]))
