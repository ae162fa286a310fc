// What tests compared with another's result, by name: test/coverage reads it when all have run.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CoreName } from '../../emulator/spr/record.ts'

const FOLDER = 'dist/compared'

interface Compared {
  readonly core: CoreName
  /** Whose result it was: QEMU, the manual's definition, the host's C. */
  readonly judge: string
  /** Mnemonics of records, or names of SPRs. */
  readonly names: readonly string[]
}

/** Called after the comparison, with what was really executed and compared. */
export function recordCompared(core: CoreName, judge: string, names: Iterable<string>): void {
  mkdirSync(FOLDER, { recursive: true })
  const compared: Compared = { core, judge, names: [...names].sort() }
  const file = `${core}-${judge.replace(/\W+/g, '-')}-${process.pid}-${performance.now()}.json`
  writeFileSync(join(FOLDER, file), JSON.stringify(compared))
}

export function readCompared(): readonly Compared[] {
  mkdirSync(FOLDER, { recursive: true })
  return readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))
}

/** Before the first test: what an earlier run compared does not count. */
export const forgetCompared = () => rmSync(FOLDER, { recursive: true, force: true })
