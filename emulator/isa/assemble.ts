// A line of assembly -> its word: every record and every simplified mnemonic, operands as GNU as reads them with -mregnames.
// What it is not: directives, labels and macros; who has several lines keeps its own symbols.
import type { CoreName } from '../spr/record.ts'
import { sprs } from '../spr/table.ts'
import { isOf } from './category.ts'
import { decode } from './decode.ts'
import { AssemblyError, Reader, type Value } from './expression.ts'
import { type FieldKind, type FieldName, fieldPlace, getField, isField, putField } from './form.ts'
import { type Operand, operandsOf } from './operand.ts'
import { type Instruction, pattern } from './record.ts'
import { type Simplified, simplifiedMnemonics } from './simplified.ts'
import { instructions } from './table.ts'

export { AssemblyError } from './expression.ts'

export interface Place {
  /** Where the word will stand: what `.` is, and what branches count from. */
  readonly address: number
  readonly symbol?: (name: string) => number | undefined
  /** Without one: what any core has. */
  readonly core?: CoreName
}

interface Form {
  readonly instruction: Instruction
  readonly operands: readonly Operand[]
  readonly where: Simplified['where']
}

/** By mnemonic, the records last: they win. */
function formsOf(core: CoreName | undefined): ReadonlyMap<string, Form> {
  const forms = new Map<string, Form>()
  const records = new Map<string, Instruction>()
  for (const instruction of instructions) if (isOf(instruction, core)) records.set(instruction.mnemonic, instruction)
  for (const { mnemonic, of, operands, where, core: only } of simplifiedMnemonics) {
    const instruction = only === undefined || only === (core ?? 'e500v2') ? records.get(of) : undefined
    if (instruction) forms.set(mnemonic, { instruction, operands: operandsOf(operands), where })
  }
  for (const [mnemonic, instruction] of records)
    forms.set(mnemonic, { instruction, operands: operandsOf(instruction.operands), where: {} })
  return forms
}
const formsByCore = new Map<CoreName | undefined, ReadonlyMap<string, Form>>()
function formOf(mnemonic: string, core: CoreName | undefined): Form | undefined {
  let forms = formsByCore.get(core)
  if (!forms) {
    forms = formsOf(core)
    formsByCore.set(core, forms)
  }
  return forms.get(mnemonic)
}

/** Throws an AssemblyError that names the operand and what is allowed. */
export function assemble(line: string, place: Place): number {
  const [, mnemonic = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? []
  if (mnemonic === '') throw new AssemblyError('An instruction is missing.')
  const reader = new Reader(rest, (name) => nameValue(name, place))
  if (mnemonic === '.long') return Number(BigInt.asIntN(32, lastExpression(reader).value))
  const form = formOf(mnemonic.toLowerCase(), place.core)
  if (!form) throw new AssemblyError(`"${mnemonic}" is no instruction of this core.`)
  const values = operandValues(mnemonic, form, reader, place)
  return wordOf(mnemonic, form, values, place.core)
}

function lastExpression(reader: Reader): Value {
  const value = reader.expression()
  if (!reader.isAtEnd) throw new AssemblyError(`"${reader.remaining}" is too much.`)
  return value
}

// ---- names ----
const CR_BITS: Readonly<Record<string, bigint>> = { lt: 0n, gt: 1n, eq: 2n, so: 3n, un: 3n }
const sprNumbers = new Map(sprs.map(({ name, number }) => [name, number]))

function nameValue(name: string, { address, symbol }: Place): Value | undefined {
  if (name === '.') return { value: BigInt(address >>> 0) }
  const own = symbol?.(name)
  if (own !== undefined) return { value: BigInt(own >>> 0) }
  const [, kind, number] = /^%?(r|cr|f)(\d+)$/.exec(name) ?? []
  if (kind && Number(number) < (kind === 'cr' ? 8 : 32))
    return { value: BigInt(number!), register: kind as 'r' | 'cr' | 'f' }
  if (name === 'sp' || name === '%sp') return { value: 1n, register: 'r' }
  if (name in CR_BITS) return { value: CR_BITS[name]! }
  const SPR = sprNumbers.get(name.toUpperCase())
  return SPR === undefined ? undefined : { value: BigInt(SPR) }
}

// ---- operands ----
/** The optional operands come in from the left as far as there are more than the others. */
function present({ operands }: Form, count: number): readonly Operand[] {
  let spare = count - operands.filter(({ isOptional }) => !isOptional).length
  return operands.filter(({ isOptional }) => !isOptional || spare-- > 0)
}

function operandValues(mnemonic: string, form: Form, reader: Reader, place: Place): Map<string, number> {
  const given: Value[] = []
  const separators: string[] = []
  while (!reader.isAtEnd) {
    given.push(reader.expression())
    const separator = [',', '(', ')'].find((mark) => reader.takes(mark)) ?? ''
    separators.push(separator)
    if (separator === '' || separator === ')') break
  }
  const operands = present(form, given.length)
  const fits =
    reader.isAtEnd &&
    given.length === operands.length &&
    operands.every(
      ({ separator }, n) => separators[n] === (n === operands.length - 1 && separator === ',' ? '' : separator),
    )
  if (!fits) throw new AssemblyError(`${mnemonic} takes ${layoutText(form.operands)}.`)
  return new Map(operands.map(({ name }, n) => [name, operandValue(mnemonic, name, given[n]!, form, place)]))
}

/** 'BF?,RA,SI' for a person: [BF,]RA,SI. */
const layoutText = (operands: readonly Operand[]) =>
  operands.length === 0
    ? 'no operands'
    : operands
        .map(({ name, isOptional, separator }) => {
          const text = shown(name) + separator
          return isOptional ? `[${text}]` : text
        })
        .join('')

/** A field's name as the manual has it: RA0 is RA, SIS is SI, L15 is L. */
const shown = (name: string) => name.replace(/\d+$|(?<=^U?SI)S$/, '')

/** The letters before a register's number. */
const REGISTERS: Readonly<Partial<Record<FieldKind, Value['register']>>> = {
  gpr: 'r',
  gprOrZero: 'r',
  fpr: 'f',
  crField: 'cr',
  crBit: 'cr',
}

function operandValue(mnemonic: string, name: string, given: Value, form: Form, { address }: Place): number {
  const kind = isField(name) ? fieldPlace(name).kind : undefined
  const wanted = kind && REGISTERS[kind]
  if (given.register && given.register !== wanted)
    throw new AssemblyError(`${mnemonic}: ${shown(name)} cannot be ${given.register}${given.value}.`)
  if (!isField(name)) return Number(given.value)
  const value = half(given, name)
  if (kind !== 'target') return inRange(mnemonic, name, value)
  const base = form.instruction.fixed.AA ? 0n : BigInt(address >>> 0)
  return inRange(mnemonic, name, BigInt.asIntN(32, value - base))
}

function half({ value, half }: Value, name: FieldName): bigint {
  if (half === undefined) return value
  const word = BigInt.asUintN(32, value)
  const bits = half === 'l' ? word : half === 'h' ? word >> 16n : (word + 0x8000n) >> 16n
  return fieldPlace(name).signed ? BigInt.asIntN(16, bits) : BigInt.asUintN(16, bits)
}

/** The value, if the field holds it. */
function inRange(mnemonic: string, name: FieldName, value: bigint | number): number {
  const { from, to, signed, shift = 0, kind } = fieldPlace(name)
  const size = 2 ** (to - from + 1 + shift)
  const either = kind === 'signedOrUnsigned'
  if (Number.isNaN(value)) throw new AssemblyError(`${mnemonic}: the mnemonic does not allow this ${shown(name)}.`)
  const lowest = signed || either ? -size / 2 : 0
  const highest = (signed && !either ? size / 2 : size) - 2 ** shift
  if (!(value >= lowest && value <= highest))
    throw new AssemblyError(`${mnemonic}: ${shown(name)} is ${value}, but must be ${lowest} to ${highest}.`)
  if (Number(value) % 2 ** shift !== 0)
    throw new AssemblyError(`${mnemonic}: ${shown(name)} is ${value}, but must be a multiple of ${2 ** shift}.`)
  return Number(value)
}

// ---- the word ----
function wordOf(
  mnemonic: string,
  { instruction, where }: Form,
  values: ReadonlyMap<string, number>,
  core: CoreName | undefined,
): number {
  const valueNamed = (name: string) => values.get(name) ?? 0
  let word = pattern(instruction).value
  for (const [name, value] of values) if (isField(name)) word |= putField(value, name)
  for (const [key, given] of Object.entries(where)) {
    const name = key as FieldName
    const value = inRange(mnemonic, name, typeof given === 'number' ? given : given(valueNamed))
    word = (word & ~putField(-1, name)) | putField(value, name)
  }
  const reason = instruction.invalid?.((name) => getField(word, name), core)
  if (reason) throw new AssemblyError(`${mnemonic}: ${reason}.`)
  if (decode(word, core) !== instruction) throw new AssemblyError(`${mnemonic}: L must be 0 on this core.`)
  return word
}
