// A device whose source the guest has sent to the critical input (the controller's version 4.2): the core's CE lets it in, EE does not.
import { expect, test } from 'vitest'
import { handler, machineWith } from '../debug/machine.ts'

const MSR = { WE: 0x40000, CE: 0x20000, EE: 0x8000, ME: 0x1000 }
const SOURCE = 0xf_e004_0000 + 0x10000 + 42 * 0x20
const UART_IER = 0xf_e000_4501
const TRANSMITTER_EMPTY = 2
const CRITICAL_INPUT = 0

test.each([
  ['CE', 'idle'],
  ['EE', 'idle'],
  ['ME', 'lost'],
] as const)('a core that waits with MSR[%s] alone is %s: what may come in is a device', (enable, kind) => {
  const value = MSR[enable] | MSR.WE
  const { machine } = machineWith(`lis 3,${value >>> 16}\nori 3,3,${value & 0xffff}\nmtmsr 3\nhere:\nb here`, {})
  expect(machine.run(100).kind).toBe(kind)
})

test.each([
  [MSR.CE, true],
  [MSR.EE, false],
])('MSR %i: taken: %s', (msr, isTaken) => {
  const { machine, vcpu } = machineWith('here:\nb here', { MSR: msr })
  machine.bus.write(SOURCE, 4, 0)
  machine.bus.write(SOURCE + 0x18, 4, 1)
  machine.bus.write(UART_IER, 1, TRANSMITTER_EMPTY)
  machine.run(1)
  expect(vcpu.register('pc') === handler(CRITICAL_INPUT)).toBe(isTaken)
  const saved = machine.save()
  machine.bus.write(UART_IER, 1, 0)
  expect(vcpu.criticalInput).toBe(false)
  machine.restore(saved)
  expect(vcpu.criticalInput).toBe(true)
})
