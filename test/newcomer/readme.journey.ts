// The README's first section, followed word by word on a fresh clone: its commands as they stand there, then its sentence in VS Code.
import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { cacheFolder, RELEASES } from '../../scripts/codeServer.ts'
import { copyConsole, typeInConsole } from '../workbench/console.ts'
import {
  openFile,
  pictureIfFailed,
  pressF5,
  toggleBreakpoint,
  visitWorkbench,
  whenStopped,
} from '../workbench/workbench.ts'

const home = mkdtempSync(join(tmpdir(), 'e500-newcomer-'))
const clone = join(home, 'e500-debug')
const cache = join(home, 'cache')
const env = { ...process.env, E500_CACHE: cache, DISPLAY: undefined, WAYLAND_DISPLAY: undefined }

beforeAll(() => {
  execFileSync('git', [
    '-c',
    'advice.detachedHead=false',
    'clone',
    '--quiet',
    '--depth',
    '1',
    `file://${process.cwd()}`,
    clone,
  ])
  // The 250 MB of code-server are fetched once for all tests: their folder is lent, all else of the cache is new.
  mkdirSync(cache)
  const codeServer = `code-server-${RELEASES.newest.codeServer}`
  symlinkSync(join(cacheFolder(), codeServer), join(cache, codeServer))
})
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

const section = () => /\n## Five minutes\n([\s\S]*?)\n## /.exec(readFileSync(join(clone, 'README.md'), 'utf8'))![1]!
const commands = () =>
  /```sh\n([\s\S]*?)```/
    .exec(section())![1]!
    .trim()
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())

test('the first command: the sample guest in the terminal', { timeout: 300_000 }, () => {
  const [demo] = commands()
  const said = execSync(demo!, { cwd: clone, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  expect(said).toMatch(/breakpoint/i)
})

test('the second: VS Code, to the first breakpoint and the guest’s answer', { timeout: 300_000 }, async ({ task }) => {
  const [, file, typed] = /open `([^`]+)`.*type `([^`]+)`/.exec(section())!
  const served = await serve(commands()[1]!)
  const visit = await visitWorkbench(served.url, join(home, 'chromium'))
  const { page } = visit
  try {
    await openFile(page, file!)
    await toggleBreakpoint(page, lineWith(join(clone, 'dist/sample', file!), `void run_${typed}(`) + 2)
    await pressF5(page)
    await expect.poll(() => copyConsole(page), { timeout: 30_000 }).toContain('sample>')
    await typeInConsole(page, `${typed}\n`)
    await whenStopped(page)
    await page.keyboard.press('F5')
    await expect.poll(() => copyConsole(page)).toMatch(/idle +kernel/)
    expect([...visit.strangers]).toEqual([])
  } catch (error) {
    await pictureIfFailed({ ...task, result: { state: 'fail' } }, visit)
    throw error
  } finally {
    await visit.close()
    await served.stop()
  }
})

const lineWith = (file: string, text: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1

/** Runs it until it says where VS Code is to be seen. Where there is a local `code` it is told not to use that. */
async function serve(command: string) {
  const hasCode = spawnSync('code', ['--version']).status === 0
  const child = spawn(hasCode ? `${command} -- --browser` : command, { cwd: clone, env, shell: true, detached: true })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk
      const found = /http:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`"${command}" ended with ${code}:\n${said}`)))
  })
  const stop = () => {
    process.kill(-child.pid!, 'SIGINT')
    return ended
  }
  return { url, stop }
}
