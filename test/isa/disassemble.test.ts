// Text of words against objdump -M e500, and back again.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { assemble } from '../../emulator/isa/assemble.ts'
import { CATEGORIES, isOf } from '../../emulator/isa/category.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { disassemble } from '../../emulator/isa/disassemble.ts'
import { fieldMask, getField } from '../../emulator/isa/form.ts'
import { operandNames, pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { DIALECTS, objdumpText } from '../support/binutils.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'

/** Where our text is not objdump's. Each has to occur. */
const DEVIATIONS: readonly { readonly why: string; is(word: number, theirs: string, core: CoreName): boolean }[] = [
  {
    why: 'bc with a bit of BO set that must be 0: objdump hides it, and its text would assemble to another word',
    is: (word, _, core) => isBc(word) && decode(word)!.invalid!((name) => getField(word, name), core) !== undefined,
  },
  {
    why: 'ehpriv with OC: objdump knows only OC = 0 (Linux has the field: reference 3.3)',
    is: (word, theirs) => decode(word)!.mnemonic === 'ehpriv' && theirs.startsWith('.long'),
  },
  {
    why: 'tlbilx of T 0 and 1 with registers, which it ignores: objdump hides them, and its text would assemble to another word',
    is: (_, theirs) => /^tlbilxl?pid$/.test(theirs),
  },
  {
    why: 'mfspr of 276 to 279: objdump writes mfsprg, which assembles to 260 to 263',
    is: (word, theirs) => theirs.startsWith('mfsprg ') && getField(word, 'SPR') >= 276,
  },
  {
    why: 'special purpose registers that the core has not: objdump names those of the 601, of classic MMUs and of Book E',
    is: (_, theirs) => /^m[ft](rtc[ul]|dsisr|dar|sdr1|ear|[id]bat[ul]|iac[34]|dvc[12]) /.test(theirs),
  },
]
const isBc = (word: number) => decode(word)!.mnemonic.match(/^bcl?a?$/) !== null

const CORES = Object.keys(CATEGORIES) as CoreName[]

/** Random fillings of the operands of each record that the core has. */
function fillings(core: CoreName, count: number): number[] {
  const word = random(2)
  return instructions
    .filter((instruction) => isOf(instruction, core))
    .flatMap((instruction) => {
      const { value } = pattern(instruction)
      const free = operandNames(instruction).reduce((mask, name) => mask | fieldMask(name), 0)
      return Array.from({ length: count }, () => (word() & free) | value)
    })
}

test.skipIf(missingProgram('powerpc-linux-gnu-objdump'))(
  'disassembles as objdump does, 1,000 random fillings a record',
  () => {
    const used = new Set<(typeof DEVIATIONS)[number]>()
    for (const core of CORES) {
      const words = fillings(core, 1000)
      const theirs = objdumpText(words, DIALECTS[core])
      const ours = words.map((word, n) => disassemble(word, 4 * n, { core }))
      const different = [...words.keys()].filter((n) => ours[n] !== theirs[n])
      const found = different.map((n) => DEVIATIONS.find(({ is }) => is(words[n]!, theirs[n]!, core)))
      for (const deviation of found) if (deviation) used.add(deviation)
      const unlisted = different.filter((_, k) => !found[k])
      const lines = unlisted.map((n) => `${core} ${hex(words[n]!)} ours: ${ours[n]} theirs: ${theirs[n]}`)
      expect(lines.slice(0, 20)).toEqual([])
      expect(different.length).toBeLessThan(words.length / 100)
    }
    expect(DEVIATIONS.filter((deviation) => !used.has(deviation)).map(({ why }) => why)).toEqual([])
  },
)

test.each(CORES)('%s: what is disassembled assembles to the same word', (core) => {
  for (const [n, word] of fillings(core, 200).entries()) {
    const text = disassemble(word, 4 * n, { core })
    if (assemble(text, { address: 4 * n, core }) !== word) expect.unreachable(`${hex(word)} ${text}`)
  }
})

test.each(CORES)('%s: so does the raw text', (core) => {
  for (const [n, word] of fillings(core, 50).entries()) {
    const text = disassemble(word, 4 * n, { raw: true, core })
    if (assemble(text, { address: 4 * n, core }) !== word) expect.unreachable(`${hex(word)} ${text}`)
  }
})

test('raw: the instruction by its own name with all operands', () => {
  expect(disassemble(0x60000000, 0, { raw: true })).toBe('ori r0,r0,0')
  expect(disassemble(0x4e800020, 0, { raw: true })).toBe('bclr 20,lt,0')
  expect(disassemble(0x2c030004, 0, { raw: true })).toBe('cmpwi cr0,r3,4')
  expect(disassemble(0x7c6802a6, 0, { raw: true })).toBe('mfspr r3,8')
})
