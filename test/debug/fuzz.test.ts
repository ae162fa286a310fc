// Random guests, host requests and changes of the owner: the machine's events are those of the simple model. E500_FUZZ=10000 for all of them.
import { expect, test } from 'vitest'
import { missingIn, sequence } from './fuzz/sequence.ts'

const SEQUENCES = Number(process.env.E500_FUZZ ?? 500)

test.each(['e500v2', 'e500mc'] as const)('%s: random sequences', { timeout: 3_600_000 }, (cpu) => {
  const tally = new Map<string, number>()
  for (let seed = 1; seed <= SEQUENCES / 2; seed++) sequence(cpu, seed, tally)
  expect(missingIn(tally, cpu)).toEqual([])
})
