// T11 to T26: instruction address compares.
import { expect } from 'vitest'
import { CODE, DBCR0, handler, MSR, rig, type Setup, UNMAPPED } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IAC1, IAC2 } = DBCR0
const { DE, PR, IS, CE, EE } = MSR
const on = (more: Record<string, number> = {}, msr = DE): Setup => ({
  MSR: msr,
  spr: { DBCR0: IDM | IAC1, IAC1: CODE, ...more },
})
const ADD = 'addi r3,r3,1'
/** Turns DE on at CODE+8. */
const LATER = `${ADD}\nnop\nmtmsr r5\nnop`
/** The places that hit, by what would have been executed: each handler clears DBSR and goes over the instruction. */
const OVER = (cpu: string) =>
  cpu === 'e500mc'
    ? 'mfspr r20,DSRR0\nstwu r20,4(r21)\naddi r20,r20,4\nmtspr DSRR0,r20\nmtspr DBSR,r22\nrfdi'
    : 'mfspr r20,CSRR0\nstwu r20,4(r21)\naddi r20,r20,4\nmtspr CSRR0,r20\nmtspr DBSR,r22\nrfci'
function hits(cpu: 'e500v2' | 'e500mc', spr: Record<string, number>, msr: number): number[] {
  const r = rig(cpu, 'nop\nnop\nnop\nnop\nnop', {
    MSR: msr,
    spr: { DBCR0: IDM | IAC1, ...spr },
    gpr: { 21: 0x7ffc, 22: -1 },
    at: { [handler(15)]: OVER(cpu) },
  })
  // To the loop behind the five, whose own hits, if any, end the list.
  r.machine.run(5 + 6 * 5)
  const count = (r.reg('r21') - 0x7ffc) / 4
  const all = Array.from({ length: count }, (_, n) => r.machine.memory.read(0x8000 + 4 * n, 4) - CODE)
  return [...new Set(all)].filter((offset) => offset < 20)
}

export const iac = [
  T(11, 'both', 'with DE and IDM: D(A), the instruction has no effect', (cpu) => {
    const r = rig(cpu, ADD, on())
    expect([r.go(), r.reg('r3')]).toEqual(['D+0 IAC1', 0])
  }),
  T(12, 'both', 'with DE=0 it runs, IAC1 and IDE are recorded', (cpu) => {
    const r = rig(cpu, ADD, on({}, 0))
    expect([r.go(), r.reg('r3')]).toEqual(['runs IAC1|IDE', 1])
  }),
  T(13, 'both', 'mtmsr that sets DE at B: D(B+4)', (cpu) => {
    expect(rig(cpu, LATER, { ...on({}, 0), gpr: { 5: DE } }).go()).toBe('D+12 IAC1|IDE')
  }),
  T(14, 'both', 'DBSR cleared before: no interrupt', (cpu) => {
    const setup = { ...on({}, 0), gpr: { 5: DE, 6: -1 } }
    expect(rig(cpu, `${ADD}\nmtspr DBSR,r6\nmtmsr r5\nnop`, setup).go()).toBe('runs -')
  }),
  T(15, 'both', 'rfi to C with SRR1[DE]: D(C)', (cpu) => {
    expect(rig(cpu, `${ADD}\nrfi\nnop\nnop`, on({ SRR0: CODE + 12, SRR1: DE }, 0)).go()).toBe('D+12 IAC1|IDE')
  }),
  T(16, 'both', 'IDM=0: recorded without IDE; IDM at B: D(B+4)', (cpu) => {
    const setup = on({ DBCR0: IAC1 })
    const r = rig(cpu, ADD, setup)
    expect([r.go(), r.reg('r3')]).toEqual(['runs IAC1', 1])
    expect(rig(cpu, `${ADD}\nmtspr DBCR0,r5\nnop`, { ...setup, gpr: { 5: IDM | IAC1 } }).go()).toBe('D+8 IAC1')
  }),
  T(17, 'both', 'IAC1US=11: user mode only', (cpu) => {
    const only = { DBCR1: 0xc0000000 | 0 }
    expect(rig(cpu, ADD, on(only)).go()).toBe('runs -')
    expect(rig(cpu, ADD, on(only, DE | PR)).go()).toBe('D+0 IAC1')
  }),
  T(18, 'both', 'IAC1ER=10: address space 0 only', (cpu) => {
    const only = { DBCR1: 0x20000000 }
    expect(rig(cpu, ADD, on(only, DE | IS)).go()).toBe('runs -')
    expect(rig(cpu, ADD, on(only)).go()).toBe('D+0 IAC1')
  }),
  T(19, 'both', 'inclusive range: A and A+4, not A+8', (cpu) => {
    expect(hits(cpu, { DBCR1: 0x00800000, IAC1: CODE + 4, IAC2: CODE + 12 }, DE)).toEqual([4, 8])
  }),
  T(20, 'both', 'exclusive range, user mode: A-4 and A+8, not A, A+4', (cpu) => {
    const spr = { DBCR1: 0xccc00000 | 0, IAC1: CODE + 4, IAC2: CODE + 12 }
    expect(hits(cpu, spr, DE | PR)).toEqual([0, 12, 16])
  }),
  T(21, 'both', 'mask: anywhere in the page', (cpu) => {
    // In user mode, so that the handler's own instructions are not counted.
    const spr = { DBCR1: 0xcc400000 | 0, IAC1: CODE, IAC2: 0xfffff000 | 0 }
    expect(hits(cpu, spr, DE | PR)).toEqual([0, 4, 8, 12, 16])
  }),
  T(22, 'both', 'both enables in a pair mode: both bits', (cpu) => {
    const spr = { DBCR0: IDM | IAC1 | IAC2, DBCR1: 0x00800000, IAC2: CODE + 8 }
    expect(rig(cpu, ADD, on(spr)).go()).toBe('D+0 IAC1|IAC2')
  }),
  T(23, 'both', 'an unmapped address: D(A), no TLB error', (cpu) => {
    const r = rig(cpu, 'mtctr r5\nbctr', { ...on({ IAC1: UNMAPPED }), gpr: { 5: UNMAPPED } })
    r.go()
    expect([r.reg('pc'), r.reg(cpu === 'e500mc' ? 'DSRR0' : 'CSRR0'), r.dbsr()]).toEqual([
      handler(15),
      UNMAPPED,
      'IAC1',
    ])
  }),
  T(24, 'both', 'an illegal word: D(A), no Program', (cpu) => {
    expect(rig(cpu, '.long 0', on()).go()).toBe('D+0 IAC1')
  }),
  T(25, 'both', 'returning with the IAC still on: D(A) again', (cpu) => {
    const back = `mtspr DBSR,r6\naddi r7,r7,1\n${cpu === 'e500mc' ? 'rfdi' : 'rfci'}`
    const r = rig(cpu, ADD, { ...on(), gpr: { 6: -1 }, at: { [handler(15)]: back } })
    r.machine.run(12)
    expect([r.reg('r7'), r.reg('r3')]).toEqual([3, 0])
  }),
  T(26, 'both', 'an external or critical input pending before A: first, then D(A)', (cpu) => {
    const at = { [handler(0)]: 'addi r7,r7,1\nrfci', [handler(4)]: 'addi r7,r7,2\nrfi' }
    const critical = rig(cpu, ADD, { ...on({}, DE | CE), at })
    critical.vcpu.setCriticalInput(true)
    critical.machine.run(1)
    critical.vcpu.setCriticalInput(false)
    expect([critical.go(), critical.reg('r7')]).toEqual(['D+0 IAC1', 1])
    const external = rig(cpu, ADD, { ...on({}, DE | EE), at })
    external.setExternalInput(true)
    external.machine.run(1)
    external.setExternalInput(false)
    expect([external.go(), external.reg('r7')]).toEqual(['D+0 IAC1', 2])
  }),
]
