// node scripts/run.mjs test/spe/comparePsim.ts RUN [CASES]: every SPE instruction on every pair of edge values and CASES (1,000) random ones,
// beside psim; RUN is GDB's sim/ppc/run, configured for powerpc-eabispe (docs/float.md). Prints what differs without a known reason.
import { STATE } from '../../emulator/isa/cpu.ts'
import { type FieldName, putField } from '../../emulator/isa/form.ts'
import { type Instruction, operandNames, pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { CODE, DATA, machineFor } from '../core/machine.ts'
import { random } from '../support/random.ts'
import { evaluate } from './manual.ts'
import { askPsim, CASE_WORDS, RESULT_WORDS } from './psim.ts'
import { EDGES } from './values.ts'

const [psim, count = '1000'] = process.argv.slice(2)
if (psim === undefined) throw new Error('Which program is psim? Give its path as the first argument.')

const isMemory = (mnemonic: string) => /^ev(l[dhw]|st)/.test(mnemonic)
const IMMEDIATES: Readonly<Partial<Record<FieldName, readonly number[]>>> = {
  UIMM: [0, 1, 15, 31],
  SH: [0, 1, 15, 31],
  SIMM: [-16, -1, 0, 1, 15],
  CRS: [0, 5],
}
function valuesOf(name: FieldName, mnemonic: string): readonly number[] {
  const [RA, RB] = isMemory(mnemonic) ? [9, 10] : [4, 5]
  const registers: Readonly<Partial<Record<FieldName, number>>> = { RT: 3, RS: 4, RA, RB, BF: 3 }
  return IMMEDIATES[name] ?? [registers[name] ?? 0]
}
/** The instruction with each combination of its immediate values. */
function wordsOf(instruction: Instruction): number[] {
  let words = [pattern(instruction).value]
  for (const name of operandNames(instruction)) {
    const fields = valuesOf(name, instruction.mnemonic).map((value) => putField(value, name))
    words = words.flatMap((word) => fields.map((field) => word | field))
  }
  return words
}

const word = random(4)
function makeCases(): number[] {
  const pick = () => (word() & 3 ? EDGES[(word() >>> 0) % EDGES.length]! : word())
  const edges = EDGES.flatMap((a, n) => EDGES.map((b, k) => [a, b, EDGES[(n + k) % EDGES.length]!] as const))
  const low = [...edges, ...Array.from({ length: Number(count) }, () => [pick(), pick(), pick()] as const)]
  return low.flatMap(([a, b, ACC], n) => {
    const high = n & 1 ? [pick(), pick(), pick()] : low[(n + 7) % low.length]!
    return [high[2]!, ACC, high[0]!, a, high[1]!, b, word() & 0xc000_c03f, word()]
  })
}

const machine = machineFor({ code: '' })
const { vcpu, memory } = machine
const { state } = vcpu
const { GPRH, ACCH, ACCL, SPEFSCR } = STATE
vcpu.setMsr(0x02000000)
function setPair(n: number, [high, low]: readonly number[]): void {
  state[GPRH + n] = high!
  state[n] = low!
}

function execute(instruction: number, values: readonly number[]): number[] {
  const [ACC, A, B] = [0, 2, 4].map((n) => values.slice(n, n + 2)) as [number[], number[], number[]]
  state[ACCH] = ACC[0]!
  state[ACCL] = ACC[1]!
  for (const [n, value] of [ACC, A, B].entries()) setPair(3 + n, value)
  setPair(9, [0, DATA])
  setPair(10, [0, 0])
  state[SPEFSCR] = values[6]!
  vcpu.setRegister('CR', values[7]!)
  for (const [n, value] of B.entries()) memory.write(DATA + 4 * n, 4, value)
  memory.write(CODE, 4, instruction)
  state[STATE.NIA] = CODE
  machine.run(1)
  const stored = [memory.read(DATA, 4), memory.read(DATA + 4, 4)]
  return [
    state[GPRH + 3]!,
    state[3]!,
    state[ACCH]!,
    state[ACCL]!,
    ...stored,
    state[SPEFSCR]!,
    vcpu.register('CR')!,
  ].map((value) => value | 0)
}

/** Where psim does not do what the manual says (docs/float.md). */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^brinc$/, 'bits that the mask leaves out are not cleared'],
  [/^ev(srw[us]|slw)$/, 'a count has five bits, not six'],
  [
    /^evm(h[eo]|wh|w)ssf/,
    'a negative product is an overflow; words of the accumulator are unsigned; a 64-bit sum sets no OV',
  ],
  [/^evmhossfa$/, 'the accumulator is not written'],
  [/^evmhesmf$/, 'a modulo product changes OV'],
  [/^evmhesmfanw$/, 'half words are taken as unsigned'],
  [/^ev(add|subf)ssiaaw$|^evm(h[eo]|wl)ssia[an]w$/, 'the accumulator or the product is taken as unsigned'],
  [/^evmwlusianw$/, 'saturates to the largest number below 0'],
]
const pairOf = ([high, low]: readonly number[]) => (BigInt(high! >>> 0) << 32n) | BigInt(low! >>> 0)

/** Excused is only what the manual's definition gives, or for brinc the bits of the mask. */
function isAsManual(mnemonic: string, values: readonly number[], our: readonly number[], their: Int32Array): boolean {
  if (mnemonic === 'brinc') return ((our[1]! ^ their[1]!) & ~(~values[5]! & 0xffff)) === 0
  const [ACC, a, b] = [0, 2, 4].map((n) => pairOf(values.slice(n, n + 2))) as [bigint, bigint, bigint]
  const after = evaluate(mnemonic, { a, b, ACC, SPEFSCR: BigInt(values[6]! >>> 0) })
  return after?.RT === pairOf(our) && after.ACC === pairOf(our.slice(2)) && after.SPEFSCR === BigInt(our[6]! >>> 0)
}

interface Counts {
  equal: number
  known: number
  readonly wrong: string[]
}
const NAMES = ['RT high', 'RT low', 'ACC high', 'ACC low', 'memory', 'memory+4', 'SPEFSCR', 'CR']
const hex = (values: ArrayLike<number>) => Array.from(values, (value) => (value >>> 0).toString(16)).join(' ')

function judge(mnemonic: string, counts: Counts, values: readonly number[], our: readonly number[], their: Int32Array) {
  const places = our.flatMap((result, place) => (result === their[place] ? [] : [place]))
  if (places.length === 0) counts.equal++
  else if (KNOWN.some(([of]) => of.test(mnemonic)) && isAsManual(mnemonic, values, our, their)) counts.known++
  else counts.wrong.push(`${places.map((place) => NAMES[place])}: of ${hex(values)}: ${hex(our)}, psim ${hex(their)}`)
}

const tally = new Map<string, Counts>()
function compare(compared: readonly Instruction[], cases: readonly number[]): void {
  const judged = compared.flatMap((it) => wordsOf(it).map((value) => ({ mnemonic: it.mnemonic, value })))
  const words = judged.map(({ value }) => value)
  const theirs = askPsim(String(psim), words, cases)
  let at = 0
  for (const { mnemonic, value } of judged) {
    const counts = tally.get(mnemonic) ?? { equal: 0, known: 0, wrong: [] }
    tally.set(mnemonic, counts)
    for (let n = 0; n < cases.length; n += CASE_WORDS) {
      const values = cases.slice(n, n + CASE_WORDS)
      judge(mnemonic, counts, values, execute(value, values), theirs.subarray(at, at + RESULT_WORDS))
      at += RESULT_WORDS
    }
  }
}

const all = makeCases()
/** psim's own process ends by the host's trap when it divides 0 by 0. */
const traps = (dividend: number, divisor: number) => dividend === 0 && divisor === 0
const divisible = Array.from({ length: all.length / CASE_WORDS }, (_, n) =>
  all.slice(CASE_WORDS * n, CASE_WORDS * n + 8),
)
  .filter((values) => !traps(values[2]!, values[4]!) && !traps(values[3]!, values[5]!))
  .flat()
const vector = instructions.filter(({ category }) => category === 'SP')
compare(
  vector.filter(({ mnemonic }) => mnemonic !== 'evdivws'),
  all,
)
compare(
  vector.filter(({ mnemonic }) => mnemonic === 'evdivws'),
  divisible,
)

const sum = (of: (counts: Counts) => number) => [...tally.values()].reduce((total, counts) => total + of(counts), 0)
for (const [mnemonic, { equal, known, wrong }] of tally) {
  if (wrong.length > 0) console.log(`${mnemonic}: ${wrong.length} of ${equal + known + wrong.length}\n  ${wrong[0]}`)
}
for (const [mnemonics, why] of KNOWN) {
  const those = [...tally].filter(([mnemonic, { known }]) => known > 0 && mnemonics.test(mnemonic))
  console.log(`psim, ${those.map(([mnemonic, { known }]) => `${mnemonic} (${known})`).join(', ')}: ${why}`)
}
const wrong = sum((counts) => counts.wrong.length)
const same = [...tally.values()].filter(({ known, wrong }) => known + wrong.length === 0).length
console.log(
  `${tally.size} instructions (${same} without a difference), ${all.length / CASE_WORDS} cases: ${sum(({ equal }) => equal)} results equal, ` +
    `${sum(({ known }) => known)} differ as docs/float.md says, ${wrong} differ without a reason`,
)
process.exitCode = wrong > 0 ? 1 : 0
