// npm run bench: a table of what we take, what QEMU and gdb take for the same in the same run, and the ratio. `-- --json FILE` as JSON too.
import { writeFileSync } from 'node:fs'
import { guests } from '../support/tools.ts'
import { boot } from './boot.ts'
import { debuggerOnLinux } from './debugger.ts'
import { interpreter } from './interpreter.ts'
import type { Row } from './measure.ts'

/** Above 1: we are ahead. */
const ratio = ({ ours, theirs, unit }: Row) =>
  theirs === undefined || Number.isNaN(theirs) ? undefined : unit === 'MIPS' ? ours / theirs : theirs / ours

const number = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? '' : value >= 100 ? value.toFixed(0) : value.toPrecision(3)

function print(row: Row): void {
  const { what, ours, theirs, unit, note = '' } = row
  const cells = [
    number(ours).padStart(9),
    number(theirs).padStart(9),
    unit.padEnd(5),
    number(ratio(row)).padStart(7),
    note,
  ]
  process.stdout.write(`${what.padEnd(44)}${cells.join('  ')}\n`)
}

async function main(argv: readonly string[]): Promise<void> {
  if (!guests) {
    process.stdout.write('The benchmarks run real guests. Say where they are: E500_GUESTS=FOLDER npm run bench\n')
    return
  }
  process.stdout.write(`${''.padEnd(44)}${'ours'.padStart(9)}  ${'theirs'.padStart(9)}         ratio\n`)
  const rows: Row[] = []
  for (const group of [debuggerOnLinux, interpreter, boot]) {
    for (const row of await group()) {
      rows.push(row)
      print(row)
    }
  }
  const file = argv[argv.indexOf('--json') + 1]
  if (argv.includes('--json') && file)
    writeFileSync(
      file,
      `${JSON.stringify(
        rows.map((row) => ({ ...row, ratio: ratio(row) })),
        undefined,
        2,
      )}\n`,
    )
}

await main(process.argv.slice(2))
