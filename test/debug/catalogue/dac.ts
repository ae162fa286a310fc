// T27 to T37: data address compares.
import { expect } from 'vitest'
import { CODE, DATA, DBCR0, handler, MSR, rig, type Setup, UNMAPPED } from '../rig.ts'
import { T } from './case.ts'

const { IDM, DAC1R, DAC1W } = DBCR0
const { DE, PR } = MSR
const X = DATA + 0x40
const on = (enables: number, more: Partial<Setup> = {}, spr: Record<string, number> = {}): Setup => ({
  MSR: DE,
  ...more,
  gpr: { 3: 7, 9: X, ...more.gpr },
  spr: { DBCR0: IDM | enables, DAC1: X, ...spr },
})

export const dac = [
  T(27, 'both', 'loads only: a store passes, a load is suppressed', (cpu) => {
    const r = rig(cpu, 'stw r3,0(r9)\nlwz r4,0(r9)', on(DAC1R))
    expect([r.go(), r.reg('r4'), r.machine.memory.read(X, 4)]).toEqual(['D+4 DAC1R', 0, 7])
  }),
  T(28, 'both', 'stores only: a load passes, a store is suppressed', (cpu) => {
    const r = rig(cpu, 'lwz r4,0(r9)\nstw r3,0(r9)', on(DAC1W))
    expect([r.go(), r.machine.memory.read(X, 4)]).toEqual(['D+4 DAC1W', 0])
  }),
  T(29, 'both', 'with DE=0 the load completes', (cpu) => {
    const r = rig(cpu, 'stw r3,0(r9)\nlwz r4,0(r9)', on(DAC1R, { MSR: 0 }))
    expect([r.go(), r.reg('r4')]).toEqual(['runs DAC1R|IDE', 7])
  }),
  T(30, 'both', 'an unmapped X: the TLB error first, nothing recorded; mapped and tried again: D(A)', (cpu) => {
    const setup = on(DAC1R, { gpr: { 9: UNMAPPED } }, { DAC1: UNMAPPED })
    expect(rig(cpu, 'lwz r4,0(r9)', setup).go()).toBe('I13+0 -')
    const map = 'mtspr MAS0,r10\nmtspr MAS1,r11\nmtspr MAS2,r9\nmtspr MAS3,r12\ntlbwe\nrfi'
    const entry = { 9: UNMAPPED, 10: 0x10050000, 11: 0x80000100 | 0, 12: 0x803f }
    const mapping = { ...setup, gpr: entry, at: { [handler(13)]: map } }
    expect(rig(cpu, 'lwz r4,0(r9)', mapping).go()).toBe('D+0 DAC1R')
  }),
  T(31, 'both', 'a load whose first byte is not X does not match', (cpu) => {
    // Nor if X, the watched byte, starts the next doubleword, as it does first: a scalar is one access.
    for (const DAC1 of [X, X + 4])
      expect(rig(cpu, 'lwz r4,-3(r9)', on(DAC1R, { gpr: { 9: DAC1 } }, { DAC1 })).go()).toBe('runs -')
  }),
  T(32, 'both', 'inclusive range: X+15 hits, X+16 not', (cpu) => {
    const spr = { DBCR2: 0x00800000, DAC2: X + 16 }
    expect(rig(cpu, 'stb r3,16(r9)\nstb r3,15(r9)', on(DAC1W, {}, spr)).go()).toBe('D+4 DAC1W')
  }),
  T(33, 'both', 'exclusive range and mask', (cpu) => {
    const exclusive = { DBCR2: 0x00c00000, DAC2: X + 8 }
    for (const outside of [-1, 8])
      expect(rig(cpu, `stb r3,0(r9)\nstb r3,7(r9)\nstb r3,${outside}(r9)`, on(DAC1W, {}, exclusive)).go()).toBe(
        'D+8 DAC1W',
      )
    const mask = { DBCR2: 0x00400000, DAC2: -16 }
    expect(rig(cpu, 'stb r3,-1(r9)\nstb r3,16(r9)\nstb r3,9(r9)', on(DAC1W, {}, mask)).go()).toBe('D+8 DAC1W')
    const both = { DBCR0: IDM | DAC1W | DBCR0.DAC2W, ...mask }
    expect(rig(cpu, 'stb r3,9(r9)', on(0, {}, both)).go()).toBe('D+0 DAC1W|DAC2W')
  }),
  T(34, 'both', 'a suppressed update form leaves RA', (cpu) => {
    const r = rig(cpu, 'stwu r3,4(r9)', on(DAC1W, { gpr: { 9: X - 4 } }))
    expect([r.go(), r.reg('r9')]).toEqual(['D+0 DAC1W', X - 4])
  }),
  T(35, 'both', 'lmw with X in its middle: D(A), and the whole afterwards', (cpu) => {
    const [saved, back] = cpu === 'e500mc' ? ['DSRR0', 'rfdi'] : ['CSRR0', 'rfci']
    const off = `mtspr DBCR0,r8\n${back}`
    const r = rig(cpu, 'stmw r28,-8(r9)\nlmw r28,-8(r9)', {
      ...on(DAC1R, { gpr: { 8: 0, 28: 1, 29: 2, 30: 3, 31: 4 } }),
      at: { [handler(15)]: `mfspr r6,${saved}\naddi r28,r0,9\naddi r7,r7,1\n${off}` },
    })
    r.go()
    expect(['r6', 'r7', 'r28', 'r29', 'r30', 'r31'].map(r.reg)).toEqual([CODE + 4, 1, 1, 2, 3, 4])
  }),
  T(36, 'both', 'cache operations are loads or stores (C11)', (cpu) => {
    for (const store of ['dcbz', 'dcba', 'dcbi', 'dcbst', 'dcbf']) {
      expect(rig(cpu, `${store} r0,r9`, on(DAC1W)).go(), store).toBe('D+0 DAC1W')
      expect(rig(cpu, `${store} r0,r9`, on(DAC1R)).go(), store).toBe('runs -')
    }
    if (cpu === 'e500mc') {
      for (const store of ['dcbal', 'dcbzl', 'dcbzep', 'dcbstep', 'dcbfep'])
        expect(rig(cpu, `${store} r0,r9`, on(DAC1W)).go(), store).toBe('D+0 DAC1W')
      expect(rig(cpu, 'icbiep r0,r9', on(DAC1R)).go()).toBe('D+0 DAC1R')
    }
    for (const load of ['dcbt r0,r9', 'dcbtst r0,r9', 'icbt r0,r9', 'icbi r0,r9'])
      expect(rig(cpu, load, on(DAC1R)).go(), load).toBe('D+0 DAC1R')
    const nothing = on(DAC1R, { gpr: { 9: UNMAPPED } }, { DAC1: UNMAPPED })
    expect(rig(cpu, 'dcbt r0,r9', nothing).go()).toBe('runs -')
  }),
  T(37, 'both', 'DAC2US=10: not in user mode', (cpu) => {
    const spr = { DBCR0: IDM | DBCR0.DAC2R, DAC2: X, DBCR2: 0x08000000 }
    expect(rig(cpu, 'lwz r4,0(r9)', on(0, { MSR: DE | PR }, spr)).go()).toBe('runs -')
    expect(rig(cpu, 'lwz r4,0(r9)', on(0, {}, spr)).go()).toBe('D+0 DAC2R')
    // By external PID: EPLC[EPR] and [EAS] stand for PR and DS.
    if (cpu !== 'e500mc') return
    const external = (EPLC: number, DBCR2: number) =>
      rig(cpu, 'lwepx r4,r0,r9', on(0, {}, { ...spr, DBCR2, EPLC })).go()
    expect(external(0, 0x08000000)).toBe('D+0 DAC2R')
    expect(external(0, 0x0c000000)).toBe('runs -')
    expect(external(0x40000000, 0x03000000)).toBe('D+0 DAC2R')
    expect(external(0x40000000, 0x02000000)).toBe('runs -')
  }),
]
