// Cache instructions find memory coherent: what is left of them are their faults (E500RM 3.3.1.9 and 5.7).
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { handler, machineWith } from '../debug/machine.ts'
import { recordCompared } from '../support/compared.ts'

const UNMAPPED = 0x7000_0000
const PR = 0x4000
const UCLE = 0x400_0000
const UBLE = 0x400
const [DATA_STORAGE, PROGRAM, DATA_TLB_ERROR] = [2, 6, 13]

test.each([
  ['dcbf r0,r3', '0x00000000'],
  ['dcbst r0,r3', '0x00000000'],
  ['icbi r0,r3', '0x00000000'],
  ['dcbi r0,r3', '0x00800000'],
  ['dcbz r0,r3', '0x00800000'],
])('%s of an unmapped address is a data TLB error with ESR %s', (line, ESR) => {
  const { machine, vcpu } = machineWith(line, { gpr: { 3: UNMAPPED + 5 } })
  machine.run(1)
  expect([vcpu.register('pc'), hex(vcpu.register('ESR')!), hex(vcpu.register('SRR0')!)]).toEqual([
    handler(DATA_TLB_ERROR),
    ESR,
    '0x00001000',
  ])
})

test.each(['dcbt', 'dcbtst', 'icbt', 'dcba'])('%s touches nothing', (name) => {
  const { machine, vcpu } = machineWith(`${name} r0,r3`, { gpr: { 3: UNMAPPED } })
  machine.run(1)
  expect(vcpu.register('pc')).toBe(0x1004)
})

const LOCKS = [
  ['dcbtls', '0x00200000'],
  ['dcbtstls', '0x00200000'],
  ['dcblc', '0x00200000'],
  ['icbtls', '0x00100000'],
  ['icblc', '0x00100000'],
] as const

test.each(LOCKS)('%s of a user without UCLE is a data storage interrupt with ESR %s', (name, ESR) => {
  const { machine, vcpu } = machineWith(`${name} r0,r3`, { gpr: { 3: 0x8000 }, MSR: PR })
  machine.run(1)
  expect([vcpu.register('pc'), hex(vcpu.register('ESR')!)]).toEqual([handler(DATA_STORAGE), ESR])
  recordCompared('e500v2', 'E500RM 3.3.1.9', [name])
})

test.each(LOCKS)('%s with UCLE, and in supervisor state, locks without a trace', (name) => {
  for (const MSR of [PR | UCLE, 0]) {
    const { machine, vcpu } = machineWith(`${name} r0,r3`, { gpr: { 3: 0x8000 }, MSR })
    machine.run(1)
    expect([vcpu.register('pc'), vcpu.register('L1CSR0'), vcpu.register('L1CSR1')]).toEqual([0x1004, 0, 0])
  }
})

test.each(LOCKS)('%s translates as a load; a cache that is not there is no cache', (name) => {
  const unmapped = machineWith(`${name} r0,r3`, { gpr: { 3: UNMAPPED } })
  unmapped.machine.run(1)
  expect([unmapped.vcpu.register('pc'), unmapped.vcpu.register('ESR')]).toEqual([handler(DATA_TLB_ERROR), 0])
  const elsewhere = machineWith(`${name} 2,r0,r3`, { gpr: { 3: UNMAPPED } })
  elsewhere.machine.run(1)
  expect(elsewhere.vcpu.register('pc')).toBe(0x1004)
})

test.each(['bblels', 'bbelr'])('%s of a user needs UBLE', (name) => {
  const pcs = [PR, PR | UBLE, 0].map((MSR) => {
    const { machine, vcpu } = machineWith(name, { MSR })
    machine.run(1)
    return vcpu.register('pc')
  })
  expect(pcs).toEqual([handler(PROGRAM), 0x1004, 0x1004])
  recordCompared('e500v2', 'E500RM 3.3.1.9', [name])
})

test('dcbi is privileged', () => {
  const { machine, vcpu } = machineWith('dcbi r0,r3', { MSR: PR })
  machine.run(1)
  expect([vcpu.register('pc'), hex(vcpu.register('ESR')!)]).toEqual([handler(PROGRAM), '0x04000000'])
})

test('dcbz clears the line of 32 bytes around the address', () => {
  const { machine } = machineWith('dcbz r0,r3', { gpr: { 3: 0x8025 } })
  machine.poke(0, 0x8000, new Uint8Array(96).fill(0xff))
  machine.run(1)
  const bytes = machine.peek(0, 0x8000, 96)!
  expect([bytes.indexOf(0), bytes.filter((byte) => byte === 0).length]).toEqual([32, 32])
})
