// The reference's test catalogue, each statement under its number for the cores that it names.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from './catalogue/all.ts'
import { coresOf } from './catalogue/case.ts'
import { catalogueTable } from './catalogue/table.ts'

for (const statement of catalogue)
  for (const cpu of coresOf(statement))
    test(`T${statement.number} ${cpu}: ${statement.says}`, () => statement.check(cpu))

test('each number stands once, in order', () => {
  const numbers = catalogue.map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
})

const PAGE = join(import.meta.dirname, '../../docs/debug-facility.md')

/** The formatter pads the cells. */
const unpadded = (table: string) => table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')

/** UPDATE=1 writes it. */
test('docs/debug-facility.md shows this catalogue', () => {
  const page = readFileSync(PAGE, 'utf8')
  const shown = /<!-- catalogue -->\n\n([\s\S]*?)\n\n<!-- end -->/.exec(page)
  if (process.env.UPDATE)
    writeFileSync(
      PAGE,
      page.replace(shown![0], () => `<!-- catalogue -->\n\n${catalogueTable()}\n\n<!-- end -->`),
    )
  else expect(unpadded(shown?.[1] ?? '')).toBe(unpadded(catalogueTable()))
})
