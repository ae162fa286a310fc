// Prints engine/generated/bodies.ts: a function for each record, which can do everything, and one run loop with a switch over opcodes,
// which does what is data flow at once and leaves the rest, and what misses its page table, to the functions.
import { STATE } from '../isa/cpu.ts'
import type { AccessSize, Statement } from '../isa/op.ts'
import { type Instruction, statementsOf } from '../isa/record.ts'
import { instructions } from '../isa/table.ts'
import { SPR } from '../spr/table.ts'
import { type Known, type Opcode, opcodes } from './opcodes.ts'
import { type Place, statement } from './printJavaScript.ts'
import { mentions, specialise } from './specialise.ts'
import { CHUNK } from './tables.ts'

const { CIA, NIA, LEFT, LR, CTR } = STATE
const NOTHING_KNOWN: Known = { fields: {} }

// ---- a function for each record ----
const inBody: Place = {
  known: NOTHING_KNOWN,
  CIA: `R[${CIA}]`,
  NIA: `R[${NIA}]`,
  register: (index) => `R[${index}]`,
  load: (size, index, EA) => [`const t${index} = storage.load${size}(${EA})`],
  store: (size, EA, value) => [`storage.store${size}(${EA}, ${value})`],
  branch: (target) => [`R[${NIA}] = ${target}`],
  call: (name, args) => [`cpu.${name}(${args.join(', ')})`],
}

function body(instruction: Instruction): string {
  const lines = specialise(statementsOf(instruction), NOTHING_KNOWN).flatMap((s) => statement(s, inBody))
  const usesWord = lines.some((line) => /\bw\b/.test(line))
  return [
    `    '${instruction.mnemonic}': (${usesWord ? 'w' : ''}) => {`,
    ...lines.map((line) => `      ${line}`),
    '    },',
  ].join('\n')
}

// ---- the run loop ----
/** What the switch holds, after the mix of Linux, U-Boot and the benchmarks. With all records the host's compiler takes four times as long for it (140 ms). */
const FREQUENT = new Set(
  `addi addis addic addic. subfic mulli add add. addc adde addze subf subf. subfc subfe neg mullw mulhw mulhwu divw divwu
  cmpwi cmplwi cmpw cmplw isel andi. andis. ori oris xori xoris and and. andc or or. xor nor extsb extsh cntlzw
  slw srw sraw srawi rlwinm rlwinm. rlwnm rlwimi lwz lwzu lwzx lbz lbzu lbzx lhz lhzu lhzx lha lhax lwbrx andc. orc
  stw stwu stwx stb stbu stbx sth sthu sthx b bl bc bclr bcctr bcctrl mfspr mtspr dcbt dcbtst msync`.split(/\s+/),
)

/** How an access of a size finds its element: index into the array, and whether EA is aligned. */
const ACCESS: Record<AccessSize, { element: (page: string) => string; misses: string }> = {
  4: { element: (host) => `words[${host} >>> 2]`, misses: ' || (EA & 3) !== 0' },
  2: { element: (host) => `halves[(${host} ^ 2) >>> 1]`, misses: ' || (EA & 1) !== 0' },
  1: { element: (host) => `bytes[${host} ^ 3]`, misses: '' },
}
const lookUp = (table: string, size: AccessSize, EA: string) => [
  `const EA = ${EA}`,
  `const page = words[${table} + (EA >>> 12) | 0]`,
  `if (page === 0${ACCESS[size].misses}) break slow`,
]

/** SPRs that the state block holds as they are. */
const PLAIN_SPRS: Readonly<Record<string, number>> = { [SPR.LR]: LR, [SPR.CTR]: CTR }
const plainSpr = (name: string, [spr = '']: readonly string[]) =>
  name === 'mfspr' || name === 'mtspr' ? PLAIN_SPRS[spr] : undefined

const inLoop = (known: Known): Place => ({
  known,
  register: (index) => `words[r + ${index} | 0]`,
  CIA: '((p << 2) + toEA | 0)',
  NIA: '((p << 2) + toEA + 4 | 0)',
  load: (size, index, EA) => [
    ...lookUp('loads', size, EA),
    `const t${index} = ${ACCESS[size].element('(page | EA & 4095)')}`,
  ],
  store: (size, EA, value) => [
    ...lookUp('stores', size, EA),
    `${ACCESS[size].element('(page | EA & 4095)')} = ${value}`,
  ],
  branch: (target) => [`next = ${target}`, 'left = limit - p - 1 | 0', 'break line'],
  call: (name, args) =>
    name === 'mfspr'
      ? [`words[r + ${args[1]} | 0] = words[r + ${plainSpr(name, args)} | 0]`]
      : [`words[r + ${plainSpr(name, args)} | 0] = ${args[1]}`],
})

/** Undefined: left to its function. */
function inlineStatements({ instruction, known }: Opcode): readonly Statement[] | undefined {
  if (!FREQUENT.has(instruction.mnemonic)) return undefined
  const statements = specialise(statementsOf(instruction), known)
  const isInline = statements.every(
    (s) => s.kind !== 'call' || (known.fields.SPR !== undefined && `${known.fields.SPR}` in PLAIN_SPRS),
  )
  const asksAnyCrBit = known.crBit === undefined && statements.some((s) => mentions(s, 'crBit'))
  return isInline && !asksAnyCrBit ? statements : undefined
}

/** An access that misses leaves the case for the function, so nothing may be changed before it. */
function requireAccessFirst(statements: readonly Statement[], mnemonic: string): void {
  const access = statements.findIndex(({ kind }) => kind === 'load' || kind === 'store')
  if (access > 0 && statements.slice(0, access).some(({ kind }) => kind !== 'let'))
    throw new Error(`${mnemonic} changes something before its access`)
}

function caseOf(opcode: Opcode, number: number): string[] {
  const { instruction, known } = opcode
  const statements = inlineStatements(opcode)
  if (!statements) return []
  requireAccessFirst(statements, instruction.mnemonic)
  const lines = statements.flatMap((s) => statement(s, inLoop(known)))
  const leaves = lines.at(-1) === 'break line'
  const fillings = Object.entries(known.fields).map(([name, value]) => ` ${name}=${value}`)
  const bit = known.crBit === undefined ? '' : ` ${['LT', 'GT', 'EQ', 'SO'][known.crBit]}`
  return [
    `case ${number}: { // ${instruction.mnemonic}${fillings.join('')}${bit}`,
    ...lines.map((line) => `  ${line}`),
    ...(leaves ? [] : ['  break']),
    '}',
  ]
}

const indent = (lines: readonly string[], by: number) => lines.map((line) => ' '.repeat(by) + line).join('\n')

const IMPORTS = [
  "import type { Cpu, Storage } from '../../isa/cpu.ts'",
  "import { crBit, setCrBit } from '../../core/arithmetic.ts'",
  "import type { Tables } from '../tables.ts'",
]
const HEAD = `// Generated by npm run generate from emulator/isa. Do not edit.
${IMPORTS.join('\n')}

export type Body = (w: number) => void

export function bodies(R: Int32Array, masks: Int32Array, cpu: Cpu, storage: Storage): Readonly<Record<string, Body>> {
  let middle = 0
  return {
${instructions.map(body).join('\n')}
  }
}
`

// All but halves and bytes goes through one array, words: what the host's compiler checked for one access of an instruction holds for the others.
// p is the index of the instruction's word in memory, end that of the first word not to run in this straight line,
// limit the one at which the chunk would be used up if the line went on. So straight code counts nothing.
const RUN = `
/** Runs up to ${CHUNK} instructions of the slice. Returns earlier before an instruction that it cannot do: its body can. */
export function run(m: Tables): void {
  const { R, words, halves, bytes, masks, fetch } = m
  // Where they begin in words.
  const r = R.byteOffset >> 2
  const loads = m.loads.byteOffset >> 2
  const stores = m.stores.byteOffset >> 2
  const rest = R[${LEFT}] > ${CHUNK} ? R[${LEFT}] - ${CHUNK} | 0 : 0
  let w = 0
  let middle = 0
  // At the end of a line of no words, before NIA.
  let p = 0
  let end = 0
  let toEA = R[${NIA}]
  let limit = R[${LEFT}] - rest | 0
  let next = 0
  let left = 0
  let pageEA = 1
  let pageStart = 0
  let toCache = 0
  while (true) {
    line: {
      if (p < end) {
        w = words[p]
        slow: {
          const cached = (p << 1) + toCache | 0
          if (words[cached] !== w) break slow
          switch (words[cached + 1 | 0]) {
CASES
            default:
              break slow
          }
          p = p + 1 | 0
          continue
        }
        R[${NIA}] = (p << 2) + toEA
        R[${LEFT}] = rest + limit - p
        return
      }
      left = limit - p | 0
      next = (p << 2) + toEA | 0
    }
    if (left === 0) {
      R[${NIA}] = next
      R[${LEFT}] = rest
      return
    }
    if ((next & -4096) !== pageEA) {
      const entry = (next >>> 12 & 255) << 2
      if (fetch[entry] !== next >>> 12) {
        R[${NIA}] = next
        R[${LEFT}] = rest + left
        return
      }
      pageEA = next & -4096
      pageStart = fetch[entry + 1]
      toCache = fetch[entry + 2]
      toEA = pageEA - (pageStart << 2) | 0
    }
    p = pageStart + (next >>> 2 & 1023) | 0
    limit = p + left | 0
    end = limit < pageStart + 1024 ? limit : pageStart + 1024 | 0
  }
}
`

/** The text of engine/generated/bodies.ts. */
export const printBodies = (): string =>
  HEAD +
  RUN.replace('CASES', () =>
    indent(
      opcodes.flatMap((opcode, n) => (opcode ? caseOf(opcode, n) : [])),
      12,
    ),
  )
