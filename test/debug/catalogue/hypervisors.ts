// T84 to T104: what a guest sees of a host that owns the facility, by KVM's rules and by those of the NXP hypervisor; guests that own it.
import { expect } from 'vitest'
import type { InstructionBreakpoint } from '../../../emulator/debug/exit.ts'
import { kvmDebugExit } from '../../../emulator/debug/kvm.ts'
import { CODE, DATA, DBCR0, MSR, rig, type Setup } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IAC1, TRAP, ICMP, IRPT, RET, FT } = DBCR0
const { DE } = MSR
const EDM = 0x80000000
const [PIL, PTR] = [0x08000000, 0x02000000]
const kvm = { ownership: 'host', hypervisor: 'kvm' } as const
const nxp = { ownership: 'host', hypervisor: 'nxp' } as const
const ADD = 'addi r3,r3,1'
const at = (address: number, placement: 'auto' | 'iac' | 'trap'): InstructionBreakpoint => ({
  ...{ kind: 'instruction', placement, address },
})
const armed = (ownership: 'guest' | 'shared', hypervisor: 'kvm' | 'nxp', msr: number): Setup => ({
  ...{ ownership, hypervisor, MSR: msr },
  spr: { DBCR0: IDM | IAC1, IAC1: CODE },
})
const dac = (access: 'load' | 'store' | 'both') =>
  ({ kind: 'data', placement: 'dac', address: DATA, length: 4, access }) as const

export const hypervisors = [
  T(84, 'both', 'mfspr DBCR0 shows EDM while the host owns, 0 afterwards', (cpu) => {
    const r = rig(cpu, 'mfspr r5,DBCR0\nmfspr r6,DBCR0', kvm)
    r.machine.run(1)
    r.machine.hostDebug.setOwnership('guest')
    r.go()
    expect([r.reg('r5'), r.reg('r6')]).toEqual([EDM, 0])
  }),
  T(85, 'both', 'writes of debug registers are ignored: no exception', (cpu) => {
    const names = ['IAC1', 'DAC1', 'DBCR0', 'DBCR1', 'DBCR2', 'DBSR']
    const source = `${names.map((name) => `mtspr ${name},r5`).join('\n')}\n${ADD}`
    const r = rig(cpu, source, { ...kvm, gpr: { 5: 0x40800000 }, dbsr: IAC1 })
    expect([r.go(), r.reg('r3')]).toEqual(['runs IAC1', 1])
    expect([312, 316, 308, 309, 310].map((number) => r.vcpu.sprs[number])).toEqual([0, 0, 0, 0, 0])
  }),
  T(86, 'both', 'mfmsr shows DE=0 on the e500v2 and 1 on the e500mc', (cpu) => {
    for (const msr of [0, DE]) {
      const r = rig(cpu, 'mfmsr r5', { ...kvm, MSR: msr })
      r.go()
      expect(r.reg('r5') & DE).toBe(cpu === 'e500v2' ? 0 : DE)
    }
  }),
  T(87, 'both', "a host's IAC: status 2 and the address; the guest's DBSR reads 0 and returns", (cpu) => {
    const r = rig(cpu, `mfspr r5,DBSR\n${ADD}\nmfspr r6,DBSR`, { ...kvm, dbsr: TRAP })
    r.machine.hostDebug.place(1, at(CODE + 4, 'iac'))
    expect(kvmDebugExit(r.machine.run(40))).toEqual({ status: 2, address: CODE + 4 })
    expect([r.reg('r3'), r.reg('r5')]).toEqual([0, 0])
    r.machine.hostDebug.setOwnership('guest')
    r.go()
    expect(r.reg('r6')).toBe(TRAP)
  }),
  T(88, 'both', 'watch of stores: 4, of loads: 8, of both hit by a store: 4; the address is the DAC', (cpu) => {
    const stops = (source: string, access: 'load' | 'store' | 'both') => {
      const r = rig(cpu, source, { ...kvm, gpr: { 9: DATA } })
      r.machine.hostDebug.place(1, dac(access))
      return kvmDebugExit(r.machine.run(40))
    }
    expect(stops('stw r3,0(r9)', 'store')).toEqual({ status: 4, address: DATA })
    expect(stops('lwz r3,0(r9)', 'load')).toEqual({ status: 8, address: DATA })
    expect(stops('stw r3,0(r9)', 'both')).toEqual({ status: 4, address: DATA })
    const two = rig(cpu, 'lwz r3,0(r9)\nstw r3,0(r9)', { ...kvm, gpr: { 9: DATA } })
    two.machine.hostDebug.place(1, dac('load'))
    two.machine.hostDebug.place(2, dac('store'))
    expect([1, 2].map(() => kvmDebugExit(two.machine.run(40)))).toEqual([
      { status: 8, address: DATA },
      { status: 4, address: DATA },
    ])
  }),
  T(89, 'both', 'a step: status 0', (cpu) => {
    const r = rig(cpu, ADD, kvm)
    r.machine.hostDebug.step(0)
    expect(kvmDebugExit(r.machine.run(40))).toEqual({ status: 0, address: CODE + 4 })
  }),
  T(90, 'both', '0x00DDDD00 of the host: status 0, pc unchanged; without one: Program, PIL', (cpu) => {
    const r = rig(cpu, ADD, kvm)
    r.machine.hostDebug.place(1, at(CODE, 'trap'))
    expect(r.machine.memory.read(CODE, 4)).toBe(0x00dddd00)
    expect(kvmDebugExit(r.machine.run(40))).toEqual({ status: 0, address: CODE })
    expect([r.reg('pc'), r.go(), r.reg('r3')]).toEqual([CODE, 'runs -', 1])
    const own = rig(cpu, '.long 0x00dddd00', kvm)
    expect([own.go(), own.reg('ESR')]).toEqual(['I6+0 -', PIL])
  }),
  T(91, 'both', "the guest's own tw: Program, PTR, never the debug interrupt", (cpu) => {
    const r = rig(cpu, 'tw 31,r0,r0', { ...kvm, MSR: DE, spr: { DBCR0: IDM | TRAP } })
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PTR])
  }),
  T(92, 'both', 'a software breakpoint that the host does not know: Program, PIL, SRR0=A', (cpu) => {
    const r = rig(cpu, `${ADD}\n.long 0x00dddd00`, kvm)
    r.machine.hostDebug.place(1, at(CODE + 0x100, 'trap'))
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+4 -', PIL])
  }),
  T(93, 'both', "the host's leaving restores the guest's registers, DBSR and DE", (cpu) => {
    const names = ['DBCR0', 'DBCR1', 'DBCR2', 'IAC1', 'IAC2', 'DAC1', 'DAC2', 'DBSR']
    // KVM does not emulate writes of it (3.3); what it holds is kept as the others are.
    const unwritten = cpu === 'e500mc' ? ['DBCR4'] : []
    const source = `${names.map((name) => `mtspr ${name},r5`).join('\n')}\nmtmsr r5\nnop\nnop\nnop`
    const length = names.length + 1
    const spr = {
      ...{ DBCR0: IDM | IAC1, DBCR1: 0x80000000 | 0, DBCR2: 0x20000000 },
      ...{
        IAC1: CODE + 4 * length,
        IAC2: CODE + 8,
        DAC1: DATA,
        DAC2: DATA + 4,
        ...(cpu === 'e500mc' && { DBCR4: 0x1200 }),
      },
    }
    for (const [msr, dbsr] of [
      [DE, 0],
      [0, TRAP],
    ] as const) {
      const r = rig(cpu, source, { hypervisor: 'kvm', MSR: msr, spr, dbsr, gpr: { 5: msr ? 0 : 0x40400200 } })
      const registers = () => [...[...names, ...unwritten].map(r.reg), r.vcpu.MSR & DE]
      const before = registers()
      for (const [returned, round] of [
        ['guest', Math.ceil],
        ['shared', Math.floor],
      ] as const) {
        r.machine.hostDebug.setOwnership('host')
        r.machine.hostDebug.place(1, at(CODE + 4 * length, 'iac'))
        r.machine.run(round(length / 2))
        r.machine.hostDebug.remove(1)
        r.machine.hostDebug.setOwnership(returned)
        expect(registers()).toEqual(before)
      }
      expect(r.go()).toBe(msr ? `D+${4 * length} IAC1` : 'runs TRAP|IAC1|IDE')
    }
  }),
  T(94, 'both', "a step over what enters the guest's kernel ends at the handler", (cpu) => {
    expect(rig(cpu, 'sc', kvm).step()).toBe('step@I8')
  }),
  T(95, 'both', 'a third hardware breakpoint, a third watchpoint: refused', (cpu) => {
    const { hostDebug } = rig(cpu, ADD, kvm).machine
    expect([CODE, CODE + 4, CODE + 8].map((address, n) => hostDebug.place(n, at(address, 'iac')).verified)).toEqual([
      ...[true, true, false],
    ])
    expect([10, 11, 12].map((id) => hostDebug.place(id, { ...dac('both'), address: DATA + 4 * id }).verified)).toEqual([
      ...[true, true, false],
    ])
  }),
  T(96, 'both', 'NXP: mtspr DBCR0: Program, PIL', (cpu) => {
    const r = rig(cpu, 'mtspr DBCR0,r5', { ...nxp, gpr: { 5: IDM } })
    expect([r.go(), r.reg('ESR'), r.vcpu.sprs[308]]).toEqual(['I6+0 -', PIL, 0])
  }),
  T(97, 'both', 'NXP: rfdi: Program, PIL', (cpu) => {
    const r = rig(cpu, '.long 0x4c00004e', nxp)
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PIL])
  }),
  T(98, 'both', 'NXP: rfci does not change DE', (cpu) => {
    for (const msr of [0, DE]) {
      const r = rig(cpu, 'rfci\nnop\nnop', { ...nxp, MSR: msr, spr: { CSRR0: CODE + 8, CSRR1: DE - msr } })
      expect([r.go(), r.reg('MSR') & DE]).toEqual(['runs -', msr])
    }
  }),
  T(99, 'both', 'NXP: mfspr DBSR returns the value, EDM is 1', (cpu) => {
    const r = rig(cpu, 'mfspr r5,DBSR\nmfspr r6,DBCR0', { ...nxp, dbsr: TRAP, spr: { DBCR0: IDM } })
    r.go()
    expect([r.reg('r5'), r.reg('r6')]).toEqual([TRAP, EDM + IDM])
  }),
  T(100, 'both', 'guest-owned: DBCR0[RST, IRPT, RET, FT, EDM] read back 0', (cpu) => {
    for (const hypervisor of ['kvm', 'nxp'] as const) {
      const setup = { ownership: 'guest', hypervisor, gpr: { 5: 0xb0000000 | IDM | ICMP | IRPT | RET | FT } } as const
      const r = rig(cpu, 'mtspr DBCR0,r5\nmfspr r6,DBCR0', setup)
      r.go()
      expect(r.reg('r6')).toBe(IDM | ICMP)
    }
  }),
  T(101, 'both', 'guest-owned: an event with DE and IDM enters IVOR15', (cpu) => {
    for (const hypervisor of ['kvm', 'nxp'] as const)
      expect(rig(cpu, ADD, armed('guest', hypervisor, DE)).go()).toBe('D+0 IAC1')
  }),
  T(102, 'both', 'guest-owned: DBSR cleared before DE=1 withdraws the interrupt', (cpu) => {
    const setup = { ...armed('guest', 'kvm', 0), gpr: { 5: DE, 6: -1 } }
    expect(rig(cpu, `${ADD}\nmtspr DBSR,r6\nmtmsr r5\nnop`, setup).go()).toBe('runs -')
  }),
  T(103, 'both', 'guest-owned: IDE alone never interrupts', (cpu) => {
    const setup: Setup = { ownership: 'guest', hypervisor: 'kvm', MSR: DE, spr: { DBCR0: IDM }, dbsr: 0x80000000 | 0 }
    expect(rig(cpu, ADD, setup).go()).toBe('runs IDE')
  }),
  T(104, 'both', 'guest-owned: TRAP with DE=0: Program, PTR', (cpu) => {
    const r = rig(cpu, 'tw 31,r0,r0', { ownership: 'guest', hypervisor: 'kvm', spr: { DBCR0: IDM | TRAP } })
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 TRAP|IDE', PTR])
  }),
]
