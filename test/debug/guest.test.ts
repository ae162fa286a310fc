// The guest's own debugger on the silicon's rules (E500RM chapter 8; the names T.. are the reference's test catalogue).
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { CODE, DATA, handler, machineWith } from './machine.ts'

const DE = 0x200
const IDM = 0x40000000
const IAC1 = 0x00800000
const TRAP = 0x01000000
const ICMP = 0x08000000
const DAC1_STORE = 0x00040000
const MRR = 0x10000000

const COUNT = `
  addi r3,r3,1
  addi r4,r4,1
here:
  b here`

test('IAC with DE: the instruction is suppressed, CSRR0 is its address', () => {
  const { machine, vcpu } = machineWith(COUNT, { MSR: DE, spr: { DBCR0: IDM | IAC1, IAC1: CODE + 4 } })
  machine.run(20)
  expect(hex(vcpu.register('CSRR0')!)).toBe(hex(CODE + 4))
  expect(hex(vcpu.register('CSRR1')!)).toBe(hex(DE))
  expect(hex(vcpu.register('DBSR')!)).toBe(hex(MRR | IAC1))
  expect([vcpu.register('r3'), vcpu.register('r4'), vcpu.register('pc')]).toEqual([1, 0, handler(15)])
  expect(vcpu.MSR & DE).toBe(0)
})

test('IAC without DE: recorded with IDE, the instruction runs; DE brings the interrupt later', () => {
  const source = `
  addi r3,r3,1
  addi r4,r4,1
  mtmsr r5
  addi r6,r6,1
here:
  b here`
  const { machine, vcpu } = machineWith(source, { gpr: { 5: DE }, spr: { DBCR0: IDM | IAC1, IAC1: CODE + 4 } })
  machine.run(20)
  expect(hex(vcpu.register('DBSR')!)).toBe(hex(0x80000000 | MRR | IAC1))
  expect([vcpu.register('r4'), vcpu.register('r6'), vcpu.register('pc')]).toEqual([1, 0, handler(15)])
  expect(hex(vcpu.register('CSRR0')!)).toBe(hex(CODE + 12))
})

test('IAC without IDM: recorded, no interrupt (C1)', () => {
  const { machine, vcpu } = machineWith(COUNT, { MSR: DE, spr: { DBCR0: IAC1, IAC1: CODE + 4 } })
  machine.run(20)
  expect(hex(vcpu.register('DBSR')!)).toBe(hex(MRR | IAC1))
  expect(vcpu.register('r4')).toBe(1)
})

test('DAC with DE: the store does not happen', () => {
  const { machine, vcpu } = machineWith('stw r3,0(r9)\nhere:\nb here', {
    MSR: DE,
    gpr: { 3: 7, 9: DATA },
    spr: { DBCR0: IDM | DAC1_STORE, DAC1: DATA },
  })
  machine.run(20)
  expect(machine.memory.read(DATA, 4)).toBe(0)
  expect(hex(vcpu.register('CSRR0')!)).toBe(hex(CODE))
  expect(hex(vcpu.register('DBSR')!)).toBe(hex(MRR | DAC1_STORE))
})

test('TRAP with DE takes the place of the program interrupt; without DE it is recorded beside it (C2)', () => {
  const trapping = machineWith('tw 31,r0,r0', { MSR: DE, spr: { DBCR0: IDM | TRAP } })
  trapping.machine.run(20)
  expect(trapping.vcpu.register('pc')).toBe(handler(15))
  expect(hex(trapping.vcpu.register('DBSR')!)).toBe(hex(MRR | TRAP))
  const masked = machineWith('tw 31,r0,r0', { spr: { DBCR0: IDM | TRAP } })
  masked.machine.run(20)
  expect(masked.vcpu.register('pc')).toBe(handler(6))
  expect(hex(masked.vcpu.register('DBSR')!)).toBe(hex(0x80000000 | MRR | TRAP))
  expect(hex(masked.vcpu.register('ESR')!)).toBe('0x02000000')
})

test('ICMP: after each instruction that completed with DE', () => {
  const { machine, vcpu } = machineWith(COUNT, { MSR: DE, spr: { DBCR0: IDM | ICMP } })
  machine.run(20)
  expect(hex(vcpu.register('CSRR0')!)).toBe(hex(CODE + 4))
  expect(hex(vcpu.register('DBSR')!)).toBe(hex(MRR | ICMP))
  expect([vcpu.register('r3'), vcpu.register('r4')]).toEqual([1, 0])
})

test('the guest takes IAC1 from the host: the host is moved to auto and both stop (C21)', () => {
  const { machine, vcpu } = machineWith(`mtspr DBCR0,r5\n${COUNT}`, {
    MSR: DE,
    gpr: { 5: IDM | IAC1 },
    spr: { IAC1: CODE + 4 },
  })
  const moved: string[] = []
  machine.hostDebug.onMoved = (id, message) => moved.push(`${id}: ${message}`)
  machine.hostDebug.place(9, { kind: 'instruction', placement: 'iac', address: CODE + 4 })
  const exit = machine.run(20)
  expect(moved).toEqual(['9: The guest took IAC1; this breakpoint is now laid over the code ("auto").'])
  expect(exit).toEqual({ kind: 'breakpoint', vcpu: 0, address: CODE + 4, ids: [9] })
  machine.run(20)
  expect(vcpu.register('pc')).toBe(handler(15))
})

test('host-owned: mtspr DBCR0 changes nothing, mfspr shows EDM, the guest has no debug interrupt', () => {
  const { machine, vcpu } = machineWith(`mtspr DBCR0,r5\nmfspr r6,DBCR0\n${COUNT}`, {
    MSR: DE,
    gpr: { 5: IDM | IAC1 },
    ownership: 'host',
  })
  machine.run(20)
  expect(hex(vcpu.register('r6')!)).toBe('0x80000000')
  expect([vcpu.register('r3'), vcpu.register('r4')]).toEqual([1, 1])
})

test('guest-owned: the host gets no IAC, and the sentence says the way out', () => {
  const { machine } = machineWith(COUNT, { ownership: 'guest' })
  expect(machine.hostDebug.place(1, { kind: 'instruction', placement: 'iac', address: CODE })).toEqual({
    verified: false,
    message:
      'debugOwnership is "guest": the IACs and DACs are the guest\'s. Choose the mode "auto", or the ownership "shared".',
  })
})
