// T1 to T10: the registers.
import { expect } from 'vitest'
import { CODE, DBCR0, MSR, rig } from '../rig.ts'
import { T } from './case.ts'

const PIL = 0x08000000
const PPR = 0x04000000
const { IDM, IAC1 } = DBCR0

export const registers = [
  T(1, 'both', 'mtspr DBSR clears the bits that are written as one', (cpu) => {
    const given = { dbsr: 0x80800000 | DBCR0.TRAP | 0 }
    expect(rig(cpu, 'mtspr DBSR,r5', { ...given, gpr: { 5: IAC1 } }).go()).toBe('runs TRAP|IDE')
    expect(rig(cpu, 'mtspr DBSR,r5', given).go()).toBe('runs TRAP|IAC1|IDE')
  }),
  T(2, 'e500mc', 'mtspr DBSRWR stores the value', (cpu) => {
    expect(rig(cpu, 'mtspr DBSRWR,r5', { gpr: { 5: IAC1 } }).go()).toBe('runs IAC1')
    // All but what is reserved (1.4).
    const all = rig(cpu, 'mtspr DBSRWR,r5', { gpr: { 5: -1 } })
    all.go()
    expect(all.reg('DBSR')).toBe(0xffcf8060)
  }),
  T(3, 'both', 'after reset the registers are 0, DBSR has MRR alone, which is no event', (cpu) => {
    const names = ['DBCR1', 'DBCR2', 'IAC1', 'IAC2', 'DAC1', 'DAC2', ...(cpu === 'e500mc' ? ['DBCR4'] : []), 'DBCR0']
    const spr = Object.fromEntries(names.map((name) => [name, name === 'DBCR0' ? IDM | IAC1 : 0x00002000]))
    const r = rig(cpu, 'addi r3,r3,1', { spr })
    r.vcpu.reset()
    expect(names.map(r.reg)).toEqual(names.map(() => 0))
    expect(r.reg('DBSR') & ~0x30000000).toBe(0)
    expect(r.reg('DBSR') & 0x30000000).not.toBe(0)
    expect(rig(cpu, 'nop', { MSR: MSR.DE, spr: { DBCR0: IDM }, dbsr: 0x10000000 }).go()).toBe('runs -')
  }),
  T(4, 'both', 'a write of DBCR0[EDM] leaves EDM as it is', (cpu) => {
    const read = (value: number, ownership: 'shared' | 'host') => {
      const r = rig(cpu, 'mtspr DBCR0,r5\nmfspr r6,DBCR0', { gpr: { 5: value }, ownership })
      r.go()
      return r.reg('r6')
    }
    expect([read(0x80000000 | IDM, 'shared'), read(0, 'host')]).toEqual([IDM, 0x80000000])
  }),
  T(5, 'e500v2', 'IAC3 and DVC1 are not there: Program, PIL', (cpu) => {
    for (const source of ['mfspr r3,314', 'mtspr 314,r3', 'mfspr r3,318', 'mtspr 318,r3']) {
      const r = rig(cpu, source)
      expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PIL])
    }
  }),
  T(6, 'both', 'mfspr DBCR0 in user mode: Program, PPR', (cpu) => {
    const r = rig(cpu, 'mfspr r3,DBCR0', { MSR: MSR.PR })
    expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PPR])
  }),
  T(7, 'e500mc', "a guest's supervisor that writes DBCR0 comes to IVOR41", (cpu) => {
    const r = rig(cpu, 'mtspr DBCR0,r5', { MSR: MSR.GS, gpr: { 5: IDM } })
    expect([r.go(), r.reg('DBCR0')]).toEqual(['I41+0 -', 0])
  }),
  T(8, 'e500mc', "a guest's user that writes DBCR0: Program, PPR, to the hypervisor", (cpu) => {
    const r = rig(cpu, 'mtspr DBCR0,r5', { MSR: MSR.GS | MSR.PR })
    expect([r.go(), r.reg('ESR'), r.reg('MSR') & MSR.GS]).toEqual(['I6+0 -', PPR, 0])
  }),
  T(9, 'e500v2', 'rfdi and DSRR0 are not there: Program, PIL', (cpu) => {
    for (const source of ['.long 0x4c00004e', 'mtspr 574,r3']) {
      const r = rig(cpu, source)
      expect([r.go(), r.reg('ESR')]).toEqual(['I6+0 -', PIL])
    }
  }),
  T(10, 'both', 'IAC1US=01 never matches', (cpu) => {
    const spr = { DBCR0: IDM | IAC1, IAC1: CODE, DBCR1: 0x40000000 }
    expect(rig(cpu, 'nop', { MSR: MSR.DE, spr }).go()).toBe('runs -')
  }),
]
