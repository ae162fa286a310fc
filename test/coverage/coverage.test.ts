// The table of what no test compared with another's result: instructions and SPRs of each core, in dist/coverage.txt.
// It counts what tests handed to recordCompared in this very run, so it comes last (vitest.config.ts) and runs only with all of them.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isOf } from '../../emulator/isa/category.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { sprs } from '../../emulator/spr/table.ts'
import { readCompared } from '../support/compared.ts'
import { missingProgram } from '../support/tools.ts'

const CORES = ['e500v2', 'e500mc'] as const

/** Each name once; SPRs that have a second number, for reading or writing, have one name. */
function missingOn(core: CoreName): { readonly instructions: string[]; readonly SPRs: string[] } {
  const compared = new Set(
    readCompared()
      .filter((entry) => entry.core === core)
      .flatMap(({ names }) => names),
  )
  const without = (names: readonly string[]) => [...new Set(names)].filter((name) => !compared.has(name)).sort()
  return {
    instructions: without(instructions.filter((record) => isOf(record, core)).map(({ mnemonic }) => mnemonic)),
    SPRs: without(sprs.filter((record) => (record.core ?? core) === core).map(({ name }) => name)),
  }
}

const table = CORES.map((core) => ({ core, ...missingOn(core) }))
writeFileSync(
  'dist/coverage.txt',
  table
    .flatMap(({ core, instructions, SPRs }) => [
      `${core}, instructions: ${instructions.join(' ') || 'none'}`,
      `${core}, SPRs: ${SPRs.join(' ') || 'none'}`,
    ])
    .join('\n')
    .concat('\n'),
)

test.skipIf(missingProgram('qemu-system-ppc')).each(table)(
  '$core: every instruction is compared with another’s result',
  ({ instructions }) => {
    expect(instructions).toEqual([])
  },
)

test.skipIf(missingProgram('qemu-system-ppc')).each(table)(
  '$core: every SPR is compared with another’s result',
  ({ SPRs }) => {
    expect(SPRs).toEqual([])
  },
)
