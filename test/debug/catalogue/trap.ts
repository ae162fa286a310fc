// T38 to T44: traps.
import { expect } from 'vitest'
import { CODE, DBCR0, handler, MSR, rig, type Setup } from '../rig.ts'
import { T } from './case.ts'

const { IDM, TRAP, IAC1 } = DBCR0
const { DE } = MSR
const PTR = 0x02000000
const on = (control: number, msr: number): Setup => ({ MSR: msr, spr: { DBCR0: control, IAC1: CODE } })
const TW = 'tw 31,r0,r0'

export const trap = [
  T(38, 'both', 'DBCR0[TRAP]=0: Program, PTR', (cpu) => {
    const r = rig(cpu, TW, on(IDM, DE))
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PTR])
  }),
  T(39, 'both', 'TRAP, IDM, DE: D(A), no Program', (cpu) => {
    const r = rig(cpu, TW, on(IDM | TRAP, DE))
    expect([r.go(), r.reg('ESR')]).toEqual(['D+0 TRAP', 0])
  }),
  T(40, 'both', 'TRAP, DE=0: Program, and TRAP with IDE', (cpu) => {
    const r = rig(cpu, TW, on(IDM | TRAP, 0))
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 TRAP|IDE', PTR])
  }),
  T(41, 'both', 'TRAP, DE, IDM=0: Program, TRAP without IDE', (cpu) => {
    const r = rig(cpu, TW, on(TRAP, DE))
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 TRAP', PTR])
  }),
  T(42, 'both', 'a condition that is false: nothing', (cpu) => {
    expect(rig(cpu, 'tw 24,r0,r0', on(IDM | TRAP, DE)).go()).toBe('runs -')
  }),
  T(43, 'both', 'the Program handler sets DE: the debug interrupt, with IDE', (cpu) => {
    const setup = { ...on(IDM | TRAP, 0), gpr: { 5: DE }, at: { [handler(6)]: 'nop\nmtmsr r5\nnop' } }
    expect(rig(cpu, TW, setup).go()).toBe('D@I6+8 TRAP|IDE')
  }),
  T(44, 'both', 'TRAP and IAC on one tw', (cpu) => {
    expect(rig(cpu, TW, on(IDM | TRAP | IAC1, DE)).go()).toBe('D+0 IAC1')
    const masked = rig(cpu, TW, on(IDM | TRAP | IAC1, 0))
    expect([masked.go(), masked.reg('ESR')]).toEqual(['I6+0 TRAP|IAC1|IDE', PTR])
  }),
]
