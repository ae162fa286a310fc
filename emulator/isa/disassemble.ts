// Word -> assembly text, as binutils writes it for this core: simplified mnemonics first, .long for what is no valid instruction.
import type { CoreName } from '../spr/record.ts'
import { decode } from './decode.ts'
import { type FieldName, getField, isField } from './form.ts'
import { operandsOf, operandText, written } from './operand.ts'
import type { Instruction } from './record.ts'
import { type Simplified, simplifiedMnemonics } from './simplified.ts'

interface Options {
  /** The instruction's own name and all its operands. */
  readonly raw?: boolean
  /** Without one: what any core has. */
  readonly core?: CoreName
}

const byRecord = new Map<string, Simplified[]>()
for (const entry of simplifiedMnemonics) {
  if (entry.isAlias) continue
  const entries = byRecord.get(entry.of)
  if (entries) entries.push(entry)
  else byRecord.set(entry.of, [entry])
}

/** CIA: the word's address, for branch targets. */
export function disassemble(word: number, CIA: number, { raw = false, core }: Options = {}): string {
  const instruction = decode(word, core)
  const field = (name: FieldName) => getField(word, name)
  if (!instruction || instruction.invalid?.(field, core)) return `.long 0x${(word >>> 0).toString(16)}`
  const entry = raw ? undefined : simplifiedOf(word, instruction, core)
  const { mnemonic, operands } = entry ?? instruction
  const valueNamed = valuesOf(word, entry?.n)
  const target = (displacement: number) => (instruction.fixed.AA ? displacement : CIA + displacement)
  const layout = operandsOf(operands)
  const texts = (raw ? layout : written(layout, valueNamed)).map(
    ({ name, separator }) => operandText(name, valueNamed(name), target) + separator,
  )
  return texts.length === 0 ? mnemonic : `${mnemonic} ${texts.join('').replace(/,$/, '')}`
}

function simplifiedOf(word: number, { mnemonic }: Instruction, core: CoreName | undefined): Simplified | undefined {
  return byRecord.get(mnemonic)?.find(({ where, n, core: only }) => {
    if (only && only !== (core ?? 'e500v2')) return false
    const valueNamed = valuesOf(word, n)
    return Object.entries(where).every(
      ([name, value]) => valueNamed(name) === (typeof value === 'number' ? value : value(valueNamed)),
    )
  })
}

/** The value of a field, or of the operand n. */
function valuesOf(word: number, n: Simplified['n']): (name: string) => number {
  const valueNamed = (name: string): number => (isField(name) ? getField(word, name) : n!(valueNamed))
  return valueNamed
}
