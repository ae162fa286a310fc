// Performance monitor registers (E500RM chapter 7, table 2-46 for the numbers): plain storage that users read under other numbers.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { pmrs } from '../../emulator/spr/pmr.ts'
import { handler, machineWith } from '../debug/machine.ts'
import { recordCompared } from '../support/compared.ts'

const PR = 0x4000
const PROGRAM = 6

/** What stops a core after one instruction: ESR of the Program interrupt, or nothing. */
function refusal(line: string, MSR = 0): string {
  const { machine, vcpu } = machineWith(line, { MSR })
  machine.run(1)
  return vcpu.register('pc') === handler(PROGRAM) ? hex(vcpu.register('ESR')!) : 'none'
}

test('every register holds what is written, and users read it', () => {
  for (const { number, userNumber } of pmrs) {
    const { machine, vcpu } = machineWith(`mtpmr ${number},r3\nmfpmr r4,${number}\nmfpmr r5,${userNumber}`, {
      gpr: { 3: 0x1234_5678 },
    })
    machine.run(3)
    expect([vcpu.register('r4'), vcpu.register('r5')], `PMR ${number}`).toEqual([0x1234_5678, 0x1234_5678])
  }
  recordCompared('e500v2', 'E500RM 7', ['mfpmr', 'mtpmr'])
})

test('the numbers of the manual', () => {
  expect(pmrs.map(({ number, userNumber }) => [number, userNumber])).toEqual([
    ...[16, 17, 18, 19].map((n) => [n, n - 16]),
    ...[144, 145, 146, 147].map((n) => [n, n - 16]),
    ...[272, 273, 274, 275].map((n) => [n, n - 16]),
    [400, 384],
  ])
})

test('counters are frozen after a reset: PMGC0[FAC]', () => {
  const { machine, vcpu } = machineWith('mfpmr r4,400\nmfpmr r5,16')
  machine.run(2)
  expect([hex(vcpu.register('r4')!), vcpu.register('r5')]).toEqual(['0x80000000', 0])
})

test('what is refused, and how', () => {
  expect(refusal('mfpmr r3,16', PR)).toBe('0x04000000')
  expect(refusal('mtpmr 400,r3', PR)).toBe('0x04000000')
  expect(refusal('mfpmr r3,0', PR)).toBe('none')
  expect(refusal('mtpmr 0,r3', PR)).toBe('0x08000000')
  expect(refusal('mtpmr 0,r3')).toBe('0x08000000')
  expect(refusal('mfpmr r3,20')).toBe('0x08000000')
})

test('a saved machine has them', () => {
  const { machine, vcpu } = machineWith('mtpmr 16,r3\nmtpmr 16,r0', { gpr: { 3: 7 } })
  machine.run(1)
  const saved = vcpu.performanceMonitor.save()
  machine.run(1)
  vcpu.performanceMonitor.restore(saved)
  expect(vcpu.performanceMonitor.read(16, false)).toBe(7)
})
