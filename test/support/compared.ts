// What tests compared with another's result, by name: test/coverage reads it when all have run.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CoreName } from '../../emulator/spr/record.ts'

/** Of this run of the tests alone; its workers inherit it. */
const folder = () => process.env.E500_COMPARED

interface Compared {
  readonly core: CoreName
  /** Whose result it was: QEMU, the manual's definition, the host's C. */
  readonly judge: string
  /** Mnemonics of records, or names of SPRs. */
  readonly names: readonly string[]
}

/** Called after the comparison, with what was really executed and compared. */
export function recordCompared(core: CoreName, judge: string, names: Iterable<string>): void {
  const to = folder()
  if (to === undefined) return
  const compared: Compared = { core, judge, names: [...names] }
  appendFileSync(join(to, `${process.pid}.jsonl`), `${JSON.stringify(compared)}\n`)
}

export function readCompared(): readonly Compared[] {
  const from = folder()
  if (from === undefined) return []
  const lines = readdirSync(from).flatMap((file) => readFileSync(join(from, file), 'utf8').split('\n'))
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** Before the first test. */
export function beginComparing(): void {
  process.env.E500_COMPARED ??= mkdtempSync(join(tmpdir(), 'e500-compared-'))
}

/** After the last. */
export function endComparing(): void {
  const used = folder()
  if (used !== undefined) rmSync(used, { recursive: true, force: true })
}
