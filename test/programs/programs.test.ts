// A handful of csmith's programs with fixed seeds; npm run programs tries any number.
import { expect, test } from 'vitest'
import { missingProgram } from '../support/tools.ts'
import { tryProgram } from './programs.ts'

const isMissing = (['csmith', 'i686-linux-gnu-gcc', 'powerpc-linux-gnu-gcc'] as const).some(missingProgram)

test.skipIf(isMissing).each([3, 7, 8, 20])('csmith seed %i gives the host’s checksum in every build', (seed) => {
  const { checksum, outcomes } = tryProgram(seed)!
  expect(checksum).toMatch(/^checksum = [0-9A-F]+$/)
  expect(outcomes.filter(({ printed }) => printed !== checksum)).toEqual([])
  expect(outcomes).toHaveLength(4)
})
