// Lines of assembly into words, by the project's own records: `addi r3,r0,5`, labels, `b label`. A test's guest is readable this way.
import { encode } from '../../emulator/isa/decode.ts'
import { operandNames } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { sprs } from '../../emulator/spr/table.ts'

const byMnemonic = new Map(instructions.map((instruction) => [instruction.mnemonic, instruction]))
const sprNumber = new Map(sprs.map(({ name, number }) => [name, number]))

/** Words at base onward; labels end in a colon; # begins a comment. */
export function assemble(source: string, base = 0): { words: number[]; labels: Record<string, number> } {
  const labels: Record<string, number> = {}
  const lines: { text: string; address: number }[] = []
  for (const raw of source.split('\n')) {
    const text = raw.replace(/#.*/, '').trim()
    if (text === '') continue
    const address = base + 4 * lines.length
    if (text.endsWith(':')) labels[text.slice(0, -1)] = address
    else lines.push({ text, address })
  }
  return { words: lines.map(({ text, address }) => word(text, address, labels)), labels }
}

function word(text: string, address: number, labels: Record<string, number>): number {
  const [, mnemonic = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text)!
  if (mnemonic === '.long') return Number(rest) | 0
  const instruction = byMnemonic.get(mnemonic)
  if (!instruction) throw new Error(`no record for ${mnemonic}`)
  const operands = rest.replace('(', ',').replace(')', '').split(',').filter(Boolean)
  const names = operandNames(instruction)
  if (operands.length !== names.length) throw new Error(`${text}: ${instruction.operands} wanted`)
  return encode(
    instruction,
    operands.map((operand, n) => value(operand.trim(), names[n]!, address, labels)),
  )
}

function value(operand: string, name: string, address: number, labels: Record<string, number>): number {
  if (operand in labels) return name === 'BD' || name === 'LI' ? labels[operand]! - address : labels[operand]!
  if (sprNumber.has(operand)) return sprNumber.get(operand)!
  const number = Number(operand.replace(/^(cr|r)(?=\d)/, ''))
  if (Number.isNaN(number)) throw new Error(`operand ${operand}`)
  return number
}
