// The PowerPC grammar: generated from the tables, and read by the engine that VS Code reads it with.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma'
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate'
import { instructions } from '../../emulator/isa/table.ts'
import { printGrammar } from '../../scripts/grammar.ts'

const file = join(import.meta.dirname, '../../syntaxes/ppcasm.tmLanguage.json')
let grammar: IGrammar

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
  await loadWASM(readFileSync(wasm))
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(readFileSync(file, 'utf8'), file),
  })
  grammar = (await registry.loadGrammar('source.ppcasm'))!
})

/** Each run of text under one scope, as `text  scope`, without the language's name. */
function pieces(line: string): string[] {
  const runs: { text: string; scope: string }[] = []
  for (const { startIndex, endIndex, scopes } of grammar.tokenizeLine(line, INITIAL).tokens) {
    const scope = scopes.at(-1)!.replace('.ppcasm', '')
    const text = line.slice(startIndex, endIndex)
    if (runs.at(-1)?.scope === scope) runs.at(-1)!.text += text
    else runs.push({ text, scope })
  }
  return runs.filter(({ scope }) => scope !== 'source').map(({ text, scope }) => `${text}  ${scope}`)
}

test('the committed grammar is what the tables print: npm run generate', () => {
  expect(readFileSync(file, 'utf8')).toBe(printGrammar())
})

test('every instruction of the core is a mnemonic', () => {
  const strangers = instructions.filter(
    ({ mnemonic }) => pieces(`${mnemonic} r3`)[0] !== `${mnemonic}  keyword.mnemonic`,
  )
  expect(strangers.map(({ mnemonic }) => mnemonic)).toEqual([])
})

test('a labelled load with a relocation and a comment', () => {
  expect(pieces('start: lwz r3, counter@l(%r9) # next tick')).toEqual([
    'start  entity.name.label',
    'lwz  keyword.mnemonic',
    'r3  variable.language.register',
    ',  punctuation.separator',
    '@l  storage.modifier.relocation',
    '%r9  variable.language.register',
    '# next tick  comment.line.number-sign',
  ])
})

test('two statements on a line, special purpose registers by their names', () => {
  expect(pieces('mtspr DBCR0,r5; mfspr r6,SPRN_IAC1')).toEqual([
    'mtspr  keyword.mnemonic',
    'DBCR0  variable.language.spr',
    ',  punctuation.separator',
    'r5  variable.language.register',
    ';  punctuation.separator.statement',
    'mfspr  keyword.mnemonic',
    'r6  variable.language.register',
    ',  punctuation.separator',
    'SPRN_IAC1  variable.language.spr',
  ])
})

test('simplified mnemonics, condition fields, local labels, numbers', () => {
  expect(pieces('1: cmpwi cr7,r3,0x10')).toContain('cr7  variable.language.register')
  expect(pieces('bdnz- 1b')).toEqual(['bdnz-  keyword.mnemonic', '1b  constant.other.label.local'])
  expect(pieces('  li r3,-12')).toEqual([
    'li  keyword.mnemonic',
    'r3  variable.language.register',
    ',  punctuation.separator',
    '-  keyword.operator',
    '12  constant.numeric',
  ])
})

test('directives, strings, macros, the preprocessor', () => {
  expect(pieces('.asciz "a\\n" /* text */')).toEqual([
    '.asciz  keyword.control.directive',
    '"a  string.quoted.double',
    '\\n  constant.character.escape',
    '"  string.quoted.double',
    '/* text */  comment.block',
  ])
  expect(pieces('SAVE_GPR \\n')).toEqual(['SAVE_GPR  entity.name.function.macro', '\\n  variable.parameter.macro'])
  expect(pieces('#include "board.h"')[0]).toBe('#include  keyword.control.directive')
})
