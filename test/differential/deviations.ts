// Where QEMU 7.2 is not the judge: kinds of differences that are its own faults, each with the source that decides.
import type { CoreName } from '../../emulator/spr/record.ts'

export interface Difference {
  readonly where: string
  readonly ours: number
  readonly qemu: number
}

interface Deviation {
  readonly what: string
  readonly source: string
  readonly core?: CoreName
  /** Of which instructions; without it of all. */
  readonly mnemonics?: RegExp
  readonly isDifference: (difference: Difference) => boolean
}

const onlyBits =
  (name: string, bits: number): Deviation['isDifference'] =>
  ({ where, ours, qemu }) =>
    where === name && ((ours ^ qemu) & ~bits) === 0

const FX = 0x80000000
/** FX as CR1 shows it. */
const CR1_FX = 0x08000000
const VXSNAN = 0x01000000
const VXVC = 0x00080000
const FR = 0x00040000
const FI = 0x00020000
const FPRF = 0x0001f000
/** C of FPRF. */
const FPRF_CLASS = 0x00010000
const isTarget: Deviation['isDifference'] = ({ where }) => /^r\d/.test(where)
/** There is one, or there is none. */
const isOfInterrupt: Deviation['isDifference'] = ({ where }) => /^(MSR|IVOR|SRR0|SRR1|ESR|HANDLER_MSR)$/.test(where)
/** The upper word of a number that is no single one by its exponent. */
const isBeyondSingle = (upper: number) => Math.abs(((upper >>> 20) & 0x7ff) - 1023) > 149
const isFloatResult: Deviation['isDifference'] = ({ where }) => /^(f\d.*|FPSCR|CR)$/.test(where)

const DEVIATIONS: readonly Deviation[] = [
  {
    what: 'SRR1 after a Program interrupt has the cause bits of classic PowerPC and loses MSR[CE]',
    source: 'E500RM 5.7.7: SRR1 is set to the contents of the MSR; the cause stands in ESR',
    isDifference: onlyBits('SRR1', 0x783f0000),
  },
  {
    what: 'interrupts of the base class clear MSR[CE] and MSR[DE]',
    source: 'E500RM 5.7.7 to 5.7.9: CE, ME and DE are unchanged',
    isDifference: onlyBits('HANDLER_MSR', 0x20200),
  },
  {
    what: 'embedded floating point leaves SPEFSCR alone but for what a mtspr wrote',
    source: 'SPE PEM 2.3.1 and chapter 5: FG, FX and the sticky flags are set; test/float judges ours by the manual',
    core: 'e500v2',
    isDifference: onlyBits('SPEFSCR', ~0xc000c000),
  },
  {
    what: 'an inexact result is rounded although FINXE says that software rounds it',
    source: 'SPE PEM 2.3.1, FINXE: the result is truncated, FG and FX say how to round it',
    mnemonics: /^(efs|evfs|efd)/,
    isDifference: (difference) => isTarget(difference) && Math.abs((difference.ours - difference.qemu) | 0) === 1,
  },
  {
    what: 'signed fractions are scaled by 2 to the 32',
    source: 'SPE PEM 5, efscfsf and efsctsf: a sign and 31 bits behind the point, so 2 to the 31',
    mnemonics: /^(efs|evfs|efd)c[ft]sf$/,
    isDifference: isTarget,
  },
  {
    what: 'evfscmp and evfstst shift their bits into the CR field before theirs',
    source: 'SPE PEM 5, evfscmpeq: crD = ch || cl || (ch | cl) || (ch & cl)',
    mnemonics: /^evfs(cmp|tst)/,
    isDifference: ({ where }) => where === 'CR',
  },
  {
    what: 'evldh and evlwhsplat leave halves of the old register',
    source: 'SPE PEM 5, evldh: rD = MEM(EA,2) || MEM(EA+2,2) || MEM(EA+4,2) || MEM(EA+6,2)',
    mnemonics: /^(evldh|evlwhsplat)x?$/,
    isDifference: isTarget,
  },
  {
    what: 'FPSCR[FR] is never set; the class of a single-precision denormal is that of a normal number',
    source: 'Book I 4.2.2: FR says that the fraction was incremented; FPRF 10100 and 11000 are denormalised numbers',
    core: 'e500mc',
    isDifference: onlyBits('FPSCR', FR | FPRF_CLASS),
  },
  {
    what: 'the same bits where mffs and mcrfs copy them',
    source: 'Book I 4.6.8',
    mnemonics: /^(mffs\.?|mcrfs)$/,
    isDifference: ({ where, ours, qemu }) =>
      (/^f\d/.test(where) && ((ours ^ qemu) & ~(FR | FPRF_CLASS)) === 0) || where === 'CR',
  },
  {
    what: 'fnmadd and fnmsub round before they negate',
    source: 'Book I 4.6.6: the result is rounded by RN, then negated; host C judges ours (test/float)',
    mnemonics: /^fnm/,
    isDifference: (difference) => isFloatResult(difference) || isOfInterrupt(difference),
  },
  {
    what: 'estimates are other estimates and set XX and FI',
    source: 'Book I 4.6.5: fres and frsqrte are accurate to a part in 256 and 32; XX is not altered',
    mnemonics: /^(fres|frsqrte)/,
    isDifference: (difference) => isFloatResult(difference) || isOfInterrupt(difference),
  },
  {
    what: 'a negative lower result of evfsctsi makes the upper one -1',
    source: 'SPE PEM 5, evfsctsi: the elements are converted apart',
    mnemonics: /^evfsctsiz?$/,
    isDifference: ({ where, qemu }) => where.endsWith('upper') && qemu === 0xffffffff,
  },
  {
    what: 'mtfsb1 of an exception bit does not set FX',
    source: 'Book I 4.2.2, FX: set by every instruction but mtfsfi and mtfsf that changes an exception bit from 0 to 1',
    mnemonics: /^mtfsb1/,
    isDifference: (difference) => onlyBits('FPSCR', FX)(difference) || onlyBits('CR', CR1_FX)(difference),
  },
  {
    what: 'single-precision arithmetic cuts NaNs that are not in single format',
    source: 'Book I 4.6.5: such operands leave the result undefined; 4.4.2: only frsp cuts a NaN',
    mnemonics: /^f(n?m)?(add|sub|mul|div)s\.?$/,
    isDifference: (difference) => onlyBits(difference.where, 0x1fffffff)(difference) && /^f\d+$/.test(difference.where),
  },
  {
    what: 'enabled overflows and underflows of other operands than single ones come to another number',
    source: 'Book I 4.6.5: such operands leave the result undefined',
    mnemonics: /^f(n?m)?(add|sub|mul|div)s\.?$/,
    isDifference: ({ where, ours, qemu }) =>
      where.endsWith('upper') ? isBeyondSingle(ours) || isBeyondSingle(qemu) : /^f\d+$/.test(where) && ours === 0,
  },
  {
    what: 'FX is set by an exception whose bit was 1 before',
    source: 'Book I 4.2.2, FX: set by a change from 0 to 1',
    mnemonics: /^f/,
    isDifference: (difference) =>
      onlyBits('FPSCR', FX | FR | FPRF_CLASS)(difference) || onlyBits('CR', CR1_FX)(difference),
  },
  {
    what: 'compares clear FI and FR',
    source: 'Book I 4.6.7: they alter FPCC, FX, VXSNAN and VXVC',
    mnemonics: /^fcmp/,
    isDifference: onlyBits('FPSCR', FX | FI | FR | FPRF_CLASS),
  },
  {
    what: 'recording forms leave CR1 where an enabled exception interrupts',
    source: 'Book I 4.6: CR1 shows FX, FEX, VX and OX as the instruction leaves them',
    mnemonics: /^f.*\.$/,
    isDifference: onlyBits('CR', 0x0f000000),
  },
  {
    what: 'enabled overflows and underflows of frsp wrap the exponent modulo 256',
    source: 'Book I 4.4.3, 4.4.4: 192 is subtracted or added; test/float/bookOne.ts judges ours',
    mnemonics: /^frsp/,
    isDifference: isFloatResult,
  },
  {
    what: 'Infinity times zero beside an SNaN sets VXIMZ alone',
    source: 'Book I 4.4.1: both conditions are met, VXSNAN is set too',
    mnemonics: /^fn?m(add|sub)/,
    isDifference: onlyBits('FPSCR', VXSNAN | FX | FR | FPRF_CLASS),
  },
  {
    what: 'an enabled invalid operation leaves FI',
    source: 'Book I 4.4.1: FR and FI are set to zero',
    mnemonics: /^f/,
    isDifference: onlyBits('FPSCR', FX | FI | FR | FPRF_CLASS),
  },
  {
    what: 'fcmpo of an SNaN with VE = 1 sets VXVC',
    source: 'Book I 4.6.7, fcmpo: if VE = 0 then VXVC is set to 1',
    mnemonics: /^fcmpo/,
    isDifference: onlyBits('FPSCR', VXVC | FX | FI | FR | FPRF_CLASS),
  },
  {
    what: 'a reservation counts for the word that was loaded alone',
    source: 'Book II 1.7.3.1: for its granule; whether stwcx. to another word of it stores is undefined',
    mnemonics: /^stwcx/,
    isDifference: (difference) => onlyBits('CR', 0x20000000)(difference) || difference.where.startsWith('memory'),
  },
  {
    what: 'undefined after conversions to integers: FPRF, the upper half of FRT',
    source: 'Book I 4.6.6, fctiw: FPRF is undefined, so are bits 0 to 31 of FRT',
    mnemonics: /^fctiw/,
    isDifference: (difference) =>
      onlyBits('FPSCR', FX | FR | FPRF)(difference) || /^f\d+ upper$/.test(difference.where),
  },
]

/** Without a mnemonic only what holds for all instructions counts. */
const applies = ({ mnemonics, core }: Deviation, onCore: CoreName, mnemonic: string | undefined) =>
  (core ?? onCore) === onCore && (!mnemonics || (mnemonic !== undefined && mnemonics.test(mnemonic)))

/** Whether every difference of a block is one of QEMU's known faults; which ones is noted in seen. */
export function isDeviation(
  core: CoreName,
  mnemonic: string | undefined,
  differences: readonly Difference[],
  seen: Map<string, number>,
): boolean {
  const possible = DEVIATIONS.filter((deviation) => applies(deviation, core, mnemonic))
  const reasons = differences.map((difference) => possible.find(({ isDifference }) => isDifference(difference)))
  if (reasons.includes(undefined)) return false
  for (const reason of new Set(reasons)) seen.set(reason!.what, (seen.get(reason!.what) ?? 0) + 1)
  return true
}
