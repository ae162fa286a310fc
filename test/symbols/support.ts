// The fixtures of this folder and the programs that the reader is compared with.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { readElf } from '../../adapter/symbols/elf.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'

const folder = join(import.meta.dirname, 'fixtures')

export const fixtureFile = (name: string) => join(folder, name)
export const fixtureBytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(fixtureFile(name)))
export const openFixture = (name: string) => openStore(fixtureFile(name))

export const openStore = (file: string) => symbolStore(readElf(readFileSync(file), file), (bytes) => inflateSync(bytes))

/** The line on which a fixture's source has the marker `@name`. */
export function lineOf(source: string, marker: string): number {
  const lines = readFileSync(fixtureFile(source), 'utf8').split('\n')
  return 1 + lines.findIndex((line) => new RegExp(`@${marker}\\b`).test(line))
}

export function outputOf(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input !== undefined && { input }),
  })
}
