// Rows of .debug_frame against readelf's own interpretation of the same instructions.
import { expect, test } from 'vitest'
import type { RegisterRule, UnwindRow } from '../../adapter/symbols/model.ts'
import { kernelFile } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { fixtureFile, openStore, outputOf } from './support.ts'

const READELF = 'powerpc-linux-gnu-readelf'
const absent = missingProgram(READELF)

/** A row as readelf prints it: `r1+16`, then `u`, `c-8`, `r0` for each register that it lists. */
interface PrintedRow {
  readonly address: number
  readonly cfa: string
  readonly registers: ReadonlyMap<number, string>
}

function printedRows(file: string): PrintedRow[] {
  const rows: PrintedRow[] = []
  let columns: number[] | undefined
  let end = 0
  for (const line of outputOf(READELF, ['--debug-dump=frames-interp', file]).split('\n')) {
    const words = line.trim().split(/\s+/)
    if (words[0] === 'LOC') columns = words.slice(2).map((name) => (name === 'ra' ? 65 : Number(name.slice(1))))
    else if (line.includes(' CIE ')) columns = undefined
    else if (line.includes(' FDE ')) end = Number.parseInt(line.split('..')[1]!, 16)
    else if (columns && /^[0-9a-f]{8}$/.test(words[0]!) && /^r\d+[+-]/.test(words[1]!))
      rows.push({
        address: Number.parseInt(words[0]!, 16),
        cfa: words[1]!,
        registers: new Map(columns.map((number, n) => [number, words[2 + n]!])),
      })
    // A row that begins where the function ends covers nothing.
    if (rows.at(-1)?.address === end) rows.pop()
  }
  // The common entries' own rows stand at 0.
  return rows.filter(({ address }) => address !== 0)
}

function print(rule: RegisterRule | undefined): string {
  if (!rule) return 'u'
  if (rule.kind === 'saved') return `c${rule.offset < 0 ? '' : '+'}${rule.offset}`
  return rule.kind === 'register' ? `r${rule.number}` : rule.kind
}

const printCfa = ({ cfa }: UnwindRow) =>
  cfa.kind === 'register' ? `r${cfa.number}${cfa.offset < 0 ? '' : '+'}${cfa.offset}` : cfa.kind

function differences(file: string) {
  const store = openStore(file)
  const rows = printedRows(file)
  const wrong = rows.filter(({ address, cfa, registers }) => {
    const row = store.unwindRow(address)
    if (!row || printCfa(row) !== cfa) return true
    return [...registers].some(([number, rule]) => print(row.registers.get(number)) !== rule)
  })
  return { rows: rows.length, wrong: wrong.slice(0, 5) }
}

test.skipIf(absent).each(['o2-dwarf4.elf', 'o2-dwarf5.elf', 'o0-dwarf5.elf'])(
  '%s: every row as readelf has it',
  (name) => {
    const { rows, wrong } = differences(fixtureFile(name))
    expect(wrong).toEqual([])
    expect(rows).toBeGreaterThan(15)
  },
)

test.skipIf(absent || !guests)('a Linux kernel: every row as readelf has it', () => {
  const { rows, wrong } = differences(kernelFile('vmlinux-e500v2'))
  expect(wrong).toEqual([])
  expect(rows).toBeGreaterThan(100_000)
})
