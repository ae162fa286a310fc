// npm run all-words: decodes every one of the 2^32 words for both cores and prints how many are instructions, and the time.
// A throw ends it. A sample of this is in table.test.ts.
import { CATEGORIES } from '../../emulator/isa/category.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import type { CoreName } from '../../emulator/spr/record.ts'

/** OPCD and the last 11 bits outside, what lies between inside: words that decode alike follow each other. */
function countInstructions(core: CoreName): { words: number; found: number } {
  let words = 0
  let found = 0
  for (let selector = 0; selector < 1 << 17; selector++) {
    const fixed = ((selector >>> 11) << 26) | (selector & 0x7ff)
    for (let between = 0; between < 1 << 15; between++) {
      words++
      if (decode(fixed | (between << 11), core)) found++
    }
  }
  return { words, found }
}

/** How many words the patterns of a core cover, which do not overlap (table.test.ts): what counting has to give. */
function covered(core: CoreName): number {
  const own = instructions.filter(({ category }) => category === undefined || CATEGORIES[core].has(category))
  const sizes = own.map((instruction) => {
    const free = ~pattern(instruction).mask >>> 0
    return 2 ** [...free.toString(2)].filter((bit) => bit === '1').length
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

for (const core of Object.keys(CATEGORIES) as CoreName[]) {
  const start = performance.now()
  const { words, found } = countInstructions(core)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const expected = covered(core)
  console.log(`${core}: ${words} words decoded in ${seconds} s, ${found} instructions, ${words - found} illegal`)
  if (found !== expected) throw new Error(`${core}: the patterns cover ${expected} words, ${found} decode.`)
}
