// Simplified mnemonics as a table (Power ISA 2.03 appendix B): a record's mnemonic with some fields given, both ways:
// the disassembler looks for the first that fits a word, the assembler puts the fields in. Spelling and choice are binutils'.
import type { CoreName } from '../spr/record.ts'
import { SPR, type SprName, sprs, USERS_SPRG } from '../spr/table.ts'
import type { FieldName } from './form.ts'

type ValueOf = (name: string) => number

export interface Simplified {
  readonly mnemonic: string
  /** The record's mnemonic. */
  readonly of: string
  /** As in a record; n and b are numbers of no field. */
  readonly operands: string
  /** The record's other fields, by the operands' values. */
  readonly where: Readonly<Partial<Record<FieldName, number | ((value: ValueOf) => number)>>>
  /** n, by the fields. */
  readonly n?: (value: ValueOf) => number
  /** The assembler takes it, the disassembler does not write it. */
  readonly isAlias?: true
  /** The only one that has it, where they differ: the e500v2's is taken if no core is named. */
  readonly core?: CoreName
}

const simplified = (
  mnemonic: string,
  of: string,
  operands: string,
  where: Simplified['where'],
  n?: Simplified['n'],
): Simplified => ({ mnemonic, of, operands, where, ...(n && { n }) })

const alias = (...entry: Parameters<typeof simplified>): Simplified => ({ ...simplified(...entry), isAlias: true })

type Maker = typeof simplified
/** With the recording form beside it. */
const recording = (make: Maker, ...[mnemonic, of, ...rest]: Parameters<Maker>): Simplified[] =>
  ['', '.'].map((dot) => make(mnemonic + dot, of + dot, ...rest))

// ---- arithmetic, logic, rotates ----
const arithmetic: readonly Simplified[] = [
  simplified('li', 'addi', 'RT,SI', { RA: 0 }),
  simplified('lis', 'addis', 'RT,SIS', { RA: 0 }),
  alias('la', 'addi', 'RT,SI(RA0)', {}),
  alias('subi', 'addi', 'RT,RA0,n', { SI: (value) => -value('n') }),
  alias('subis', 'addis', 'RT,RA0,n', { SIS: (value) => -value('n') }),
  alias('subic', 'addic', 'RT,RA,n', { SI: (value) => -value('n') }),
  alias('subic.', 'addic.', 'RT,RA,n', { SI: (value) => -value('n') }),
  ...['', '.', 'o', 'o.'].flatMap((suffix) => [
    alias(`sub${suffix}`, `subf${suffix}`, 'RT,RB,RA', {}),
    alias(`subc${suffix}`, `subfc${suffix}`, 'RT,RB,RA', {}),
  ]),
  alias('cmpi', 'cmpwi', 'BF,L?,RA,SI', {}),
  alias('cmpli', 'cmplwi', 'BF,L?,RA,UIS', {}),
  alias('cmp', 'cmpw', 'BF,L?,RA,RB', {}),
  alias('cmpl', 'cmplw', 'BF,L?,RA,RB', {}),
  // Older names of scalar floating point that as still takes, two of them with its slip of the pen.
  ...['add', 'sub', 'mul', 'div'].map((name) => alias(`evs${name}`, `efs${name}`, 'RT,RA,RB', {})),
  ...['abs', 'nabs', 'neg'].map((name) => alias(`evs${name}`, `efs${name}`, 'RT,RA', {})),
  ...['cfui', 'cfsi', 'cfuf', 'cfsf', 'ctui', 'ctsi', 'ctuf', 'ctsf', 'ctuiz', 'ctsiz'].map((name) =>
    alias(`evs${name}`, `efs${name}`, 'RT,RB', {}),
  ),
  ...['cmpgt', 'gmplt', 'gmpeq', 'tstgt', 'tstlt', 'tsteq'].map((name) =>
    alias(`evs${name}`, `efs${name.replace('gm', 'cm')}`, 'BF,RA,RB', {}),
  ),
  simplified('evmr', 'evor', 'RT,RA', { RB: (value) => value('RA') }),
  simplified('evnot', 'evnor', 'RT,RA', { RB: (value) => value('RA') }),
  simplified('evsubw', 'evsubfw', 'RT,RB,RA', {}),
  simplified('evsubiw', 'evsubifw', 'RT,RB,UIMM', {}),
  simplified('nop', 'ori', '', { RA: 0, RS: 0, UI: 0 }),
  simplified('xnop', 'xori', '', { RA: 0, RS: 0, UI: 0 }),
  { ...simplified('mdors', 'or', '', { RS: 28, RA: 28, RB: 28 }), core: 'e500mc' },
  ...recording(simplified, 'mr', 'or', 'RA,RS', { RB: (value) => value('RS') }),
  ...recording(simplified, 'not', 'nor', 'RA,RS', { RB: (value) => value('RS') }),
  ...['lt', 'gt', 'eq'].map((bit, n) => simplified(`isel${bit}`, 'isel', 'RT,RA0,RB', { BC: n })),
]

const rotates: readonly Simplified[] = [
  ...recording(simplified, 'rotlwi', 'rlwinm', 'RA,RS,SH', { MB: 0, ME: 31 }),
  ...recording(simplified, 'clrlwi', 'rlwinm', 'RA,RS,MB', { SH: 0, ME: 31 }),
  ...recording(simplified, 'slwi', 'rlwinm', 'RA,RS,SH', { MB: 0, ME: (value) => 31 - value('SH') }),
  ...recording(simplified, 'srwi', 'rlwinm', 'RA,RS,MB', { SH: (value) => -value('MB') & 31, ME: 31 }),
  ...recording(
    simplified,
    'clrrwi',
    'rlwinm',
    'RA,RS,n',
    { SH: 0, MB: 0, ME: (value) => 31 - value('n') },
    (value) => 31 - value('ME'),
  ),
  ...recording(simplified, 'rotlw', 'rlwnm', 'RA,RS,RB', { MB: 0, ME: 31 }),
  ...recording(alias, 'rotrwi', 'rlwinm', 'RA,RS,n', {
    SH: (value) => (value('n') < 32 ? -value('n') & 31 : Number.NaN),
    MB: 0,
    ME: 31,
  }),
  ...recording(alias, 'clrlslwi', 'rlwinm', 'RA,RS,b,n', {
    SH: (value) => value('n'),
    MB: (value) => (value('b') < 32 ? value('b') - value('n') : Number.NaN),
    ME: (value) => 31 - value('n'),
  }),
  ...recording(alias, 'extlwi', 'rlwinm', 'RA,RS,n,b', {
    SH: (value) => value('b'),
    MB: 0,
    ME: (value) => value('n') - 1,
  }),
  ...recording(alias, 'extrwi', 'rlwinm', 'RA,RS,n,b', {
    SH: (value) => (value('n') < 32 && value('b') + value('n') <= 32 ? (value('b') + value('n')) & 31 : Number.NaN),
    MB: (value) => 32 - value('n'),
    ME: 31,
  }),
  ...recording(alias, 'inslwi', 'rlwimi', 'RA,RS,n,b', {
    SH: (value) => -value('b') & 31,
    MB: (value) => value('b'),
    ME: (value) => value('b') + value('n') - 1,
  }),
  ...recording(alias, 'insrwi', 'rlwimi', 'RA,RS,n,b', {
    SH: (value) => -(value('b') + value('n')) & 31,
    MB: (value) => value('b'),
    ME: (value) => value('b') + value('n') - 1,
  }),
]

// ---- branches ----
/** A condition as BO's value without a hint, and the bit of its CR field. */
const CONDITIONS: readonly (readonly [name: string, BO: number, bit: number, isAlias?: true])[] = [
  ['lt', 12, 0],
  ['gt', 12, 1],
  ['eq', 12, 2],
  ['so', 12, 3],
  ['un', 12, 3, true],
  ['ge', 4, 0],
  ['nl', 4, 0, true],
  ['le', 4, 1],
  ['ng', 4, 1, true],
  ['ne', 4, 2],
  ['ns', 4, 3],
  ['nu', 4, 3, true],
]
/** What follows a condition: the record and the operands. */
const TO_ADDRESS = [
  ['', 'bc', ',BD'],
  ['l', 'bcl', ',BD'],
  ['a', 'bca', ',BD'],
  ['la', 'bcla', ',BD'],
] as const
const TO_LR = [
  ['lr', 'bclr', ',BH?'],
  ['lrl', 'bclrl', ',BH?'],
] as const
const TO_CTR = [
  ['ctr', 'bcctr', ',BH?'],
  ['ctrl', 'bcctrl', ',BH?'],
] as const
type Target = (typeof TO_ADDRESS | typeof TO_LR | typeof TO_CTR)[number]

/**
 * Book E's hint: BO's last bit says that the branch goes the other way than it is taken to go without: taken if it leads back.
 * The disassembler always says which way that is.
 */
function hinted(BO: number, name: string, operands: string, where: Simplified['where'], target: Target): Simplified[] {
  const [suffix, of, rest] = target
  const isBack = (value: ValueOf) => rest === ',BD' && value('BD') < 0
  const layout = (operands + rest).replace(/^,/, '')
  return [
    simplified(`b${name}${suffix}-`, of, layout, { ...where, BO: (value) => BO | (isBack(value) ? 1 : 0) }),
    simplified(`b${name}${suffix}+`, of, layout, { ...where, BO: (value) => BO | (isBack(value) ? 0 : 1) }),
    alias(`b${name}${suffix}`, of, layout, { ...where, BO }),
  ]
}
/** With the number BO, which may not be one that always branches. binutils has no bc-, and writes bc+ where the branch does not lead back. */
function hintedBO([suffix, of, rest]: Target): Simplified[] {
  const isBack = (value: ValueOf) => rest === ',BD' && value('BD') < 0
  const odd = (value: ValueOf) => ((value('BO') & 0x14) === 0x14 ? Number.NaN : value('BO') | 1)
  return [
    simplified(`bc${suffix}+`, of, `BO,BI${rest}`, { BO: (value) => (isBack(value) ? Number.NaN : odd(value)) }),
    alias(`bc${suffix}+`, of, `BO,BI${rest}`, { BO: odd }),
  ]
}

/** Version 2 of the architecture: two bits of BO say "not taken" (2) or "taken" (3), where it tests CTR bits 1 and 4 of it. */
const HINTS = [
  ['-', 2, 8],
  ['+', 3, 9],
] as const
function at(BO: number, name: string, operands: string, where: Simplified['where'], target: Target): Simplified[] {
  const [suffix, of, rest] = target
  const layout = (operands + rest).replace(/^,/, '')
  const hints = BO & 4 || BO & 16 ? HINTS : []
  return [
    simplified(`b${name}${suffix}`, of, layout, { ...where, BO }),
    ...hints.map(([mark, onBit, onCounter]) =>
      simplified(`b${name}${suffix}${mark}`, of, layout, { ...where, BO: BO | (BO & 16 ? onCounter : onBit) }),
    ),
  ]
}
/** With the number BO, whose hint may be there already, but no other one. */
const atBO = ([suffix, of, rest]: Target): Simplified[] =>
  HINTS.map(([mark, onBit, onCounter]) => {
    const BO = (value: ValueOf) => {
      const tests = value('BO') & 0x14
      if (tests !== 4 && tests !== 16) return Number.NaN
      const [hint, bits] = tests === 4 ? [onBit, 3] : [onCounter, 9]
      const given = value('BO') & bits
      return given === 0 || given === hint ? value('BO') | hint : Number.NaN
    }
    return simplified(`bc${suffix}${mark}`, of, `BO,BI${rest}`, { BO })
  })
const asAlias = (entry: Simplified): Simplified => ({ ...entry, isAlias: true })

type Hinting = (BO: number, name: string, operands: string, where: Simplified['where'], target: Target) => Simplified[]
function conditional(core: CoreName, hinting: Hinting, withBO: (target: Target) => Simplified[]): Simplified[] {
  const onCondition = [...TO_ADDRESS, ...TO_LR, ...TO_CTR].flatMap((target) => [
    ...CONDITIONS.flatMap(([name, BO, BIB, isAlias]) => {
      const entries = hinting(BO, name, 'BIF?', { BIB }, target)
      return isAlias ? entries.map(asAlias) : entries
    }),
    ...hinting(12, 't', 'BI', {}, target).map(asAlias),
    ...hinting(4, 'f', 'BI', {}, target).map(asAlias),
  ])
  const onCounter = [...TO_ADDRESS, ...TO_LR].flatMap((target) => [
    ...hinting(16, 'dnz', '', { BI: 0 }, target),
    ...hinting(18, 'dz', '', { BI: 0 }, target),
    ...hinting(8, 'dnzt', 'BI', {}, target),
    ...hinting(0, 'dnzf', 'BI', {}, target),
    ...hinting(10, 'dzt', 'BI', {}, target),
    ...hinting(2, 'dzf', 'BI', {}, target),
  ])
  const numbered = [...TO_ADDRESS, ...TO_LR, ...TO_CTR].flatMap(withBO)
  return [...onCondition, ...onCounter, ...numbered].map((entry) => ({ ...entry, core }))
}
const always: readonly Simplified[] = [...TO_LR, ...TO_CTR].map(([suffix, of]) =>
  simplified(`b${suffix}`, of, 'BH?', { BO: 20, BI: 0 }),
)
const branches: readonly Simplified[] = [
  ...conditional('e500v2', hinted, hintedBO),
  ...conditional('e500mc', at, atBO),
  ...always,
]

const crLogical: readonly Simplified[] = [
  simplified('crclr', 'crxor', 'BT', { BA: (value) => value('BT'), BB: (value) => value('BT') }),
  simplified('crset', 'creqv', 'BT', { BA: (value) => value('BT'), BB: (value) => value('BT') }),
  simplified('crmove', 'cror', 'BT,BA', { BB: (value) => value('BA') }),
  simplified('crnot', 'crnor', 'BT,BA', { BB: (value) => value('BA') }),
  simplified('mtcr', 'mtcrf', 'RS', { FXM: 255 }),
]

// ---- traps ----
const TRAPS = { lgt: 1, llt: 2, eq: 4, lge: 5, lle: 6, gt: 8, ge: 12, lt: 16, le: 20, ne: 24, u: 31 }
const TRAP_ALIASES = { lnl: 5, lng: 6, nl: 12, ng: 20 }
const trapsOf = (conditions: Readonly<Record<string, number>>, make: Maker): Simplified[] =>
  Object.entries(conditions).flatMap(([name, TO]) => [
    make(`tw${name}`, 'tw', 'RA,RB', { TO }),
    make(`tw${name}i`, 'twi', 'RA,SI', { TO }),
  ])
const traps: readonly Simplified[] = [
  simplified('trap', 'tw', '', { TO: 31, RA: 0, RB: 0 }),
  ...trapsOf(TRAPS, simplified),
  ...trapsOf(TRAP_ALIASES, alias),
]

// ---- special purpose registers ----
/** Those that binutils names for this core, in both directions. */
const NAMED_SPRS = [
  ...(['XER', 'LR', 'CTR', 'DEC', 'SRR0', 'SRR1', 'CSRR0', 'CSRR1', 'DEAR', 'ESR', 'IVPR', 'USPRG0', 'DBSR'] as const),
  ...(['DBCR0', 'DBCR1', 'DBCR2', 'IAC1', 'IAC2', 'DAC1', 'DAC2', 'TSR', 'TCR', 'MCSRR0', 'MCSRR1', 'MCSR'] as const),
  ...Array.from({ length: 16 }, (_, n) => `IVOR${n}` as const),
  'IVOR35',
] as const
const E500V2_SPRS = ['SPEFSCR', 'BBEAR', 'BBTAR', 'IVOR32', 'IVOR33', 'IVOR34'] as const
const from = (name: string, number: number) => simplified(`mf${name}`, 'mfspr', 'RT', { SPR: number })
const to = (name: string, number: number) => simplified(`mt${name}`, 'mtspr', 'RS', { SPR: number })
const bothWays = (name: string, number: number) => [from(name, number), to(name, number)]
const named = (name: SprName) => bothWays(name.toLowerCase(), SPR[name]!)
const writeNumber = (name: SprName) => sprs.find((record) => record.name === name && record.access === 'w')!.number

const upTo7 = (n: number) => (n < 8 ? n : Number.NaN)
/** SPRG4 to SPRG7 are read under the numbers that users may read. */
const toRead = (n: number) => SPR.SPRG0! - (n < 4 ? 0 : USERS_SPRG) + upTo7(n)
const toWrite = (n: number) => SPR.SPRG0! + upTo7(n)
const nOf = (value: (name: FieldName) => number) => value('SPR') & 7
const sprgs: readonly Simplified[] = [
  simplified('mfsprg', 'mfspr', 'RT,n', { SPR: (value) => toRead(value('n')) }, nOf),
  simplified('mtsprg', 'mtspr', 'n,RS', { SPR: (value) => toWrite(value('n')) }, nOf),
  ...Array.from({ length: 8 }, (_, n) => alias(`mfsprg${n}`, 'mfspr', 'RT', { SPR: toRead(n) })),
  ...Array.from({ length: 8 }, (_, n) => alias(`mtsprg${n}`, 'mtspr', 'RS', { SPR: toWrite(n) })),
]
const specialRegisters: readonly Simplified[] = [
  ...NAMED_SPRS.flatMap(named),
  ...bothWays('pid', SPR.PID0),
  ...E500V2_SPRS.flatMap(named).map((entry): Simplified => ({ ...entry, core: 'e500v2' })),
  from('tb', SPR.TBL),
  alias('mftbl', 'mfspr', 'RT', { SPR: SPR.TBL }),
  from('tbu', SPR.TBU),
  to('tbl', writeNumber('TBL')),
  to('tbu', writeNumber('TBU')),
  from('pir', SPR.PIR),
  from('pvr', SPR.PVR),
  from('mcar', SPR.MCAR),
  to('decar', SPR.DECAR),
  ...sprgs,
]

const storage: readonly Simplified[] = [
  alias('sync', 'msync', '', {}),
  // A core without it has only the heavy one.
  { ...alias('lwsync', 'msync', '', {}), core: 'e500v2' },
  // as has it for the e500v2 alone: on the e500mc the same word is mbar 1.
  { ...alias('eieio', 'mbar', '', { MO: 1 }), core: 'e500v2' },
  alias('dclz', 'dcbz', 'RA0,RB', {}),
  simplified('waitrsv', 'wait', '', { WC: 1 }),
  simplified('waitimpl', 'wait', '', { WC: 2 }),
  simplified('tlbilxlpid', 'tlbilx', '', { T: 0, RA: 0, RB: 0 }),
  simplified('tlbilxpid', 'tlbilx', '', { T: 1, RA: 0, RB: 0 }),
  simplified('tlbilxva', 'tlbilx', 'RA0,RB', { T: 3 }),
]

export const simplifiedMnemonics: readonly Simplified[] = [
  ...arithmetic,
  ...rotates,
  ...branches,
  ...crLogical,
  ...traps,
  ...specialRegisters,
  ...storage,
]
