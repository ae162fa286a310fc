// A step that ends otherwise than with its instruction: what stands where the core then is has been told to nobody, and comes.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/machine.ts'
import { codeImage } from '../support/board.ts'
import { CODE, DATA, DBCR0, handler, MSR, rig } from './rig.ts'

const at = (address: number, placement: 'auto' | 'iac' | 'trap' = 'auto') =>
  ({ kind: 'instruction', placement, address }) as const

test.each(['auto', 'iac', 'trap'] as const)('over an access that is watched, to a breakpoint by %s', (placement) => {
  const { machine, reg } = rig('e500v2', 'stw r3,0(r9)\naddi r4,r4,1', { gpr: { 9: DATA } })
  machine.hostDebug.place(1, { kind: 'data', placement: 'auto', address: DATA, length: 4, access: 'store' })
  machine.hostDebug.place(2, at(CODE + 4, placement))
  machine.hostDebug.step(0)
  expect(machine.run(10)).toMatchObject({ kind: 'watchpoint', address: CODE + 4, ids: [1] })
  expect(machine.run(10)).toMatchObject({ kind: 'breakpoint', address: CODE + 4, ids: [2] })
  machine.run(10)
  expect(reg('r4')).toBe(1)
})

test.each(['e500v2', 'e500mc'] as const)('%s: into an interrupt that is caught, as it was pending', (cpu) => {
  const setup = { MSR: MSR.DE, spr: { DBCR0: DBCR0.IDM | DBCR0.ICMP } }
  const { machine, step } = rig(cpu, 'nop\nnop', setup)
  machine.hostDebug.catchInterrupts(new Set(['Debug']))
  expect(step()).toBe('step+4')
  machine.hostDebug.place(1, at(handler(15)))
  machine.hostDebug.step(0)
  expect(machine.run(1)).toEqual({ kind: 'interrupt', vcpu: 0, name: 'Debug', address: handler(15), from: CODE + 4 })
  // Told once, and hides nothing at its handler.
  expect(machine.run(10)).toMatchObject({ kind: 'breakpoint', address: handler(15), ids: [1] })
  expect(machine.run(10).kind).toBe('breakpoint')
})

const LOOP = 0x100
/** Maps the spin table and releases core 1 at the loop. */
const RELEASE = `
  addis r5,r0,0x1001\nmtspr MAS0,r5\naddis r5,r0,0x8000\nori r5,r5,0x100\nmtspr MAS1,r5
  addis r5,r0,0xef00\nmtspr MAS2,r5\nori r6,r5,0x3f\nmtspr MAS3,r6\naddi r6,r0,0xf\nmtspr MAS7,r6\ntlbwe
  addi r6,r0,${LOOP}\nstw r6,0x24(r5)\nmtspr CTR,r6\nbctr`

test('of one core, which a stop of the other comes before: the breakpoint at which the one stands is still to come', () => {
  const machine = new Machine({ memoryBytes: 64 << 20, cores: 2 })
  const gap = 'nop\n'.repeat(LOOP / 4 - RELEASE.split('\n').filter((line) => line.trim()).length)
  machine.load(codeImage(`${RELEASE}\n${gap}loop:\naddi r8,r8,1\naddi r9,r9,1\nb loop`))
  machine.run(20_000)
  machine.hostDebug.place(1, at(LOOP + 4))
  const first = machine.run(20_000)
  if (first.kind !== 'breakpoint') throw new Error(`${first.kind} instead of the breakpoint`)
  const other = machine.vcpus[1 - first.vcpu]!
  other.setRegister('pc', LOOP + 4)
  other.setRegister('r9', 0)
  machine.hostDebug.step(other.index)
  expect(machine.run(20_000)).toMatchObject({ kind: 'breakpoint', vcpu: first.vcpu })
  machine.hostDebug.condition = (exit) => 'vcpu' in exit && exit.vcpu === other.index
  expect(machine.run(20_000)).toMatchObject({ kind: 'breakpoint', vcpu: other.index, address: LOOP + 4 })
  expect(other.register('r9')).toBe(0)
})
