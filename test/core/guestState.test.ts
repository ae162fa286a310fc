// Category E.HV: what a guest takes itself, what goes to the hypervisor, (reference 1.6, 1.7, 5.2).
import { describe } from 'vitest'
import type { Machine } from '../../emulator/machine.ts'
import { ESR, MSR, TGS, VF } from './bits.ts'
import { EPCR, GUEST, guest, KEPT, manual, none, PROTECTED, toGuest, toHypervisor } from './guestCases.ts'
import { type Case, CODE, DATA, handler, testCases, UNMAPPED } from './machine.ts'

const { GS, EE, PR, RI } = MSR
const DMIUH = 0x00400000

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
