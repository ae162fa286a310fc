// Text of words against objdump -M e500, and back again.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { assemble } from '../../emulator/isa/assemble.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { disassemble } from '../../emulator/isa/disassemble.ts'
import { getField } from '../../emulator/isa/form.ts'
import { pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { objdumpText } from '../support/binutils.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'

/** Where our text is not objdump's. Each has to occur. */
const DEVIATIONS: readonly { readonly why: string; is(word: number, theirs: string): boolean }[] = [
  {
    why: 'BO 6, 7, 14, 15 in bc: objdump hides a bit that must be 0, and the text would assemble to another word',
    is: (word) => isBc(word) && [6, 7, 14, 15].includes(getField(word, 'BO')),
  },
  {
    why: 'BO with a bit set that must be 0 and BI 0 in bc: objdump hides it likewise',
    is: (word) => isBc(word) && getField(word, 'BO') > 23 && getField(word, 'BI') === 0,
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

/** Random fillings of each record's operands. */
function fillings(count: number): number[] {
  const word = random(2)
  return instructions
    .filter(({ category }) => category === undefined)
    .flatMap((instruction) => {
      const { value, mask } = pattern(instruction)
      return Array.from({ length: count }, () => (word() & ~mask) | value)
    })
}

test.skipIf(missingProgram('powerpc-linux-gnu-objdump'))(
  'disassembles as objdump does, 1,000 random fillings a record',
  () => {
    const words = fillings(1000)
    const theirs = objdumpText(words)
    const different = [...words.keys()].filter((n) => disassemble(words[n]!, 4 * n) !== theirs[n])
    const found = different.map((n) => DEVIATIONS.find(({ is }) => is(words[n]!, theirs[n]!)))
    const unlisted = different.filter((_, k) => !found[k])
    const lines = unlisted.map((n) => `${hex(words[n]!)} ours: ${disassemble(words[n]!, 4 * n)} theirs: ${theirs[n]}`)
    expect(lines.slice(0, 20)).toEqual([])
    expect(DEVIATIONS.filter((deviation) => !found.includes(deviation)).map(({ why }) => why)).toEqual([])
    expect(different.length).toBeLessThan(words.length / 100)
  },
)

test('what is disassembled assembles to the same word', () => {
  for (const [n, word] of fillings(200).entries()) {
    const text = disassemble(word, 4 * n)
    if (assemble(text, { address: 4 * n }) !== word) expect.unreachable(`${hex(word)} ${text}`)
  }
})

test('so does the raw text', () => {
  for (const [n, word] of fillings(50).entries()) {
    const text = disassemble(word, 4 * n, { raw: true })
    if (assemble(text, { address: 4 * n }) !== word) expect.unreachable(`${hex(word)} ${text}`)
  }
})

test('raw: the instruction by its own name with all operands', () => {
  expect(disassemble(0x60000000, 0, { raw: true })).toBe('ori r0,r0,0')
  expect(disassemble(0x4e800020, 0, { raw: true })).toBe('bclr 20,lt,0')
  expect(disassemble(0x2c030004, 0, { raw: true })).toBe('cmpwi cr0,r3,4')
  expect(disassemble(0x7c6802a6, 0, { raw: true })).toBe('mfspr r3,8')
})
