// Who may execute what, and what neither core has: Program interrupts PPR and PIL (E500RM 2.3, p.132, p.319; E200 3.11).
import { ESR, MSR } from './bits.ts'
import { type Case, CODE, DATA, handler, testCases } from './machine.ts'

const program = (esr: number) => ({ pc: handler(6), SRR0: CODE, ESR: esr })

const PRIVILEGED = `mfmsr r5|mtmsr r5|wrtee r5|wrteei 1|rfi|rfci|rfmci|tlbwe|tlbre|tlbsx r0,r5|tlbivax r0,r5|tlbsync|dcbi r0,r5
  |mfspr r5,SRR0|mtspr SRR0,r5|mfspr r5,DBCR0|mtspr SPRG4,r5|mfspr r5,PVR|mtspr PID0,r5|mtspr TBL,r5`
const ILLEGAL_V2 = `rfdi|rfgi|ehpriv|msgsnd r5|msgclr r5|tlbilx 0,r0,r5|wait|lwsync|lwepx r5,r0,r6|lwdx r5,r6,r6|dsn r5,r6|dcbzl r0,r6`
const split = (text: string) => text.split(/\s*\|/)
const users = split(PRIVILEGED).map(
  (code): Case => ({
    title: `user: ${code}`,
    manual: 'reference 1.7, 5.6',
    code,
    MSR: MSR.PR,
    gpr: { 5: 0, 6: DATA },
    expected: program(ESR.PPR),
  }),
)
const e500mcOnly = split(ILLEGAL_V2).map(
  (code): Case => ({
    title: `e500v2: ${code} is illegal`,
    manual: 'reference 5.6, C24, T9',
    code,
    gpr: { 6: DATA },
    expected: program(ESR.PIL),
  }),
)
/** In words: no assembler of ours knows them. */
const words = (
  [
    ['a word of zeros', 0x00000000],
    ['lswi (C24)', 0x7c6424aa],
    ['lswx (C24)', 0x7c64242a],
    ['stswi (C24)', 0x7c6425aa],
    ['mfsr of classic MMUs', 0x7c6004a6],
    ['tlbie of classic MMUs', 0x7c001a64],
  ] as const
).flatMap(([what, word]) =>
  (['e500v2', 'e500mc'] as const).map(
    (cpu): Case => ({
      title: `${cpu}: ${what} is illegal`,
      manual: 'E500RM p.132; reference 5.6',
      cpu,
      code: 'ori r0,r0,0',
      memory: { [CODE]: word },
      expected: program(ESR.PIL),
    }),
  ),
)
const unimplemented = (
  [
    ['e500v2', 'mfspr r5,314', 'IAC3 (T5)', 0, ESR.PIL],
    ['e500v2', 'mtspr 318,r5', 'DVC1 (T5)', 0, ESR.PIL],
    ['e500v2', 'mfspr r5,574', 'DSRR0 (T9)', 0, ESR.PIL],
    ['e500v2', 'mtspr 307,r5', 'EPCR', 0, ESR.PIL],
    ['e500v2', 'mfspr r5,563', 'DBCR4', 0, ESR.PIL],
    ['e500v2', 'mfspr r5,1000', 'one that nobody has', 0, ESR.PIL],
    ['e500v2', 'mfspr r5,314', 'IAC3, by a user', MSR.PR, ESR.PPR],
    ['e500v2', 'mfspr r5,300', 'a user number that nobody has', MSR.PR, ESR.PIL],
    ['e500mc', 'mfspr r5,512', 'SPEFSCR', 0, ESR.PIL],
    ['e500mc', 'mfspr r5,633', 'PID1', 0, ESR.PIL],
    ['e500mc', 'mfspr r5,528', 'IVOR32', 0, ESR.PIL],
    ['e500mc', 'mfspr r5,314', 'IAC3', 0, ESR.PIL],
    ['e500v2', 'mtspr PVR,r5', 'PVR cannot be written', 0, ESR.PIL],
    ['e500v2', 'mtspr 268,r5', 'TBL cannot be written at its user number', 0, ESR.PIL],
    ['e500v2', 'mfspr r5,DECAR', 'DECAR cannot be read', 0, ESR.PIL],
    ['e500mc', 'mfspr r5,DBSRWR', 'DBSRWR cannot be read', 0, ESR.PIL],
  ] as const
).map(
  ([cpu, code, what, MSR, esr]): Case => ({
    title: `${cpu}: ${code}: ${what}`,
    manual: 'reference 1.1, 5.6; E200 3.11',
    cpu,
    code,
    MSR,
    expected: program(esr),
  }),
)
const allowed = (
  [
    ['mfspr r5,268', { pc: CODE + 4 }],
    ['mfspr r5,526', { pc: CODE + 4 }],
    ['mfspr r5,261', { r5: 0x55 }],
    ['mtspr 256,r6\nmfspr r5,256', { r5: DATA }],
  ] as const
).map(
  ([code, expected]): Case => ({
    title: `user: ${code.replace('\n', ', ')} is allowed`,
    manual: 'E500RM table 2-1',
    code,
    MSR: MSR.PR,
    gpr: { 6: DATA },
    spr: { SPRG5: 0x55 },
    expected,
  }),
)
const decorated: readonly Case[] = (
  [
    ['lbdx r5,r7,r6', { r5: 0x81 }],
    ['lhdx r5,r7,r6', { r5: 0x8182 }],
    ['lwdx r5,r7,r6', { r5: 0x81828384 }],
    ['stbdx r7,r7,r6', { '0x8000': 0x44828384 }],
    ['sthdx r7,r7,r6', { '0x8000': 0x33448384 }],
    ['stwdx r7,r7,r6', { '0x8000': 0x11223344 }],
    ['dsn r7,r6', { pc: CODE + 4, '0x8000': 0x81828384 }],
  ] as const
).map(([code, expected]) => ({
  title: `${code}: the decoration does nothing, the address is RB alone`,
  manual: 'Power ISA 2.06 Book II, Decorated Storage',
  cpu: 'e500mc',
  code,
  gpr: { 6: DATA, 7: 0x11223344 },
  memory: { [DATA]: 0x81828384 },
  expected,
}))
const ehpriv: Case = {
  title: "e500mc: the hypervisor's own ehpriv is illegal",
  manual: 'reference 5.2, one of two readings',
  cpu: 'e500mc',
  code: 'ehpriv 3',
  expected: program(ESR.PIL),
}

testCases([...users, ...e500mcOnly, ...words, ...unimplemented, ...allowed, ...decorated, ehpriv])
