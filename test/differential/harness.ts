// The guest that runs blocks: it loads a block's state, enters its code by rfi, stores the state, and goes on; at the end it powers off.
import type { CoreName } from '../../emulator/spr/record.ts'
import { assemble } from '../support/assemble.ts'
import { AT, EXIT_COUNT, EXITS, HARNESS, STATE_BYTES, STATES, VECTORS } from './layout.ts'

const MSR_ME = 0x1000
/** SPE on the e500v2, FP on the e500mc. */
export const BASE_MSR: Readonly<Record<CoreName, number>> = { e500v2: 0x02000000 | MSR_ME, e500mc: 0x2000 | MSR_ME }

const times = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n')
const BASE_INTERRUPTS = [...Array(16).keys(), 35]
const INTERRUPTS: Readonly<Record<CoreName, readonly number[]>> = {
  e500v2: [...BASE_INTERRUPTS, 32, 33, 34],
  e500mc: BASE_INTERRUPTS,
}
const ivorSpr = (n: number) => (n < 16 ? 400 + n : 528 + n - 32)
const vector = (index: number) => VECTORS + 0x20 * index

const toSprs = (pairs: readonly (readonly [spr: number | string, value: number])[]) =>
  pairs.map(([spr, value]) => `lis r4,${value >> 16}\nori r4,r4,${value & 0xffff}\nmtspr ${spr},r4`).join('\n')

/** TLB1[1]: 1 MB at 0xe0000000 to the device registers. */
const DEVICES = [
  [624, 0x10010000],
  [625, 0x80000500 | 0],
  [626, 0xe000000a | 0],
  [627, 0xe0000005 | 0],
  [944, 0xf],
] as const

/** What beside the 32-bit registers is loaded before a block and stored behind it. */
const LOAD: Readonly<Record<CoreName, string>> = {
  e500v2: `
    lwz r4,${AT.SPEFSCR}(r31)
    mtspr SPEFSCR,r4
    addi r5,r31,${AT.ACC}
    evldd r4,0(r5)
    evmra r4,r4
    ${times(30, (n) => `evldd r${n},${AT.GPR + 8 * n}(r31)`)}`,
  e500mc: `
    lfd f0,${AT.FPSCR}(r31)
    mtfsf 255,f0
    ${times(32, (n) => `lfd f${n},${AT.FPR + 8 * n}(r31)`)}
    ${times(30, (n) => `lwz r${n},${AT.GPR + 8 * n + 4}(r31)`)}`,
}
/** r4 and r5 are free by then. The accumulator is read by adding a product of zeros to it. */
const STORE: Readonly<Record<CoreName, string>> = {
  e500v2: `
    mfspr r4,SPEFSCR
    stw r4,${AT.SPEFSCR}(r31)
    evxor r4,r4,r4
    evmwumiaa r4,r4,r4
    addi r5,r31,${AT.ACC}
    evstdd r4,0(r5)`,
  e500mc: `
    ${times(32, (n) => `stfd f${n},${AT.FPR + 8 * n}(r31)`)}
    mffs f0
    stfd f0,${AT.FPSCR}(r31)`,
}
const storeGpr = (core: CoreName, n: number) =>
  core === 'e500v2' ? `evstdd r${n},${AT.GPR + 8 * n}(r31)` : `stw r${n},${AT.GPR + 8 * n + 4}(r31)`

const SIMPLE = [
  ['CR', 'mtcrf 255,r4', 'mfcr r4'],
  ['XER', 'mtspr XER,r4', 'mfspr r4,XER'],
  ['CTR', 'mtspr CTR,r4', 'mfspr r4,CTR'],
  ['LR', 'mtspr LR,r4', 'mfspr r4,LR'],
] as const

const LEFT = ['SRR0', 'SRR1', 'ESR', 'DEAR'] as const

function source(core: CoreName, end: number): string {
  return `
    lis r31,${STATES >> 16}
    ori r31,r31,${STATES & 0xffff}
    ${toSprs(DEVICES)}
    tlbwe
    isync
    ${toSprs([['IVPR', 0], ...INTERRUPTS[core].map((n, index) => [ivorSpr(n), vector(index)] as const)])}
    lis r4,${BASE_MSR[core] >> 16}
    ori r4,r4,${BASE_MSR[core] & 0xffff}
    mtmsr r4
    isync
  enter:
    lis r4,${end >> 16}
    ori r4,r4,${end & 0xffff}
    cmplw cr0,r31,r4
    bc 12,2,done
    mtspr SPRG0,r31
    addi r30,r31,${AT.R30}
    addi r4,r31,${AT.SPARE}
    lwarx r5,r0,r4
    stwcx. r5,r0,r4
    lwz r4,${AT.CODE}(r31)
    mtspr SRR0,r4
    lwz r4,${AT.MSR}(r31)
    mtspr SRR1,r4
    li r4,0
    mtspr ESR,r4
    mtspr DEAR,r4
    ${SIMPLE.map(([name, move]) => `lwz r4,${AT[name]}(r31)\n${move}`).join('\n')}
    ${LOAD[core]}
    rfi
  save:
    mtspr SPRG1,r31
    mfspr r31,SPRG0
    ${times(31, (n) => storeGpr(core, n))}
    mfspr r4,SPRG1
    stw r4,${AT.GPR + 8 * 31 + 4}(r31)
    ${SIMPLE.map(([name, , move]) => `${move}\nstw r4,${AT[name]}(r31)`).join('\n')}
    mfmsr r4
    stw r4,${AT.MSR}(r31)
    ${STORE[core]}
    addi r31,r31,${STATE_BYTES}
    b enter
  interrupted:
    mtspr SPRG1,r31
    mfspr r31,SPRG0
    stw r0,${AT.IVOR}(r31)
    ${LEFT.map((name) => `mfspr r0,${name}\nstw r0,${AT[name]}(r31)`).join('\n')}
    mfmsr r0
    stw r0,${AT.HANDLER_MSR}(r31)
    lis r0,${BASE_MSR[core] >> 16}
    ori r0,r0,${BASE_MSR[core] & 0xffff}
    mtmsr r0
    isync
    mfspr r0,SPRG2
    mfspr r31,SPRG1
    b save
  done:
    lis r4,-8177
    ori r4,r4,0xf000
    lis r5,-32768
    stw r5,0(r4)
    stw r5,8(r4)
  stay:
    b stay`
}

/** The harness for so many blocks: words at their addresses, and where blocks go when they end. */
export function harness(
  core: CoreName,
  blocks: number,
): { pieces: [address: number, words: number[]][]; save: number } {
  const main = assemble(source(core, STATES + blocks * STATE_BYTES), HARNESS)
  if (HARNESS + 4 * main.words.length > VECTORS) throw new Error('The harness does not fit below its vectors.')
  const { save, interrupted } = main.labels as { save: number; interrupted: number }
  const jump = (from: number, to: number) => 0x48000000 | ((to - from) & 0x3fffffc)
  const pieces: [number, number[]][] = [[HARNESS, main.words]]
  for (const [index, n] of INTERRUPTS[core].entries()) {
    const at = vector(index)
    pieces.push([at, [...assemble(`mtspr SPRG2,r0\nli r0,${n}`, at).words, jump(at + 8, interrupted)]])
  }
  for (let n = 0; n < EXIT_COUNT; n++) {
    const at = EXITS + 8 * n
    pieces.push([at, [...assemble(`addi r29,r29,${n + 1}`, at).words, jump(at + 4, save)]])
  }
  return { pieces, save }
}
