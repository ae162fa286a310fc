// A doubleword is one access and has one address to compare, that of its first byte (reference C8, T31).
import { expect, test } from 'vitest'
import { DATA, DBCR0, MSR, rig } from './rig.ts'

const SPE = 0x02000000
const FP = 0x2000
const CASES = [
  { cpu: 'e500v2', load: 'evldd r4,0(r3)', store: 'evstdd r4,0(r3)', unit: SPE },
  { cpu: 'e500v2', load: 'evldh r4,0(r3)', store: 'evstdh r4,0(r3)', unit: SPE },
  { cpu: 'e500mc', load: 'lfd f4,0(r3)', store: 'stfd f4,0(r3)', unit: FP },
  { cpu: 'e500mc', load: 'lfdepx f4,0,r3', store: 'stfdepx f4,0,r3', unit: FP },
] as const

const { IDM, DAC1R, DAC1W } = DBCR0
const setup = (unit: number, DAC1: number, DE: number) => ({
  MSR: unit | DE,
  gpr: { 3: DATA, 4: 0x11111111 },
  spr: { DBCR0: IDM | DAC1R | DAC1W, DAC1 },
})

test.each(CASES)('$cpu: $load is compared by its first byte alone', ({ cpu, load, store, unit }) => {
  expect(rig(cpu, load, setup(unit, DATA, MSR.DE)).go()).toBe('D+0 DAC1R')
  expect(rig(cpu, load, setup(unit, DATA + 4, MSR.DE)).go()).toBe('runs -')
  expect(rig(cpu, store, setup(unit, DATA + 4, MSR.DE)).go()).toBe('runs -')
})

test.each(CASES)('$cpu: $store that is suppressed has stored nothing, with DE=0 it stores all', (one) => {
  const { cpu, store, unit } = one
  const written = (DE: number) => {
    const guest = rig(cpu, store, setup(unit, DATA, DE))
    guest.machine.memory.write(DATA, 4, 0x55555555)
    guest.machine.memory.write(DATA + 4, 4, 0x55555555)
    const came = guest.go()
    return [
      came,
      guest.machine.memory.read(DATA, 4) === 0x55555555,
      guest.machine.memory.read(DATA + 4, 4) === 0x55555555,
    ]
  }
  expect(written(MSR.DE)).toEqual(['D+0 DAC1W', true, true])
  expect(written(0)).toEqual(['runs DAC1W|IDE', false, false])
})

test('the next instruction is compared anew', () => {
  const source = 'lfd f4,0(r3)\nlwz r5,4(r3)'
  expect(rig('e500mc', source, setup(FP, DATA + 4, MSR.DE)).go()).toBe('D+4 DAC1R')
})

test.each(CASES)('$cpu: $load from a state that is restored is compared again', ({ cpu, load, unit }) => {
  const guest = rig(cpu, load, setup(unit, DATA, 0))
  const saved = guest.machine.save()
  expect(guest.go(1)).toBe('runs DAC1R|IDE')
  guest.machine.restore(saved)
  expect(guest.go(1)).toBe('runs DAC1R|IDE')
})
