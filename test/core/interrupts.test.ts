// Every row of the interrupt table that an instruction or a line can cause: save registers, MSR after it, ESR, DEAR (E500RM table 5-2, 5.7; reference 2.4, 5.1).
import { describe } from 'vitest'
import type { Machine } from '../../emulator/machine.ts'
import { ESR, MSR } from './bits.ts'
import { type Case, CODE, DATA, handler, testCases, UNMAPPED } from './machine.ts'

const { CE, EE, ME, DE, PR, RI } = MSR
const ALL = CE | EE | ME | DE
/** Base class keeps CE, ME, DE (E500RM p.277). */
const BASE = CE | ME | DE
const PROTECTED = 0x20000000
const NOTHING = 'ori r0,r0,0'
const load = { gpr: { 3: UNMAPPED, 4: PROTECTED } }
const page = (permissions: number, WIMGE = 0) => [{ entry: 5, EPN: PROTECTED, RPN: DATA, permissions, WIMGE }]
const none = page(0x2a)

const base = (IVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: handler(IVOR),
  SRR0: CODE,
  SRR1: ALL,
  MSR: BASE,
  ...more,
})

const synchronous: readonly Case[] = [
  {
    title: 'System call: SRR0 is the next instruction',
    manual: 'reference 5.1 IVOR8',
    code: 'sc',
    MSR: ALL,
    expected: base(8, { SRR0: CODE + 4 }),
  },
  {
    title: 'the vector is IVPR[32:47] || IVOR[48:59]',
    manual: 'E500RM p.319',
    code: 'sc',
    spr: { IVPR: 0x00100000 },
    memory: { [0x100000 + handler(8)]: 0x48000000 },
    expected: { pc: 0x100000 + handler(8) },
  },
  {
    title: 'Program, trap: PTR',
    manual: 'reference 5.1 IVOR6; T38',
    code: 'tw 31,r0,r0',
    MSR: ALL,
    spr: { ESR: -1, DEAR: 0x77 },
    expected: base(6, { ESR: ESR.PTR, DEAR: 0x77 }),
  },
  {
    title: 'Program, illegal word: PIL',
    manual: 'reference 5.1 IVOR6',
    code: NOTHING,
    memory: { [CODE]: 0 },
    MSR: ALL,
    spr: { ESR: -1 },
    expected: base(6, { ESR: ESR.PIL }),
  },
  {
    title: 'Program, supervisor instruction in user mode: PPR',
    manual: 'reference 5.1 IVOR6',
    code: 'mfmsr r3',
    MSR: ALL | PR,
    spr: { ESR: -1 },
    expected: base(6, { SRR1: ALL | PR, ESR: ESR.PPR }),
  },
  {
    title: 'Data TLB error of a load: DEAR, ESR 0',
    manual: 'reference 5.1 IVOR13',
    code: 'lwz r5,4(r3)',
    ...load,
    MSR: ALL,
    spr: { ESR: -1 },
    expected: base(13, { DEAR: UNMAPPED + 4, ESR: 0, r5: 0 }),
  },
  {
    title: 'Data TLB error of a store: ESR[ST]',
    manual: 'reference 5.1 IVOR13',
    code: 'stw r5,8(r3)',
    ...load,
    MSR: ALL,
    expected: base(13, { DEAR: UNMAPPED + 8, ESR: ESR.ST }),
  },
  {
    title: 'a store with update that misses leaves RA',
    manual: 'E500RM 5.7: precise',
    code: 'stwu r5,8(r3)',
    ...load,
    MSR: ALL,
    expected: base(13, { DEAR: UNMAPPED + 8, r3: UNMAPPED }),
  },
  {
    title: 'Data storage of a load: DEAR, ESR 0',
    manual: 'reference 5.1 IVOR2',
    code: 'lwz r5,4(r4)',
    ...load,
    tlb: none,
    MSR: ALL,
    spr: { ESR: -1 },
    expected: base(2, { DEAR: PROTECTED + 4, ESR: 0 }),
  },
  {
    title: 'Data storage of a store: ESR[ST], memory as it was',
    manual: 'reference 5.1 IVOR2',
    code: 'stw r4,0(r4)',
    ...load,
    tlb: none,
    memory: { [DATA]: 0x1234 },
    MSR: ALL,
    expected: base(2, { DEAR: PROTECTED, ESR: ESR.ST, '0x8000': 0x1234 }),
  },
  {
    title: 'Instruction TLB error: SRR0 is the address, DEAR and ESR stay',
    manual: 'reference 5.1 IVOR14',
    code: 'mtspr CTR,r3\nbctr',
    ...load,
    MSR: ALL,
    spr: { DEAR: 0x77, ESR: 0x55 },
    expected: base(14, { SRR0: UNMAPPED, DEAR: 0x77, ESR: 0x55 }),
  },
  {
    title: 'Instruction storage: SRR0 is the address, DEAR stays, ESR 0',
    manual: 'reference 5.1 IVOR3',
    code: 'mtspr CTR,r4\nbctr',
    ...load,
    tlb: none,
    MSR: ALL,
    spr: { DEAR: 0x77, ESR: -1 },
    expected: base(3, { SRR0: PROTECTED, DEAR: 0x77, ESR: 0 }),
  },
  ...(['lwarx r5,r0,r6', 'lmw r30,0(r6)'] as const).map(
    (code): Case => ({
      title: `Alignment of ${code.slice(0, 5)}`,
      manual: 'E500RM p.132',
      code,
      gpr: { 6: DATA + 2 },
      MSR: ALL,
      spr: { ESR: -1 },
      expected: base(5, { DEAR: DATA + 2, ESR: 0 }),
    }),
  ),
  ...(['stwcx. r5,r0,r6', 'stmw r30,0(r6)'] as const).map(
    (code): Case => ({
      title: `Alignment of ${code.slice(0, 6)}: ESR[ST]`,
      manual: 'E500RM p.132',
      code,
      gpr: { 6: DATA + 2 },
      MSR: ALL,
      expected: base(5, { DEAR: DATA + 2, ESR: ESR.ST }),
    }),
  ),
  ...[0x8, 0x10].map(
    (WIMGE): Case => ({
      title: `Alignment of dcbz where nothing is cached, WIMGE ${WIMGE}`,
      manual: 'E500RM p.132',
      code: 'dcbz r0,r4',
      ...load,
      tlb: page(0x3f, WIMGE),
      MSR: ALL,
      expected: base(5, { DEAR: PROTECTED, ESR: ESR.ST }),
    }),
  ),
  {
    title: 'Data storage of lwarx on a write-through page',
    manual: 'E500RM p.264',
    code: 'lwarx r5,r0,r4',
    ...load,
    tlb: page(0x3f, 0x10),
    MSR: ALL,
    expected: base(2, { DEAR: PROTECTED, ESR: 0 }),
  },
  {
    title: 'Data storage of a user cache lock without UCLE: DLK',
    manual: 'E500RM 5.7.3',
    code: 'dcbtls 0,r0,r6',
    gpr: { 6: DATA },
    MSR: ALL | PR,
    expected: base(2, { SRR1: ALL | PR, DEAR: DATA, ESR: ESR.DLK }),
  },
  {
    title: 'Data storage of a user instruction cache lock without UCLE: ILK',
    manual: 'E500RM 5.7.3',
    code: 'icbtls 0,r0,r6',
    gpr: { 6: DATA },
    MSR: ALL | PR,
    expected: base(2, { SRR1: ALL | PR, DEAR: DATA, ESR: ESR.ILK }),
  },
  {
    title: 'an access that crosses into a page of the other byte order: BO',
    manual: 'E500RM p.264; reference 5.1 IVOR2',
    code: 'lwz r5,-2(r4)',
    gpr: { 4: PROTECTED + 0x1000 },
    tlb: [...page(0x3f), { entry: 6, EPN: PROTECTED + 0x1000, RPN: DATA + 0x1000, WIMGE: 1 }],
    MSR: ALL,
    expected: base(2, { DEAR: PROTECTED + 0xffe, ESR: ESR.BO }),
  },
]

const TSR = 336
const raise = {
  machineCheck: ({ vcpu }: Machine) => vcpu.reportMachineCheck(0x80000000 | 0, 0x1234),
  critical: ({ vcpu }: Machine) => vcpu.setCriticalInput(true),
  external: ({ vcpu }: Machine) => void Object.assign(vcpu.interrupts, { pending: () => true }),
  timers:
    (status: number) =>
    ({ vcpu }: Machine) => {
      vcpu.sprs[TSR] = status
    },
} as const
const all =
  (...raises: readonly ((machine: Machine) => void)[]) =>
  (machine: Machine) => {
    for (const one of raises) one(machine)
  }
const WIS = 0x40000000
const DIS = 0x08000000
const FIS = 0x04000000
/** WIE, DIE, FIE. */
const TCR = 0x0c800000

interface Asynchronous {
  readonly name: string
  readonly IVOR: number
  readonly raise: (machine: Machine) => void
  readonly mask: number
  readonly expected: Case['expected']
}
const critical: Case['expected'] = { CSRR0: CODE, CSRR1: ALL, MSR: ME, SRR0: 0 }
const lines: readonly Asynchronous[] = [
  {
    name: 'Machine check',
    IVOR: 1,
    raise: raise.machineCheck,
    mask: ME,
    expected: { MCSRR0: CODE, MCSRR1: ALL, MSR: 0, MCSR: 0x80000000, MCAR: 0x1234, CSRR0: 0, SRR0: 0 },
  },
  { name: 'Critical input', IVOR: 0, raise: raise.critical, mask: CE, expected: critical },
  { name: 'Watchdog', IVOR: 12, raise: raise.timers(WIS), mask: CE, expected: critical },
  { name: 'External input', IVOR: 4, raise: raise.external, mask: EE, expected: base(4) },
  { name: 'Fixed-interval timer', IVOR: 11, raise: raise.timers(FIS), mask: EE, expected: base(11) },
  { name: 'Decrementer', IVOR: 10, raise: raise.timers(DIS), mask: EE, expected: base(10) },
]
const asynchronous: readonly Case[] = lines.flatMap(({ name, IVOR, raise: before, mask, expected }) => [
  {
    title: `${name} before the next instruction`,
    manual: 'reference 2.4, 5.1',
    code: 'addi r3,r3,1',
    MSR: ALL,
    spr: { TCR },
    before,
    expected: { ...expected, pc: handler(IVOR), r3: 0 },
  },
  {
    title: `${name} waits while it is masked`,
    manual: 'reference 5.1',
    code: 'addi r3,r3,1',
    MSR: ALL & ~mask,
    spr: { TCR },
    before,
    expected: { pc: CODE + 4, r3: 1 },
  },
])
const withoutEnable: readonly Case[] = [
  ['Watchdog', 0x04800000, WIS],
  ['Decrementer', 0x08800000, DIS],
  ['Fixed-interval timer', 0x0c000000, FIS],
].map(([name, control, status]) => ({
  title: `${name} needs its enable in TCR`,
  manual: 'reference 5.1, 5.5',
  code: 'addi r3,r3,1',
  MSR: ALL,
  spr: { TCR: control as number },
  before: raise.timers(status as number),
  expected: { pc: CODE + 4, r3: 1 },
}))

const simultaneous: readonly Case[] = [
  {
    title: 'machine check before critical input, which it masks',
    manual: 'E500RM 5.11.1 p.291',
    before: all(raise.machineCheck, raise.critical),
    expected: { pc: handler(1), MCSRR0: CODE, CSRR0: 0 },
  },
  {
    title: 'critical input before external input, which it masks',
    manual: 'E500RM 5.11.1 p.291',
    before: all(raise.external, raise.critical),
    expected: { pc: handler(0), CSRR0: CODE, SRR0: 0 },
  },
  {
    title: 'external input before the watchdog, which then interrupts its handler',
    manual: 'E500RM 5.11.1 p.291, p.277: CE is kept',
    before: all(raise.external, raise.timers(WIS)),
    expected: { pc: handler(12), SRR0: CODE, SRR1: ALL, CSRR0: handler(4), CSRR1: BASE, MSR: ME },
  },
  {
    title: 'external input before the decrementer, which it masks',
    manual: 'E500RM 5.11.1 p.291',
    before: all(raise.external, raise.timers(DIS)),
    expected: { pc: handler(4), SRR0: CODE, TSR: DIS },
  },
  {
    title: 'watchdog before fixed interval before decrementer',
    manual: 'E500RM 5.11.1 p.291',
    before: raise.timers(WIS | FIS | DIS),
    expected: { pc: handler(12), CSRR0: CODE, SRR0: 0 },
  },
  {
    title: 'fixed interval before decrementer',
    manual: 'E500RM 5.11.1 p.291',
    before: raise.timers(FIS | DIS),
    expected: { pc: handler(11), SRR0: CODE },
  },
].map((it) => ({ code: 'addi r3,r3,1', MSR: ALL, spr: { TCR }, ...it }))

const STOP = 0x48000000
const TARGET = CODE + 0x100
const returns: readonly Case[] = [
  ['rfi', 'SRR0', 'SRR1'],
  ['rfci', 'CSRR0', 'CSRR1'],
  ['rfmci', 'MCSRR0', 'MCSRR1'],
].map(([code, address, msr]) => ({
  title: `${code} takes address and MSR from ${address} and ${msr}`,
  manual: 'E500RM 5.8; Book III-E 5.4',
  code: code!,
  spr: { [address!]: TARGET + 3, [msr!]: CE | PR | MSR.DS },
  memory: { [TARGET]: STOP },
  MSR: ME,
  expected: { pc: TARGET, MSR: CE | PR | MSR.DS },
}))

/** PMC0 over, CE in its control, PMIE. */
const OVERFLOW = 'mtpmr 16,r3\nmtpmr 144,r4\nmtpmr 400,r5\naddi r6,r6,1'
const pm = { manual: 'E500RM 7.3, 7.4; IVOR35', code: OVERFLOW, MSR: ALL }
const over = { 3: 0x80000000, 4: 0x04000000, 5: 0x40000000 }
const performanceMonitor: readonly Case[] = [
  {
    ...pm,
    title: 'Performance monitor: a counter that is over, enabled',
    gpr: over,
    expected: base(35, { SRR0: CODE + 12, r6: 0 }),
  },
  {
    ...pm,
    title: 'not below 2^31',
    gpr: { ...over, 3: 0x7fffffff },
    expected: { pc: CODE + 16 },
  },
  { ...pm, title: 'not without PMLCa[CE]', gpr: { ...over, 4: 0 }, expected: { pc: CODE + 16 } },
  { ...pm, title: 'not without PMGC0[PMIE]', gpr: { ...over, 5: 0 }, expected: { pc: CODE + 16 } },
  { ...pm, title: 'not without EE', MSR: ALL & ~EE, gpr: over, expected: { pc: CODE + 16 } },
  {
    ...pm,
    title: 'PMGC0[FCECE] freezes the counters: FAC',
    code: `${OVERFLOW}\nmfpmr r7,400`,
    gpr: { ...over, 5: 0x20000000 },
    expected: { r7: 0xa0000000 },
  },
  {
    ...pm,
    title: 'after the fixed interval, before the decrementer',
    manual: 'E500RM 5.11.1 p.291',
    code: `${OVERFLOW.replace('addi', 'wrteei 1\naddi')}`,
    MSR: 0,
    gpr: over,
    spr: { TCR },
    before: raise.timers(DIS),
    expected: { pc: handler(35), SRR0: CODE + 16, TSR: DIS },
  },
]

describe('performance monitor', () => testCases(performanceMonitor))
describe('synchronous', () => testCases(synchronous))
describe('asynchronous', () => testCases([...asynchronous, ...withoutEnable]))
describe('simultaneous and nested', () => testCases(simultaneous))
describe('returns', () => testCases(returns))

const mc = (it: Case): Case => ({ ...it, cpu: 'e500mc' })
const criticalMc: Case['expected'] = { CSRR0: CODE, CSRR1: ALL | RI, MSR: ME | DE | RI }
describe('e500mc', () =>
  testCases(
    (
      [
        {
          title: 'base class keeps CE, ME, DE, RI',
          manual: 'reference 2.4; TOPAZ mask',
          code: 'sc',
          MSR: ALL | RI,
          expected: { pc: handler(8), SRR0: CODE + 4, SRR1: ALL | RI, MSR: BASE | RI },
        },
        {
          title: 'critical class keeps ME, DE, RI',
          manual: 'reference C13',
          code: NOTHING,
          MSR: ALL | RI,
          before: raise.critical,
          expected: { ...criticalMc, pc: handler(0) },
        },
        {
          title: 'machine check clears all of MSR',
          manual: 'T74',
          code: NOTHING,
          MSR: ALL | RI,
          before: raise.machineCheck,
          expected: { pc: handler(1), MCSRR0: CODE, MCSRR1: ALL | RI, MSR: 0 },
        },
        {
          title: 'rfdi takes address and MSR from DSRR0 and DSRR1',
          manual: 'reference 1.1',
          code: 'rfdi',
          spr: { DSRR0: TARGET, DSRR1: CE | RI },
          memory: { [TARGET]: STOP },
          expected: { pc: TARGET, MSR: CE | RI },
        },
        {
          title: 'rfgi takes address and MSR from GSRR0 and GSRR1',
          manual: 'reference 5.2',
          code: 'rfgi',
          spr: { GSRR0: TARGET, GSRR1: CE | RI },
          memory: { [TARGET]: STOP },
          expected: { pc: TARGET, MSR: CE | RI },
        },
        {
          title: 'there is no MSR[WE] and no MSR[SPE]',
          manual: 'reference 1.6, 5.6',
          code: 'mtmsr r3\nmfmsr r4',
          gpr: { 3: 0x02040000 },
          expected: { r4: 0 },
        },
      ] satisfies readonly Case[]
    ).map(mc),
  ))

const FP = 0x2000
const SPE = 0x02000000
const SPV = 0x80
const ESR_FP = 0x01000000
/** 1.0 in single format. */
const ONE = 0x3f800000
const FINXE = 0x40
const FDBZE = 0x10
describe('SPE and embedded floating point', () => {
  const it = { MSR: ALL | SPE, spr: { ESR: -1 } }
  const saved = { SRR1: ALL | SPE }
  testCases([
    {
      title: 'SPE unavailable: a vector instruction without MSR[SPE]',
      manual: 'reference 5.1 IVOR32',
      code: 'evaddw r3,r4,r5',
      MSR: ALL,
      expected: base(32, { ESR: SPV, r3: 0 }),
    },
    {
      title: 'SPE unavailable: scalar floating point without MSR[SPE]',
      manual: 'reference 5.1 IVOR32, 5.6',
      code: 'efsadd r3,r4,r5',
      MSR: ALL,
      expected: base(32, { ESR: SPV }),
    },
    {
      title: 'SPE unavailable before the miss of a load',
      manual: 'E500RM 5.11.1 p.291: 10 before 12',
      code: 'evldd r3,0(r4)',
      MSR: ALL,
      gpr: { 4: UNMAPPED },
      expected: base(32, { ESR: SPV, DEAR: 0 }),
    },
    {
      ...it,
      title: 'Data TLB error of evldd: SPV',
      manual: 'reference 5.1 IVOR13',
      code: 'evldd r3,0(r4)',
      gpr: { 4: UNMAPPED },
      expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: SPV }),
    },
    {
      ...it,
      title: 'Data storage of evstdd: SPV and ST',
      manual: 'reference 5.1 IVOR2',
      code: 'evstdd r3,0(r4)',
      gpr: { 4: PROTECTED },
      tlb: none,
      expected: base(2, { ...saved, DEAR: PROTECTED, ESR: SPV | ESR.ST }),
    },
    {
      ...it,
      title: 'Alignment of evldd: SPV',
      manual: 'E500RM 5.7.6; reference 5.1 IVOR5',
      code: 'evldd r3,0(r4)',
      gpr: { 4: DATA + 4 },
      expected: base(5, { ...saved, DEAR: DATA + 4, ESR: SPV }),
    },
    {
      ...it,
      title: 'Embedded floating-point data: a division by zero, enabled; the target stays',
      manual: 'reference 5.1 IVOR33',
      code: 'efsdiv r3,r4,r5',
      gpr: { 3: 0x77, 4: ONE },
      spr: { ...it.spr, SPEFSCR: FDBZE },
      expected: base(33, { ...saved, ESR: SPV, r3: 0x77 }),
    },
    {
      ...it,
      title: 'Embedded floating-point round: inexact, enabled; SRR0 is the next instruction',
      manual: 'reference 5.1 IVOR34',
      code: 'efsdiv r3,r4,r5',
      // 1 / 3
      gpr: { 4: ONE, 5: 0x40400000 },
      spr: { ...it.spr, SPEFSCR: FINXE },
      expected: base(34, { ...saved, SRR0: CODE + 4, ESR: SPV }),
    },
    {
      title: 'no classic floating point: illegal, with MSR[FP] never set',
      manual: 'E500RM p.132',
      code: 'mtmsr r6\nfadd f1,f2,f3',
      MSR: ALL,
      gpr: { 6: ALL | FP },
      expected: base(6, { SRR0: CODE + 4, ESR: ESR.PIL }),
    },
  ])
})

describe('e500mc: floating point', () => {
  const saved = { SRR1: ALL | FP }
  const FE0 = 0x800
  testCases(
    (
      [
        {
          title: 'Floating-point unavailable: an operation without MSR[FP]',
          manual: 'reference 5.1 IVOR7',
          code: 'fadd f1,f2,f3',
          MSR: ALL,
          spr: { ESR: 0x55 },
          expected: base(7, { ESR: 0x55 }),
        },
        {
          title: 'Floating-point unavailable before the miss of a load',
          manual: 'Book III-E 5.9: exception priorities',
          code: 'lfd f1,0(r4)',
          MSR: ALL,
          gpr: { 4: UNMAPPED },
          expected: base(7, { DEAR: 0 }),
        },
        {
          title: 'Data TLB error of lfd: FP',
          manual: 'Book III-E 5.6.14: ESR',
          code: 'lfd f1,0(r4)',
          MSR: ALL | FP,
          gpr: { 4: UNMAPPED },
          expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: ESR_FP }),
        },
        {
          title: 'Data storage of stfs: FP and ST',
          manual: 'Book III-E 5.6.3: ESR',
          code: 'stfs f1,0(r4)',
          MSR: ALL | FP,
          gpr: { 4: PROTECTED },
          tlb: none,
          expected: base(2, { ...saved, DEAR: PROTECTED, ESR: ESR_FP | ESR.ST }),
        },
        {
          title: 'lfdepx sets EPID beside it',
          manual: 'Book III-E 5.6.14: ESR; reference 5.2',
          code: 'lfdepx f1,r0,r4',
          MSR: ALL | FP,
          gpr: { 4: UNMAPPED },
          expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: ESR_FP | ESR.EPID }),
        },
        {
          title: 'Program: an enabled exception (0 / 0 with VE)',
          manual: 'Book III-E 5.6.8; reference 5.1 IVOR6',
          // mtfsb1 24: VE
          code: 'mtfsb1 24\nfdiv f1,f2,f3',
          MSR: ALL | FP | FE0,
          expected: base(6, { SRR0: CODE + 4, SRR1: ALL | FP | FE0, ESR: ESR_FP }),
        },
        {
          title: 'no interrupt with FE0 and FE1 0',
          manual: 'Book I 4.4: ignore exceptions mode',
          code: 'mtfsb1 24\nfdiv f1,f2,f3',
          MSR: ALL | FP,
          expected: { pc: CODE + 8 },
        },
        {
          title: 'no SPE: illegal',
          manual: 'reference 5.6',
          code: 'evaddw r3,r4,r5',
          MSR: ALL,
          expected: base(6, { ESR: ESR.PIL }),
        },
      ] satisfies readonly Case[]
    ).map(mc),
  )
})
