// The command `e500`, started as a person starts it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const CLI = join(import.meta.dirname, '../../dist/cli.js')

const folder = mkdtempSync(join(tmpdir(), 'e500-run-'))
export const inFolder = (name: string) => join(folder, name)

export function e500(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { input, encoding: 'utf8' })
  return { status, stdout, stderr, hash: stdout.trimEnd().split('\n').at(-1)! }
}
