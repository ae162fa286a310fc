// What ships: everything the extension needs, and nothing else.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let files: readonly string[]

beforeAll(() => {
  if (!existsSync(join(root, 'dist/extension.cjs'))) execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'pipe' })
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce')
  const listed = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root, encoding: 'utf8' })
  files = listed.trim().split('\n')
}, 60_000)

test('holds what the extension starts and shows', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'dist/extension.cjs',
      'dist/adapter.js',
      'dist/views/registers.js',
      'dist/views/debug-resources.js',
      'dist/views/codicon.ttf',
      'dist/sample/sample.elf',
      'dist/sample/main.c',
      'dist/sample/.vscode/launch.json',
      'media/walkthrough/run.md',
      'syntaxes/ppcasm.tmLanguage.json',
    ]),
  )
})

test('holds no test, no source of ours, no package, no map', () => {
  expect(
    files.filter((file) => /(^|\/)(test|node_modules|scripts)\/|\.test\.|\.map$|(?<!dist\/sample\/.*)\.ts$/.test(file)),
  ).toEqual([])
  expect(files.filter((file) => !/^(dist|media|syntaxes|docs\/images)\/|^[\w.]+$/.test(file))).toEqual([])
})

test('is under 5 MB even before it is packed', () => {
  const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0)
  expect(bytes).toBeLessThan(5_000_000)
})
