// No form that binutils knows for a core is missing: every selector that objdump decodes, every mnemonic that as accepts.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { AssemblyError, assemble } from '../../emulator/isa/assemble.ts'
import { CATEGORIES } from '../../emulator/isa/category.ts'
import { decode } from '../../emulator/isa/decode.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { AS_OPTIONS, DIALECTS, mnemonicsOfAs, objdumpText } from '../support/binutils.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'

/** Program interrupts although binutils has them for the core. */
const ABSENT: readonly { readonly why: string; readonly mnemonics: readonly string[] }[] = [
  {
    why: "cache locking with 64-bit addresses (the e forms): E500RM p.408 calls Book E's extended forms invalid (its 3.1.4)",
    mnemonics: ['dcbtstlse', 'dcbtlse', 'icblce', 'dcblce', 'icbtlse'],
  },
  {
    why: 'device control registers: QEMU has none on these cores, and Linux uses them on the 4xx alone',
    mnemonics: ['mfdcr', 'mtdcr', 'mfdcrx', 'mtdcrx'],
  },
  {
    why: 'MMUs of other cores: E500RM 12.4 (p.408) has tlbre, tlbwe, tlbsx, tlbivax and tlbsync',
    mnemonics: ['tlbsx.', 'tlbli', 'tlbie', 'tlbia'],
  },
  { why: 'external control and mfapidi: QEMU has neither on these cores', mnemonics: ['eciwx', 'ecowx', 'mfapidi'] },
  { why: 'doublewords in GPRs: the e500mc is a 32-bit core', mnemonics: ['ldepx', 'stdepx', 'lddx', 'stddx'] },
  {
    why: 'square roots: QEMU has none on the e500mc',
    mnemonics: ['fsqrt', 'fsqrt.', 'fsqrts', 'fsqrts.'],
  },
  {
    why: 'multiplies of SPE that binutils alone has; compilers make those of the kinds aa and an of two instructions (GCC, spe.h)',
    mnemonics: [
      ...['evmwlssf', 'evmwlssfa', 'evmwlsmf', 'evmwlsmfa', 'evmwlssfaaw', 'evmwlssfanw', 'evmwlsmfaaw', 'evmwlsmfanw'],
      ...['usi', 'ssf', 'umi', 'smi', 'smf', 'gumi', 'gsmi', 'gssf', 'gsmf'].flatMap((rule) => [
        `evmwh${rule}aa`,
        `evmwh${rule}an`,
      ]),
      'evmwhssmaa',
      'evmwhssian',
    ],
  },
  {
    why: 'fused operations of embedded floating point: no text of a manual that gives them to the e500v2 was found',
    mnemonics: ['evfsmadd', 'evfsmsub', 'evfsnmadd', 'evfsnmsub'],
  },
  { why: 'illegal while EDBCR0[DNH_EN] is 0, and only a probe sets it (reference 5.6)', mnemonics: ['dnh'] },
]
const ABSENT_MNEMONICS = new Set(ABSENT.flatMap(({ mnemonics }) => mnemonics))
/** Names that as has for mfspr and mtspr of registers that no e500 has: those of the 601, of classic MMUs, of Book E at large. */
const NO_REGISTER = /^m[ft](rtc[ul]|dsisr|dar|sdr1|ear|[id]bat[ul]|iac[34]|dvc[12])$/
/** as -me500 knows these and refuses every BO: the hint of the e500v2 is one bit. */
const REFUSED = /^bc(l|a|la|lr|lrl|ctr|ctrl)?-$/
/** What binutils has for a core that has not the category: E500RM p.132, classic floating point on the e500v2; SPE on the e500mc (reference 5.6). */
const OF_THE_OTHER: Readonly<Record<CoreName, RegExp>> = {
  e500v2: /^(f[a-z]|lf[ds]|stf|m[tf]fs|mcrfs|evlddepx|evstddepx)/,
  e500mc: /^efd/,
}

const CORES = Object.keys(CATEGORIES) as CoreName[]

/** Every combination of OPCD and the last 11 bits, with several fillings of what lies between. */
function words(): number[] {
  const word = random(11)
  const between = 0x03fff800
  return Array.from({ length: 1 << 17 }, (_, selector) => {
    const fixed = ((selector >>> 11) << 26) | (selector & 0x7ff)
    const fillings = [0, between & 0x3fffff, between, word() & between, word() & word() & word() & between]
    return fillings.map((filling) => fixed | filling)
  }).flat()
}

const objdump = 'powerpc-linux-gnu-objdump'
test.skipIf(missingProgram(objdump)).each(CORES)('%s: a word that objdump decodes is an instruction', (core) => {
  const all = words()
  const texts = objdumpText(all, DIALECTS[core])
  const missing = new Map<string, string>()
  for (const [n, text] of texts.entries()) {
    const mnemonic = text.split(' ')[0]!
    if (mnemonic === '.long' || ABSENT_MNEMONICS.has(mnemonic) || OF_THE_OTHER[core].test(mnemonic)) continue
    if (!decode(all[n]!, core)) missing.set(mnemonic, `${hex(all[n]!)} ${text}`)
  }
  expect([...missing.values()]).toEqual([])
})

test.skipIf(missingProgram(objdump)).each(CORES)('%s: a word that objdump does not decode is none', (core) => {
  const all = words()
  const texts = objdumpText(all, DIALECTS[core])
  const extra = new Set(
    all.flatMap((word, n) => {
      const instruction = texts[n]!.startsWith('.long') ? decode(word, core) : undefined
      return instruction && !instruction.invalid ? [instruction.mnemonic] : []
    }),
  )
  // Its operand OC is unknown to objdump (test/isa/disassemble.test.ts).
  expect([...extra].filter((mnemonic) => mnemonic !== 'ehpriv')).toEqual([])
})

function isKnown(mnemonic: string, core: CoreName): boolean {
  try {
    assemble(mnemonic, { address: 0, core })
  } catch (error) {
    if (!(error instanceof AssemblyError)) throw error
    return !error.message.includes('is no instruction of this core')
  }
  return true
}

test.skipIf(missingProgram('powerpc-linux-gnu-as') || missingProgram(objdump))(
  'a mnemonic that as takes is known, and every absent one is one that as or objdump has',
  () => {
    const mnemonics = CORES.map((core) => [core, mnemonicsOfAs(AS_OPTIONS[core])] as const)
    for (const [core, names] of mnemonics) {
      const missing = names.filter(
        (name) =>
          !isKnown(name, core) && !OF_THE_OTHER[core].test(name) && !NO_REGISTER.test(name) && !REFUSED.test(name),
      )
      expect(names.length).toBeGreaterThan(350)
      expect(missing.filter((name) => !ABSENT_MNEMONICS.has(name))).toEqual([])
    }
    const all = new Set(mnemonics.flatMap(([, names]) => names))
    expect([...ABSENT_MNEMONICS].filter((name) => !all.has(name))).toEqual([])
    for (const [core, names] of mnemonics)
      expect(names.filter((name) => ABSENT_MNEMONICS.has(name) && isKnown(name, core))).toEqual([])
  },
)
