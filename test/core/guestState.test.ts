// Category E.HV: what a guest takes itself, what goes to the hypervisor, what a guest cannot do (Power ISA 2.06 Book III-E; reference 1.6, 1.7, 5.2).
import { describe } from 'vitest'
import type { Machine } from '../../emulator/machine.ts'
import { ESR, MSR, TGS, VF } from './bits.ts'
import { type Case, CODE, DATA, guestHandler, handler, testCases, UNMAPPED } from './machine.ts'

const { GS, CE, EE, ME, DE, PR, RI, UCLE, PMM } = MSR
const GUEST = GS | CE | EE | ME | DE | RI
/** What both directions keep: CE, ME, DE, RI. */
const KEPT = CE | ME | DE | RI
const PROTECTED = 0x20000000
const EPCR = { EXTGS: 0x80000000, DTLBGS: 0x40000000, ITLBGS: 0x20000000, DSIGS: 0x10000000, ISIGS: 0x08000000 }
const DGTMI = 0x00800000
const DMIUH = 0x00400000
const guest = (it: Omit<Case, 'cpu'>): Case => ({ MSR: GUEST, ...it, cpu: 'e500mc' })

const toGuest = (GIVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: guestHandler(GIVOR),
  GSRR0: CODE,
  GSRR1: GUEST,
  MSR: GS | KEPT,
  SRR0: 0,
  ...more,
})
const toHypervisor = (IVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: handler(IVOR),
  SRR0: CODE,
  SRR1: GUEST,
  MSR: KEPT,
  GSRR0: 0,
  ...more,
})
const none = [{ entry: 5, EPN: PROTECTED, RPN: DATA, permissions: 0x2a, MAS8: TGS }]
const manual = 'reference 5.2'

describe('which of them take the interrupt', () => {
  testCases(
    [
      { title: 'sc', manual, code: 'sc', expected: toGuest(8, { GSRR0: CODE + 4 }) },
      { title: 'sc 1', manual, code: 'sc 1', expected: toHypervisor(40, { SRR0: CODE + 4 }) },
      {
        title: 'sc 1 of a guest user',
        manual,
        code: 'sc 1',
        MSR: GUEST | PR,
        expected: toHypervisor(40, { SRR0: CODE + 4, SRR1: GUEST | PR }),
      },
      {
        title: "sc 1 of the hypervisor's own",
        manual,
        code: 'sc 1',
        MSR: KEPT,
        expected: toHypervisor(40, { SRR0: CODE + 4, SRR1: KEPT }),
      },
      { title: 'ehpriv', manual, code: 'ehpriv', expected: toHypervisor(41) },
      {
        title: 'ehpriv of a guest user',
        manual,
        code: 'ehpriv 1',
        MSR: GUEST | PR,
        expected: toHypervisor(41, { SRR1: GUEST | PR }),
      },
      {
        title: 'a trap goes to the hypervisor',
        manual,
        code: 'tw 31,r0,r0',
        expected: toHypervisor(6, { ESR: ESR.PTR }),
      },
      {
        title: 'an alignment interrupt goes to the hypervisor',
        manual,
        code: 'lwarx r5,r0,r6',
        gpr: { 6: DATA + 1 },
        expected: toHypervisor(5, { DEAR: DATA + 1, GDEAR: 0 }),
      },
      ...(
        [
          ['a Data TLB error', 'stw r5,0(r3)', EPCR.DTLBGS, 13, UNMAPPED],
          ['a Data storage interrupt', 'stw r5,0(r4)', EPCR.DSIGS, 2, PROTECTED],
        ] as const
      ).flatMap(([name, code, bit, IVOR, address]) => [
        {
          title: `${name} goes to the hypervisor`,
          manual,
          code,
          gpr: { 3: UNMAPPED, 4: PROTECTED },
          tlb: none,
          expected: toHypervisor(IVOR, { DEAR: address, ESR: ESR.ST, GDEAR: 0, GESR: 0 }),
        },
        {
          title: `${name} goes to the guest with its bit of EPCR`,
          manual,
          code,
          gpr: { 3: UNMAPPED, 4: PROTECTED },
          spr: { EPCR: bit },
          tlb: none,
          expected: toGuest(IVOR, { GDEAR: address, GESR: ESR.ST, DEAR: 0, ESR: 0 }),
        },
      ]),
      ...(
        [
          ['an Instruction TLB error', 'mtspr CTR,r3\nbctr', EPCR.ITLBGS, 14, UNMAPPED],
          ['an Instruction storage interrupt', 'mtspr CTR,r4\nbctr', EPCR.ISIGS, 3, PROTECTED],
        ] as const
      ).flatMap(([name, code, bit, IVOR, address]) => [
        {
          title: `${name} goes to the hypervisor`,
          manual,
          code,
          gpr: { 3: UNMAPPED, 4: PROTECTED },
          tlb: none,
          expected: toHypervisor(IVOR, { SRR0: address }),
        },
        {
          title: `${name} goes to the guest with its bit of EPCR`,
          manual,
          code,
          gpr: { 3: UNMAPPED, 4: PROTECTED },
          spr: { EPCR: bit },
          tlb: none,
          expected: toGuest(IVOR, { GSRR0: address }),
        },
      ]),
      {
        title: "the hypervisor's own misses stay its own",
        manual,
        code: 'lwz r5,0(r3)',
        gpr: { 3: UNMAPPED },
        spr: { EPCR: EPCR.DTLBGS },
        MSR: KEPT,
        expected: toHypervisor(13, { SRR1: KEPT, DEAR: UNMAPPED }),
      },
      {
        title: 'MAS8[VF]: a Data storage interrupt, to the hypervisor although EPCR gives them to the guest',
        manual,
        code: 'lwz r5,0(r4)',
        gpr: { 4: PROTECTED },
        spr: { EPCR: EPCR.DSIGS },
        tlb: [{ entry: 5, EPN: PROTECTED, RPN: DATA, MAS8: TGS | VF }],
        expected: toHypervisor(2, { DEAR: PROTECTED, GDEAR: 0 }),
      },
    ].map(guest),
  )
})

const critical = ({ vcpu }: Machine) => vcpu.setCriticalInput(true)
const machineCheck = ({ vcpu }: Machine) => vcpu.reportMachineCheck(0x80000000 | 0)
const external = ({ vcpu }: Machine) =>
  void Object.assign(vcpu.interrupts, { pending: () => true, proxyAcknowledge: () => 0x42 })
const timers =
  (status: number) =>
  ({ vcpu }: Machine) => {
    vcpu.sprs[336] = status
  }
const MASKED = GS | RI

describe('a guest masks nothing that goes to the hypervisor', () => {
  const masked = (title: string, before: (machine: Machine) => void, IVOR: number, expected: Case['expected']) =>
    guest({
      title,
      manual: 'A2UM; reference 5.2',
      code: 'addi r3,r3,1',
      MSR: MASKED,
      spr: { TCR: 0x0c800000 },
      before,
      expected: { ...expected, pc: handler(IVOR), r3: 0, MSR: IVOR === 1 ? 0 : RI },
    })
  testCases([
    masked('critical input', critical, 0, { CSRR0: CODE, CSRR1: MASKED }),
    masked('machine check', machineCheck, 1, { MCSRR0: CODE, MCSRR1: MASKED }),
    masked('external input', external, 4, { SRR0: CODE, SRR1: MASKED, EPR: 0x42 }),
    masked('decrementer', timers(0x08000000), 10, { SRR0: CODE, SRR1: MASKED }),
    masked('fixed-interval timer', timers(0x04000000), 11, { SRR0: CODE, SRR1: MASKED }),
    masked('watchdog', timers(0x40000000), 12, { CSRR0: CODE, CSRR1: MASKED }),
  ])
})

describe('external input with EPCR[EXTGS]', () => {
  const spr = { EPCR: EPCR.EXTGS }
  const it = { manual, code: 'addi r3,r3,1', spr, before: external }
  testCases(
    [
      { ...it, title: 'the guest takes it, with GEPR', expected: toGuest(4, { GEPR: 0x42, EPR: 0 }) },
      { ...it, title: "the guest's EE masks it", MSR: GUEST & ~EE, expected: { pc: CODE + 4, r3: 1 } },
      { ...it, title: 'it waits while the hypervisor runs', MSR: KEPT | EE, expected: { pc: CODE + 4, r3: 1 } },
    ].map(guest),
  )
})

const STOP = 0x48000000
const TARGET = CODE + 0x100
const MSRP = { UCLEP: 0x04000000, DEP: 0x200, PMMP: 0x4 }
describe('MSR in guest state', () => {
  const memory = { [TARGET]: STOP }
  testCases(
    [
      {
        title: 'mtmsr does not leave it',
        manual: 'A2RTL: GS is OR-ed',
        code: 'mtmsr r3',
        gpr: { 3: CE },
        expected: { MSR: GS | CE },
      },
      {
        title: 'rfi is rfgi and does not leave it',
        manual,
        code: 'rfi',
        spr: { GSRR0: TARGET, GSRR1: CE },
        memory,
        expected: { pc: TARGET, MSR: GS | CE },
      },
      {
        title: 'rfgi does not leave it',
        manual,
        code: 'rfgi',
        spr: { GSRR0: TARGET, GSRR1: ME },
        memory,
        expected: { pc: TARGET, MSR: GS | ME },
      },
      {
        title: "the hypervisor's rfi enters it",
        manual,
        code: 'rfi',
        MSR: ME,
        spr: { SRR0: TARGET, SRR1: GUEST },
        memory,
        expected: { pc: TARGET, MSR: GUEST },
      },
      {
        title: 'MSRP: mtmsr keeps UCLE, DE and PMM set',
        manual: 'T78; reference 3.1',
        code: 'mtmsr r3',
        MSR: GS | UCLE | DE | PMM,
        spr: { MSRP: -1 },
        expected: { MSR: GS | UCLE | DE | PMM, MSRP: MSRP.UCLEP | MSRP.DEP | MSRP.PMMP },
      },
      {
        title: 'MSRP: mtmsr keeps UCLE, DE and PMM clear',
        manual: 'T78; reference 3.1',
        code: 'mtmsr r3',
        gpr: { 3: UCLE | DE | PMM | CE },
        MSR: GS,
        spr: { MSRP: -1 },
        expected: { MSR: GS | CE },
      },
      {
        title: 'MSRP[DEP]: rfi leaves DE',
        manual: 'T79',
        code: 'rfi',
        MSR: GS,
        spr: { MSRP: MSRP.DEP, GSRR0: TARGET, GSRR1: DE | CE },
        memory,
        expected: { pc: TARGET, MSR: GS | CE },
      },
      {
        title: 'without DEP mtmsr changes DE',
        manual: 'T80',
        code: 'mtmsr r3',
        gpr: { 3: CE },
        spr: { MSRP: MSRP.UCLEP | MSRP.PMMP },
        expected: { MSR: GS | CE },
      },
      {
        title: 'MSRP does nothing to the hypervisor',
        manual: 'T81',
        code: 'mtmsr r3',
        gpr: { 3: UCLE | DE | PMM },
        MSR: 0,
        spr: { MSRP: -1 },
        expected: { MSR: UCLE | DE | PMM },
      },
      {
        title: 'an interrupt of its own clears UCLE and PMM',
        manual: 'reference 3.1',
        code: 'sc',
        MSR: GS | UCLE | PMM,
        expected: { pc: guestHandler(8), MSR: GS },
      },
      {
        title: 'but not what MSRP protects',
        manual: 'reference 3.1',
        code: 'sc',
        MSR: GS | UCLE | PMM,
        spr: { MSRP: MSRP.UCLEP | MSRP.PMMP },
        expected: { pc: guestHandler(8), MSR: GS | UCLE | PMM },
      },
    ].map(guest),
  )
})

const HYPERVISORS =
  `rfci|rfdi|rfmci|msgsnd r3|msgclr r3|tlbivax r0,r3|tlbilx 0,r0,r3|tlbsync|mtspr LPIDR,r3|mfspr r5,LPIDR
  |mtspr EPCR,r3|mtspr MSRP,r3|mtspr DBCR0,r3|mtspr DBSR,r3|mtspr IAC1,r3|mtspr DAC1,r3|mtspr DBCR4,r3|mtspr DSRR0,r3
  |mtspr CSRR0,r3|mtspr MCSRR0,r3|mtspr IVPR,r3|mtspr IVOR8,r3|mtspr IVOR38,r3|mtspr GIVPR,r3|mtspr GIVOR8,r3|mtspr MAS5,r3
  |mtspr MAS8,r3|mtspr TCR,r3|mtspr TSR,r3|mtspr DEC,r3|mtspr DECAR,r3|mtspr PIR,r3|mtspr GPIR,r3|mfspr r5,GSRR0`
    .split(/\s*\|/)
    .map((code) => code.trim())
describe("the hypervisor's instructions and registers", () => {
  const same = { manual: 'reference 1.7: A2RTL, TOPAZ', gpr: { 3: 0x55 } }
  testCases([
    ...HYPERVISORS.map((code) =>
      guest({ ...same, title: `guest supervisor: ${code}`, code, expected: toHypervisor(41, { r5: 0 }) }),
    ),
    ...['rfci', 'msgsnd r3', 'tlbilx 0,r0,r3', 'mtspr DBCR0,r3', 'mfspr r5,SRR0', 'mtmsr r3'].map((code) =>
      guest({
        ...same,
        title: `guest user: ${code}`,
        code,
        MSR: GUEST | PR,
        expected: toHypervisor(6, { SRR1: GUEST | PR, ESR: ESR.PPR }),
      }),
    ),
    ...['tlbwe', 'tlbre', 'tlbsx r0,r3'].map((code) =>
      guest({ ...same, title: `EPCR[DGTMI]: ${code}`, code, spr: { EPCR: DGTMI }, expected: toHypervisor(41) }),
    ),
    ...['tlbre', 'tlbsx r0,r3'].map((code) =>
      guest({ ...same, title: `without DGTMI: ${code}`, code, expected: { pc: CODE + 4 } }),
    ),
  ])
})

describe("registers that in guest state are the guest's", () => {
  const names = 'SRR0 SRR1 DEAR ESR SPRG0 SPRG1 SPRG2 SPRG3'.split(' ')
  testCases([
    ...names.map((name) =>
      guest({
        title: `${name} is G${name}`,
        manual,
        code: `mtspr ${name},r3\nmfspr r5,${name}`,
        gpr: { 3: 0x1234 },
        spr: { [name]: 0x77 },
        expected: { r5: 0x1234, [`G${name}`]: 0x1234, [name]: 0x77 },
      }),
    ),
    guest({
      title: 'PIR reads GPIR',
      manual,
      code: 'mfspr r5,PIR',
      spr: { GPIR: 3 },
      expected: { r5: 3 },
    }),
    guest({
      title: 'EPR reads GEPR',
      manual,
      code: 'mfspr r5,EPR',
      spr: { GEPR: 0x21 },
      expected: { r5: 0x21 },
    }),
    guest({
      title: 'a user reads GSPRG3 as SPRG3',
      manual,
      code: 'mfspr r5,259',
      MSR: GUEST | PR,
      spr: { GSPRG3: 0x99, SPRG3: 0x11 },
      expected: { r5: 0x99 },
    }),
    guest({
      title: 'the hypervisor reaches its own, and the guest’s by their names',
      manual,
      code: 'mfspr r5,SRR0\nmfspr r6,GSRR0',
      MSR: ME,
      spr: { SRR0: 0x10, GSRR0: 0x20 },
      expected: { r5: 0x10, r6: 0x20 },
    }),
  ])
})

describe('EPCR[DMIUH]', () => {
  const it = { manual, code: 'lwz r5,0(r3)', gpr: { 3: UNMAPPED } }
  testCases(
    [
      {
        ...it,
        title: 'a miss that goes to the hypervisor leaves MAS registers alone',
        spr: { EPCR: DMIUH, MAS1: 0x77, MAS2: 0x66 },
        expected: { MAS1: 0x77, MAS2: 0x66 },
      },
      {
        ...it,
        title: "a miss of the guest's own sets them",
        spr: { EPCR: DMIUH | EPCR.DTLBGS, MAS2: 0x66 },
        expected: { MAS2: UNMAPPED },
      },
    ].map(guest),
  )
})

describe('MSRP[PMMP] and MSRP[UCLEP]: what the hypervisor keeps', () => {
  const withheld = { manual: 'EREF, MSRP', spr: { MSRP: MSRP.PMMP | MSRP.UCLEP }, gpr: { 3: DATA, 5: 0x77 } }
  testCases(
    [
      { ...withheld, title: 'mtpmr', code: 'mtpmr 16,r3', expected: toHypervisor(41) },
      { ...withheld, title: 'mfpmr', code: 'mfpmr r5,16', expected: toHypervisor(41, { r5: 0x77 }) },
      { ...withheld, title: 'a user reads 0', code: 'mfpmr r5,384', MSR: GUEST | PR, expected: { r5: 0 } },
      { ...withheld, title: 'the hypervisor reads it', code: 'mfpmr r5,384', MSR: ME, expected: { r5: 0x80000000 } },
      { ...withheld, title: 'without PMMP', spr: {}, code: 'mfpmr r5,400', expected: { r5: 0x80000000 } },
      { ...withheld, title: 'dcbtls', code: 'dcbtls 0,r0,r3', expected: toHypervisor(41) },
      { ...withheld, title: 'icbtls', code: 'icbtls 0,r0,r3', expected: toHypervisor(41) },
      { ...withheld, title: 'dcbtls without UCLEP', spr: {}, code: 'dcbtls 0,r0,r3', expected: { pc: CODE + 4 } },
    ].map(guest),
  )
})
