// Translation: sizes, address spaces, PIDs, partitions, permissions, byte order, 36 bits (E500RM chapter 12 and p.391-407; reference 5.3).
import { describe, expect, test } from 'vitest'
import { EN_L2MMU_MHD, ESR, MSR, TGS } from './bits.ts'
import { type Case, CODE, DATA, type Entry, handler, machineFor, testCases } from './machine.ts'

const { ME, PR, DS, GS } = MSR
const PAGE = 0x40000000
const load = 'lwz r5,0(r3)'
const miss = { pc: handler(13), DEAR: PAGE }
const hit = { r5: 0x81828384 }
const it = (it: Partial<Case> & Pick<Case, 'title' | 'expected'>): Case => ({
  manual: 'reference 5.3',
  code: load,
  gpr: { 3: PAGE, 4: 0x11223344 },
  memory: { [DATA]: 0x81828384 },
  ...it,
})
const mapped = (more: Partial<Entry> = {}): readonly Entry[] => [{ entry: 5, EPN: PAGE, RPN: DATA, ...more }]

describe('page sizes of TLB1 at 36-bit physical addresses', () => {
  // 4^TSIZE KB; 4 GB is the eleventh (E500RM p.391).
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('TSIZE %d', (TSIZE) => {
    const size = 1024 * 4 ** TSIZE
    const machine = machineFor({ code: '', tlb: [{ entry: 5, EPN: PAGE, RPN: 0x80000000, RPNU: 0xc, TSIZE }] })
    const translate = (address: number) => machine.translate(0, address | 0, 'load')
    expect(translate(PAGE)).toBe(0xc80000000)
    expect(translate(PAGE + size - 1)).toBe(0xc80000000 + size - 1)
    expect(translate(PAGE + size)).toBe(undefined)
    expect(translate(PAGE - 1)).toBe(undefined)
  })
  test('TSIZE 11: all there is', () => {
    const machine = machineFor({ code: '', MSR: DS, tlb: [{ entry: 5, EPN: 0, RPNU: 0xf, TSIZE: 11, TS: 1 }] })
    expect(machine.translate(0, 0, 'load')).toBe(0xf00000000)
    expect(machine.translate(0, -1, 'load')).toBe(0xfffffffff)
  })
  test('TLB0 has pages of 4 KB whatever TSIZE says', () => {
    const machine = machineFor({ code: '', tlb: [{ tlb: 0, entry: 0, EPN: PAGE, RPN: DATA, TSIZE: 5 }] })
    expect(machine.translate(0, PAGE + 0xfff, 'load')).toBe(DATA + 0xfff)
    expect(machine.translate(0, PAGE + 0x1000, 'load')).toBe(undefined)
  })
})

test('the debugger is told the entry of the present process, where another maps the same page for more', () => {
  const of = (TID: number, entry: number, permissions: number) => ({ entry, EPN: PAGE, RPN: DATA, TID, permissions })
  const machine = machineFor({ code: '', spr: { PID0: 7 }, tlb: [of(3, 5, 0x3f), of(7, 6, 0x03)] })
  expect(machine.mapping(0, PAGE, 'store')).toMatchObject({ index: 6, permissions: 0x03, TID: 7, rpn: DATA })
  expect(machine.mapping(0, PAGE - 1, 'store')).toBe(undefined)
})

const BITS = { load: [0x02, 0x01], store: [0x08, 0x04], execute: [0x20, 0x10] } as const
const CODE_OF = { load, store: 'stw r4,0(r3)', execute: 'mtspr CTR,r3\nbctr' } as const
const DONE = {
  load: hit,
  store: { '0x8000': 0x11223344 },
  execute: { pc: PAGE },
} as const
const DENIED = {
  load: { pc: handler(2), DEAR: PAGE, ESR: 0, r5: 0 },
  store: { pc: handler(2), DEAR: PAGE, ESR: ESR.ST, '0x8000': 0x81828384 },
  execute: { pc: handler(3), SRR0: PAGE, ESR: 0 },
} as const
describe('permissions', () => {
  const kinds = ['load', 'store', 'execute'] as const
  testCases(
    kinds.flatMap((kind) =>
      [PR, 0].flatMap((mode, n) => {
        const bit = BITS[kind][n]!
        const who = mode ? 'user' : 'supervisor'
        const memory = kind === 'execute' ? { [DATA]: 0x48000000 } : { [DATA]: 0x81828384 }
        const one = { manual: 'E500RM 12.3: MAS3', code: CODE_OF[kind], MSR: mode, memory }
        return [
          it({
            ...one,
            title: `${who} ${kind} with its bit alone`,
            tlb: mapped({ permissions: bit }),
            expected: DONE[kind],
          }),
          it({
            ...one,
            title: `${who} ${kind} with all others`,
            tlb: mapped({ permissions: 0x3f & ~bit }),
            expected: DENIED[kind],
          }),
        ]
      }),
    ),
  )
})

describe('whose pages', () => {
  testCases([
    it({ title: 'TS 1 with DS 1', MSR: DS, tlb: mapped({ TS: 1 }), expected: hit }),
    it({ title: 'TS 1 with DS 0', tlb: mapped({ TS: 1 }), expected: miss }),
    it({ title: 'TS 0 with DS 1', MSR: DS, tlb: mapped(), expected: miss }),
    it({ title: 'TID 0 for every PID', spr: { PID0: 7, PID1: 8, PID2: 9 }, tlb: mapped(), expected: hit }),
    ...['PID0', 'PID1', 'PID2'].map((PID) =>
      it({ title: `${PID} is the page's TID`, spr: { [PID]: 7 }, tlb: mapped({ TID: 7 }), expected: hit }),
    ),
    it({
      title: "no PID is the page's TID",
      spr: { PID0: 6, PID1: 5, PID2: 4 },
      tlb: mapped({ TID: 7 }),
      expected: miss,
    }),
    it({
      title: 'mtspr PID changes the translation of the next access',
      code: `${load}\nmtspr PID0,r6\nlwz r7,0(r3)`,
      gpr: { 3: PAGE, 6: 8 },
      spr: { PID0: 7 },
      tlb: [...mapped({ TID: 7 }), ...mapped({ entry: 6, TID: 8, RPN: DATA + 0x1000 })],
      memory: { [DATA]: 0x11, [DATA + 0x1000]: 0x22 },
      expected: { r5: 0x11, r7: 0x22 },
    }),
    it({ title: 'a PID has 8 bits', code: 'mtspr PID0,r6\nmfspr r7,PID0', gpr: { 6: -1 }, expected: { r7: 0xff } }),
    it({ title: 'e500mc: one PID', cpu: 'e500mc', spr: { PID0: 7 }, tlb: mapped({ TID: 7 }), expected: hit }),
    it({ title: 'e500mc: TGS without GS', cpu: 'e500mc', tlb: mapped({ MAS8: TGS }), expected: miss }),
    it({ title: 'e500mc: TGS with GS', cpu: 'e500mc', MSR: GS, tlb: mapped({ MAS8: TGS }), expected: hit }),
    it({ title: 'e500mc: GS without TGS', cpu: 'e500mc', MSR: GS, tlb: mapped(), expected: miss }),
    it({ title: 'e500mc: TLPID 0 for every LPIDR', cpu: 'e500mc', spr: { LPIDR: 3 }, tlb: mapped(), expected: hit }),
    it({ title: 'e500mc: TLPID', cpu: 'e500mc', spr: { LPIDR: 3 }, tlb: mapped({ MAS8: 3 }), expected: hit }),
    it({ title: 'e500mc: another TLPID', cpu: 'e500mc', spr: { LPIDR: 2 }, tlb: mapped({ MAS8: 3 }), expected: miss }),
  ])
})

describe('little-endian pages (MAS2[E])', () => {
  const tlb = mapped({ WIMGE: 1 })
  const manual = 'E500RM p.264, 12.3: E'
  testCases([
    it({ manual, title: 'lwz', tlb, expected: { r5: 0x84838281 } }),
    it({ manual, title: 'lhz', code: 'lhz r5,2(r3)', tlb, expected: { r5: 0x8483 } }),
    it({ manual, title: 'lbz', code: 'lbz r5,3(r3)', tlb, expected: { r5: 0x84 } }),
    it({ manual, title: 'lwbrx', code: 'lwbrx r5,r0,r3', tlb, expected: { r5: 0x81828384 } }),
    it({ manual, title: 'lwz misaligned', code: 'lwz r5,1(r3)', tlb, expected: { r5: 0x00848382 } }),
    it({ manual, title: 'stw', code: 'stw r4,0(r3)', tlb, expected: { '0x8000': 0x44332211 } }),
    it({ manual, title: 'sth', code: 'sth r4,0(r3)', tlb, expected: { '0x8000': 0x44338384 } }),
    it({
      manual,
      title: 'lwarx, stwcx.',
      code: 'lwarx r5,r0,r3\nstwcx. r4,r0,r3',
      tlb,
      expected: { r5: 0x84838281, '0x8000': 0x44332211 },
    }),
    it({
      manual,
      title: 'code: addi r5,r0,0x55; b .',
      code: 'mtspr CTR,r3\nbctr',
      tlb,
      memory: { [DATA]: 0x5500a038, [DATA + 4]: 0x00000048 },
      expected: { r5: 0x55, pc: PAGE + 4 },
    }),
  ])
})

describe('two entries for one address', () => {
  const tlb = [...mapped(), ...mapped({ entry: 6 })]
  testCases([
    it({
      title: 'e500mc with HID0[EN_L2MMU_MHD]: machine check',
      cpu: 'e500mc',
      MSR: ME,
      spr: { HID0: EN_L2MMU_MHD },
      tlb,
      expected: { pc: handler(1), MCSRR0: CODE, MCSR: 0x08000000 },
    }),
    it({ title: 'e500mc without it: nothing', cpu: 'e500mc', MSR: ME, tlb, expected: { ...hit, MCSR: 0 } }),
    it({ title: 'e500v2: nothing', MSR: ME, spr: { HID0: EN_L2MMU_MHD }, tlb, expected: { ...hit, MCSR: 0 } }),
  ])
  test('with MSR[ME] = 0 the core stops: the guest is lost', () => {
    const machine = machineFor(it({ title: '', cpu: 'e500mc', spr: { HID0: EN_L2MMU_MHD }, tlb, expected: {} }))
    expect(machine.run(10)).toMatchObject({ kind: 'lost', address: CODE, reason: expect.stringContaining('checkstop') })
  })
})

test('the debugger sees whose an entry is: MAS8 on the core that has it', () => {
  const tlb = mapped({ TID: 7, MAS8: TGS | 5 })
  const [e500mc, e500v2] = (['e500mc', 'e500v2'] as const).map((cpu) => machineFor({ cpu, code: '', tlb }).tlb(0))
  const fifth = (entries: typeof e500mc) => entries!.find(({ tlb, index }) => tlb === 1 && index === 5)
  expect(fifth(e500mc)).toMatchObject({ TID: 7, partition: { TGS: 1, VF: 0, TLPID: 5 } })
  expect(fifth(e500v2)?.partition).toBe(undefined)
})
