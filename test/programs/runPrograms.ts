// npm run programs -- --count 1000 [--first SEED]: so many random C programs, and how many gave the host's checksum in all four builds.
import { parseArgs } from 'node:util'
import { tryProgram } from './programs.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' } },
})
const count = Number(values.count)
let seed = Number(values.first)
let same = 0
let endless = 0
const different: number[] = []
while (same + different.length < count) {
  const result = tryProgram(seed)
  if (!result) endless++
  else if (result.outcomes.every(({ printed }) => printed === result.checksum)) same++
  else {
    different.push(seed)
    console.log(`seed ${seed}: the host says ${result.checksum}`)
    for (const { core, optimisation, printed } of result.outcomes) console.log(`  ${core} ${optimisation}: ${printed}`)
  }
  seed++
  if ((same + different.length) % 50 === 0) console.log(`${same + different.length} of ${count} programs`)
}
console.log(
  `${same} of ${count} programs gave the host's checksum on both cores, -O0 and -O2; ${endless} left out: they did not end.`,
)
if (different.length > 0) process.exitCode = 1
