// T105 to T110: guest and host side by side.
import { expect } from 'vitest'
import { CODE, DBCR0, handler, MSR, rig } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IAC1, ICMP } = DBCR0
const { DE, EE, CE, ME, GS } = MSR
const ADD = 'addi r3,r3,1'
const iac = (address: number) => ({ kind: 'instruction', placement: 'iac', address }) as const

export const shared = [
  T(105, 'both', "a guest's ICMP with DE=0 costs no stop, and DBSR stays", (cpu) => {
    const r = rig(cpu, `${ADD}\n${ADD}\n${ADD}`, { spr: { DBCR0: IDM | ICMP } })
    r.machine.hostDebug.place(1, iac(CODE + 8))
    expect([r.stop(), r.reg('r3'), r.dbsr()]).toEqual(['breakpoint+8', 2, '-'])
  }),
  T(106, 'both', "each side's IAC fires to its owner; the guest reads its own", (cpu) => {
    const r = rig(cpu, `mfspr r5,IAC2\n${ADD}\n${ADD}`, {
      MSR: DE,
      spr: { DBCR0: IDM | DBCR0.IAC2, IAC2: CODE + 8 },
    })
    r.machine.hostDebug.place(1, iac(CODE + 4))
    expect(r.stop()).toBe('breakpoint+4')
    expect([r.go(), r.reg('r5'), r.reg('r3')]).toEqual(['D+8 IAC2', CODE + 8, 1])
  }),
  T(107, 'both', "both at A: the debugger first, once; then the guest's event for the same execution", (cpu) => {
    for (const msr of [DE, 0]) {
      const r = rig(cpu, ADD, { MSR: msr, spr: { DBCR0: IDM | IAC1, IAC1: CODE } })
      r.machine.hostDebug.place(1, iac(CODE))
      expect([r.stop(), r.dbsr()]).toEqual(['breakpoint+0', '-'])
      expect(r.go()).toBe(msr ? 'D+0 IAC1' : 'runs IAC1|IDE')
    }
  }),
  T(108, 'both', 'a pending event of the guest comes where its DE comes: mtmsr, rfi, another context', (cpu) => {
    const pending = { spr: { DBCR0: IDM | IAC1, IAC1: CODE, SRR0: CODE + 16, SRR1: DE }, gpr: { 5: DE } }
    const held = (source: string) => {
      const r = rig(cpu, source, pending)
      r.machine.hostDebug.place(1, iac(CODE + 4))
      expect(r.stop()).toBe('breakpoint+4')
      return r.go()
    }
    expect(held(`${ADD}\nmtmsr r5\nnop`)).toBe('D+8 IAC1|IDE')
    expect(held(`${ADD}\nrfi\nnop\nnop\nnop`)).toBe('D+16 IAC1|IDE')
    const critical = { ...pending, spr: { ...pending.spr, CSRR0: CODE + 16, CSRR1: DE } }
    expect(rig(cpu, `${ADD}\nrfci\nnop\nnop\nnop`, critical).go()).toBe('D+16 IAC1|IDE')
    if (cpu === 'e500v2') return
    const debug = { ...pending, spr: { ...pending.spr, DSRR0: CODE + 16, DSRR1: DE } }
    expect(rig(cpu, `${ADD}\nrfdi\nnop\nnop\nnop`, debug).go()).toBe('D+16 IAC1|IDE')
  }),
  T(109, 'both', 'a step while the guest has ICMP: one instruction, the stop, then its interrupt', (cpu) => {
    const r = rig(cpu, `${ADD}\n${ADD}`, { MSR: DE, spr: { DBCR0: IDM | ICMP } })
    expect([r.step(), r.reg('r3')]).toEqual(['step+4', 1])
    expect([r.go(), r.reg('r3')]).toEqual(['D+4 ICMP', 1])
  }),
  T(110, 'both', "mfmsr and every saved MSR show the guest's own DE", (cpu) => {
    for (const msr of [EE, EE | DE]) {
      const r = rig(cpu, 'mfmsr r5\nsc', { MSR: msr })
      r.machine.hostDebug.place(1, iac(CODE + 4))
      r.machine.hostDebug.place(2, { kind: 'instruction', placement: 'trap', address: handler(8) })
      expect([r.stop(), r.stop(), r.reg('r5'), r.reg('SRR1')]).toEqual(['breakpoint+4', 'breakpoint@I8', msr, msr])
    }
    // In CSRR1, MCSRR1, GSRR1 and where the debug interrupt saves it, each with a stop of ours before it.
    const image = (name: string, msr: number, source: string, arrange?: (r: ReturnType<typeof rig>) => void) => {
      const r = rig(cpu, `nop\n${source}`, { MSR: msr, spr: { DBCR0: IDM | IAC1, IAC1: CODE + 8 } })
      r.machine.hostDebug.place(1, iac(CODE + 4))
      expect(r.stop()).toBe('breakpoint+4')
      arrange?.(r)
      r.go()
      return r.reg(name)
    }
    for (const msr of [CE | ME, CE | ME | DE]) {
      expect(image('CSRR1', msr, 'nop', ({ vcpu }) => vcpu.setCriticalInput(true))).toBe(msr)
      expect(image('MCSRR1', msr, 'nop', ({ vcpu }) => vcpu.reportMachineCheck(0x80000000 | 0))).toBe(msr)
      if (cpu === 'e500mc') expect(image('GSRR1', msr | GS, 'sc')).toBe(msr | GS)
    }
    expect(image(cpu === 'e500mc' ? 'DSRR1' : 'CSRR1', EE | DE, 'nop\nnop')).toBe(EE | DE)
  }),
]
