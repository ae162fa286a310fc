import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { disassemble } from '../../emulator/isa/disassemble.ts'
import { pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'

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

test('a million random words decode without a throw', () => {
  const word = random(1)
  for (let n = 0; n < 1_000_000; n++) decode(word())
})

const objdump = 'powerpc-linux-gnu-objdump'
test.skipIf(missingProgram(objdump))('disassembles as objdump does, 50 random fillings a record', () => {
  const word = random(2)
  const words = instructions.flatMap((instruction) => {
    const { value, mask } = pattern(instruction)
    return Array.from({ length: 50 }, () => (word() & ~mask) | value).filter(isOrdinary)
  })
  expect(words.length).toBeGreaterThan(instructions.length * 30)
  const theirs = objdumpText(words)
  const different = words.flatMap((w, n) => {
    const ours = disassemble(w, 4 * n)
    return ours === theirs[n] ? [] : [`${hex(w)} ours: ${ours} objdump: ${theirs[n]}`]
  })
  expect(different).toEqual([])
})

/** Update forms with RA=0 (or RA=RT in loads) and lmw over its own RA are invalid, and so are BO values with z bits set: binutils prints .long. */
function isOrdinary(word: number): boolean {
  const instruction = decode(word)!
  const RT = (word >>> 21) & 31
  const RA = (word >>> 16) & 31
  if (/^(l|st).*ux?$/.test(instruction.mnemonic) && (RA === 0 || RA === RT)) return false
  if (instruction.mnemonic === 'lmw' && RA >= RT) return false
  if (instruction.operands.startsWith('BO'))
    return [0, 2, 8, 10].includes(RT) || ([4, 12, 16, 18, 20].includes(RT) && !instruction.mnemonic.startsWith('bcctr'))
      ? !(instruction.mnemonic.startsWith('bcctr') && (RT & 4) === 0)
      : false
  return true
}

function objdumpText(words: readonly number[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'e500-'))
  try {
    const file = join(folder, 'words.bin')
    const bytes = Buffer.alloc(words.length * 4)
    for (const [n, word] of words.entries()) bytes.writeInt32BE(word, 4 * n)
    writeFileSync(file, bytes)
    const options = ['-D', '-z', '-EB', '-b', 'binary', '-m', 'powerpc', '-M', 'e500,raw', '--no-show-raw-insn', file]
    return execFileSync(objdump, options, { encoding: 'utf8', maxBuffer: 1 << 28 })
      .split('\n')
      .flatMap((line) => /^\s*[0-9a-f]+:\t(.*)$/.exec(line)?.[1] ?? [])
      .map((text) => withoutDefaults(text.trim().replace(/\s+/, ' ')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** With -M raw objdump spells optional operands out and names compares without their size; we write what its plain output writes. */
function withoutDefaults(text: string): string {
  return text
    .replace(/^(cmpl?)(i?) (cr\d),0,/, (_, compare, i, field) => `${compare}w${i} ${field},`)
    .replace(/^(mfcr .*),-1$/, '$1')
    .replace(/^(mtmsr .*|dcbf .*|lwarx .*|bclrl? .*|bcctrl? .*),0$/, '$1')
    .replace(/^sc 0$/, 'sc')
    .replace(/^(tlb[wr]e) r0,r0,0$/, '$1')
    .replace(/^tlbsx r0,/, 'tlbsx ')
}
