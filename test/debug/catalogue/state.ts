// T69 to T83: the state after the interrupt, DUVD, FT, and what MSRP protects.
import { expect } from 'vitest'
import { CODE, DBCR0, handler, MSR, rig, type Setup } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IAC1, FT } = DBCR0
const { DE, EE, CE, ME, PR, GS } = MSR
const DUVD = 0x04000000
const DEP = 0x200
const DSIGS = 0x10000000
const RI = 2
const ADD = 'addi r3,r3,1'
const on = (msr: number, spr: Record<string, number> = {}): Setup => ({
  MSR: msr,
  spr: { DBCR0: IDM | IAC1, IAC1: CODE, ...spr },
})
const MAS = { MAS0: 0x10010000, MAS1: 0x100, MAS2: 0x3000, MAS3: 0x3015, MAS4: 0x100, MAS6: 0x50000 }
const deOf = (r: ReturnType<typeof rig>) => r.reg('MSR') & DE

export const state = [
  T(69, 'e500v2', 'after D: MSR is ME alone, CSRR1 the old one, SRR unchanged; rfci resumes', (cpu) => {
    const msr = DE | ME | CE | EE
    const r = rig(cpu, ADD, { ...on(msr, { SRR0: 0x40, SRR1: 0x50 }), at: {} })
    expect(r.go()).toBe('D+0 IAC1')
    expect(['MSR', 'CSRR1', 'SRR0', 'SRR1'].map(r.reg)).toEqual([ME, msr, 0x40, 0x50])
    const back = { ...on(msr), gpr: { 6: -1, 7: 0 }, at: { [handler(15)]: 'mtspr DBCR0,r7\nmtspr DBSR,r6\nrfci' } }
    const resumed = rig(cpu, ADD, back)
    expect([resumed.go(), resumed.reg('r3'), resumed.reg('MSR')]).toEqual(['runs -', 1, msr])
  }),
  T(70, 'e500mc', 'after D: DE=0, GS=0, ME and RI kept, DSRR1 the old MSR, CSRR, SRR, ESR, DEAR unchanged', (cpu) => {
    const msr = DE | ME | CE | EE | RI | GS
    const spr = { SRR0: 0x40, SRR1: 0x50, CSRR0: 0x60, CSRR1: 0x70, ESR: 0x80, DEAR: 0x90, ...MAS }
    const r = rig(cpu, ADD, on(msr, spr))
    expect(r.go()).toBe('D+0 IAC1')
    expect(['MSR', 'DSRR1', ...Object.keys(spr)].map(r.reg)).toEqual([ME | RI, msr, ...Object.values(spr)])
  }),
  T(71, 'both', 'CE=0 does not mask it', (cpu) => {
    expect(rig(cpu, ADD, on(DE)).go()).toBe('D+0 IAC1')
  }),
  T(72, 'both', 'a base class interrupt keeps DE', (cpu) => {
    const r = rig(cpu, 'sc', { MSR: DE })
    expect([r.go(), deOf(r)]).toEqual(['I8+4 -', DE])
  }),
  T(73, 'both', 'a critical interrupt clears DE on the e500v2 and keeps it on the e500mc', (cpu) => {
    const r = rig(cpu, ADD, { MSR: DE | CE })
    r.vcpu.setCriticalInput(true)
    expect([r.go(), deOf(r)]).toEqual(['I0+0 -', cpu === 'e500v2' ? 0 : DE])
  }),
  T(74, 'both', 'a machine check clears CE, DE and ME, and uses MCSRR', (cpu) => {
    const r = rig(cpu, ADD, { MSR: DE | CE | ME })
    r.vcpu.reportMachineCheck(0x80000000 | 0)
    expect([r.go(), r.reg('MSR'), r.reg('MCSRR1')]).toEqual(['I1+0 -', 0, DE | CE | ME])
  }),
  T(75, 'e500mc', 'DUVD: nothing in the hypervisor, UDE included; recorded in guest state', (cpu) => {
    const r = rig(cpu, ADD, on(DE, { EPCR: DUVD }))
    r.vcpu.debug.unconditionalEvent()
    expect(r.go()).toBe('runs -')
    // The interrupt itself leaves guest state.
    expect(rig(cpu, ADD, on(DE | GS, { EPCR: DUVD })).go()).toBe('D+0 IAC1')
    // It counts from the instruction on that clears it.
    const traced = { MSR: DE, spr: { DBCR0: IDM | DBCR0.ICMP, EPCR: DUVD } }
    expect(rig(cpu, `mtspr 307,r7\n${ADD}\n${ADD}`, traced).go()).toBe('D+8 ICMP')
  }),
  T(76, 'e500mc', "DUVD: recorded in the hypervisor's user mode", (cpu) => {
    expect(rig(cpu, ADD, on(DE | PR, { EPCR: DUVD })).go()).toBe('D+0 IAC1')
  }),
  T(77, 'both', 'FT: with an event in DBSR the timers stand, until it is cleared', (cpu) => {
    const source = `${ADD}\nmfspr r10,DEC\nmfspr r11,268\nnop\nnop\nmfspr r12,DEC\nmfspr r13,268\nmtspr DBSR,r6\nnop\nmfspr r14,DEC`
    const r = rig(cpu, source, { spr: { DBCR0: IDM | IAC1 | FT, IAC1: CODE, DEC: 1000 }, gpr: { 6: -1 } })
    r.go()
    expect([r.reg('r12') - r.reg('r10'), r.reg('r13') - r.reg('r11')]).toEqual([0, 0])
    expect(r.reg('r14')).toBeLessThan(r.reg('r12'))
    // TCR[WPEXT] and [FPEXT] select bit 60 of the time base, which is 1 after 8 ticks: TSR[ENW], TSR[FIS].
    const TSR = (dbsr: number) => {
      const timed = rig(cpu, ADD, { spr: { DBCR0: FT, TCR: 0x1fe000 }, dbsr })
      timed.go()
      return timed.reg('TSR') & 0x84000000
    }
    expect([TSR(0) >>> 0, TSR(IAC1)]).toEqual([0x84000000, 0])
  }),
  T(78, 'e500mc', 'DEP: a guest that clears DE by mtmsr does not', (cpu) => {
    const r = rig(cpu, 'mtmsr r0', { MSR: DE | GS, spr: { MSRP: DEP } })
    expect([r.go(), deOf(r)]).toEqual(['runs -', DE])
  }),
  T(79, 'e500mc', "DEP: a guest's rfi does not set DE", (cpu) => {
    const r = rig(cpu, 'rfi\nnop\nnop', { MSR: GS, spr: { MSRP: DEP, GSRR0: CODE + 8, GSRR1: DE | GS } })
    expect([r.go(), deOf(r)]).toEqual(['runs -', 0])
  }),
  T(80, 'e500mc', 'without DEP a guest changes DE by itself', (cpu) => {
    const r = rig(cpu, 'mtmsr r5\nmfmsr r6\nmtmsr r0\nmfmsr r7', { MSR: GS, gpr: { 5: DE } })
    expect([r.go(), r.reg('r6') & DE, r.reg('r7') & DE]).toEqual(['runs -', DE, 0])
  }),
  T(81, 'e500mc', 'DEP does not bind the hypervisor: mtmsr changes DE, rfi into the guest loads it', (cpu) => {
    const r = rig(cpu, 'mtmsr r5\nmfmsr r6\nrfi\nnop\nnop', {
      gpr: { 5: DE },
      spr: { MSRP: DEP, SRR0: CODE + 16, SRR1: GS },
    })
    expect([r.go(), r.reg('r6') & DE, r.reg('MSR')]).toEqual(['runs -', DE, GS])
  }),
  T(82, 'e500mc', "a guest's rfdi and rfci come to IVOR41", (cpu) => {
    for (const source of ['rfdi', 'rfci']) expect(rig(cpu, source, { MSR: GS }).go()).toBe('I41+0 -')
  }),
  T(83, 'e500mc', 'a debug event in the guest enters the hypervisor, DSRR1[GS]=1', (cpu) => {
    const r = rig(cpu, ADD, on(DE | GS, { EPCR: DSIGS }))
    expect([r.go(), r.reg('MSR') & GS, r.savedMsr() & GS]).toEqual(['D+0 IAC1', 0, GS])
  }),
]
