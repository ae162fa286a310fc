// T45 to T57: branches taken and instructions completed.
import { expect } from 'vitest'
import { CODE, DBCR0, handler, MSR, rig, type Setup, UNMAPPED } from '../rig.ts'
import { T } from './case.ts'

const { IDM, BRT, ICMP } = DBCR0
const { DE } = MSR
const on = (event: number, msr = DE, more: Partial<Setup> = {}): Setup => ({
  ...more,
  MSR: msr,
  spr: { DBCR0: IDM | event, ...more.spr },
})
const ADD = 'addi r3,r3,1'
const JUMP = `b there\n${ADD}\nthere:`

export const trace = [
  T(45, 'both', 'BRT: D(A), the branch is not taken yet', (cpu) => {
    expect(rig(cpu, `nop\n${JUMP}`, on(BRT)).go()).toBe('D+4 BRT')
  }),
  T(46, 'both', 'BRT with DE=0: nothing', (cpu) => {
    expect(rig(cpu, JUMP, on(BRT, 0)).go()).toBe('runs -')
  }),
  T(47, 'both', 'BRT on a branch that is not taken: nothing', (cpu) => {
    const untaken = 'cmpwi r0,1\nbeq there\nthere:\naddi r3,r3,1\nmtmsr r0'
    expect(rig(cpu, untaken, on(BRT)).go()).toBe('runs -')
  }),
  T(48, 'both', 'ICMP: D(A+4), the instruction is done', (cpu) => {
    const r = rig(cpu, ADD, on(ICMP))
    expect([r.go(), r.reg('r3')]).toEqual(['D+4 ICMP', 1])
  }),
  T(49, 'both', 'ICMP with DE=0: nothing', (cpu) => {
    expect(rig(cpu, ADD, on(ICMP, 0)).go()).toBe('runs -')
  }),
  T(50, 'both', 'ICMP on a taken branch: D(target)', (cpu) => {
    expect(rig(cpu, JUMP, on(ICMP)).go()).toBe('D+8 ICMP')
  }),
  T(51, 'both', 'rfi that sets DE: the instruction returned to runs, then D(C+4)', (cpu) => {
    const setup = on(ICMP, 0, { spr: { SRR0: CODE + 8, SRR1: DE } })
    const r = rig(cpu, `rfi\nnop\n${ADD}`, setup)
    expect([r.go(), r.reg('r3')]).toEqual(['D+12 ICMP', 1])
  }),
  T(52, 'both', 'rfci and rfdi likewise', (cpu) => {
    const critical = on(ICMP, 0, { spr: { CSRR0: CODE + 8, CSRR1: DE } })
    expect(rig(cpu, 'rfci\nnop\nnop', critical).go()).toBe('D+12 ICMP')
    if (cpu === 'e500v2') return
    expect(rig(cpu, 'rfdi\nnop\nnop', on(ICMP, 0, { spr: { DSRR0: CODE + 8, DSRR1: DE } })).go()).toBe('D+12 ICMP')
  }),
  T(53, 'both', 'mtmsr that clears DE: recorded without IDE; DE set at B: D(B+4)', (cpu) => {
    expect(rig(cpu, 'mtmsr r0', on(ICMP)).go()).toBe('runs ICMP')
    expect(rig(cpu, 'mtmsr r0\nnop\nmtmsr r5\nnop', on(ICMP, DE, { gpr: { 5: DE } })).go()).toBe('D+12 ICMP')
  }),
  T(54, 'both', 'sc: SRR0=A+4, then D(its vector)', (cpu) => {
    const r = rig(cpu, 'sc', on(ICMP))
    expect([r.go(), r.reg('SRR0')]).toEqual(['D@I8 ICMP', CODE + 4])
  }),
  T(55, 'both', 'a load that misses: SRR0=A, then D(second instruction of the handler)', (cpu) => {
    const setup = on(ICMP, DE, { gpr: { 9: UNMAPPED }, at: { [handler(13)]: 'nop\nnop' } })
    const r = rig(cpu, 'lwz r4,0(r9)', setup)
    expect([r.go(), r.reg('SRR0')]).toEqual(['D@I13+4 ICMP', CODE])
  }),
  T(56, 'both', 'an illegal instruction: Program, then D(second instruction of the handler)', (cpu) => {
    const r = rig(cpu, '.long 0', on(ICMP, DE, { at: { [handler(6)]: 'nop\nnop' } }))
    expect([r.go(), r.reg('SRR0')]).toEqual(['D@I6+4 ICMP', CODE])
  }),
  T(57, 'both', 'left pending and cleared: no interrupt', (cpu) => {
    const source = 'mtmsr r0\nmtspr DBCR0,r7\nmtspr DBSR,r6\nmtmsr r5\nnop'
    expect(rig(cpu, source, on(ICMP, DE, { gpr: { 5: DE, 6: -1, 7: IDM } })).go()).toBe('runs -')
  }),
]
