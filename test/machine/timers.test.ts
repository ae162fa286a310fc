// Decrementer, fixed-interval timer and watchdog (E500RM chapter 4), and what can end a wait. One instruction is 4 ticks.
import { expect, test } from 'vitest'
import { bits } from '../../emulator/bits.ts'
import { handler, machineWith } from '../debug/machine.ts'

const MSR = { WE: 0x40000, CE: 0x20000, EE: 0x8000, ME: 0x1000 }
const TCR = { WIE: 0x08000000, DIE: 0x04000000, FIE: 0x00800000, ARE: 0x00400000 }
/** The period 52 selects bit 11 of TB: it rises at tick 2048 and every 4096 ticks from there. */
const FIT_52 = 13 << 13
const WATCHDOG_52 = 13 << 17
const LOOP = 'here:\nb here'

const writes = (TCR_: number, rest = LOOP) => ({ source: `mtspr TCR,r3\n${rest}`, gpr: { 3: TCR_ } })
function running(TCR_: number, msr: number, rest?: string) {
  const { source, gpr } = writes(TCR_, rest)
  return machineWith(source, { gpr, MSR: msr })
}

test('the fixed-interval timer interrupts when its bit of TB rises', () => {
  const { machine, vcpu } = running(TCR.FIE | FIT_52, MSR.EE)
  machine.run(512)
  expect(vcpu.register('pc')).not.toBe(handler(11))
  machine.run(1)
  expect([vcpu.register('pc'), vcpu.register('SRR0')]).toEqual([handler(11), 0x1004])
  expect(bits(vcpu.register('TSR')!, 5, 5)).toBe(1)
})

test('without its enable it is only recorded', () => {
  const { machine, vcpu } = running(FIT_52, MSR.EE)
  machine.run(600)
  expect([vcpu.register('pc'), bits(vcpu.register('TSR')!, 5, 5)]).toEqual([0x1004, 1])
})

test('the watchdog: enabled by its first event, interrupts at the second, resets at the third', () => {
  const WRC = 0x20000000
  const { machine, vcpu } = running(WRC | TCR.WIE | WATCHDOG_52, MSR.CE)
  machine.run(600)
  expect([vcpu.register('pc'), vcpu.register('TSR')! >>> 0]).toEqual([0x1004, 0x80000000])
  machine.run(1024)
  expect([vcpu.register('pc'), vcpu.register('TSR')! >>> 0]).toEqual([handler(12), 0xc0000000])
  expect(machine.run(2000)).toEqual({ kind: 'reset' })
  expect(bits(vcpu.register('TSR')!, 2, 3)).toBe(2)
})

test('the alternate time base counts on when TB is written', () => {
  const { machine, vcpu } = machineWith('mtspr 284,r3\nmfspr r4,ATBL\nmfspr r5,268', { gpr: { 3: 1000 } })
  machine.run(3)
  // TB holds 1000 as its first instruction ends, tick 4.
  expect([vcpu.register('r4'), vcpu.register('r5')]).toEqual([8, 1008])
})

test('TCR[WRC], once set, stays', () => {
  const { machine, vcpu } = running(0x10000000, 0, `mtspr TCR,r4\n${LOOP}`)
  machine.run(5)
  expect(vcpu.register('TCR')).toBe(0x10000000)
})

test('the decrementer reloads itself; without reload it stands at 0', () => {
  const { machine, vcpu } = machineWith(`mtspr DECAR,r3\nmtspr DEC,r3\nmtspr TCR,r4\n${LOOP}`, {
    gpr: { 3: 400, 4: TCR.ARE },
  })
  // Written as tick 8 ends, at 0 at tick 408 and, reloaded, at 808: instruction 202.
  machine.run(203)
  expect(vcpu.register('DEC')).toBe(396)
  vcpu.setRegister('TCR', 0)
  machine.run(100)
  expect([vcpu.register('DEC'), vcpu.register('TSR')]).toEqual([0, 0x08000000])
  machine.run(100)
  expect(vcpu.register('DEC')).toBe(0)
})

test('a wait lasts to the next timer that may interrupt, and takes no instruction', () => {
  const { machine, vcpu } = running(TCR.DIE | FIT_52, MSR.EE, `mtspr DEC,r4\nmtmsr r5\n${LOOP}`)
  vcpu.setRegister('r4', 1_000_000)
  vcpu.setRegister('r5', MSR.WE | MSR.EE)
  machine.run(4)
  // DEC is written by the second instruction; the wait begins after the third.
  expect([vcpu.register('pc'), machine.instructions(), machine.idleTicks()]).toEqual([handler(10), 4, 1_000_000 - 4])
  expect(vcpu.register('SRR0')).toBe(0x100c)
})

test('a wait is cut by the budget of waiting, and goes on as if it had not been', () => {
  const waiting = () =>
    machineWith('mtspr DEC,r3\nmtspr TCR,r4\nmtmsr r5', {
      gpr: { 3: 1_000_000, 4: TCR.DIE, 5: MSR.WE | MSR.EE },
    }).machine
  const whole = waiting()
  whole.run(10)
  const cut = waiting()
  expect([cut.run(10, 999), cut.idleTicks(), cut.instructions()]).toEqual([{ kind: 'budget' }, 999, 3])
  cut.run(10, 500_000)
  expect(cut.idleTicks()).toBe(500_999)
  cut.run(7, 2_000_000)
  expect([cut.idleTicks(), cut.hash()]).toEqual([whole.idleTicks(), whole.hash()])
})

test('a budget without end runs to the next exit', () => {
  const { machine } = machineWith('mtspr DEC,r3\nhere:\nmtmsr r4\nb here', { gpr: { 3: 4000, 4: MSR.WE | MSR.EE } })
  expect(machine.run(Infinity)).toEqual({ kind: 'idle', vcpu: 0 })
})

test('a wait that only input can end is idle; one that nothing can end is lost', () => {
  const idle = machineWith('mtmsr r3', { gpr: { 3: MSR.WE | MSR.EE } })
  expect(idle.machine.run(10)).toEqual({ kind: 'idle', vcpu: 0 })
  const lost = machineWith('mtmsr r3', { gpr: { 3: MSR.WE } })
  expect(lost.machine.run(10)).toMatchObject({ kind: 'lost', address: 0x1004 })
})

test('an auto-reloading decrementer without its enable does not keep a wait alive for ever', () => {
  const { machine } = machineWith('mtspr DECAR,r3\nmtspr DEC,r3\nmtspr TCR,r4\nmtmsr r5', {
    gpr: { 3: 1000, 4: TCR.ARE, 5: MSR.WE | MSR.EE },
  })
  expect(machine.run(10)).toEqual({ kind: 'idle', vcpu: 0 })
})

test('DBCR0[RST] = 10 asks for a reset', () => {
  const { machine } = machineWith('mtspr DBCR0,r3', { gpr: { 3: 0x20000000 } })
  expect(machine.run(10)).toEqual({ kind: 'reset' })
})
