// The real guests: E500_GUESTS names their folder; packed kernels are unpacked once into the user's cache. Without the folder their tests are skipped.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { guests } from './tools.ts'

/** Path of one of the folder's kernels, `vmlinux-e500v2` for instance, as an ELF file. */
export function kernelFile(name: string): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'e500-debug', 'guests')
  const file = join(folder, name)
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  // Of its own name, so that two tests that begin at once do not write into one file.
  const part = `${file}.${process.pid}.part`
  execFileSync('sh', ['-c', 'xz -dc "$1" > "$2"', 'sh', guestFile('linux', `${name}.xz`), part])
  renameSync(part, file)
  return file
}

export const guestFile = (...path: readonly string[]) => join(guests!, ...path)

export const readGuest = (...path: readonly string[]) => readFileSync(guestFile(...path))
