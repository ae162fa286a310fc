// Watchpoints of the debugger's that meet one access, and conditions, which ask in the middle of a run: the guest is as it stands there.
import { expect, test } from 'vitest'
import type { DataBreakpoint, Exit } from '../../emulator/debug/exit.ts'
import { CODE, DATA, rig, type Setup } from './rig.ts'

const at = { gpr: { 3: 7, 9: DATA } } satisfies Setup
const watch = (placement: 'auto' | 'dac', address = DATA): DataBreakpoint => ({
  ...{ kind: 'data', placement, address, length: 4, access: 'store' },
})

test.each(['auto', 'dac'] as const)('two of %s that one access meets are told in one stop', (placement) => {
  const { machine } = rig('e500v2', 'stw r3,0(r9)', at)
  machine.hostDebug.place(1, watch(placement))
  machine.hostDebug.place(2, watch(placement))
  expect(machine.run(10)).toMatchObject({ kind: 'watchpoint', instruction: CODE, ids: [1, 2] })
  expect(machine.run(10)).toEqual({ kind: 'budget' })
})

test.each(['auto', 'dac'] as const)('%s: the condition of one does not hide the other', (placement) => {
  const { machine } = rig('e500v2', 'stw r3,0(r9)', at)
  machine.hostDebug.place(1, watch(placement))
  machine.hostDebug.place(2, watch(placement))
  machine.hostDebug.condition = (exit) => exit.kind === 'watchpoint' && exit.ids.includes(2)
  expect(machine.run(10)).toMatchObject({ kind: 'watchpoint', ids: [1, 2] })
})

test('stmw: a DAC whose condition says no is asked once, and hides none that a later store meets', () => {
  const { machine, reg, step } = rig('e500v2', 'stmw r28,0(r9)\nnop', at)
  machine.hostDebug.place(1, watch('dac'))
  machine.hostDebug.place(2, watch('dac', DATA + 8))
  const asked: number[] = []
  machine.hostDebug.condition = (exit) => {
    if (exit.kind === 'watchpoint') asked.push(...exit.ids)
    return asked.length % 2 === 0
  }
  expect(machine.run(10)).toMatchObject({ address: CODE, dataAddress: DATA + 8, slot: 'DAC2', ids: [2] })
  expect([asked, reg('pc')]).toEqual([[1, 2], CODE])
  expect(step()).toBe('step+4')
  expect(asked).toEqual([1, 2])
})

test('of two DACs that compare equal KVM tells DAC1, whichever was placed last', () => {
  const { machine } = rig('e500v2', 'stw r3,0(r9)', at)
  for (const id of [1, 2, 1]) machine.hostDebug.place(id, watch('dac'))
  expect(machine.run(10)).toMatchObject({ kind: 'watchpoint', slot: 'DAC1', ids: [2, 1] })
})

test('stmw: what its later stores meet is told with the first', () => {
  const { machine } = rig('e500v2', 'stmw r29,0(r9)', at)
  machine.hostDebug.place(1, watch('auto', DATA + 8))
  machine.hostDebug.place(2, watch('auto', DATA))
  expect(machine.run(10)).toMatchObject({ address: CODE + 4, dataAddress: DATA, ids: [2, 1] })
})

test('a watchpoint whose condition says no is no stop: the run goes on, a step is one instruction', () => {
  const { machine, step } = rig('e500v2', 'stw r3,0(r9)\nnop', at)
  machine.hostDebug.place(1, watch('auto'))
  const asked: Exit[] = []
  machine.hostDebug.condition = (exit) => {
    asked.push(exit)
    // Behind the access.
    expect(machine.memory.read(DATA, 4)).toBe(7)
    return false
  }
  expect(step()).toBe('step+4')
  expect(machine.run(10)).toEqual({ kind: 'budget' })
  expect(asked).toMatchObject([{ kind: 'watchpoint', address: CODE + 4, ids: [1] }])
})

test('the log tells of it: the access, to the host', () => {
  const { machine } = rig('e500v2', 'nop\nstw r3,0(r9)', at)
  machine.hostDebug.place(1, watch('auto'))
  machine.run(10)
  expect(machine.debugEvents(0, 9)).toEqual([
    { instructions: 1, address: CODE + 4, event: 'watched store', to: 'host', why: 'laid by the debugger' },
  ])
})

test.each([
  ['a breakpoint', 'nop\nnop', { kind: 'instruction', placement: 'iac', address: CODE + 4 }],
  ['a DAC', 'nop\nstw r3,0(r9)', watch('dac')],
] as const)(
  'a condition of %s finds the core as a stop would, and what it reads does nothing to the guest',
  (_, source, breakpoint) => {
    const { machine, vcpu, reg, go } = rig('e500mc', source, { ...at, hypervisor: 'kvm' })
    machine.hostDebug.place(1, breakpoint)
    const look = () => [reg('pc'), reg('TBL'), vcpu.instructions()]
    const seen: number[][] = []
    machine.hostDebug.condition = () => {
      // KVM answers a guest's own mfspr of it with an interrupt.
      vcpu.register('DBCR4')
      seen.push(look())
      machine.leave()
      return seen.length > 1
    }
    expect(machine.run(10).kind).toBe('budget')
    vcpu.setRegister('pc', CODE)
    machine.run(10)
    expect(seen[1]).toEqual(look())
    expect(seen[0]![0]).toBe(CODE + 4)
    machine.hostDebug.condition = undefined
    expect(go()).toBe('runs -')
  },
)
