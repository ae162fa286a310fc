// Category E.HV: what a guest cannot change or reach, and which registers are its own (reference 1.6, 1.7, 5.2).
import { describe } from 'vitest'
import { ESR, MSR } from './bits.ts'
import { GUEST, guest, manual, toHypervisor } from './guestCases.ts'
import { CODE, DATA, guestHandler, testCases } from './machine.ts'

const { GS, CE, ME, DE, PR, UCLE, PMM } = MSR
const DGTMI = 0x00800000
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

describe('MSRP[PMMP] and MSRP[UCLEP]: what the hypervisor keeps', () => {
  const withheld = {
    manual: 'reference 1.6, 3.1; UNVERIFIED for PMMP',
    spr: { MSRP: MSRP.PMMP | MSRP.UCLEP },
    gpr: { 3: DATA, 5: 0x77 },
  }
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
