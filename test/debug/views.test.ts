// The host's view in KVM's terms, and the hardware's: what silicon would hold for both sides (reference 3.3, 3.5, 1.2, 1.3).
import { expect, test } from 'vitest'
import type { DataBreakpoint } from '../../emulator/debug/exit.ts'
import { CODE, DATA, DBCR0, MSR, rig, type Setup } from './rig.ts'

const { IDM, IAC1, IAC2, DAC1W, ICMP, TRAP } = DBCR0
const CORES = ['e500v2', 'e500mc'] as const
const iac = (address: number) => ({ kind: 'instruction', placement: 'iac', address }) as const
const dac = (address: number, length: number, access: DataBreakpoint['access'] = 'store'): DataBreakpoint => ({
  ...{ kind: 'data', placement: 'dac', address, length, access },
})
const view = (r: ReturnType<typeof rig>) => r.machine.debugResources(0)

test.each(CORES)('%s: the request is kvm_guest_debug, the last stop is kvm_debug_exit_arch', (cpu) => {
  const r = rig(cpu, 'nop\nstw r3,0(r9)\nnop\nnop', { gpr: { 9: DATA } })
  const { hostDebug } = r.machine
  expect(view(r).host).toMatchObject({ request: { control: 0 }, exit: undefined })
  hostDebug.place(1, iac(CODE))
  hostDebug.place(2, dac(DATA, 4))
  hostDebug.place(3, { kind: 'instruction', placement: 'trap', address: CODE + 8 })
  // KVM_GUESTDBG_ENABLE, _USE_SW_BP, _USE_HW_BP.
  expect(view(r).host.request.control).toBe(0x30001)
  const exits = [1, 2, 3].map(() => {
    r.machine.run(40)
    return view(r).host.exit
  })
  expect(exits).toEqual([
    { status: 2, address: CODE },
    { status: 4, address: DATA },
    { status: 0, address: CODE + 8 },
  ])
  hostDebug.step(0)
  r.machine.run(1)
  expect(view(r).host).toMatchObject({ request: { control: 0x30003 }, exit: { status: 0, address: CODE + 12 } })
  expect(view(r).host.registers.DBCR0! >>> 0).toBe(IDM | ICMP | TRAP | IAC1 | DAC1W)
  hostDebug.release()
  expect(view(r).host).toMatchObject({ request: { control: 0 }, exit: undefined })
})

test('e500mc: as many bytes as they are aligned to take one DAC, whose low bits DBCR4 takes out', () => {
  const r = rig('e500mc', 'stb r3,-1(r9)\nstb r3,15(r9)\nstw r3,16(r9)', { gpr: { 9: DATA + 32 } })
  const { hostDebug } = r.machine
  expect(hostDebug.place(1, dac(DATA + 32, 16))).toEqual({ verified: true, slot: 'DAC1' })
  expect(hostDebug.place(2, dac(DATA + 0x1000, 4096))).toEqual({ verified: true, slot: 'DAC2' })
  const { host, hardware } = view(r)
  expect([host.registers.DBCR4, hardware.DBCR4]).toEqual([0x4c00, 0x4c00])
  expect([hardware.DBCR2, hardware.DAC1, hardware.DAC2]).toEqual([0, DATA + 32, DATA + 0x1000])
  expect([r.stop(), r.stop()]).toEqual(['watchpoint+4', 'budget'])
})

test.each([
  ['as long as it is aligned, but the core has no DBCR4', 'e500v2', DATA, 16],
  ['not aligned', 'e500mc', DATA + 8, 16],
  ['no power of two', 'e500mc', DATA, 12],
  ['more than DBCR4 takes out', 'e500mc', 0x4000, 8192],
] as const)('%s: DAC1 and DAC2 as an inclusive range', (_, cpu, address, length) => {
  const r = rig(cpu, 'nop')
  expect(r.machine.hostDebug.place(1, dac(address, length))).toEqual({ verified: true, slot: 'DAC1, DAC2' })
  const { hardware } = view(r)
  expect([hardware.DBCR2, hardware.DAC1, hardware.DAC2]).toEqual([0x00800000, address, address + length])
  expect(hardware.DBCR4).toBe(cpu === 'e500mc' ? 0 : undefined)
  expect(r.machine.hostDebug.place(2, dac(DATA, 12))).toMatchObject({
    message: expect.stringMatching(/^12 bytes take DAC1 and DAC2 as a pair \(DAC1: a breakpoint at /),
  })
})

test('what the guest left in the fields of a slot that the host holds is not in the hardware; its own slot is', () => {
  const spr = {
    ...{ DBCR0: IDM | IAC2 | 0x20000, IAC2: 0x3000, DAC2: 0x3004 },
    ...{ DBCR1: 0xcb000000 | 0, DBCR2: 0xcb000000 | 0, DBCR4: 0x5700 },
  }
  const r = rig('e500mc', 'nop', { spr })
  r.machine.hostDebug.place(1, iac(CODE))
  r.machine.hostDebug.place(2, dac(DATA, 4))
  const { hardware } = view(r)
  expect([hardware.DBCR1, hardware.DBCR2, hardware.DBCR4]).toEqual([0x0b000000, 0x0b000000, 0x0700])
  expect([hardware.IAC1, hardware.IAC2, hardware.DAC1, hardware.DAC2]).toEqual([CODE, 0x3000, DATA, 0x3004])
  expect(hardware.DBCR0 >>> 0).toBe(IDM | IAC1 | IAC2 | DAC1W | 0x20000)
})

const KVM: Setup = { hypervisor: 'kvm' }
test('KVM on the e500v2 lets the host compare in user mode alone, where all of the guest runs; on the e500mc in all', () => {
  const fields = (cpu: (typeof CORES)[number]) => {
    const r = rig(cpu, 'nop', { ...KVM, spr: { DBCR0: IDM | IAC2, DBCR1: 0x08000000 } })
    const before = [view(r).hardware.DBCR1, view(r).hardware.DBCR2]
    r.machine.hostDebug.place(1, iac(CODE))
    const { host, hardware } = view(r)
    return [...before, host.registers.DBCR1, host.registers.DBCR2, hardware.DBCR1, hardware.DBCR2].map((n) => n! >>> 0)
  }
  expect(fields('e500v2')).toEqual([0x08000000, 0, 0xcc000000, 0xcc000000, 0xc8000000, 0])
  expect(fields('e500mc')).toEqual([0x08000000, 0, 0, 0, 0x08000000, 0])
})

test.each(CORES)('%s: host-owned, nothing of the guest’s is in the hardware', (cpu) => {
  const spr = { DBCR0: IDM | IAC1, IAC1: CODE, DBCR1: 0x80000000 | 0, DBCR2: 0x00800000, DAC1: DATA }
  const r = rig(cpu, 'nop', { spr: { ...spr, ...(cpu === 'e500mc' && { DBCR4: 0x5000 }) } })
  r.machine.hostDebug.setOwnership('host')
  const { hardware } = view(r)
  const { DBCR0: zero, DBCR1, DBCR2, DAC1, DBCR4 = 0 } = hardware
  expect([zero, DBCR1, DBCR2, hardware.IAC1, DAC1, DBCR4]).toEqual([0, 0, 0, 0, 0, 0])
})

test.each(CORES)('%s: a pair that works as one is the guest’s as a whole, whichever enable is on', (cpu) => {
  const r = rig(cpu, 'mtspr DBCR1,r5\nmtspr DBCR0,r6\nnop', { gpr: { 5: 0x00800000, 6: IDM | IAC1 } })
  const moved: string[] = []
  r.machine.hostDebug.onMoved = (id, message) => moved.push(`${id}: ${message}`)
  r.machine.hostDebug.place(1, iac(CODE + 0x100))
  r.machine.hostDebug.place(2, iac(CODE + 0x104))
  r.machine.run(3)
  expect(moved).toEqual([
    '1: The guest took IAC1; this breakpoint is now laid over the code ("auto").',
    '2: The guest took IAC2; this breakpoint is now laid over the code ("auto").',
  ])
  expect(r.machine.hostDebug.place(3, iac(CODE))).toMatchObject({
    message: expect.stringContaining('(IAC1: the guest, IAC2: the guest)'),
  })
  expect(view(r).slots).toMatchObject({ IAC1: { owner: 'guest' }, IAC2: { owner: 'guest' }, DAC1: { owner: null } })
})

test('a watched object whose DAC the guest takes is watched on, and the sentence speaks of data', () => {
  const source = 'mtspr DBCR0,r6\nstb r3,3(r9)'
  const r = rig('e500v2', source, { MSR: MSR.ME, gpr: { 6: IDM | DAC1W, 9: DATA } })
  const moved: string[] = []
  r.machine.hostDebug.onMoved = (_, message) => moved.push(message)
  r.machine.hostDebug.place(1, dac(DATA, 4))
  expect(r.stop()).toBe('watchpoint+8')
  expect(moved).toEqual([
    'The guest took DAC1; this breakpoint now watches its bytes without a slot ("auto"), and stops after the access.',
  ])
})
