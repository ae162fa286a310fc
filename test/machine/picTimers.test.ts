// The interrupt controller's timers in a machine: they interrupt a core, and wake one that waits, at the tick.
import { expect, test } from 'vitest'
import type { Machine } from '../../emulator/index.ts'
import { handler, machineWith } from '../debug/machine.ts'

const MSR = { WE: 0x40000, EE: 0x8000 }
const PIC = 0xf_e004_0000
const EXTERNAL_INPUT = 4
/** For tlbwe: the controller's registers at 0xfe040000, 256 KB in entry 5 of TLB1. */
const CONTROLLER = { MAS0: 0x10050000, MAS1: 0x80000400, MAS2: 0xfe040000, MAS3: 0xe004003f, MAS7: 0xf }

/** Timer 0 with priority 8 and vector 0x44, for a core whose task has priority 0. */
function startTimer({ bus }: Machine, counts: number): void {
  bus.write(PIC + 0x20080, 4, 0)
  bus.write(PIC + 0x1120, 4, 0x00080044)
  bus.write(PIC + 0x1110, 4, counts)
}
const acknowledge = ({ bus }: Machine) => bus.read(PIC + 0x200a0, 4)

test('it interrupts what runs: 100 counts of 16 ticks are 400 instructions', () => {
  const { machine, vcpu } = machineWith('here:\nb here', { MSR: MSR.EE })
  startTimer(machine, 100)
  machine.run(400)
  expect(vcpu.register('pc')).not.toBe(handler(EXTERNAL_INPUT))
  machine.run(1)
  expect([vcpu.register('pc'), acknowledge(machine)]).toEqual([handler(EXTERNAL_INPUT), 0x44])
})

test('it ends a wait, which takes no instruction', () => {
  const { machine, vcpu } = machineWith('mtmsr r5\nhere:\nb here', { gpr: { 5: MSR.WE | MSR.EE } })
  startTimer(machine, 1_000_000)
  machine.run(2)
  expect([vcpu.register('pc'), machine.idleTicks()]).toEqual([handler(EXTERNAL_INPUT), 16_000_000 - 4])
  expect(vcpu.register('SRR0')).toBe(0x1004)
})

test('one that gets not through wakes nobody: the guest is idle', () => {
  const { machine } = machineWith('mtmsr r5\nhere:\nb here', { gpr: { 5: MSR.WE | MSR.EE } })
  startTimer(machine, 100)
  machine.bus.write(PIC + 0x20080, 4, 8)
  expect(machine.run(100)).toMatchObject({ kind: 'idle' })
})

test('started by the guest itself it comes at the same instruction, however the run is cut', () => {
  const program = 'tlbwe\nisync\nstw r4,0(r3)\nhere:\naddi r6,r6,1\nb here'
  const ends = [1000, 7, 1].map((budget) => {
    const { machine, vcpu } = machineWith(program, { MSR: MSR.EE })
    for (const [name, value] of Object.entries(CONTROLLER)) vcpu.setRegister(name, value | 0)
    machine.bus.write(PIC + 0x20080, 4, 0)
    machine.bus.write(PIC + 0x1120, 4, 0x00080044)
    vcpu.setRegister('r3', 0xfe041110 | 0)
    vcpu.setRegister('r4', 30)
    while (vcpu.register('pc') !== handler(EXTERNAL_INPUT) && machine.instructions() < 300) machine.run(budget)
    return vcpu.register('r6')
  })
  // 30 counts are 120 instructions: 60 rounds of a loop of two.
  expect(ends).toEqual([60, 60, 60])
})
