// Category E.PD: loads and stores in the space of EPLC and EPSC (reference 5.2).
import { ESR, MSR, TGS } from './bits.ts'
import { type Case, CODE, DATA, handler, testCases } from './machine.ts'

const { DE, ME, PR, GS } = MSR
const PAGE = 0x40000000
const EPR = 0x80000000
const EAS = 0x40000000
const EGS = 0x20000000
const ELPID = (n: number) => n << 16
const SUPERVISOR = 0x15
const USER = 0x2a
const mapped = (more: Partial<Case['tlb'] & object> | object) => [{ entry: 5, EPN: PAGE, RPN: DATA, ...more }]
const manual = 'reference 5.2: EPLC, EPSC'
const it = (it: Partial<Case> & Pick<Case, 'title' | 'expected'>): Case => ({
  manual,
  cpu: 'e500mc',
  code: 'lwepx r5,r0,r3',
  MSR: ME | DE,
  gpr: { 3: PAGE, 4: 0x11223344 },
  memory: { [DATA]: 0x81828384 },
  ...it,
})
const miss = { pc: handler(13), DEAR: PAGE }

testCases([
  it({ title: 'lwepx', tlb: mapped({ TID: 9 }), spr: { EPLC: 9 }, expected: { r5: 0x81828384 } }),
  it({ title: 'lhepx', code: 'lhepx r5,r0,r3', tlb: mapped({}), expected: { r5: 0x8182 } }),
  it({ title: 'lbepx', code: 'lbepx r5,r0,r3', tlb: mapped({}), expected: { r5: 0x81 } }),
  it({ title: 'stwepx', code: 'stwepx r4,r0,r3', tlb: mapped({}), expected: { '0x8000': 0x11223344 } }),
  it({ title: 'sthepx', code: 'sthepx r4,r0,r3', tlb: mapped({}), expected: { '0x8000': 0x33448384 } }),
  it({ title: 'stbepx', code: 'stbepx r4,r0,r3', tlb: mapped({}), expected: { '0x8000': 0x44828384 } }),
  it({
    title: "EPLC[EPID], not the core's PID",
    tlb: mapped({ TID: 9 }),
    spr: { EPLC: 8, PID0: 9, ESR: 0 },
    expected: { ...miss, ESR: ESR.EPID },
  }),
  it({
    title: 'stores go by EPSC',
    code: 'stwepx r4,r0,r3',
    tlb: mapped({ TID: 9 }),
    spr: { EPLC: 9, EPSC: 8 },
    expected: { ...miss, ESR: ESR.EPID | ESR.ST },
  }),
  it({ title: 'EAS', tlb: mapped({ TS: 1 }), spr: { EPLC: EAS }, expected: { r5: 0x81828384 } }),
  it({ title: 'EAS 0 in a core whose DS is 1', tlb: mapped({ TS: 1 }), MSR: ME | MSR.DS, expected: miss }),
  it({ title: 'EGS', tlb: mapped({ MAS8: TGS }), spr: { EPLC: EGS }, expected: { r5: 0x81828384 } }),
  it({ title: 'EGS 0 does not see a guest page', tlb: mapped({ MAS8: TGS }), expected: miss }),
  it({ title: 'ELPID', tlb: mapped({ MAS8: 5 }), spr: { EPLC: ELPID(5), LPIDR: 6 }, expected: { r5: 0x81828384 } }),
  it({ title: 'another ELPID', tlb: mapped({ MAS8: 5 }), spr: { EPLC: ELPID(6), LPIDR: 5 }, expected: miss }),
  it({
    title: 'EPR: a user may what users may',
    tlb: mapped({ permissions: USER }),
    spr: { EPLC: EPR },
    expected: { r5: 0x81828384 },
  }),
  it({
    title: 'EPR: and not what supervisors may',
    tlb: mapped({ permissions: SUPERVISOR }),
    spr: { EPLC: EPR },
    expected: { pc: handler(2), DEAR: PAGE, ESR: ESR.EPID },
  }),
  it({
    title: 'without EPR as a supervisor',
    code: 'stwepx r4,r0,r3',
    tlb: mapped({ permissions: USER }),
    expected: { pc: handler(2), ESR: ESR.EPID | ESR.ST, '0x8000': 0x81828384 },
  }),
  it({
    title: 'a miss presets MAS1 and MAS6 with EPID and EAS',
    spr: { EPLC: EAS | 9, PID0: 3, MAS4: 0x100 },
    expected: { ...miss, MAS1: 0x80091100, MAS6: 0x00090001, MAS2: PAGE },
  }),
  it({
    title: 'dcbzep zeroes a line in the space of EPSC',
    code: 'dcbzep r0,r3',
    tlb: mapped({ TID: 9 }),
    spr: { EPSC: 9 },
    memory: { [DATA]: -1, [DATA + 60]: -1, [DATA + 64]: -1 },
    expected: { '0x8000': 0, '0x803c': 0, '0x8040': -1 },
  }),
  it({ title: 'icbiep misses by EPLC', code: 'icbiep r0,r3', expected: miss }),
  it({ title: 'dcbtep never misses', code: 'dcbtep 0,r0,r3', expected: { pc: CODE + 4 } }),
  it({
    title: 'users may not',
    MSR: ME | PR,
    tlb: mapped({}),
    expected: { pc: handler(6), ESR: ESR.PPR, r5: 0 },
  }),
  it({
    title: 'a guest chooses process and privilege, not partition and guest state',
    code: 'mtspr EPLC,r4',
    MSR: GS,
    gpr: { 4: -1 },
    spr: { EPLC: EGS | ELPID(5) },
    expected: { EPLC: 0xe0053fff },
  }),
  it({ title: 'the e500v2 has none', cpu: 'e500v2', expected: { pc: handler(6), ESR: ESR.PIL } }),
])
