// Interrupts that an instruction causes, and the returns: save registers, MSR after it, ESR, DEAR (E500RM table 5-2, 5.7; reference 2.4, 5.1).
import { describe } from 'vitest'
import { ESR, MSR } from './bits.ts'
import { ALL, BASE, base, none, onMc, PROTECTED, page, raise } from './interruptCases.ts'
import { type Case, CODE, DATA, handler, testCases, UNMAPPED } from './machine.ts'

const { CE, ME, DE, PR, RI } = MSR
const NOTHING = 'ori r0,r0,0'
const load = { gpr: { 3: UNMAPPED, 4: PROTECTED } }

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

const STOP = 0x48000000
const TARGET = CODE + 0x100
const returns: readonly Case[] = [
  ['rfi', 'SRR0', 'SRR1'],
  ['rfci', 'CSRR0', 'CSRR1'],
  ['rfmci', 'MCSRR0', 'MCSRR1'],
].map(([code, address, msr]) => ({
  title: `${code} takes address and MSR from ${address} and ${msr}`,
  manual: 'E500RM 5.8',
  code: code!,
  spr: { [address!]: TARGET + 3, [msr!]: CE | PR | MSR.DS },
  memory: { [TARGET]: STOP },
  MSR: ME,
  expected: { pc: TARGET, MSR: CE | PR | MSR.DS },
}))

describe('synchronous', () => testCases(synchronous))
describe('returns', () => testCases(returns))

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
    ).map(onMc),
  ))
