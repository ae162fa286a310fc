// Cache instructions find memory coherent: what is left of them are their faults, what dcbz and dcba clear, and L1CSR0[CUL]
// (E500RM 3.3.1.9, p.168 and 5.7.3; reference 5.4 for the e500mc's long forms).
import { describe } from 'vitest'
import type { CoreName } from '../../emulator/spr/record.ts'
import { ESR, MSR } from '../core/bits.ts'
import { type Case, CODE, DATA, handler, testCases, UNMAPPED } from '../core/machine.ts'

const { PR, UCLE } = MSR
const UBLE = 0x400
const [DATA_STORAGE, ALIGNMENT, PROGRAM, DATA_TLB_ERROR] = [2, 5, 6, 13]
const PAGE = 0x50000000
const AT = PAGE + 0x45
/** MAS2: W, I. */
const [WRITE_THROUGH, CACHING_INHIBITED] = [0x10, 0x08]
/** MAS3: UX SX UW SW UR SR. */
const [READ_ONLY, NO_ACCESS] = [0x33, 0x30]
const [CE, CUL, DCBZ32, NOPTI] = [1, 0x400, 8, 1]
const NEXT = CODE + 4

const CORES = ['e500v2', 'e500mc'] as const
const onBoth = (cases: (cpu: CoreName) => readonly Case[]) => testCases(CORES.flatMap(cases))
/** One instruction on a page of its own that shows DATA, filled with ones. */
const on = (cpu: CoreName, name: string, it: Partial<Case> & Pick<Case, 'manual' | 'expected'>, page = {}): Case => ({
  title: `${cpu}: ${name} ${Object.values(page).length === 0 ? '' : JSON.stringify(page)}`,
  cpu,
  code: `${name} r0,r3`,
  gpr: { 3: AT },
  tlb: [{ entry: 5, EPN: PAGE, RPN: DATA, ...page }],
  memory: Object.fromEntries(Array.from({ length: 64 }, (_, n) => [DATA + 4 * n, -1])),
  instructions: 1,
  ...it,
})
const fault = (IVOR: number, esr: number) => ({ pc: handler(IVOR), SRR0: CODE, DEAR: AT, ESR: esr })

/** The words in 0x8000 to 0x80ff at the borders of lines of 32 bytes: those from..to are cleared. */
const cleared = (from: number, to: number) =>
  Object.fromEntries(
    Array.from({ length: 8 }, (_, n) => 32 * n).flatMap((line) =>
      [line, line + 28].map((at) => [`0x${(DATA + at).toString(16)}`, at >= from && at < to ? 0 : -1]),
    ),
  )
const UNTOUCHED = cleared(0, 0)
/** The line of 0x45 on each core. */
const LINE = { e500v2: cleared(0x40, 0x60), e500mc: cleared(0x40, 0x80) }

describe('what translates', () => {
  const manual = 'E500RM p.168'
  const access = { dcbf: 0, dcbst: 0, icbi: 0, dcbi: ESR.ST, dcbz: ESR.ST }
  onBoth((cpu) =>
    Object.entries(access).flatMap(([name, esr]) => [
      on(cpu, name, { manual, title: `${cpu}: ${name} unmapped`, tlb: [], expected: fault(DATA_TLB_ERROR, esr) }),
      on(cpu, name, { manual, expected: fault(DATA_STORAGE, esr) }, { permissions: NO_ACCESS }),
    ]),
  )
  onBoth((cpu) => [
    ...['dcbf', 'dcbst', 'icbi'].map((name) =>
      on(cpu, name, { manual, expected: { pc: NEXT } }, { permissions: READ_ONLY }),
    ),
    on(cpu, 'dcbi', { manual, MSR: PR, expected: { pc: handler(PROGRAM), ESR: ESR.PPR } }),
  ])
})

describe('dcbz', () => {
  onBoth((cpu) => [
    on(cpu, 'dcbz', { manual: 'E500RM p.168', expected: { pc: NEXT, ...LINE[cpu] } }),
    ...[WRITE_THROUGH, CACHING_INHIBITED].map((WIMGE) =>
      on(cpu, 'dcbz', { manual: 'E500RM p.168', expected: { ...fault(ALIGNMENT, ESR.ST), ...UNTOUCHED } }, { WIMGE }),
    ),
  ])
  const manual = 'reference 5.4: L1CSR0[DCBZ32]'
  const at60 = { gpr: { 3: PAGE + 0x60 }, spr: { L1CSR0: CE | DCBZ32 } }
  const half = { pc: NEXT, ...cleared(0x60, 0x80) }
  testCases([
    on('e500mc', 'dcbz', { ...at60, manual, expected: half }),
    on('e500mc', 'dcba', { ...at60, manual, expected: half }),
    on('e500mc', 'dcbzep', { ...at60, manual, expected: half }),
    on('e500mc', 'dcbzl', { ...at60, manual, expected: { pc: NEXT, ...LINE.e500mc } }),
    on('e500mc', 'dcbal', { ...at60, manual, expected: { pc: NEXT, ...LINE.e500mc } }),
    on('e500v2', 'dcbz', { ...at60, manual: 'E500RM p.168', expected: half }),
  ])
})

describe('dcba clears as dcbz, or does nothing', () => {
  const manual = 'E500RM p.168, 5.7.3'
  const spr = { L1CSR0: CE }
  const nothing = { pc: NEXT, ESR: 0, ...UNTOUCHED }
  onBoth((cpu) => [
    on(cpu, 'dcba', { manual, spr, expected: { pc: NEXT, ...LINE[cpu] } }),
    on(cpu, 'dcba', { manual, title: `${cpu}: dcba with the cache off`, expected: nothing }),
    on(cpu, 'dcba', { manual, title: `${cpu}: dcba unmapped`, spr, tlb: [], expected: nothing }),
    on(cpu, 'dcba', { manual, spr, expected: nothing }, { permissions: READ_ONLY }),
    on(cpu, 'dcba', { manual, spr, expected: nothing }, { WIMGE: WRITE_THROUGH }),
    on(cpu, 'dcba', { manual, spr, expected: nothing }, { WIMGE: CACHING_INHIBITED }),
  ])
})

describe('touches never fault, and make an event only where they do something', () => {
  const manual = 'E500RM 5.7.3, 2.10.1: NOPTI; C11'
  /** DAC1R with MSR[DE] = 0 is recorded. */
  const spr = { DBCR0: 0x40080000, DAC1: AT, DBSR: 0 }
  const [EVENT, NONE] = [
    { pc: NEXT, DBSR: 0x80080000 | 0 },
    { pc: NEXT, DBSR: 0 },
  ]
  onBoth((cpu) =>
    ['dcbt', 'dcbtst', 'icbt'].flatMap((name) => [
      on(cpu, name, { manual, spr, expected: EVENT }),
      on(cpu, name, { manual, spr, expected: EVENT }, { permissions: READ_ONLY, WIMGE: WRITE_THROUGH }),
      on(cpu, name, { manual, spr, expected: NONE }, { permissions: NO_ACCESS }),
      on(cpu, name, { manual, spr, expected: NONE }, { WIMGE: CACHING_INHIBITED }),
      on(cpu, name, { manual, spr, title: `${cpu}: ${name} unmapped`, tlb: [], expected: NONE }),
      on(cpu, name, { manual, spr: { ...spr, HID0: NOPTI }, title: `${cpu}: ${name} with NOPTI`, expected: NONE }),
    ]),
  )
})

describe('cache locking', () => {
  const locks = { dcbtls: ESR.DLK, dcbtstls: ESR.DLK, dcblc: ESR.DLK, icbtls: ESR.ILK, icblc: ESR.ILK }
  const CUL_OF = { dcbtls: [CUL, 0], dcbtstls: [CUL, 0], dcblc: [0, 0], icbtls: [0, CUL], icblc: [0, 0] } as const
  const spr = { L1CSR0: CE, L1CSR1: CE }
  const manual = 'E500RM 3.3.1.9, 5.7.3'
  onBoth((cpu) =>
    (Object.keys(locks) as (keyof typeof locks)[]).flatMap((name) => {
      const locked = { pc: NEXT, ...spr }
      const [data, instructions] = CUL_OF[name]
      const failed = (enabled: number) => ({ pc: NEXT, L1CSR0: enabled | data, L1CSR1: enabled | instructions })
      const unmapped = { tlb: [], gpr: { 3: UNMAPPED } }
      return [
        on(cpu, name, { manual, title: `${cpu}: ${name}, user`, MSR: PR, expected: fault(DATA_STORAGE, locks[name]) }),
        on(cpu, name, { manual, title: `${cpu}: ${name}, UCLE`, MSR: PR | UCLE, spr, expected: locked }),
        on(cpu, name, { manual, spr, expected: locked }),
        on(cpu, name, {
          ...unmapped,
          manual,
          title: `${cpu}: ${name} unmapped`,
          expected: { ...fault(DATA_TLB_ERROR, 0), DEAR: UNMAPPED },
        }),
        on(cpu, name, {
          ...unmapped,
          manual,
          title: `${cpu}: ${name} of no cache`,
          code: `${name} 2,r0,r3`,
          expected: { pc: NEXT },
        }),
        on(cpu, name, { manual, expected: fault(DATA_STORAGE, 0) }, { permissions: NO_ACCESS }),
        // QEMU 7.2 fails each dcbtls: no cache of its is ever on.
        on(cpu, name, {
          manual: 'reference 5.4: CUL',
          title: `${cpu}: ${name}, cache off`,
          expected: failed(0),
        }),
        on(cpu, name, { manual: 'reference 5.4: CUL', spr, expected: failed(CE) }, { WIMGE: CACHING_INHIBITED }),
        on(cpu, name, { manual: 'reference 5.4: CUL', spr, expected: locked }, { WIMGE: WRITE_THROUGH }),
      ]
    }),
  )
})

describe('branch locking', () => {
  testCases(
    ['bblels', 'bbelr'].flatMap((name) =>
      [PR, PR | UBLE, 0].map((MSR) => ({
        title: `${name}, MSR ${MSR.toString(16)}`,
        manual: 'E500RM 3.9',
        code: name,
        MSR,
        instructions: 1,
        expected: { pc: MSR === PR ? handler(PROGRAM) : NEXT },
      })),
    ),
  )
})
