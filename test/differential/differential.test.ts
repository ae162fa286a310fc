// A fixed sample of what npm run differential runs: random instructions leave the same registers and memory here and in QEMU.
import { expect, test } from 'vitest'
import { recordCompared } from '../support/compared.ts'
import { missingProgram } from '../support/tools.ts'
import { compareBlocks } from './compare.ts'

const isMissing = missingProgram('qemu-system-ppc')

test.skipIf(isMissing).each(['e500v2', 'e500mc'] as const)('random blocks on the %s leave what QEMU leaves', (core) => {
  const { faults, compared, executed } = compareBlocks(core, 3000, 20261125)
  expect(faults).toEqual([])
  expect(executed).toBeGreaterThan(30_000)
  recordCompared(core, 'QEMU', compared)
})
