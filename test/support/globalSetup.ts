// Before the first test: the programs in dist/, which some tests start as a person does; and, with CI set, what the tests need of
// the system. Elsewhere they are skipped without it.
import { execFileSync, spawnSync } from 'node:child_process'
import { beginComparing, endComparing } from './compared.ts'
import { isMissing, PROGRAMS } from './tools.ts'

export function setup(): void {
  beginComparing()
  execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/build.ts'], { stdio: 'inherit' })
  if (process.env.CI) installPrograms()
}

export const teardown = endComparing

function installPrograms(): void {
  const packages = Object.entries(PROGRAMS).filter(([program]) => isMissing(program))
  if (packages.length === 0) return
  const apt = (...args: readonly string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update')
  apt('install', '-y', ...new Set(packages.flatMap(([, names]) => names.split(' '))))
}
