// node scripts/run.mjs test/float/compare.ts [CASES]: every floating-point operation in every rounding mode against
// independent computations, CASES (100,000) of each; prints the table of counts.
import { CLASSIC, compareClassic } from './classic.ts'
import { compareEmbedded, EMBEDDED } from './embedded.ts'
import { compareEnabled, ENABLED } from './enabled.ts'
import { buildHost } from './host.ts'

const cases = Number(process.argv[2] ?? 100_000)
const host = buildHost()
let failures = 0

function report(name: string, differences: string[][]): void {
  const wrong = differences.map((lines) => lines.length)
  failures += wrong.reduce((sum, n) => sum + n, 0)
  console.log(
    `${name.padEnd(10)} ${differences.length * cases} cases  ${wrong.every((n) => n === 0) ? 'equal' : 'DIFFERENT'}`,
  )
  for (const line of differences.flat()) console.log(`  ${line}`)
}

for (const operation of CLASSIC) {
  report(
    operation.name,
    [0, 1, 2, 3].map((mode) => compareClassic(host, operation, mode, cases, 1 + mode)),
  )
}
host.close()
for (const operation of ENABLED) {
  report(
    `${operation.name} *E`,
    [0, 1, 2, 3].map((mode) => compareEnabled(operation, mode, cases, 21 + mode)),
  )
}
for (const instruction of EMBEDDED) {
  report(
    instruction.name,
    [0, 1, 2, 3].map((mode) => compareEmbedded(instruction, mode, cases, 11 + mode)),
  )
}
process.exitCode = failures ? 1 : 0
