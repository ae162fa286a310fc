// The TLB arrays and the MAS registers: tlbwe, tlbre, tlbsx, invalidations, presets of misses (E500RM 12.3 to 12.5; reference 5.3).
import { describe } from 'vitest'
import { EN_MAS7_UPDATE, MSR, TGS, V } from './bits.ts'
import { type Case, CODE, DATA, type Entry, handler, testCases } from './machine.ts'

const PAGE = 0x40000000
const IPROT = 0x40000000
const TLB1 = 0x10000000
const ESEL = (n: number) => n << 16
const TID = (n: number) => n << 16
const TS = 0x1000
const SIZE_4K = 0x100
/** Pages of one set of TLB0: 128 sets of 4 KB. */
const SET = 0x80000
const it = (it: Partial<Case> & Pick<Case, 'title' | 'expected'>): Case => ({
  manual: 'reference 5.3',
  code: 'tlbre',
  gpr: { 3: PAGE },
  ...it,
})
const entry = (more: Partial<Entry> = {}): Entry => ({ entry: 5, EPN: PAGE, RPN: DATA, ...more })
const MISSES = { pc: handler(13) }

describe('tlbwe and tlbre', () => {
  const words = { MAS1: V | IPROT | TID(7) | TS | 0x300, MAS2: 0x40010000 | 0x1f, MAS3: 0x00020000 | 0x3f, MAS7: 0xc }
  const spr = { ...words, HID0: EN_MAS7_UPDATE }
  const there = 'tlbwe\nmtspr MAS1,r0\nmtspr MAS3,r0\nmtspr MAS7,r0\ntlbre'
  testCases([
    it({
      title: 'TLB1 gives back what was written',
      code: there,
      spr: { ...spr, MAS0: TLB1 | ESEL(9) },
      expected: words,
    }),
    it({
      title: 'TLB0 keeps no size but 4 KB and no IPROT',
      manual: 'E500RM 12.3.2',
      code: there,
      spr: { ...spr, MAS0: ESEL(2) },
      expected: { ...words, MAS1: V | TID(7) | TS | SIZE_4K },
    }),
    it({
      title: 'tlbre leaves MAS7 without HID0[EN_MAS7_UPDATE]',
      code: 'tlbwe\nmtspr MAS7,r6\ntlbre',
      gpr: { 6: 0x3 },
      spr: { ...words, MAS0: TLB1 | ESEL(9) },
      expected: { MAS7: 3 },
    }),
    it({
      title: 'an e500v2 has 16 entries in TLB1: 17 is 1',
      manual: 'TLB1CFG[NENTRY] 16',
      code: 'tlbwe\nmtspr MAS0,r6\ntlbre',
      gpr: { 6: TLB1 | ESEL(1) },
      spr: { ...words, MAS0: TLB1 | ESEL(17) },
      expected: { MAS1: words.MAS1 },
    }),
    it({
      title: 'an e500mc has 64 entries in TLB1',
      manual: 'TLB1CFG[NENTRY] 64',
      cpu: 'e500mc',
      code: 'tlbwe\nmtspr MAS0,r6\ntlbre',
      gpr: { 6: TLB1 | ESEL(31) },
      spr: { ...words, MAS0: TLB1 | ESEL(63) },
      expected: { MAS1: 0 },
    }),
    it({
      title: 'e500mc: MAS8 is part of an entry',
      cpu: 'e500mc',
      code: 'tlbwe\nmtspr MAS8,r0\ntlbre',
      spr: { ...words, MAS0: TLB1 | ESEL(40), MAS8: TGS | 5 },
      expected: { MAS8: TGS | 5 },
    }),
    it({
      title: 'four ways of a set hold four pages, the fifth takes the place of one',
      manual: 'E500RM p.391: 512 entries, 4-way',
      code: 'lwz r5,0(r3)\nlwz r6,0(r4)',
      gpr: { 3: PAGE + SET, 4: PAGE },
      tlb: [0, 1, 2, 3, 4].map((n) => entry({ tlb: 0, entry: n & 3, EPN: PAGE + n * SET, RPN: DATA + n * 0x1000 })),
      memory: { [DATA + 0x1000]: 0x77 },
      expected: { r5: 0x77, ...MISSES, DEAR: PAGE },
    }),
    it({
      title: 'the next page is another set',
      manual: 'E500RM p.391: 512 entries, 4-way',
      code: 'lwz r5,0(r3)',
      tlb: [0, 1, 2, 3, 4].map((n) => entry({ tlb: 0, entry: n & 3, EPN: PAGE + n * 0x1000, RPN: DATA })),
      memory: { [DATA]: 0x77 },
      expected: { r5: 0x77 },
    }),
    it({
      title: 'an entry that is not valid translates nothing',
      code: 'tlbwe\nlwz r5,0(r3)',
      spr: { ...words, MAS0: TLB1 | ESEL(5), MAS1: SIZE_4K, MAS2: PAGE },
      expected: { ...MISSES, DEAR: PAGE },
    }),
    it({
      title: 'a page is used by the next access after tlbwe, and the old one is not',
      code: 'lwz r5,0(r3)\ntlbwe\nlwz r6,0(r3)',
      tlb: [entry()],
      spr: { MAS0: TLB1 | ESEL(5), MAS1: V | SIZE_4K, MAS2: PAGE, MAS3: DATA + 0x103f },
      memory: { [DATA]: 0x11, [DATA + 0x1000]: 0x22 },
      expected: { r5: 0x11, r6: 0x22 },
    }),
  ])
})

describe('presets of a miss', () => {
  const manual = 'E500RM table 12-8; QEMU mmu_common.c'
  const code = 'lwz r5,0x123(r3)'
  testCases([
    it({
      manual,
      title: 'all of them',
      code,
      spr: { MAS4: SIZE_4K | 0x1e, PID0: 7, MAS3: -1, MAS7: -1, HID0: EN_MAS7_UPDATE, MAS0: -1 },
      // The first victim is way 0; the one after it is named in NV.
      expected: { MAS0: 1, MAS1: V | TID(7) | SIZE_4K, MAS2: PAGE | 0x1e, MAS3: 0, MAS6: TID(7), MAS7: 0 },
    }),
    it({
      manual,
      title: 'MAS7 stays without EN_MAS7_UPDATE',
      code,
      spr: { MAS4: SIZE_4K, MAS7: 0xc },
      expected: { MAS7: 0xc },
    }),
    it({
      manual,
      title: 'DS is TS and SAS',
      code,
      MSR: MSR.DS,
      spr: { MAS4: 0x200, PID0: 3 },
      expected: { MAS1: V | TID(3) | TS | 0x200, MAS6: TID(3) | 1 },
    }),
    it({
      manual,
      title: 'IS is TS of a fetch',
      code: 'mtspr CTR,r3\nbctr',
      spr: { MAS4: SIZE_4K, PID0: 3 },
      expected: { pc: handler(14), MAS1: V | TID(3) | SIZE_4K, MAS2: PAGE },
    }),
    ...[
      [1, 8],
      [2, 9],
      [3, 0],
    ].map(([TIDSELD, PID]) =>
      it({
        manual,
        title: `TIDSELD ${TIDSELD}`,
        code,
        spr: { MAS4: (TIDSELD! << 16) | SIZE_4K, PID0: 7, PID1: 8, PID2: 9 },
        expected: { MAS1: V | TID(PID!) | SIZE_4K, MAS6: TID(7) },
      }),
    ),
    it({
      manual,
      title: 'TLBSELD 1',
      code,
      spr: { MAS4: TLB1 | 0x500 },
      expected: { MAS0: TLB1 | 1, MAS1: V | 0x500 },
    }),
    it({
      manual: 'E500RM 12.3.2.2: NV',
      title: 'tlbwe makes MAS0[NV] the next victim',
      code: `tlbwe\n${code}`,
      spr: { MAS0: ESEL(1) | 2, MAS1: V | SIZE_4K, MAS2: 0x50000000, MAS3: DATA + 0x3f, MAS4: SIZE_4K },
      expected: { MAS0: ESEL(2) | 3 },
    }),
    it({
      manual: 'reference 5.3; E500RM 5.7',
      title: 'a Data storage interrupt leaves them',
      code: 'lwz r5,0(r3)',
      tlb: [entry({ permissions: 0 })],
      spr: { MAS0: 0x11, MAS1: 0x22, MAS2: 0x33, MAS6: 0x44 },
      expected: { pc: handler(2), MAS0: 0x11, MAS1: 0x22, MAS2: 0x33, MAS6: 0x44 },
    }),
  ])
})

describe('tlbsx', () => {
  const code = 'tlbsx r0,r3'
  testCases([
    it({
      title: 'finds an entry of TLB1',
      code,
      tlb: [entry({ entry: 9, TID: 7, TS: 1, TSIZE: 3, WIMGE: 4 })],
      spr: { MAS6: TID(7) | 1 },
      expected: { MAS0: TLB1 | ESEL(9), MAS1: V | TID(7) | TS | 0x300, MAS2: PAGE | 4, MAS3: DATA | 0x3f },
    }),
    it({
      title: 'finds a way of TLB0',
      code,
      tlb: [entry({ tlb: 0, entry: 2 })],
      expected: { MAS0: ESEL(2), MAS1: V | SIZE_4K, MAS2: PAGE, MAS3: DATA | 0x3f },
    }),
    it({
      title: 'finds a page of TID 0 for every SPID',
      code,
      tlb: [entry()],
      spr: { MAS6: TID(7) },
      expected: { MAS1: V | SIZE_4K },
    }),
    it({
      title: 'a miss: V 0, the defaults of MAS4 and MAS6',
      code,
      tlb: [entry({ TID: 6 })],
      spr: { MAS6: TID(7) | 1, MAS4: 0x200 | 0x1e, MAS1: -1, MAS3: -1 },
      expected: { MAS0: 1, MAS1: TID(7) | TS | 0x200, MAS2: 0x1e, MAS3: 0 },
    }),
    it({
      title: 'e500mc: in the space of MAS5',
      cpu: 'e500mc',
      code,
      tlb: [entry({ entry: 9, MAS8: TGS | 5 })],
      spr: { MAS5: TGS | 5 },
      expected: { MAS0: TLB1 | ESEL(9), MAS8: TGS | 5 },
    }),
    it({
      title: 'e500mc: another partition',
      cpu: 'e500mc',
      code,
      tlb: [entry({ entry: 9, MAS8: TGS | 5 })],
      spr: { MAS5: TGS | 4, MAS1: -1 },
      expected: { MAS1: 0 },
    }),
  ])
})

const gone = { ...MISSES, DEAR: PAGE }
const stays = { r5: 0x77, r4: 1 }
describe('invalidation', () => {
  const memory = { [DATA]: 0x77 }
  const after = (code: string) => `${code}\nlwz r5,0(r3)\naddi r4,r0,1`
  const one = (title: string, code: string, tlb: Entry, expected: Case['expected'], more: Partial<Case> = {}) =>
    it({ title, code: after(code), tlb: [tlb], memory, expected, ...more })
  const mc = { cpu: 'e500mc' } as const
  const tlbilx = (T: number) => `tlbilx ${T},r0,r3`
  const inPartition = (more: Partial<Entry> = {}) => entry({ MAS8: 5, TID: 7, ...more })
  const own = { ...mc, spr: { MAS5: 5, MAS6: TID(7), LPIDR: 5, PID0: 7 } }
  testCases([
    one('tlbivax: a page of TLB0', 'tlbivax r0,r3', entry({ tlb: 0, entry: 1 }), gone),
    one('tlbivax: TLB1 by EA bit 0x8', 'tlbivax r0,r6', entry(), gone, { gpr: { 3: PAGE, 6: PAGE | 8 } }),
    one('tlbivax without it leaves TLB1', 'tlbivax r0,r3', entry(), stays),
    one('tlbivax: a large page by any address in it', 'tlbivax r0,r6', entry({ TSIZE: 5, RPN: 0 }), gone, {
      gpr: { 3: PAGE, 6: PAGE | 0x80000 | 8 },
    }),
    one('tlbivax: another page', 'tlbivax r0,r6', entry({ tlb: 0, entry: 1 }), stays, {
      gpr: { 3: PAGE, 6: PAGE + SET },
    }),
    one('tlbivax: whatever TID and TS', 'tlbivax r0,r3', entry({ tlb: 0, entry: 1, TID: 9 }), gone, {
      spr: { PID0: 9 },
    }),
    one('tlbivax: all of TLB0 by 0x4', 'tlbivax r0,r6', entry({ tlb: 0, entry: 1 }), gone, { gpr: { 3: PAGE, 6: 4 } }),
    one('tlbivax: IPROT survives', 'tlbivax r0,r6', entry({ IPROT: true }), stays, { gpr: { 3: PAGE, 6: PAGE | 8 } }),
    one('MMUCSR0: TLB0FI', 'mtspr MMUCSR0,r6', entry({ tlb: 0, entry: 1 }), gone, { gpr: { 3: PAGE, 6: 4 } }),
    one('MMUCSR0: TLB0FI leaves TLB1', 'mtspr MMUCSR0,r6', entry(), stays, { gpr: { 3: PAGE, 6: 4 } }),
    it({
      title: 'MMUCSR0: TLB1FI, but not IPROT; it reads 0',
      code: 'mtspr MMUCSR0,r6\nmfspr r7,MMUCSR0\nlwz r5,0(r3)',
      gpr: { 3: PAGE, 6: 2, 7: -1 },
      tlb: [entry(), { entry: 0, EPN: 0, TSIZE: 7, IPROT: true }],
      expected: { r7: 0, ...gone },
    }),
    one('tlbilx 0: the partition of MAS5', tlbilx(0), inPartition(), gone, own),
    one('tlbilx 0: whatever PID', tlbilx(0), inPartition(), gone, { ...own, spr: { ...own.spr, MAS6: TID(8) } }),
    one('tlbilx 0: another partition', tlbilx(0), inPartition(), stays, { ...own, spr: { ...own.spr, MAS5: 4 } }),
    one('tlbilx 0: IPROT survives', tlbilx(0), inPartition({ IPROT: true }), stays, own),
    one('tlbilx 1: partition and PID', tlbilx(1), inPartition(), gone, own),
    one('tlbilx 1: another PID', tlbilx(1), inPartition(), stays, { ...own, spr: { ...own.spr, MAS6: TID(8) } }),
    one('tlbilx 3: the page', tlbilx(3), inPartition(), gone, own),
    one('tlbilx 3: another page', 'tlbilx 3,r0,r6', inPartition(), stays, {
      ...own,
      gpr: { 3: PAGE, 6: PAGE + 0x1000 },
    }),
    one('tlbilx 3: a guest page for MAS5[SGS] 0', tlbilx(3), inPartition({ MAS8: TGS | 5 }), stays, {
      ...own,
      MSR: 0,
      code: `${tlbilx(3)}\nmtspr SRR0,r8\nmtspr SRR1,r9\nrfi`,
      gpr: { 3: PAGE, 8: CODE + 0x100, 9: MSR.GS },
      // lwz r5,0(r3); addi r4,r0,1; b .
      memory: { [DATA]: 0x77, [CODE + 0x100]: 0x80a30000, [CODE + 0x104]: 0x38800001, [CODE + 0x108]: 0x48000000 },
    }),
  ])
})
