// The reference's test catalogue, each statement under its number for the cores that it names.
import { expect, test } from 'vitest'
import { catalogue } from './catalogue/all.ts'
import { coresOf } from './catalogue/case.ts'

for (const statement of catalogue)
  for (const cpu of coresOf(statement))
    test(`T${statement.number} ${cpu}: ${statement.says}`, () => statement.check(cpu))

test('each number stands once, in order', () => {
  const numbers = catalogue.map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
})
