// The Program interrupt of an enabled exception of the classic FPU: when it is taken, and what the instruction leaves.
import { describe } from 'vitest'
import { type Case, CODE, handler, testCases } from '../core/machine.ts'

const FP = 0x2000
const [FE0, FE1] = [0x800, 0x100]
const ESR_FP = 0x01000000
const PROGRAM = handler(6) & 0xffff
const VE_ON = 'mtfsb1 24'
const PIE = 0x00010000
/** Two instructions that make FEX 1: VE, and VXSOFT. */
const FEX_ON = `${VE_ON}\nmtfsb1 21`
/** FPRs are 0 after reset; 0 / 0 is VXZDZ. */
const ZERO_BY_ZERO = 'fdiv f3,f1,f2'

const cases: Case[] = [
  ...[FE0, FE1, FE0 | FE1].map(
    (mode): Case => ({
      title: `0 / 0 with VE=1 and FE bits ${mode.toString(16)}: Program at the instruction`,
      manual: 'Book I 4.4; PPC440x5 p.188, 189',
      cpu: 'e500mc',
      MSR: FP | mode,
      code: `${VE_ON}\n${ZERO_BY_ZERO}`,
      expected: { pc: PROGRAM, SRR0: CODE + 4, ESR: ESR_FP, FPSCR: 0xe0200080, 'f3.high': 0 },
    }),
  ),
  {
    title: '0 / 0 with VE=1 and FE0=FE1=0: no interrupt, FEX is set, the target stays',
    manual: 'Book I 4.4, table of FE0 and FE1',
    cpu: 'e500mc',
    MSR: FP,
    code: `${VE_ON}\n${ZERO_BY_ZERO}`,
    expected: { pc: CODE + 8, FPSCR: 0xe0200080, 'f3.high': 0 },
  },
  {
    title: '0 / 0 with VE=0: a quiet NaN, no interrupt',
    manual: 'Book I 4.4.1.2',
    cpu: 'e500mc',
    MSR: FP | FE0 | FE1,
    code: ZERO_BY_ZERO,
    expected: { pc: CODE + 4, FPSCR: 0xa0211000, 'f3.high': 0x7ff80000 },
  },
  {
    title: 'the recording form copies FX FEX VX OX to CR1 before the interrupt',
    manual: 'Book I 4.2.2, 4.6.5',
    cpu: 'e500mc',
    MSR: FP | FE0,
    code: `mtcrf 255,r9\n${VE_ON}\nfdiv. f3,f1,f2`,
    expected: { pc: PROGRAM, CR: 0x0e000000 },
  },
  {
    title: 'mtfsb1 that makes FEX 1 interrupts by itself',
    manual: 'Book I 4.6.8; PPC440x5 p.188, 189',
    cpu: 'e500mc',
    MSR: FP | FE1,
    code: `${VE_ON}\nmtfsb1 21`,
    expected: { pc: PROGRAM, SRR0: CODE + 4, ESR: ESR_FP, FPSCR: 0xe0000480 },
  },
  ...[FE0, FE1].map(
    (mode): Case => ({
      title: `mtmsr that sets FE bits ${mode.toString(16)} while FEX is 1: Program, before the next instruction`,
      manual: 'PPC440x5 p.188, 189',
      cpu: 'e500mc',
      MSR: FP,
      gpr: { 4: FP | mode },
      code: `${FEX_ON}\nmtmsr r4\nli r5,1`,
      expected: { pc: PROGRAM, SRR0: CODE + 12, SRR1: FP | mode, ESR: ESR_FP | PIE, r5: 0, FPSCR: 0xe0000480 },
    }),
  ),
  {
    title: 'rfi that sets FE0 while FEX is 1: Program at its target',
    manual: 'PPC440x5 p.188, 189',
    cpu: 'e500mc',
    MSR: FP,
    spr: { SRR0: CODE + 0x100, SRR1: FP | FE0 },
    code: `${FEX_ON}\nrfi`,
    expected: { pc: PROGRAM, SRR0: CODE + 0x100, SRR1: FP | FE0, ESR: ESR_FP | PIE },
  },
  {
    title: 'mtmsr that sets FE0 while FEX is 0: no interrupt',
    manual: 'PPC440x5 p.188, 189',
    cpu: 'e500mc',
    MSR: FP,
    gpr: { 4: FP | FE0 },
    code: `${VE_ON}\nmtmsr r4\nli r5,1`,
    expected: { pc: CODE + 12, MSR: FP | FE0, r5: 1, FPSCR: 0x00000080 },
  },
  {
    title: 'mtmsr that leaves FE0 and FE1 0 while FEX is 1: no interrupt',
    manual: 'PPC440x5 p.188, 189',
    cpu: 'e500mc',
    MSR: FP,
    gpr: { 4: FP | 0x1000 },
    code: `${FEX_ON}\nmtmsr r4\nli r5,1`,
    expected: { pc: CODE + 16, MSR: FP | 0x1000, r5: 1 },
  },
]

describe('enabled exceptions of the classic FPU', () => testCases(cases))
