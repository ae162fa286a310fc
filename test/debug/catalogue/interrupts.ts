// T58 to T68: interrupts taken, returns, unconditional events.
import { expect } from 'vitest'
import { CODE, DBCR0, MSR, rig, type Setup } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IRPT, CIRPT, RET, CRET } = DBCR0
const { DE, EE, CE } = MSR
const DIE = 0x04000000
const ADD = 'addi r3,r3,1'
const on = (event: number, msr = DE, spr: Record<string, number> = {}): Setup => ({
  MSR: msr,
  spr: { DBCR0: IDM | event, ...spr },
})
/** One instruction of four ticks, then it fires. */
const DECREMENTER = { TCR: DIE, DEC: 4 }

export const interrupts = [
  T(58, 'both', 'IRPT: the interrupt, then D(its vector), no instruction of the handler done', (cpu) => {
    const r = rig(cpu, ADD, on(IRPT, DE | EE, DECREMENTER))
    expect([r.go(), r.reg('SRR0')]).toEqual(['D@I10 IRPT', CODE + 4])
  }),
  T(59, 'both', 'IRPT with DE=0: the handler runs, IRPT and IDE are recorded', (cpu) => {
    expect(rig(cpu, ADD, on(IRPT, EE, DECREMENTER)).go()).toBe('I10+4 IRPT|IDE')
  }),
  T(60, 'e500v2', 'IRPT and a critical input: nothing', (cpu) => {
    const r = rig(cpu, ADD, on(IRPT, DE | CE))
    r.vcpu.setCriticalInput(true)
    expect(r.go()).toBe('I0+0 -')
  }),
  T(61, 'e500mc', 'CIRPT: CSRR0 and CSRR1 are kept, D(the vector)', (cpu) => {
    const r = rig(cpu, ADD, on(CIRPT, DE | CE))
    r.vcpu.setCriticalInput(true)
    expect([r.go(), r.reg('CSRR0'), r.reg('CSRR1')]).toEqual(['D@I0 CIRPT', CODE, DE | CE])
  }),
  T(62, 'e500v2', 'RET: the rfi is done, D(C)', (cpu) => {
    expect(rig(cpu, `rfi\n${ADD}\n${ADD}`, on(RET, DE, { SRR0: CODE + 8, SRR1: DE })).go()).toBe('D+8 RET')
  }),
  T(63, 'e500v2', 'RET, the rfi clears DE: recorded without IDE', (cpu) => {
    expect(rig(cpu, 'rfi\nnop\nnop', on(RET, DE, { SRR0: CODE + 8, SRR1: 0 })).go()).toBe('runs RET')
  }),
  T(64, 'e500mc', 'RET: D(A), the rfi is not done', (cpu) => {
    const r = rig(cpu, 'rfi\nnop\nnop', on(RET, DE, { SRR0: CODE + 8, SRR1: DE }))
    expect([r.go(), r.reg('SRR0'), r.reg('SRR1')]).toEqual(['D+0 RET', CODE + 8, DE])
  }),
  T(65, 'both', 'RET with DE=0: the rfi is done, RET and IDE; if it sets DE, D(C) at once', (cpu) => {
    expect(rig(cpu, 'rfi\nnop\nnop', on(RET, 0, { SRR0: CODE + 8, SRR1: 0 })).go()).toBe('runs RET|IDE')
    expect(rig(cpu, 'rfi\nnop\nnop', on(RET, 0, { SRR0: CODE + 8, SRR1: DE })).go()).toBe('D+8 RET|IDE')
  }),
  T(66, 'e500v2', 'RET with DE=0 and rfci: nothing', (cpu) => {
    expect(rig(cpu, 'rfci\nnop\nnop', on(RET, 0, { CSRR0: CODE + 8, CSRR1: 0 })).go()).toBe('runs -')
  }),
  T(67, 'e500mc', 'CRET: D(A), the rfci is not done', (cpu) => {
    const r = rig(cpu, 'rfci\nnop\nnop', on(CRET, DE, { CSRR0: CODE + 8, CSRR1: DE }))
    expect([r.go(), r.reg('CSRR0'), r.reg('CSRR1')]).toEqual(['D+0 CRET', CODE + 8, DE])
    const masked = on(CRET, 0, { CSRR0: CODE + 8, CSRR1: 0 })
    expect(rig(cpu, 'rfci\nnop\nnop', masked).go()).toBe('runs CRET|IDE')
  }),
  T(68, 'both', 'UDE: with DE=0 it waits, with DE=1 D(next)', (cpu) => {
    const masked = rig(cpu, ADD, on(0, 0))
    masked.vcpu.debug.unconditionalEvent()
    expect(masked.go()).toBe('runs UDE|IDE')
    const late = rig(cpu, `mtmsr r5\n${ADD}`, { ...on(0, 0), gpr: { 5: DE } })
    late.vcpu.debug.unconditionalEvent()
    expect([late.go(), late.reg('r3')]).toEqual(['D+4 UDE|IDE', 0])
    const open = rig(cpu, ADD, on(0))
    open.vcpu.debug.unconditionalEvent()
    expect([open.go(), open.reg('r3')]).toEqual(['D+0 UDE', 0])
  }),
]
