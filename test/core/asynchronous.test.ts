// Interrupts that come from outside an instruction: lines, timers, the performance monitor; masked, at once, one within another (E500RM 5.7, 5.11; reference 2.3, 5.1).
import { describe } from 'vitest'
import type { Machine } from '../../emulator/machine.ts'
import { MSR } from './bits.ts'
import { ALL, BASE, base, DIS, FIS, raise, TCR, WIS } from './interruptCases.ts'
import { type Case, CODE, handler, testCases } from './machine.ts'

const { CE, EE, ME } = MSR
const all =
  (...raises: readonly ((machine: Machine) => void)[]) =>
  (machine: Machine) => {
    for (const one of raises) one(machine)
  }
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
describe('asynchronous', () => testCases([...asynchronous, ...withoutEnable]))
describe('simultaneous and nested', () => testCases(simultaneous))
