// Word -> record. Records with one primary opcode are tried in order of how many bits they fix.
import { type FieldName, getField, putField } from './form.ts'
import { type Instruction, operandNames, pattern } from './record.ts'
import { instructions } from './table.ts'

interface Candidate {
  readonly value: number
  readonly mask: number
  readonly instruction: Instruction
}

const byPrimaryOpcode: Candidate[][] = Array.from({ length: 64 }, () => [])
for (const instruction of instructions) {
  const { value, mask } = pattern(instruction)
  byPrimaryOpcode[value >>> 26]!.push({ value, mask, instruction })
}

/** The record that a word encodes, or undefined: an illegal instruction. Never throws. */
export function decode(word: number): Instruction | undefined {
  return byPrimaryOpcode[word >>> 26]!.find(({ value, mask }) => (word & mask) === value)?.instruction
}

/** Assembly text in binutils' spelling without simplified mnemonics; illegal words are `.long`. CIA: the word's address, for branch targets. */
export function disassemble(word: number, CIA: number): string {
  const instruction = decode(word)
  if (!instruction) return `.long 0x${(word >>> 0).toString(16)}`
  const text = instruction.operands.replace(/[A-Z0-9]+/g, (name) =>
    operandText(word, name as FieldName, CIA, instruction),
  )
  return text === '' ? instruction.mnemonic : `${instruction.mnemonic} ${text}`
}

function operandText(word: number, name: FieldName, CIA: number, { fixed }: Instruction): string {
  const value = getField(word, name)
  if (name === 'BF' || name === 'BFA') return `cr${value}`
  if (name === 'RA0' && value === 0) return '0'
  if (name === 'BI' || name === 'BT' || name === 'BA' || name === 'BB' || name === 'BC') return crBitText(value)
  if (name === 'RA0' || name === 'RT' || name === 'RS' || name === 'RA' || name === 'RB') return `r${value}`
  if (name === 'BD' || name === 'LI') return `0x${((fixed.AA ? value : CIA + value) >>> 0).toString(16)}`
  return String(value)
}

const crBitText = (bit: number) => (bit < 4 ? '' : `4*cr${bit >> 2}+`) + ['lt', 'gt', 'eq', 'so'][bit & 3]

/** The word of a record with the given operand values, in the record's order. */
export function encode(instruction: Instruction, operands: readonly number[]): number {
  return operandNames(instruction).reduce(
    (word, name, n) => word | putField(operands[n]!, name),
    pattern(instruction).value,
  )
}
