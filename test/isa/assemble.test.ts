// The assembler against GNU as: every record and every simplified mnemonic, random operands; expressions; and its sentences.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { assemble } from '../../emulator/isa/assemble.ts'
import { isOf } from '../../emulator/isa/category.ts'
import { type FieldName, fieldPlace, isField } from '../../emulator/isa/form.ts'
import { operandsOf } from '../../emulator/isa/operand.ts'
import { simplifiedMnemonics } from '../../emulator/isa/simplified.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { AS_OPTIONS, gnuAssemble } from '../support/binutils.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'

const word = random(4)
const below = (count: number) => (word() >>> 0) % count
const oneOf = <T>(values: readonly T[]) => values[below(values.length)]!

function operand(name: string, isAbsolute: boolean): string {
  if (!isField(name)) return `${below(33)}`
  const { kind } = fieldPlace(name)
  if (kind === 'gpr' || kind === 'gprOrZero') return oneOf([`r${below(32)}`, `%r${below(32)}`, `${below(32)}`])
  if (kind === 'crField') return oneOf([`cr${below(8)}`, `${below(8)}`])
  if (kind === 'crBit') return oneOf([`4*cr${below(8)}+${oneOf(['lt', 'gt', 'eq', 'so', 'un'])}`, `${below(32)}`])
  const number = numberOf(name)
  if (kind !== 'target' || isAbsolute)
    return oneOf([`${number}`, number < 0 ? `-0x${(-number).toString(16)}` : hex(number, 1)])
  return number < 0 ? `.-${-number}` : `.+${number}`
}
/** Within the field or at its edges, now and then just outside. */
function numberOf(name: FieldName): number {
  const { from, to, signed, shift = 0 } = fieldPlace(name)
  const size = 2 ** (to - from + 1 + shift)
  const lowest = signed ? -size / 2 : 0
  const inside = lowest + (below(size) & -(2 ** shift))
  return oneOf([inside, inside, inside, inside, lowest, lowest + size - 2 ** shift, lowest + size, lowest - 2 ** shift])
}

function line(mnemonic: string, layout: string): string {
  const operands = operandsOf(layout)
  // as fills optional operands from the left, too.
  let optional = below(operands.filter(({ isOptional }) => isOptional).length + 1)
  const written = operands.filter(({ isOptional }) => !isOptional || optional-- > 0)
  const text = written.map(({ name, separator }) => operand(name, /^b.*a[-+]?$/.test(mnemonic)) + separator).join('')
  return `${mnemonic} ${text.replace(/,$/, '')}`
}

const ours = (text: string, core: CoreName): number | undefined => {
  try {
    return assemble(text, { address: 0, core })
  } catch {
    return undefined
  }
}
const show = (value: number | undefined) => (value === undefined ? 'refused' : hex(value))

/** Where we take what as refuses, or refuse what it takes. */
const DEVIATIONS: readonly { readonly why: string; readonly line: RegExp; readonly core?: CoreName }[] = [
  {
    why: 'L = 1 compares 64 bits, invalid in a 32-bit implementation (Book I 3.3.9)',
    line: /^cmpl?i? \w+,(0x)?1,[^,]+,/,
  },
  {
    why: 'as takes operands of rotates beyond the conditions n > 0, n <= b, b + n <= 32 (Book I appendix B.9), and wraps the fields',
    line: /^(clrlslwi|(ext|ins)[lr]wi)\.? /,
  },
  { why: 'ehpriv with OC: as knows only OC = 0 (Linux has the field: reference 3.3)', line: /^ehpriv \w/ },
  { why: 'bcctr that counts: as calls it invalid, objdump writes it', line: /^b(c|dn?z[tf]?)ctrl?[-+]? / },
]

function compare(lines: readonly string[], core: CoreName = 'e500v2') {
  const theirs = gnuAssemble(lines, AS_OPTIONS[core])
  return lines.flatMap((text, n) => {
    const word = ours(text, core)
    const isListed = DEVIATIONS.some(({ line, core: only }) => line.test(text) && (only ?? core) === core)
    return word === theirs[n] || isListed ? [] : [`${text}  ours: ${show(word)} as: ${show(theirs[n])}`]
  })
}

const as = 'powerpc-linux-gnu-as'
test.skipIf(missingProgram(as)).each(['e500v2', 'e500mc'] as const)(
  '%s: every mnemonic, 30 random lines each: the bytes of as, and what it refuses',
  (core) => {
    const entries = [
      ...instructions.filter((instruction) => isOf(instruction, core)),
      ...simplifiedMnemonics.filter((entry) => (entry.core ?? core) === core && names(core).has(entry.of)),
    ]
    const lines = entries.flatMap(({ mnemonic, operands }) =>
      Array.from({ length: 30 }, () => line(mnemonic, operands)),
    )
    expect(compare(lines, core).slice(0, 20)).toEqual([])
    expect(lines.filter((text) => ours(text, core) !== undefined).length).toBeGreaterThan(lines.length / 2)
  },
)
const names = (core: CoreName) =>
  new Set(instructions.filter((instruction) => isOf(instruction, core)).map(({ mnemonic }) => mnemonic))

test.skipIf(missingProgram(as))('expressions: precedence, bases, characters, halves', () => {
  const lines = `li 3,1+2<<3|li 3,1\\|2+4|li 3,1<<2+1|li 3,~5|li 3,!0|li 3,4-2-1|li 3,-(3+4)*2|li 3,7%4+6/4|li 3,7^2&3
    li 3,0b101|li 3,010|li 3,0x7fff|li 3,'a|li 3,'a'|li 3,'\\n|ori 3,3,0xff00>>4|li 3,2*3+4*5|li 3,- -1|li 3,-0x8000
    li 3,0x12345678@l|lis 3,0x12348678@ha|lis 3,0x12348678@h|ori 3,3,0x12348678@l|lwz 3,0x12348678@l(4)|lwz 3,4+4*2(5)
    lwz 3,(4+4)*2(5)|lis 3,0xc000|lis 3,-1|lis 3,0x10000|li 3,0x8000|li 3,09|li 3|li 3,4,5|li|nop 3|lwz 3,4|lwz 3,4(5
    beq cr1,.+8|beq 1,.+8|beq+ .+8|beq- .-8|bdnz .-8|b .|b .+3|bc 12,2,.+8|bc+ 16,2,.+8|bc+ 16,2,.-8|bc- 17,2,.+8
    crset 4*cr7+so|crset cr1*4+eq|crclr 31|crclr 32|isel 3,0,5,cr1+2|mtcrf 0x100,3|mfocrf 3,3|mfocrf 3,4|sync|eieio
    trap|twui 3,4|subi 3,4,5|subi 3,4,-0x7fff|la 3,4(5)|mr. 3,4|cmp 1,3,4|cmp 0,0,3,4|cmp 0,1,3,4|mftb 3|mfsprg4 3
    dcbt 3,4|dcbt 1,3,4|tlbre|tlbre 1|tlbre 1,2|tlbre 1,2,3|tlbre 1,2,3,4|mbar|mbar 1|mbar 32|sc|sc 1|blr|blr 1|bctrl
    lwzu 3,4(3)|lwzu 3,4(0)|stwu 1,-16(1)|stwu 3,4(0)|lmw 5,4(6)|lmw 5,4(4)|bclr 6,2|bclr 21,2|lwarx 3,0,4|stwcx. 3,0,4`
    .split(/(?<!\\)\||\n\s*/)
    .map((text) => text.replace('\\|', '|').trim())
  expect(compare(lines)).toEqual([])
})

test('symbols, special purpose registers by name, upper case', () => {
  const symbols: Record<string, number> = { here: 0x1000, data: 0xc0008000 | 0 }
  const place = { address: 0x1008, symbol: (name: string) => symbols[name] }
  expect(hex(assemble('b here', place))).toBe('0x4bfffff8')
  expect(hex(assemble('beq+ cr1,here+0x10', place))).toBe('0x41a60008')
  expect(hex(assemble('lis r4,data@ha', place))).toBe('0x3c80c001')
  expect(hex(assemble('lwz r4,data+4@l(r4)', place))).toBe('0x80848004')
  expect(hex(assemble('mtspr DBCR0,r5', place))).toBe('0x7cb44ba6')
  expect(hex(assemble('MFSPR r5,dbsr', place))).toBe('0x7cb04aa6')
  expect(hex(assemble('.long here|1', place))).toBe('0x00001001')
})

const sentence = (text: string): string => {
  try {
    return hex(assemble(text, { address: 0 }))
  } catch (error) {
    return (error as Error).message
  }
}
test('a mistake names the operand and what is allowed', () => {
  expect(sentence('addi r3,r4,40000')).toBe('addi: SI is 40000, but must be -32768 to 32767.')
  expect(sentence('b .+2')).toBe('b: LI is 2, but must be a multiple of 4.')
  expect(sentence('addi r3,r4')).toBe('addi takes RT,RA,SI.')
  expect(sentence('cmpwi r3')).toBe('cmpwi takes [BF,]RA,SI.')
  expect(sentence('nop r3')).toBe('nop takes no operands.')
  expect(sentence('addi r3,r4,r5')).toBe('addi: SI cannot be r5.')
  expect(sentence('mtspr DBCR9,r3')).toBe('"DBCR9" is no register and no known symbol.')
  expect(sentence('frob r3')).toBe('"frob" is no instruction of this core.')
  expect(sentence('lwzu r3,4(r3)')).toBe('lwzu: RA takes the address: it can be neither r0 nor RT.')
  expect(sentence('li r3,1/0')).toBe('A division by zero.')
  expect(sentence('li r3,(1+2')).toBe('A ")" is missing before "".')
  expect(sentence('')).toBe('An instruction is missing.')
})
