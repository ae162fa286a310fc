// The reference's test catalogue, each statement under its number for the cores that it names.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from './catalogue/all.ts'
import { type Cores, coresOf } from './catalogue/case.ts'
import { catalogueTable, ELSEWHERE } from './catalogue/table.ts'

for (const statement of catalogue)
  for (const cpu of coresOf(statement))
    test(`T${statement.number} ${cpu}: ${statement.says}`, () => statement.check(cpu))

/** The statements that the reference gives for one core; the others are for both. */
const ONE_CORE = {
  e500v2: [5, 9, 60, 62, 63, 66, 69],
  e500mc: [2, 7, 8, 61, 64, 67, 70, 75, 76, 78, 79, 80, 81, 82, 83, 118, 131],
} as const
test('T1 to T132, each once, each for the cores that it is about', () => {
  const all = [...catalogue, ...ELSEWHERE]
  expect(all.map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 132 }, (_, n) => n + 1))
  const numbersOf = (which: Cores) => all.filter(({ cores }) => cores === which).map(({ number }) => number)
  expect({ e500v2: numbersOf('e500v2'), e500mc: numbersOf('e500mc') }).toEqual(ONE_CORE)
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
