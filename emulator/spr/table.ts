// The special purpose registers of both cores (E500RM chapter 2); those that only the e500mc has stand in e500mc.ts.
import {
  clearsOnes,
  type Extra,
  high,
  hypervisor,
  ivor,
  low,
  mas,
  numbered,
  readOnly,
  spr,
  sprg,
  storesPrefix,
  storesUnder,
  type Write,
} from './build.ts'
import { debugRegisters } from './debug.ts'
import { sprsOfE500mc } from './e500mc.ts'
import { masksIn } from './masks.ts'
import type { Spr } from './record.ts'
import {
  BUCSR_FIELDS,
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

const { CFI, LFC } = masksIn('L1CSR0', L1CSR0_FIELDS, 'CFI', 'LFC')
const { BBFI } = masksIn('BUCSR', BUCSR_FIELDS, 'BBFI')
const { WRC } = masksIn('TCR', TCR_FIELDS, 'WRC')
/** WRC, once it is not 0, only a reset changes. */
const storeTimerControl: Write = (cpu, value, number) => {
  const kept = cpu.sprs[number]! & WRC
  cpu.sprs[number] = kept === 0 ? value : (value & ~WRC) | kept
  cpu.timerControlChanged()
}

export { MSR_FIELDS } from './registerFields.ts'

/** Eight bits. */
const pid = <const Name extends string>(number: number, name: Name, extra: Extra = {}) =>
  spr(number, name, 'Process ID Register', 'mmu', {
    ...extra,
    write: (cpu, value) => {
      cpu.sprs[number] = value & 0xff
      cpu.translationChanged()
    },
  })

const v2 = { core: 'e500v2' } as const
/** Users read SPRG3 to SPRG7 under numbers that are lower by this. */
export const USERS_SPRG = 16

const common = [
  spr(1, 'XER', 'Integer Exception Register', 'user', {
    read: (cpu) => cpu.getXer(),
    write: (cpu, value) => cpu.setXer(value),
  }),
  spr(8, 'LR', 'Link Register', 'user', { read: (cpu) => cpu.getLr(), write: (cpu, value) => cpu.setLr(value) }),
  spr(9, 'CTR', 'Count Register', 'user', { read: (cpu) => cpu.getCtr(), write: (cpu, value) => cpu.setCtr(value) }),
  spr(22, 'DEC', 'Decrementer', 'timer', {
    ...hypervisor,
    read: (cpu) => cpu.decrementer(),
    write: (cpu, value) => cpu.setDecrementer(value),
  }),
  spr(26, 'SRR0', 'Save/Restore Register 0', 'interrupt'),
  spr(27, 'SRR1', 'Save/Restore Register 1', 'interrupt'),
  pid(48, 'PID0'),
  pid(633, 'PID1', v2),
  pid(634, 'PID2', v2),
  spr(54, 'DECAR', 'Decrementer Auto-Reload', 'timer', { ...hypervisor, access: 'w' }),
  spr(58, 'CSRR0', 'Critical Save/Restore Register 0', 'interrupt', hypervisor),
  spr(59, 'CSRR1', 'Critical Save/Restore Register 1', 'interrupt', hypervisor),
  spr(61, 'DEAR', 'Data Exception Address Register', 'interrupt'),
  spr(62, 'ESR', 'Exception Syndrome Register', 'interrupt', { fields: ESR_FIELDS }),
  spr(63, 'IVPR', 'Interrupt Vector Prefix Register', 'interrupt', { ...hypervisor, write: storesPrefix }),
  spr(256, 'USPRG0', 'User SPR General 0', 'software'),
  ...numbered(275 - USERS_SPRG, 5, (number, n) =>
    spr(number, `SPRG${n + 3}`, 'Software-Use SPR, user read', 'software', {
      access: 'r',
      read: (cpu) => cpu.sprs[number + USERS_SPRG]!,
    }),
  ),
  spr(268, 'TBL', 'Time Base Lower', 'timer', { access: 'r', read: (cpu) => low(cpu.timeBase()) }),
  spr(269, 'TBU', 'Time Base Upper', 'timer', { access: 'r', read: (cpu) => high(cpu.timeBase()) }),
  ...numbered(272, 8, sprg),
  spr(284, 'TBL', 'Time Base Lower, write', 'timer', {
    ...hypervisor,
    access: 'w',
    write: (cpu, value) => cpu.setTimeBase((high(cpu.timeBase()) >>> 0) * 0x100000000 + (value >>> 0)),
  }),
  spr(285, 'TBU', 'Time Base Upper, write', 'timer', {
    ...hypervisor,
    access: 'w',
    write: (cpu, value) => cpu.setTimeBase((value >>> 0) * 0x100000000 + (low(cpu.timeBase()) >>> 0)),
  }),
  spr(286, 'PIR', 'Processor ID Register', 'configuration', { privilege: 'hypervisorWrite' }),
  readOnly(287, 'PVR', 'Processor Version Register'),
  spr(336, 'TSR', 'Timer Status Register', 'timer', { ...hypervisor, fields: TSR_FIELDS, write: clearsOnes }),
  spr(340, 'TCR', 'Timer Control Register', 'timer', {
    ...hypervisor,
    fields: TCR_FIELDS,
    write: storeTimerControl,
  }),
  ...numbered(400, 16, (number, n) => ivor(number, n, hypervisor)),
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
  ivor(531, 35, hypervisor),
  readOnly(569, 'MCARU', 'Machine Check Address Register Upper', hypervisor),
  spr(570, 'MCSRR0', 'Machine Check Save/Restore Register 0', 'interrupt', hypervisor),
  spr(571, 'MCSRR1', 'Machine Check Save/Restore Register 1', 'interrupt', hypervisor),
  spr(572, 'MCSR', 'Machine Check Syndrome Register', 'interrupt', {
    ...hypervisor,
    fields: MCSR_FIELDS,
    write: clearsOnes,
  }),
  readOnly(573, 'MCAR', 'Machine Check Address Register', hypervisor),
  mas(624, 'MAS0', MAS0_FIELDS),
  mas(625, 'MAS1', MAS1_FIELDS),
  mas(626, 'MAS2', MAS2_FIELDS),
  mas(627, 'MAS3', MAS3_FIELDS),
  mas(628, 'MAS4', MAS4_FIELDS),
  mas(630, 'MAS6', MAS6_FIELDS),
  readOnly(688, 'TLB0CFG', 'TLB Configuration Register 0', { ...hypervisor, fields: TLBCFG_FIELDS }),
  readOnly(689, 'TLB1CFG', 'TLB Configuration Register 1', { ...hypervisor, fields: TLBCFG_FIELDS }),
  spr(702, 'EPR', 'External Proxy Register', 'interrupt', { access: 'r' }),
  mas(944, 'MAS7', MAS7_FIELDS),
  spr(1008, 'HID0', 'Hardware Implementation Dependent Register 0', 'configuration', {
    ...hypervisor,
    fields: HID0_FIELDS,
  }),
  spr(1009, 'HID1', 'Hardware Implementation Dependent Register 1', 'configuration', v2),
  // Flash invalidate and lock clear finish at once: their bits read 0.
  spr(1010, 'L1CSR0', 'L1 Cache Control and Status Register 0', 'cache', {
    ...hypervisor,
    fields: L1CSR0_FIELDS,
    write: storesUnder(~(CFI | LFC)),
  }),
  spr(1011, 'L1CSR1', 'L1 Cache Control and Status Register 1', 'cache', {
    ...hypervisor,
    fields: L1CSR1_FIELDS,
    write: storesUnder(~(CFI | LFC)),
  }),
  spr(1012, 'MMUCSR0', 'MMU Control and Status Register 0', 'mmu', {
    ...hypervisor,
    fields: MMUCSR0_FIELDS,
    read: () => 0,
    write: (cpu, value) => cpu.flushTlb(value),
  }),
  spr(1013, 'BUCSR', 'Branch Unit Control and Status Register', 'cache', {
    ...hypervisor,
    fields: BUCSR_FIELDS,
    write: storesUnder(~BBFI),
  }),
  readOnly(1015, 'MMUCFG', 'MMU Configuration Register', { fields: MMUCFG_FIELDS }),
  readOnly(1023, 'SVR', 'System Version Register'),
]

const records = [...common, ...debugRegisters, ...sprsOfE500mc]
export const sprs: readonly Spr[] = records

export const sprByNumber: ReadonlyMap<number, Spr> = new Map(sprs.map((record) => [record.number, record]))

export type SprName = (typeof records)[number]['name']
const withAccess = (wanted: Spr['access']) => sprs.filter(({ access }) => access === wanted)
/** The number of each; where there is one for reading and one for writing, that for reading. */
export const SPR = Object.fromEntries(
  [...withAccess('w'), ...withAccess('r'), ...withAccess('rw')].map(({ name, number }) => [name, number]),
) as Readonly<Record<SprName, number>>
