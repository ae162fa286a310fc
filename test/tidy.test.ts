// ARCHITECTURE.md's table of rooms as a test.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)'/gms)].map(
    (match) => match[1]!,
  )

/** Where an import leads, as a path from the root, or the package's name. */
const target = (file: string, specifier: string) =>
  specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier

const importsFrom = (room: string) =>
  files
    .filter((file) => file.startsWith(room))
    .flatMap((file) => importsOf(file).map((to) => ({ file, to: target(file, to) })))

test('the emulator imports nothing from outside', () => {
  expect(importsFrom('emulator/').filter(({ to }) => !to.startsWith('emulator/'))).toEqual([])
})

test('the instruction tables are the ground floor', () => {
  const strangers = importsFrom('emulator/isa/').filter(({ to }) => !/^emulator\/(isa\/|spr\/|bits\.ts$)/.test(to))
  expect(strangers).toEqual([])
})

test('the debug facility stands on the tables, and the core on both', () => {
  const strangers = importsFrom('emulator/debug/').filter(
    ({ to }) => !/^emulator\/(debug\/|isa\/|spr\/|bits\.ts$)/.test(to),
  )
  expect(strangers).toEqual([])
})

test('no clock and no chance in the emulator', () => {
  const guilty = files.filter(
    (file) =>
      file.startsWith('emulator/') && /Math\.random|Date\b|performance\./.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(guilty).toEqual([])
})

test('no hand-written file above 600 lines', () => {
  const long = files.filter(
    (file) => !file.includes('/generated/') && readFileSync(join(root, file), 'utf8').split('\n').length > 600,
  )
  expect(long).toEqual([])
})

test('what comments cite stands in docs/sources.md', () => {
  const sources = readFileSync(join(root, 'docs/sources.md'), 'utf8')
  const known = new Set([...sources.matchAll(/^\| (C?[\d.]+) +\|/gm)].map((match) => match[1]!))
  const cited = files
    .filter((file) => /^(emulator|test\/(debug|core|isa))\//.test(file) && !file.includes('/generated/'))
    .flatMap((file) => [
      ...readFileSync(join(root, file), 'utf8').matchAll(/(?:\breference (\d\.\d)|\b(C[1-9]\d?)\b)/g),
    ])
    .map(([, section, choice]) => section ?? choice!)
  expect(cited.length).toBeGreaterThan(100)
  expect([...new Set(cited)].filter((name) => !known.has(name))).toEqual([])
})
