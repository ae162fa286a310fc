// The records as a set: none overlap, every word decodes.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { pattern } from '../../emulator/isa/record.ts'
import { simplifiedMnemonics } from '../../emulator/isa/simplified.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { random } from '../support/random.ts'

test('no two records match one word', () => {
  const patterns = instructions.map((instruction) => ({ ...pattern(instruction), mnemonic: instruction.mnemonic }))
  const overlaps = patterns.flatMap((a, n) =>
    patterns
      .slice(n + 1)
      .filter((b) => ((a.value ^ b.value) & a.mask & b.mask) === 0)
      .map((b) => `${a.mnemonic} ~ ${b.mnemonic}`),
  )
  expect(overlaps).toEqual([])
})

test('every fixed value lies inside its mask', () => {
  for (const instruction of instructions) {
    const { value, mask } = pattern(instruction)
    expect(hex(value & ~mask), instruction.mnemonic).toBe('0x00000000')
  }
})

test('a million random words decode without a throw, each to a record that it fits', () => {
  const word = random(1)
  let fitting = 0
  for (let n = 0; n < 1_000_000; n++) {
    const w = word()
    const instruction = decode(w)
    if (!instruction) continue
    const { value, mask } = pattern(instruction)
    if ((w & mask) !== value) throw new Error(`${hex(w)} is not ${instruction.mnemonic}`)
    fitting++
  }
  expect(fitting).toBeGreaterThan(300_000)
})

test('every record is found by a word of it', () => {
  for (const instruction of instructions) expect(decode(pattern(instruction).value)).toBe(instruction)
})

test('simplified mnemonics stand for records, and none has the name of one', () => {
  const names = new Set(instructions.map(({ mnemonic }) => mnemonic))
  expect(simplifiedMnemonics.filter(({ of }) => !names.has(of))).toEqual([])
  expect(simplifiedMnemonics.filter(({ mnemonic, core }) => !core && names.has(mnemonic))).toEqual([])
})
