// syntaxes/ppcasm.tmLanguage.json from the tables: what is highlighted is what the emulator knows.
// GNU as for PowerPC: `#` starts a comment, `;` separates statements, registers stand with and without `%`.
import { instructions } from '../emulator/isa/table.ts'
import { sprs } from '../emulator/spr/table.ts'

/** Book I's simplified mnemonics and a few of binutils', which are no records of their own. */
const SIMPLIFIED = [
  'li|lis|la|mr|mr\\.|not|not\\.|nop|sub|sub\\.|subc|subc\\.|subi|subis|subic|subic\\.|neg|crset|crclr|crmove|crnot|mtcr',
  '(?:cmp|cmpl)[wd]i?|(?:ext|ins)[lr]wi\\.?|(?:rot[lr]w|rotlwi|s[lr]wi|clr[lr]wi|clrlslwi)\\.?',
  'm[ft](?:xer|lr|ctr|msr|dec|srr[01]|sprg[0-7]|pvr|pid|tb[lu]?)',
  'b(?:dn?z)?(?:lt|le|eq|ge|gt|nl|ne|ng|so|ns|un|nu|t|f)?(?:lr|ctr)?l?a?[-+]?',
  'tw?(?:lt|le|eq|ge|gt|nl|ne|ng|llt|lle|lge|lgt|lnl|lng)i?|trap',
]

const escaped = (text: string) => text.replace(/[.+*]/g, '\\$&')
/** Longer first: an alternative that is the start of another must not win. */
const anyOf = (names: readonly string[]) =>
  [...new Set(names)]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(escaped)
    .join('|')

const mnemonics = () => [anyOf(instructions.map(({ mnemonic }) => mnemonic)), ...SIMPLIFIED].join('|')

/** Where a statement may begin: at the line's start, after a label, a separator or a comment. */
const START = '(?<=^|[;:{]|\\*/)\\s*'
const WORD = '[A-Za-z_.$][\\w.$]*'
const END = '(?![\\w.$:])'

const one = (name: string, match: string) => ({ name: `${name}.ppcasm`, match })
const captured = (name: string, match: string) => ({ match, captures: { 1: { name: `${name}.ppcasm` } } })

const comments = [
  { name: 'comment.block.ppcasm', begin: '/\\*', end: '\\*/' },
  one('comment.line.double-slash', '//.*$'),
  // The C preprocessor comes first in a .S file; the assembler takes every other # as a comment.
  {
    name: 'meta.preprocessor.ppcasm',
    begin: '^\\s*(#\\s*(?:define|undef|include|if|ifdef|ifndef|elif|else|endif|error|warning|pragma|line))\\b',
    beginCaptures: { 1: { name: 'keyword.control.directive.ppcasm' } },
    end: '$',
    patterns: [{ include: '#operands' }],
  },
  one('comment.line.number-sign', '#.*$'),
]

const statements = [
  captured('entity.name.label', `${START}((?:${WORD}|\\d+)):`),
  captured('keyword.control.directive', `${START}(\\.[A-Za-z_]\\w*)${END}`),
  captured('variable.other.constant', `${START}(${WORD})\\s*(?==[^=])`),
  captured('keyword.mnemonic', `${START}((?i:${mnemonics()}))${END}`),
  captured('entity.name.function.macro', `${START}(${WORD})${END}`),
  one('punctuation.separator.statement', ';'),
]

const operands = [
  { name: 'string.quoted.double.ppcasm', begin: '"', end: '"', patterns: [one('constant.character.escape', '\\\\.')] },
  one('constant.character', "'(?:\\\\.|[^\\s'])'?"),
  one(
    'variable.language.register',
    '(?<![\\w.$])%?(?i:r(?:3[01]|[12]?\\d)|f(?:3[01]|[12]?\\d)|cr[0-7]|sp|lr|ctr|xer|msr)\\b',
  ),
  one('variable.language.spr', `(?<![\\w.$])(?i:(?:SPRN_)?(?:${anyOf(sprs.map(({ name }) => name))}))\\b`),
  one('constant.language.condition', '(?<![\\w.$])(?:lt|gt|eq|so|un)\\b'),
  one('constant.other.label.local', '\\b\\d+[fb]\\b(?!\\d)'),
  one('constant.numeric', '\\b(?:0[xX][\\da-fA-F]+|0[bB][01]+|\\d+)(?:[uU]?[lL]{0,2})\\b'),
  one('storage.modifier.relocation', '@(?:[A-Za-z]\\w*)(?:@\\w+)*'),
  one('variable.parameter.macro', '\\\\(?:@|\\(\\)|\\w+)'),
  one('punctuation.separator', ','),
  one('keyword.operator', '<<|>>|&&|\\|\\||[-+*/%&|^~!=<>]'),
]

export function printGrammar(): string {
  const grammar = {
    name: 'PowerPC Assembly',
    scopeName: 'source.ppcasm',
    patterns: ['#comments', '#statements', '#operands'].map((include) => ({ include })),
    repository: {
      comments: { patterns: comments },
      statements: { patterns: statements },
      operands: { patterns: [...comments.slice(0, 2), ...operands] },
    },
  }
  return `${JSON.stringify(grammar, undefined, 2)}\n`
}
