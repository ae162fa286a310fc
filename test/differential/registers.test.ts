// Registers that only tell what a core is: mfspr gives what it gives in QEMU.
import { expect, test } from 'vitest'
import { sprs } from '../../emulator/spr/table.ts'
import { recordCompared } from '../support/compared.ts'
import { missingProgram } from '../support/tools.ts'
import { encode } from './encode.ts'
import { imageOf } from './image.ts'
import { AT, STATE_BYTES } from './layout.ts'
import { runOurs, runQemu } from './machines.ts'

const READ = {
  e500v2: ['L1CFG1', 'SVR', 'MCAR', 'PVR', 'PIR', 'EPR'],
  e500mc: ['L1CFG1', 'L2CFG0', 'SVR', 'MCAR', 'PVR', 'PIR'],
} as const

const isMissing = missingProgram('qemu-system-ppc')

test.skipIf(isMissing).each(['e500v2', 'e500mc'] as const)('%s: what it says of itself', (core) => {
  const blocks = READ[core].map((name, n) => {
    const SPR = sprs.find((record) => record.name === name)!.number
    return {
      seed: n,
      isFloat: false,
      isEnabled: false,
      steps: [{ mnemonic: name, words: () => [encode('mfspr', { RT: 5, SPR })], mayEnd: false }],
    }
  })
  const image = imageOf(core, blocks)
  const valuesIn = (states: Buffer) =>
    READ[core].map((name, n) => `${name} ${states.readUInt32BE(n * STATE_BYTES + AT.GPR + 8 * 5 + 4).toString(16)}`)
  expect(valuesIn(runOurs(core, blocks.length, image).states)).toEqual(valuesIn(runQemu(core, blocks.length, image)))
  recordCompared(core, 'QEMU', READ[core])
})
