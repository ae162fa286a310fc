// Cache operations under address compares: which count as loads and which as stores (C11), and that the address which the instruction
// calculates is compared, not each word of its block (PPC440x5 p.226). Those by external PID: as the same one without, qualified by EPLC or
// EPSC; which of the two as in the A2's load and store decoder (a2o lq_dec).
import { expect, test } from 'vitest'
import type { DataBreakpoint } from '../../emulator/debug/exit.ts'
import { DATA, DBCR0, MSR, rig, type Setup, UNMAPPED } from './rig.ts'

const { IDM, DAC1R, DAC1W } = DBCR0
const CORES = ['e500v2', 'e500mc'] as const
const armed = (DAC1: number, more: Setup = {}): Setup => ({
  MSR: MSR.DE | MSR.ME,
  gpr: { 3: DATA + 8, 5: DATA + 8 - 64 },
  ...more,
  // A cache that is on: else dcba does nothing.
  spr: { DBCR0: IDM | DAC1R | DAC1W, DAC1, L1CSR0: 1, ...more.spr },
})
const BLOCKS = ['dcbz r0,r3', 'dcba r0,r3']
const BY_PID = [
  ['dcbstep r0,r3', 'DAC1W', 'EPLC'],
  ['dcbfep r0,r3', 'DAC1W', 'EPLC'],
  ['dcbzep r0,r3', 'DAC1W', 'EPSC'],
  ['dcbtep 0,r0,r3', 'DAC1R', 'EPLC'],
  ['dcbtstep 0,r0,r3', 'DAC1R', 'EPSC'],
  ['icbiep r0,r3', 'DAC1R', 'EPLC'],
] as const

test.each(CORES)('%s: dcbz and dcba are compared by the address that they calculate, once', (cpu) => {
  for (const source of BLOCKS) {
    expect(rig(cpu, source, armed(DATA + 8)).go(), source).toBe('D+0 DAC1W')
    // Another word of the same block, its first one too.
    for (const address of [DATA, DATA + 4, DATA + 12])
      expect(rig(cpu, source, armed(address)).go(), source).toBe('runs -')
  }
})

test.each(CORES)('%s: with DE=1 the block is as it was, with DE=0 it is cleared', (cpu) => {
  for (const source of BLOCKS)
    for (const DE of [MSR.DE, 0]) {
      const r = rig(cpu, source, armed(DATA + 8, { MSR: MSR.ME | DE }))
      for (const offset of [0, 8, 28]) r.machine.memory.write(DATA + offset, 4, 0x55)
      expect(r.go()).toBe(DE ? 'D+0 DAC1W' : 'runs DAC1W|IDE')
      const left = [0, 8, 28].map((offset) => r.machine.memory.read(DATA + offset, 4))
      expect(left, source).toEqual(DE ? [0x55, 0x55, 0x55] : [0, 0, 0])
    }
})

test.each(BY_PID)('%s counts as %s, in the space of %s', (source, event, context) => {
  expect(rig('e500mc', source, armed(DATA + 8)).go()).toBe(`D+0 ${event}`)
  expect(rig('e500mc', source, armed(DATA + 4)).go()).toBe('runs -')
  const other = context === 'EPLC' ? 'EPSC' : 'EPLC'
  // DBCR2[DAC1US] = 11: user mode alone, which EPR stands for in place of MSR[PR].
  const usersOnly = (spr: Setup['spr']) => armed(DATA + 8, { spr: { DBCR2: 0xc0000000 | 0, ...spr } })
  const EPR = 0x80000000 | 0
  expect(rig('e500mc', source, usersOnly({ [context]: EPR })).go()).toBe(`D+0 ${event}`)
  expect(rig('e500mc', source, usersOnly({ [other]: EPR })).go()).toBe('runs -')
})

test.each(['dcbtep 0,r0,r3', 'dcbtstep 0,r0,r3'])('%s that does nothing makes no event', (source) => {
  expect(rig('e500mc', source, armed(UNMAPPED, { gpr: { 3: UNMAPPED } })).go()).toBe('runs -')
  // HID0[NOPTI].
  expect(rig('e500mc', source, armed(DATA + 8, { spr: { HID0: 1 } })).go()).toBe('runs -')
})

const watch = (placement: 'auto' | 'dac', address: number): DataBreakpoint => ({
  ...{ kind: 'data', placement, address, length: 4, access: 'store' },
})

test.each([...BLOCKS, 'dcbzep r0,r3'])(
  'the debugger’s: %s meets "auto" anywhere in its block, "dac" where it points',
  (source) => {
    const stops = (placement: 'auto' | 'dac', address: number) => {
      const r = rig('e500mc', source, { gpr: { 3: DATA + 8 }, spr: { L1CSR0: 1 } })
      r.machine.hostDebug.place(1, watch(placement, address))
      return r.stop()
    }
    expect(['auto', 'dac'].map((placement) => stops(placement as 'auto' | 'dac', DATA + 8))).toEqual([
      ...['watchpoint+4', 'watchpoint+0'],
    ])
    expect([DATA, DATA + 60, DATA + 64, DATA - 4].map((address) => stops('auto', address))).toEqual([
      ...['watchpoint+4', 'watchpoint+4', 'budget', 'budget'],
    ])
    expect([DATA, DATA + 12].map((address) => stops('dac', address))).toEqual(['budget', 'budget'])
  },
)

test('the debugger’s "dac" meets what the silicon’s meets: a flush is a store, a touch a load', () => {
  const stops = (source: string, access: 'load' | 'store') => {
    const r = rig('e500v2', source, { gpr: { 3: DATA + 8 } })
    r.machine.hostDebug.place(1, { ...watch('dac', DATA + 8), access })
    return r.stop()
  }
  expect([stops('dcbf r0,r3', 'store'), stops('dcbf r0,r3', 'load')]).toEqual(['watchpoint+0', 'budget'])
  expect([stops('dcbt r0,r3', 'store'), stops('dcbt r0,r3', 'load')]).toEqual(['budget', 'watchpoint+0'])
})

test('an Alignment interrupt stands above a DAC (E500RM 5.11.1): dcbz of a page that is not cached records nothing', () => {
  const r = rig('e500v2', 'dcbz r0,r3', armed(UNMAPPED, { gpr: { 3: UNMAPPED } }))
  const { vcpu } = r
  for (const [name, value] of [
    ['MAS0', 0x10050000],
    ['MAS1', 0x80000300],
    ['MAS2', UNMAPPED | 8],
    ['MAS3', 0x3f],
  ] as const)
    vcpu.setRegister(name, value)
  vcpu.calls.tlbwe()
  expect(r.go()).toBe('I5+0 -')
})
