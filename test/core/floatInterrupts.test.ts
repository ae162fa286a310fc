// Interrupts of the e500v2's SPE and embedded floating point, and of the e500mc's classic unit (reference 5.1, 5.6).
import { describe } from 'vitest'
import { ESR } from './bits.ts'
import { ALL, base, none, onMc, PROTECTED } from './interruptCases.ts'
import { type Case, CODE, DATA, testCases, UNMAPPED } from './machine.ts'

const FP = 0x2000
const SPE = 0x02000000
const SPV = 0x80
const ESR_FP = 0x01000000
/** 1.0 in single format. */
const ONE = 0x3f800000
const FINXE = 0x40
const FDBZE = 0x10
describe('SPE and embedded floating point', () => {
  const it = { MSR: ALL | SPE, spr: { ESR: -1 } }
  const saved = { SRR1: ALL | SPE }
  testCases([
    {
      title: 'SPE unavailable: a vector instruction without MSR[SPE]',
      manual: 'reference 5.1 IVOR32',
      code: 'evaddw r3,r4,r5',
      MSR: ALL,
      expected: base(32, { ESR: SPV, r3: 0 }),
    },
    {
      title: 'SPE unavailable: scalar floating point without MSR[SPE]',
      manual: 'reference 5.1 IVOR32, 5.6',
      code: 'efsadd r3,r4,r5',
      MSR: ALL,
      expected: base(32, { ESR: SPV }),
    },
    {
      title: 'SPE unavailable before the miss of a load',
      manual: 'E500RM 5.11.1 p.291: 10 before 12',
      code: 'evldd r3,0(r4)',
      MSR: ALL,
      gpr: { 4: UNMAPPED },
      expected: base(32, { ESR: SPV, DEAR: 0 }),
    },
    {
      ...it,
      title: 'Data TLB error of evldd: SPV',
      manual: 'reference 5.1 IVOR13',
      code: 'evldd r3,0(r4)',
      gpr: { 4: UNMAPPED },
      expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: SPV }),
    },
    {
      ...it,
      title: 'Data storage of evstdd: SPV and ST',
      manual: 'reference 5.1 IVOR2',
      code: 'evstdd r3,0(r4)',
      gpr: { 4: PROTECTED },
      tlb: none,
      expected: base(2, { ...saved, DEAR: PROTECTED, ESR: SPV | ESR.ST }),
    },
    {
      ...it,
      title: 'Alignment of evldd: SPV',
      manual: 'E500RM 5.7.6; reference 5.1 IVOR5',
      code: 'evldd r3,0(r4)',
      gpr: { 4: DATA + 4 },
      expected: base(5, { ...saved, DEAR: DATA + 4, ESR: SPV }),
    },
    {
      ...it,
      title: 'Embedded floating-point data: a division by zero, enabled; the target stays',
      manual: 'reference 5.1 IVOR33',
      code: 'efsdiv r3,r4,r5',
      gpr: { 3: 0x77, 4: ONE },
      spr: { ...it.spr, SPEFSCR: FDBZE },
      expected: base(33, { ...saved, ESR: SPV, r3: 0x77 }),
    },
    {
      ...it,
      title: 'Embedded floating-point round: inexact, enabled; SRR0 is the next instruction',
      manual: 'reference 5.1 IVOR34',
      code: 'efsdiv r3,r4,r5',
      // 1 / 3
      gpr: { 4: ONE, 5: 0x40400000 },
      spr: { ...it.spr, SPEFSCR: FINXE },
      expected: base(34, { ...saved, SRR0: CODE + 4, ESR: SPV }),
    },
    {
      title: 'no classic floating point: illegal, with MSR[FP] never set',
      manual: 'E500RM p.132',
      code: 'mtmsr r6\nfadd f1,f2,f3',
      MSR: ALL,
      gpr: { 6: ALL | FP },
      expected: base(6, { SRR0: CODE + 4, ESR: ESR.PIL }),
    },
  ])
})

describe('e500mc: floating point', () => {
  const saved = { SRR1: ALL | FP }
  const FE0 = 0x800
  testCases(
    (
      [
        {
          title: 'Floating-point unavailable: an operation without MSR[FP]',
          manual: 'reference 5.1 IVOR7',
          code: 'fadd f1,f2,f3',
          MSR: ALL,
          spr: { ESR: 0x55 },
          expected: base(7, { ESR: 0x55 }),
        },
        {
          title: 'Floating-point unavailable before the miss of a load',
          manual: 'PPC440x5 p.207: exception priorities',
          code: 'lfd f1,0(r4)',
          MSR: ALL,
          gpr: { 4: UNMAPPED },
          expected: base(7, { DEAR: 0 }),
        },
        {
          title: 'Data TLB error of lfd: FP',
          manual: 'PPC440x5 6.4.11: ESR',
          code: 'lfd f1,0(r4)',
          MSR: ALL | FP,
          gpr: { 4: UNMAPPED },
          expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: ESR_FP }),
        },
        {
          title: 'Data storage of stfs: FP and ST',
          manual: 'PPC440x5 6.4.11: ESR',
          code: 'stfs f1,0(r4)',
          MSR: ALL | FP,
          gpr: { 4: PROTECTED },
          tlb: none,
          expected: base(2, { ...saved, DEAR: PROTECTED, ESR: ESR_FP | ESR.ST }),
        },
        {
          title: 'lfdepx sets EPID beside it',
          manual: 'PPC440x5 6.4.11: ESR; reference 5.2',
          code: 'lfdepx f1,r0,r4',
          MSR: ALL | FP,
          gpr: { 4: UNMAPPED },
          expected: base(13, { ...saved, DEAR: UNMAPPED, ESR: ESR_FP | ESR.EPID }),
        },
        {
          title: 'Program: an enabled exception (0 / 0 with VE)',
          manual: 'PPC440x5 p.189; reference 5.1 IVOR6',
          // mtfsb1 24: VE
          code: 'mtfsb1 24\nfdiv f1,f2,f3',
          MSR: ALL | FP | FE0,
          expected: base(6, { SRR0: CODE + 4, SRR1: ALL | FP | FE0, ESR: ESR_FP }),
        },
        {
          title: 'no interrupt with FE0 and FE1 0',
          manual: 'Book I 4.4: ignore exceptions mode',
          code: 'mtfsb1 24\nfdiv f1,f2,f3',
          MSR: ALL | FP,
          expected: { pc: CODE + 8 },
        },
        {
          title: 'no SPE: illegal',
          manual: 'reference 5.6',
          code: 'evaddw r3,r4,r5',
          MSR: ALL,
          expected: base(6, { ESR: ESR.PIL }),
        },
      ] satisfies readonly Case[]
    ).map(onMc),
  )
})
