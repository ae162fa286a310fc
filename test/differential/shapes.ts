// How a record is met: a random filling, and the few instructions before and after that keep its effect inside the block.
import { isOf } from '../../emulator/isa/category.ts'
import type { FieldName } from '../../emulator/isa/form.ts'
import type { Statement } from '../../emulator/isa/op.ts'
import { type Instruction, operandNames, statementsOf } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import type { Block, Step } from './block.ts'
import { anyBase, anyGpr, chance, encode, encodeRecord, type Fields, fill } from './encode.ts'
import { CODE_BYTES, EXIT_COUNT, EXITS, SCRATCH_BYTES } from './layout.ts'
import { notCompared } from './notCompared.ts'

type Random = () => number

type Shape = (record: Instruction, core: CoreName, random: Random) => Step

const fixedWords = (record: Instruction, words: readonly number[], mayEnd = false): Step => ({
  mnemonic: record.mnemonic,
  words: () => [...words],
  mayEnd,
})

/** x <- value. */
const set = (x: number, value: number) => [
  encode('addis', { RT: x, RA: 0, SI: value >> 16 }),
  encode('ori', { RA: x, RS: x, UI: value & 0xffff }),
]
/** x <- r30 + value. */
const setFromR30 = (x: number, value: number) => {
  const low = (value << 16) >> 16
  return [encode('addis', { RT: x, RA: 30, SI: (value - low) >> 16 }), encode('addi', { RT: x, RA: x, SI: low })]
}

/** QEMU 7.2 knows no hypervisor system call (LEV); it takes a cache other than the first, and L = 3 of dcbf, as illegal; Book II 3.2.2 and 4.3 have them. */
const hints = (random: Random): Fields => ({ CT: 0, L2: random() & 1, LEV: 0 })

const plain: Shape = (record, core, random) =>
  fixedWords(record, [encodeRecord(record, fill(record, core, random, hints(random)))])

// ---- storage ----
const MEMORY_CALLS =
  /^(lwarx|stwcx|lmw|stmw|dcb\w*|cacheOperation\w*|dataCacheLock|instructionCacheLock|loadExternal|storeExternal|lf[sd]\w*|stf\w*)$/
const isAccess = (statement: Statement) =>
  statement.kind === 'load' ||
  statement.kind === 'store' ||
  (statement.kind === 'call' && MEMORY_CALLS.test(statement.name))
/** Those that may not be misaligned, and lmw and stmw, which QEMU lets be. */
const NEEDS_ALIGNMENT = /^(lwarx|stwcx|lmw|stmw|[ls]\wepx|ev|lf|stf|l\wdx|st\wdx)/

function offsetFor({ mnemonic }: Instruction, random: Random): number {
  const offset = (random() >>> 4) % (SCRATCH_BYTES - 16)
  if (mnemonic === 'stmw') return offset & 0x7c
  if (NEEDS_ALIGNMENT.test(mnemonic)) return offset & -8
  return chance(random, 2) ? offset & -4 : offset
}

/** D, and those of SPE in units of the access. */
const isDisplacement = (name: FieldName) => /^D\d?$/.test(name)

function byDisplacement(record: Instruction, core: CoreName, random: Random): Step {
  // lmw: RA stands below the registers that are loaded.
  const base = record.mnemonic === 'lmw' ? 1 + (random() & 15) : anyBase(random)
  const offset = offsetFor(record, random)
  const D = operandNames(record).find(isDisplacement)!
  const fields = fill(record, core, random, { RA: base, RA0: base })
  const words = [...setFromR30(base, offset - fields[D]!), encodeRecord(record, fields)]
  return { ...fixedWords(record, words), isLast: record.mnemonic === 'lmw' }
}

function byIndex(record: Instruction, core: CoreName, random: Random): Step {
  const offset = offsetFor(record, random)
  const isZero = operandNames(record).includes('RA0') && chance(random, 8)
  const base = isZero ? 0 : anyBase(random)
  let index = anyGpr(random)
  while (index === base) index = anyGpr(random)
  const fields = fill(record, core, random, { ...hints(random), RA: base, RA0: base, RB: index })
  const address = isZero
    ? [encode('addi', { RT: index, RA: 30, SI: offset })]
    : [encode('subf', { RT: base, RA: index, RB: 30 }), encode('addi', { RT: base, RA: base, SI: offset })]
  // A store that succeeds follows its own reservation: what breaks others is not the architecture's.
  const reserve = record.mnemonic === 'stwcx.' && chance(random, 2)
  const before = reserve ? [encode('lwarx', { RT: fields.RS!, RA: base, RB: index })] : []
  if (reserve && (fields.RS === base || fields.RS === index)) return byIndex(record, core, random)
  return fixedWords(record, [...address, ...before, encodeRecord(record, fields)])
}

// ---- branches ----
function around(record: Instruction, random: Random, encodeAt: (skipped: number, address: number) => number[]): Step {
  const skipped = (random() >>> 4) % 3
  const filler = Array.from({ length: skipped }, () => encode('addi', { RT: anyGpr(random), RA: 0, SI: random() }))
  return { mnemonic: record.mnemonic, mayEnd: false, words: (address) => [...encodeAt(skipped, address), ...filler] }
}

const branch: Shape = (record, core, random) => {
  if (record.fixed.AA === 1) {
    const target = EXITS + 8 * ((random() >>> 4) % EXIT_COUNT)
    return fixedWords(record, [encodeRecord(record, fill(record, core, random, { LI: target, BD: target }))], true)
  }
  const fields = fill(record, core, random)
  return around(record, random, (skipped) => {
    const displacement = 4 * (1 + skipped)
    return [encodeRecord(record, { ...fields, ...('LI' in fields ? { LI: displacement } : { BD: displacement }) })]
  })
}

const branchToRegister: Shape = (record, core, random) => {
  const toCtr = record.mnemonic.startsWith('bcctr')
  let fields = fill(record, core, random)
  // Book I 2.4: bcctr with BO[2] = 0 is invalid.
  while (toCtr && !(fields.BO! & 4)) fields = fill(record, core, random)
  const x = anyGpr(random)
  const low = random() & 3
  return around(record, random, (skipped, address) => [
    ...set(x, (address + 4 * (4 + skipped)) | low),
    encode('mtspr', { SPR: toCtr ? 9 : 8, RS: x }),
    encodeRecord(record, fields),
  ])
}

/** Returns from interrupts: to the next instruction. */
const RETURNS: Readonly<Record<string, number>> = { rfi: 26, rfci: 58, rfmci: 570, rfdi: 574, rfgi: 378 }
const returning: Shape = (record, _, random) => {
  const x = anyGpr(random)
  const SRR0 = RETURNS[record.mnemonic]!
  return around(record, random, (skipped, address) => [
    ...set(x, address + 4 * (6 + skipped)),
    encode('mtspr', { SPR: SRR0, RS: x }),
    encode('mfmsr', { RT: x }),
    encode('mtspr', { SPR: SRR0 + 1, RS: x }),
    encodeRecord(record, {}),
  ])
}

// ---- the rest with rules of its own ----
/** The quotient is undefined where it does not fit: then only OV and SO may be looked at (Book I 3.3.8). */
const divide: Shape = (record, core, random) => {
  const b = anyBase(random)
  const fields = fill(record, core, random, { RB: b })
  if (record.fixed.OE === 1 && record.fixed.Rc === 0 && chance(random, 4)) {
    const after = encode('addi', { RT: fields.RT!, RA: 0, SI: 0 })
    return fixedWords(record, [encode('addi', { RT: b, RA: 0, SI: 0 }), encodeRecord(record, fields), after])
  }
  const notNegative = encode('rlwinm', { RA: b, RS: b, SH: 0, MB: 1, ME: 31 })
  return fixedWords(record, [notNegative, encode('ori', { RA: b, RS: b, UI: 1 }), encodeRecord(record, fields)])
}

const XER = 1
/** SPRs that hold what is written: user registers and the interrupts' scratch. SPRG0 to SPRG2 are the harness's. */
const SPRS = [XER, 8, 9, 256, 275, 276, 277, 278, 279, 26, 27, 58, 59, 61]
const moveSpr: Shape = (record, core, random) => {
  const SPR = SPRS[(random() >>> 4) % SPRS.length]!
  const RS = anyGpr(random)
  // Book I 3.2.2: the rest of XER is reserved or a string's length.
  const before = SPR === XER ? [encode('rlwinm', { RA: RS, RS, SH: 0, MB: 0, ME: 2 })] : []
  const write = encode('mtspr', { SPR, RS })
  if (record.mnemonic === 'mtspr')
    return fixedWords(record, [...before, write, encode('mfspr', { SPR, RT: anyGpr(random) })])
  return fixedWords(record, [...before, write, encodeRecord(record, fill(record, core, random, { SPR }))])
}

const MSR_BITS = 0x8000 | 0x20000
const writeMsr: Shape = (record, _, random) => {
  const x = anyGpr(random)
  const bits = random() & MSR_BITS
  return fixedWords(record, [
    encode('mfmsr', { RT: x }),
    encode('xori', { RA: x, RS: x, UI: bits & 0xffff }),
    encode('xoris', { RA: x, RS: x, UI: bits >>> 16 }),
    encodeRecord(record, { RS: x }),
  ])
}

/** The other fields of RT are undefined (Book I 3.3.13). */
const oneCrField: Shape = (record, core, random) => {
  const fields = fill(record, core, random)
  const field = Math.clz32(fields.FXM!) - 24
  const only = { RA: fields.RT!, RS: fields.RT!, SH: 0, MB: 4 * field, ME: 4 * field + 3 }
  return fixedWords(record, [encodeRecord(record, fields), encode('rlwinm', only)])
}

// ---- floating point ----
const isEmbeddedFloat = ({ category }: Instruction) => category !== undefined && /^SP\.F/.test(category)

/** Results in r20 to r29, so that operands stay numbers: single in the even registers, double in the odd ones. */
const embeddedFloat: Shape = (record, core, random) => {
  const isDouble = record.mnemonic === 'efscfd' || (record.category === 'SP.FD' && record.mnemonic !== 'efdcfs')
  const operand = () => 2 * ((random() >>> 4) % 10) + (isDouble ? 1 : 0)
  const fields = fill(record, core, random, { RT: 20 + ((random() >>> 4) % 10), RA: operand(), RB: operand() })
  return fixedWords(record, [encodeRecord(record, fields)])
}

/** The enables and NI stay 0: with VE set QEMU overwrites targets. */
const writeFpscr: Shape = (record, core, random) => {
  const fields = fill(record, core, random)
  if (fields.FLM !== undefined) fields.FLM &= 0xfc
  if (fields.BFF !== undefined && fields.BFF >= 6) Object.assign(fields, { BFF: 7, U: fields.U! & 3 })
  if (fields.BTF !== undefined && fields.BTF >= 24 && fields.BTF < 30) fields.BTF = 31
  return fixedWords(record, [encodeRecord(record, fields)])
}

const trap: Shape = (record, core, random) => ({ ...plain(record, core, random), mayEnd: true })

function shapeOf(record: Instruction): Shape {
  const { mnemonic } = record
  const names = operandNames(record)
  if (/^divwu?o?\.?$/.test(mnemonic)) return divide
  if (mnemonic in RETURNS) return returning
  if (/^m[tf]spr$/.test(mnemonic)) return moveSpr
  if (mnemonic === 'mtmsr') return writeMsr
  if (mnemonic === 'mfocrf') return oneCrField
  if (/^(tw|twi|sc)$/.test(mnemonic)) return trap
  if (isEmbeddedFloat(record)) return embeddedFloat
  if (mnemonic.startsWith('mtfs')) return writeFpscr
  if (/^bc(lr|ctr)/.test(mnemonic)) return branchToRegister
  if (names.includes('LI') || names.includes('BD')) return branch
  if (!statementsOf(record).some(isAccess)) return plain
  return names.some(isDisplacement) ? byDisplacement : byIndex
}

type Maker = (random: Random) => Step
export interface Shaped {
  readonly makers: readonly Maker[]
  readonly floatMakers: readonly Maker[]
}

/** Every record of a core that QEMU can judge, with its shape. */
export function shapedRecords(core: CoreName): Shaped {
  const judged = instructions.filter((record) => isOf(record, core) && !notCompared(record, core))
  const makerOf = (record: Instruction): Maker => {
    const shape = shapeOf(record)
    return (random) => shape(record, core, random)
  }
  return {
    makers: judged.filter((record) => !isEmbeddedFloat(record)).map(makerOf),
    floatMakers: judged.filter(isEmbeddedFloat).map(makerOf),
  }
}

const LENGTH = 8
const MOST_WORDS = CODE_BYTES / 4 - 2

/** The steps of one block, and what it begins with. */
export function anyBlock({ makers, floatMakers }: Shaped, random: Random): Omit<Block, 'seed'> {
  const isFloat = floatMakers.length > 0 && chance(random, 4)
  const from = isFloat ? floatMakers : makers
  const steps: Step[] = []
  let words = 0
  for (let n = 0; n < LENGTH; n++) {
    const step = from[(random() >>> 1) % from.length]!(random)
    words += step.words(0).length
    if (words > MOST_WORDS) break
    steps.push(step)
    if (step.isLast) break
  }
  return { steps, isFloat, isEnabled: chance(random, 3) }
}
