// With CI set, what the tests need of the system is installed once, before any of them; elsewhere they are skipped without it.
import { spawnSync } from 'node:child_process'
import { isMissing, PROGRAMS } from './tools.ts'

export function setup(): void {
  if (!process.env.CI) return
  const packages = Object.entries(PROGRAMS).filter(([program]) => isMissing(program))
  if (packages.length === 0) return
  const apt = (...args: readonly string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  apt('update')
  apt('install', '-y', ...new Set(packages.map(([, name]) => name)))
}
