// What the debugger asks for: breakpoints laid over code, IAC, trap words, watchpoints, steps.
import { expect, test } from 'vitest'
import { CODE, DATA, handler, machineWith } from './machine.ts'
import { DBCR0, MSR, rig } from './rig.ts'

const COUNT = `
  addi r3,r3,1
  addi r4,r4,1
  addi r5,r5,1
here:
  b here`

test.each(['auto', 'iac', 'trap'] as const)(
  '%s stops before the instruction and goes over it afterwards',
  (placement) => {
    const { machine, vcpu } = machineWith(COUNT)
    const slot = placement === 'iac' ? { slot: 'IAC1' } : {}
    expect(machine.hostDebug.place(7, { kind: 'instruction', placement, address: CODE + 4 })).toEqual({
      verified: true,
      ...slot,
    })
    expect(machine.run(100)).toEqual({ kind: 'breakpoint', vcpu: 0, address: CODE + 4, ids: [7], ...slot })
    expect([vcpu.register('r3'), vcpu.register('r4'), vcpu.instructions()]).toEqual([1, 0, 1])
    expect(machine.run(100)).toEqual({ kind: 'budget' })
    expect([vcpu.register('r4'), vcpu.register('r5'), vcpu.instructions()]).toEqual([1, 1, 101])
  },
)

test('a trap word is not in what the debugger reads, and leaves with the breakpoint', () => {
  const { machine } = machineWith(COUNT)
  const before = machine.memory.read(CODE, 4)
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'trap', address: CODE })
  expect(machine.memory.read(CODE, 4)).toBe(0x7fe00008)
  expect(machine.hostDebug.withoutTraps(() => machine.memory.read(CODE, 4))).toBe(before)
  machine.hostDebug.remove(1)
  expect(machine.memory.read(CODE, 4)).toBe(before)
})

test('the third iac is refused and says who holds the two', () => {
  const { machine } = machineWith(COUNT)
  const iac = (address: number) => ({ kind: 'instruction', placement: 'iac', address }) as const
  machine.hostDebug.place(1, iac(CODE))
  machine.hostDebug.place(2, iac(CODE + 4))
  const refused = machine.hostDebug.place(3, iac(CODE + 8))
  expect(refused).toEqual({
    verified: false,
    message:
      'No IAC is free for 0x00001008 (IAC1: a breakpoint at 0x00001000, IAC2: a breakpoint at 0x00001004). Remove one, or choose the mode "auto".',
  })
})

test('moving the program counter back to a reported breakpoint stops there again', () => {
  const { machine, vcpu } = machineWith(COUNT)
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: CODE + 4 })
  machine.run(100)
  vcpu.setRegister('pc', CODE + 4)
  expect(machine.run(100)).toMatchObject({ kind: 'breakpoint', address: CODE + 4 })
})

test('a condition that says no lets the guest go on in the same slice', () => {
  const { machine, vcpu } = machineWith('loop:\n addi r3,r3,1\n b loop')
  machine.hostDebug.condition = () => vcpu.register('r3') === 5
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: CODE + 4 })
  expect(machine.run(1000)).toMatchObject({ kind: 'breakpoint' })
  expect(vcpu.register('r3')).toBe(5)
  expect(vcpu.instructions()).toBe(9)
})

test('a step does one instruction, over a breakpoint too', () => {
  const { machine, vcpu } = machineWith(COUNT)
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: CODE })
  machine.hostDebug.step(0)
  expect(machine.run(100)).toEqual({ kind: 'step', vcpu: 0, address: CODE + 4 })
  expect(vcpu.instructions()).toBe(1)
})

test('a step into an interrupt ends at its handler and says what came', () => {
  const { machine } = machineWith('sc')
  machine.hostDebug.step(0)
  expect(machine.run(100)).toMatchObject({
    kind: 'step',
    address: handler(8),
    interrupted: { name: 'System call', from: CODE },
  })
})

const STORE = `
  stw r3,4(r9)
  lwz r4,4(r9)
  stb r3,7(r9)
here:
  b here`

test('auto watches every byte and stops after the access', () => {
  const { machine } = machineWith(STORE, { gpr: { 3: 0x11223344, 9: DATA } })
  machine.hostDebug.place(1, { kind: 'data', placement: 'auto', address: DATA + 7, length: 1, access: 'store' })
  const found = { kind: 'watchpoint', vcpu: 0, ids: [1], access: 'store', watched: DATA + 7 }
  expect(machine.run(100)).toEqual({ ...found, instruction: CODE, address: CODE + 4, dataAddress: DATA + 4 })
  expect(machine.memory.read(DATA + 4, 4)).toBe(0x11223344)
  expect(machine.run(100)).toEqual({ ...found, instruction: CODE + 8, address: CODE + 12, dataAddress: DATA + 7 })
})

test('dac compares the first byte and stops before the access', () => {
  const { machine } = machineWith(STORE, { gpr: { 3: 0x11223344, 9: DATA } })
  const placed = machine.hostDebug.place(1, {
    kind: 'data',
    placement: 'dac',
    address: DATA + 7,
    length: 1,
    access: 'store',
  })
  expect(placed).toEqual({ verified: true, slot: 'DAC1' })
  expect(machine.run(100)).toMatchObject({
    kind: 'watchpoint',
    address: CODE + 8,
    instruction: CODE + 8,
    slot: 'DAC1',
    dataAddress: DATA + 7,
  })
  expect(machine.memory.read(DATA + 7, 1)).toBe(0x44)
  expect(machine.run(100)).toEqual({ kind: 'budget' })
})

test('an interrupt that somebody wants to see stops at its handler', () => {
  const { machine } = machineWith('addi r3,r3,1\n.long 0')
  machine.hostDebug.catchInterrupts(new Set(['Program']))
  expect(machine.run(100)).toEqual({
    kind: 'interrupt',
    vcpu: 0,
    name: 'Program',
    address: handler(6),
    from: CODE + 4,
  })
})

test('a guest whose program interrupt has no code is lost, and says so', () => {
  const { machine } = machineWith('.long 0', { spr: { IVOR6: CODE } })
  expect(machine.run(100)).toMatchObject({ kind: 'lost', reason: expect.stringContaining('Program') })
})

test('a saved state knows nothing of what was reported: run again from it, the breakpoint stops again', () => {
  const { machine } = machineWith(COUNT)
  machine.hostDebug.place(7, { kind: 'instruction', placement: 'auto', address: CODE + 4 })
  const saved = machine.save()
  expect(machine.run(100).kind).toBe('breakpoint')
  machine.restore(saved)
  expect(machine.run(100)).toEqual({ kind: 'breakpoint', vcpu: 0, address: CODE + 4, ids: [7] })
})

test('a stop that was told hides none in the handler of an interrupt that comes before its instruction', () => {
  const laid = (address: number) => ({ kind: 'instruction', placement: 'auto', address }) as const
  const at = { [handler(4)]: 'stw r3,0(r9)\nnop\nhere:\nb here', [handler(15)]: 'nop\nhere:\nb here' }
  const external = rig('e500v2', 'nop', { at, MSR: MSR.EE, gpr: { 9: DATA } })
  external.machine.hostDebug.place(1, laid(CODE))
  external.machine.hostDebug.place(2, laid(handler(4)))
  expect(external.stop()).toBe('breakpoint+0')
  external.setExternalInput(true)
  expect(external.stop()).toBe('breakpoint@I4')
  const watched = rig('e500v2', 'stw r3,0(r9)', { at, MSR: MSR.EE, gpr: { 9: DATA } })
  watched.machine.hostDebug.place(1, { kind: 'data', placement: 'dac', address: DATA, length: 4, access: 'store' })
  expect(watched.stop()).toBe('watchpoint+0')
  watched.setExternalInput(true)
  expect(watched.stop()).toBe('watchpoint@I4')
  // T109: after the step the guest's own ICMP.
  const stepped = rig('e500v2', 'nop', { at, MSR: MSR.DE, spr: { DBCR0: DBCR0.IDM | DBCR0.ICMP } })
  stepped.machine.hostDebug.place(1, laid(handler(15)))
  expect([stepped.step(), stepped.stop()]).toEqual(['step+4', 'breakpoint@I15'])
  const branching = rig('e500v2', 'b next\nnext:', { at, MSR: MSR.DE, spr: { DBCR0: DBCR0.IDM | DBCR0.BRT } })
  branching.machine.hostDebug.place(1, laid(CODE))
  branching.machine.hostDebug.place(2, laid(handler(15)))
  expect([branching.stop(), branching.stop()]).toEqual(['breakpoint+0', 'breakpoint@I15'])
})

/** Cache operations as a loader of code does them (Book II: dcbst, msync, icbi, isync), and more, on the line of r9. */
const FLUSH = 'dcbst r0,r9\ndcbf r0,r9\ndcbi r0,r9\nmsync\nicbi r0,r9\nisync'

test('a trap survives the cache operations of the guest on its line', () => {
  const { machine, vcpu, labels } = machineWith(`${FLUSH}\nb target\n.long 0\ntarget:\n${COUNT}`, { gpr: { 9: CODE } })
  const address = labels.target!
  vcpu.setRegister('r9', address)
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'trap', address })
  for (const _ of [1, 2]) {
    expect(machine.run(100)).toEqual({ kind: 'breakpoint', vcpu: 0, address, ids: [1] })
    vcpu.setRegister('pc', CODE)
  }
  machine.hostDebug.remove(1)
  expect(machine.run(100)).toEqual({ kind: 'budget' })
  expect(vcpu.register('r3')).toBe(1)
})

test('traps are in no hash and in no saved state; a state restored under a trap stops at it', () => {
  const [trapped, plain] = [machineWith(COUNT).machine, machineWith(COUNT).machine]
  trapped.hostDebug.place(1, { kind: 'instruction', placement: 'trap', address: CODE + 4 })
  expect(trapped.hash()).toBe(plain.hash())
  const saved = trapped.save()
  expect(saved.ram).toEqual(plain.save().ram)
  plain.restore(saved)
  expect(plain.run(100)).toEqual({ kind: 'budget' })
  trapped.restore(saved)
  expect(trapped.run(100)).toMatchObject({ kind: 'breakpoint', ids: [1] })
})

test('released: no trap word, no slot, no stop is left, and the guest goes on as if alone', () => {
  const { machine, vcpu } = machineWith(COUNT)
  const { hostDebug } = machine
  const before = [0, 4, 8].map((offset) => machine.memory.read(CODE + offset, 4))
  hostDebug.place(1, { kind: 'instruction', placement: 'trap', address: CODE })
  hostDebug.place(2, { kind: 'instruction', placement: 'trap', address: CODE })
  hostDebug.place(3, { kind: 'instruction', placement: 'iac', address: CODE + 4 })
  hostDebug.place(4, { kind: 'data', placement: 'dac', address: DATA, length: 4, access: 'both' })
  hostDebug.catchInterrupts(new Set(['Program']))
  hostDebug.step(0)
  hostDebug.release()
  expect([0, 4, 8].map((offset) => machine.memory.read(CODE + offset, 4))).toEqual(before)
  const { slots, host } = machine.debugResources(0)
  expect(Object.values(slots)).toEqual(Array(4).fill({ owner: null }))
  expect(host.request).toEqual({ control: 0, enable: false, singleStep: false, swBreakpoints: [], hwBreakpoints: [] })
  expect(machine.run(100)).toEqual({ kind: 'budget' })
  expect(vcpu.register('r5')).toBe(1)
})
