// T113 to T131: order, levels, returns, and the host's step.
import { expect } from 'vitest'
import { CODE, DATA, DBCR0, handler, MSR, rig, type Setup, UNMAPPED } from '../rig.ts'
import { T } from './case.ts'

const { IDM, IAC1, ICMP, BRT, IRPT, FT } = DBCR0
const { DE, EE, CE, GS, WE } = MSR
const DIE = 0x04000000
const ADD = 'addi r3,r3,1'
const on = (event: number, msr = DE, more: Partial<Setup> = {}): Setup => ({
  ...more,
  MSR: msr,
  spr: { DBCR0: IDM | event, ...more.spr },
})
const back = (cpu: string) => (cpu === 'e500mc' ? 'rfdi' : 'rfci')
const saves = (cpu: string, address: number, msr: number) =>
  cpu === 'e500mc' ? { DSRR0: address, DSRR1: msr } : { CSRR0: address, CSRR1: msr }
const CLEAR = 'mtspr DBSR,r6\naddi r7,r7,1'
/** The handler clears DBSR and returns. */
const clearing = (cpu: string) => ({ [handler(15)]: `${CLEAR}\n${back(cpu)}` })

export const further = [
  T(
    113,
    'both',
    'ICMP and the decrementer: raised while A executes D(A+4) first, raised before A the interrupt',
    (cpu) => {
      const during = rig(cpu, ADD, on(ICMP, DE | EE, { spr: { TCR: DIE, DEC: 4 } }))
      expect([during.go(), during.savedMsr() & EE]).toEqual(['D+4 ICMP', EE])
      const before = rig(cpu, ADD, on(ICMP, DE | EE, { spr: { TCR: DIE }, at: { [handler(10)]: 'nop\nnop' } }))
      before.vcpu.sprs[336] = 0x08000000
      expect([before.go(), before.reg('SRR0')]).toEqual(['D@I10+4 ICMP', CODE])
    },
  ),
  T(114, 'both', 'an event and a critical input, both freed by one rfi: the critical one first', (cpu) => {
    const spr = { SRR0: CODE + 8, SRR1: DE | CE }
    const r = rig(cpu, 'rfi\nnop\nnop', on(0, 0, { spr, dbsr: DBCR0.TRAP, at: { [handler(0)]: 'rfci' } }))
    r.vcpu.setCriticalInput(true)
    r.machine.run(1)
    if (cpu === 'e500mc') {
      // The critical handler begins with DE=1.
      expect([r.go(), r.reg('CSRR0'), r.reg('CSRR1')]).toEqual(['D@I0 TRAP', CODE + 8, DE | CE])
      return
    }
    r.vcpu.takePending()
    expect(['pc', 'CSRR0', 'CSRR1'].map(r.reg)).toEqual([handler(0), CODE + 8, DE | CE])
    r.vcpu.setCriticalInput(false)
    expect(r.go()).toBe('D+8 TRAP')
  }),
  T(115, 'both', 'the decrementer pending before A, and an IAC: D(A) first', (cpu) => {
    const r = rig(cpu, ADD, on(IAC1, DE, { spr: { IAC1: CODE, TCR: DIE } }))
    r.vcpu.sprs[336] = 0x08000000
    r.vcpu.setMsr(DE | EE)
    expect([r.go(), r.savedMsr() & EE]).toEqual(['D+0 IAC1', EE])
    const setup = { MSR: 0, gpr: { 6: -1, 8: 0 }, at: { [handler(15)]: `mtspr DBCR0,r8\n${CLEAR}\n${back(cpu)}` } }
    const after = rig(cpu, ADD, { ...setup, spr: { DBCR0: IDM | IAC1, IAC1: CODE, TCR: DIE } })
    after.vcpu.sprs[336] = 0x08000000
    after.vcpu.setMsr(DE | EE)
    expect([after.go(), after.reg('r7'), after.reg('SRR0'), after.reg('r3')]).toEqual(['I10+0 -', 1, CODE, 0])
  }),
  T(116, 'both', 'a return to C with an event left in DBSR: D(C) at once, IDE unchanged', (cpu) => {
    const setup = on(0, 0, { spr: saves(cpu, CODE + 8, DE), dbsr: IAC1 })
    expect(rig(cpu, `${back(cpu)}\nnop\nnop`, setup).go()).toBe('D+8 IAC1')
  }),
  T(117, 'both', "an IAC on the decrementer's vector; with IRPT that first", (cpu) => {
    const spr = { IAC1: handler(10), TCR: DIE, DEC: 4 }
    const r = rig(cpu, ADD, on(IAC1, DE | EE, { spr }))
    expect([r.go(), r.reg('SRR0'), r.savedMsr()]).toEqual(['D@I10 IAC1', CODE + 4, DE])
    const log = `addi r24,r25,0\nmfspr r25,DBSR\nmtspr DBSR,r6\naddi r7,r7,1\ncmpwi r7,2\nbeq stop\n${back(cpu)}\nstop:\nb stop`
    const setup = on(IAC1 | IRPT, DE | EE, { spr, gpr: { 6: -1 }, at: { [handler(15)]: log } })
    const both = rig(cpu, ADD, setup)
    both.go()
    expect([both.reg('r24'), both.reg('r25'), both.reg(cpu === 'e500mc' ? 'DSRR0' : 'CSRR0')]).toEqual([
      ...[IRPT, IAC1, handler(10)],
    ])
  }),
  T(118, 'e500mc', 'DBCR4[DAC1XM]=n: the low n bits do not count; 13 to 15 ignore none', (cpu) => {
    const store = (XM: number, address: number) =>
      rig(cpu, 'stb r3,0(r9)', {
        ...on(DBCR0.DAC1W, DE, { spr: { DAC1: DATA, DBCR4: XM << 12 } }),
        gpr: { 9: address },
      }).go()
    expect([store(0, DATA + 1), store(1, DATA + 1), store(1, DATA + 2)]).toEqual(['runs -', 'D+0 DAC1W', 'runs -'])
    expect([store(12, DATA + 0xfff), store(12, DATA + 0x1000)]).toEqual(['D+0 DAC1W', 'runs -'])
    for (const XM of [13, 14, 15]) expect([store(XM, DATA), store(XM, DATA + 1)]).toEqual(['D+0 DAC1W', 'runs -'])
    const second = { DBCR0: IDM | DBCR0.DAC2W, DAC2: DATA, DBCR4: 0x300 }
    const third = (address: number) => rig(cpu, 'stb r3,0(r9)', { MSR: DE, spr: second, gpr: { 9: address } }).go()
    expect([third(DATA + 7), third(DATA + 8)]).toEqual(['D+0 DAC2W', 'runs -'])
  }),
  T(119, 'both', 'an IAC inside the TLB miss handler: MAS, DEAR, ESR, SRR unchanged, the miss ends well', (cpu) => {
    const map = 'nop\nmtspr MAS0,r10\nmtspr MAS1,r11\nmtspr MAS2,r9\nmtspr MAS3,r12\ntlbwe\nrfi'
    const gpr = { 6: -1, 8: 0, 9: UNMAPPED, 10: 0x10050000, 11: 0x80000100 | 0, 12: 0x803f }
    const names = ['MAS0', 'MAS1', 'MAS2', 'MAS3', 'MAS4', 'MAS6', 'DEAR', 'ESR', 'SRR0', 'SRR1', 'SPRG0', 'SPRG4']
    const missing = (event: number, at: Record<number, string>) =>
      rig(cpu, 'stw r6,0(r9)\nlwz r4,0(r9)', {
        ...{ MSR: DE, gpr, at: { [handler(13)]: map, ...at } },
        spr: { DBCR0: IDM | event, IAC1: handler(13) + 4, SPRG0: 5, SPRG4: 6 },
      })
    const [alone, under] = [missing(0, { [handler(13) + 4]: 'here:\nb here' }), missing(IAC1, {})]
    alone.go()
    expect([under.go(), under.savedMsr() & DE]).toEqual(['D@I13+4 IAC1', DE])
    expect(names.map(under.reg)).toEqual(names.map(alone.reg))
    expect([under.reg('DEAR'), under.reg('SRR0')]).toEqual([UNMAPPED, CODE])
    const returning = missing(IAC1, { [handler(15)]: `mtspr DBCR0,r8\n${CLEAR}\n${back(cpu)}` })
    expect([returning.go(), returning.reg('r7'), returning.reg('r4')]).toEqual(['runs -', 1, 0xffffffff])
  }),
  T(120, 'both', 'BRT on bl and bdnz: LR and CTR unchanged; with ICMP: BRT alone', (cpu) => {
    const call = rig(cpu, 'bl there\nnop\nthere:\nnop', on(BRT | ICMP))
    expect([call.go(), call.reg('LR')]).toEqual(['D+0 BRT', 0])
    const loop = rig(cpu, 'bdnz there\nnop\nthere:\nnop', on(BRT))
    loop.vcpu.setRegister('CTR', 5)
    expect([loop.go(), loop.reg('CTR')]).toEqual(['D+0 BRT', 5])
  }),
  T(121, 'both', 'enables are sampled before each instruction', (cpu) => {
    const set = rig(cpu, `mtspr DBCR0,r5\n${ADD}`, on(0, DE, { gpr: { 5: IDM | ICMP } }))
    expect(set.go()).toBe('D+8 ICMP')
    const clear = rig(cpu, `mtspr DBCR0,r5\n${ADD}`, on(ICMP, DE, { gpr: { 5: IDM } }))
    expect(clear.go()).toBe('D+4 ICMP')
  }),
  T(122, 'both', 'one ICMP each; the reservation survives D and the return', (cpu) => {
    for (const one of [
      'isync',
      'wrtee r3',
      'mtspr SPRG0,r3',
      'tlbwe',
      'lwarx r4,r0,r9',
      'stwcx. r4,r0,r9',
      'lmw r29,0(r9)',
      'dcbz r0,r9',
    ])
      expect(rig(cpu, one, on(ICMP, DE, { gpr: { 9: DATA } })).go(), one).toBe('D+4 ICMP')
    const source = 'lwarx r4,r0,r9\nnop\nstwcx. r3,r0,r9\nmtmsr r0'
    const r = rig(cpu, source, on(ICMP, DE, { gpr: { 3: 7, 6: -1, 9: DATA }, at: clearing(cpu) }))
    r.go()
    expect([r.machine.memory.read(DATA, 4), r.reg('r7')]).toEqual([7, 3])
  }),
  T(123, 'both', 'rfi with ICMP: DE before and after D(C); DE before only: as T53', (cpu) => {
    expect(rig(cpu, 'rfi\nnop\nnop', on(ICMP, DE, { spr: { SRR0: CODE + 8, SRR1: DE } })).go()).toBe('D+8 ICMP')
    expect(rig(cpu, 'rfi\nnop\nnop', on(ICMP, DE, { spr: { SRR0: CODE + 8, SRR1: 0 } })).go()).toBe('runs ICMP')
  }),
  T(
    124,
    'both',
    'a pending event, rfi to an unmapped C under an IAC: the old bits, then the IAC, then the TLB error',
    (cpu) => {
      const spr = { SRR0: UNMAPPED, SRR1: DE, IAC1: UNMAPPED }
      // DBSR and where it came from, one pair of words for each debug interrupt; r8 is DBCR0 after the second.
      const saved = cpu === 'e500mc' ? 'DSRR0' : 'CSRR0'
      const log = `mfspr r20,DBSR\nstwu r20,4(r21)\nmfspr r20,${saved}\nstwu r20,4(r21)\n${CLEAR}`
      const at = { [handler(15)]: `${log}\ncmpwi r7,2\nbne over\nmtspr DBCR0,r8\nover:\n${back(cpu)}` }
      const gpr = { 6: -1, 8: IDM, 21: DATA - 4 }
      const r = rig(cpu, 'rfi', on(IAC1, 0, { spr, gpr, at, dbsr: DBCR0.TRAP }))
      r.go()
      expect([0, 4, 8, 12, 16].map((offset) => r.machine.memory.read(DATA + offset, 4))).toEqual([
        ...[DBCR0.TRAP, UNMAPPED, IAC1, UNMAPPED, 0],
      ])
      expect([r.reg('pc'), r.reg('SRR0')]).toEqual([handler(14), UNMAPPED])
    },
  ),
  T(125, 'both', 'mtspr DBSR under an IAC on itself, DE=0: set wins', (cpu) => {
    expect(rig(cpu, 'mtspr DBSR,r6', on(IAC1, 0, { spr: { IAC1: CODE }, gpr: { 6: -1 } })).go()).toBe('runs IAC1|IDE')
    // What came before it, between instructions, it clears.
    const first = { at: { [handler(8)]: 'mtspr DBSR,r6\nhere:\nb here' }, gpr: { 6: -1 } }
    expect(rig(cpu, 'sc', on(IRPT, 0, first)).go()).toBe('runs -')
  }),
  T(126, 'both', 'a debug interrupt ends waiting; ICMP on it D(A+4) at once; a pending event never sleeps', (cpu) => {
    const sleep = cpu === 'e500mc' ? '.long 0x7c00007c' : 'mtmsr r5'
    const asleep = rig(cpu, `${sleep}\n${ADD}`, on(0, DE, { gpr: { 5: DE | WE } }))
    asleep.machine.run(5)
    expect(asleep.reg('r3')).toBe(0)
    asleep.vcpu.debug.unconditionalEvent()
    expect([asleep.go(), asleep.reg('MSR') & WE, asleep.savedMsr() & WE]).toEqual([
      ...['D+4 UDE', 0, cpu === 'e500mc' ? 0 : WE],
    ])
    expect(rig(cpu, `${sleep}\n${ADD}`, on(ICMP, DE, { gpr: { 5: DE | WE } })).go()).toBe('D+4 ICMP')
    if (cpu === 'e500mc') return
    const woken = rig(cpu, `mtmsr r5\n${ADD}`, on(0, 0, { gpr: { 5: DE | WE }, dbsr: DBCR0.TRAP }))
    expect([woken.go(), woken.reg('MSR') & WE, woken.savedMsr() & WE]).toEqual(['D+4 TRAP', 0, WE])
  }),
  T(
    127,
    'both',
    'FT with an event: TB and DEC can be written; idle for ever is reported; host stops freeze nothing',
    (cpu) => {
      const setup = on(FT, 0, { gpr: { 5: 500 }, dbsr: DBCR0.TRAP })
      const r = rig(cpu, 'mtspr DEC,r5\nnop\nmfspr r6,DEC\nmtspr 284,r5\nnop\nmfspr r7,268', setup)
      r.go()
      expect([r.reg('r6'), r.reg('r7')]).toEqual([500, 500])
      const sleep = cpu === 'e500mc' ? '.long 0x7c00007c' : 'mtmsr r5'
      const timers = { TCR: DIE, DEC: 400, DBCR0: IDM | FT }
      const asleep = rig(cpu, sleep, { MSR: CE, gpr: { 5: WE | CE }, spr: timers, dbsr: DBCR0.TRAP })
      expect(asleep.stop()).toMatch(/^(lost|idle)/)
      const stopped = rig(cpu, `${ADD}\nmfspr r6,DEC`, { spr: { DBCR0: IDM | FT, DEC: 400 } })
      stopped.machine.hostDebug.place(1, { kind: 'instruction', placement: 'iac', address: CODE })
      expect(stopped.stop()).toBe('breakpoint+0')
      stopped.go()
      expect(stopped.reg('r6')).toBeLessThan(400)
    },
  ),
  T(129, 'both', "the host's step: one instruction, or one interrupt", (cpu) => {
    const step = (source: string, setup: Setup = {}) => rig(cpu, source, setup).step()
    expect([step(ADD), step('sc'), step('tw 31,r0,r0'), step('.long 0')]).toEqual([
      'step+4',
      'step@I8',
      'step@I6',
      'step@I6',
    ])
    expect(step('lwz r4,0(r9)', { gpr: { 9: UNMAPPED } })).toBe('step@I13')
    expect(step('rfi', { spr: { SRR0: CODE + 8 } })).toBe('step+8')
    expect(step('rfci', { spr: { CSRR0: CODE + 8 } })).toBe('step+8')
    if (cpu === 'e500mc') {
      expect(step('rfdi', { spr: { DSRR0: CODE + 8 } })).toBe('step+8')
      for (const source of ['rfi', 'rfgi'])
        expect(step(source, { MSR: GS, spr: { GSRR0: CODE + 8, GSRR1: GS } })).toBe('step+8')
      const awake = rig(cpu, `.long 0x7c00007c\n${ADD}`)
      expect([awake.step(), awake.step(), awake.reg('r3')]).toEqual(['step+4', 'step+8', 1])
    }
    expect(['mtmsr r0', 'mtspr SPRG0,r0', 'tlbwe'].map((source) => step(source))).toEqual(Array(3).fill('step+4'))
    const reserved = rig(cpu, 'lwarx r4,r0,r9\nnop\nstwcx. r3,r0,r9', { gpr: { 3: 7, 9: DATA } })
    for (const end of ['step+4', 'step+8', 'step+12']) expect(reserved.step()).toBe(end)
    expect(reserved.machine.memory.read(DATA, 4)).toBe(7)
    const pending = rig(cpu, ADD, { spr: { TCR: DIE }, MSR: EE })
    pending.vcpu.sprs[336] = 0x08000000
    expect(pending.step()).toBe('step@I10')
    const untouched = rig(cpu, ADD, { MSR: DE })
    untouched.step()
    expect([untouched.dbsr(), untouched.reg('MSR')]).toEqual(['-', DE])
  }),
  T(130, 'both', "the guest's own settings mask no stop of the host, which leaves nothing in the guest", (cpu) => {
    // US=11 and ER=11 of all four: user mode in address space 1 only.
    const masks = { DBCR1: 0xff000000 | 0, DBCR2: 0xff000000 | 0 }
    const spr = { ...masks, ...(cpu === 'e500mc' && { EPCR: 0x04000000, MSRP: 0x200 }) }
    const r = rig(cpu, 'stw r3,0(r9)', { spr, gpr: { 9: DATA } })
    r.machine.hostDebug.place(1, { kind: 'instruction', placement: 'iac', address: CODE })
    const watch = { kind: 'data', address: DATA, length: 4, access: 'store' } as const
    r.machine.hostDebug.place(2, { ...watch, placement: 'dac' })
    r.machine.hostDebug.place(3, { ...watch, placement: 'auto' })
    const saved = () => ['SRR0', 'CSRR0', 'DBSR', 'MSR', ...(cpu === 'e500mc' ? ['DSRR0'] : [])].map(r.reg)
    const before = saved()
    const stops = [r.stop(), r.stop(), r.stop()]
    expect([stops, ...saved()]).toEqual([['breakpoint+0', 'watchpoint+0', 'watchpoint+4'], ...before])
  }),
  T(131, 'e500mc', "DEP: a guest's own interrupt keeps DE, and its rfi does not clear it", (cpu) => {
    const spr = { MSRP: 0x200, EPCR: 0x50000000, GIVOR13: handler(13), GIVOR2: handler(2) }
    const r = rig(cpu, 'lwz r4,0(r9)\nnop', {
      ...{ MSR: DE | GS, spr, gpr: { 9: UNMAPPED, 5: GS, 6: CODE + 4 } },
      at: { [handler(13)]: 'mfspr r20,SRR1\nmtspr SRR0,r6\nmtspr SRR1,r5\nrfi' },
    })
    expect([r.go(), r.reg('r20') & DE, r.reg('MSR') & DE]).toEqual(['runs -', DE, DE])
  }),
]
