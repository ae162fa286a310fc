// npm run vscode: a real VS Code with this extension and the sample guest. The local `code` where there is one, else in the browser.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'

import { cacheFolder, createProfile, installCodeServer, installExtension, serve } from './codeServer.ts'

const inBrowser = process.argv.includes('--browser')
const sample = resolve('dist/sample')

const has = (program: string) => spawnSync(program, ['--version']).status === 0
const npm = (...args: readonly string[]) => execFileSync('npm', ['run', '--silent', ...args], { stdio: 'inherit' })

if (!inBrowser && has('code')) {
  npm('build')
  execFileSync('code', [`--extensionDevelopmentPath=${resolve('.')}`, sample], { stdio: 'inherit' })
  console.log('VS Code opens with the sample guest: open shell.c, click left of a line number, press F5.')
} else {
  await openInBrowser()
}

async function openInBrowser(): Promise<void> {
  const home = `${cacheFolder()}/vscode`
  mkdirSync(home, { recursive: true })
  const vsix = `${home}/e500-debug.vsix`
  npm('package', '--', '--out', vsix)
  const server = installCodeServer('newest')
  const profile = createProfile(home, {})
  installExtension(server, profile, vsix)
  const serving = await serve(server, profile, ['--disable-workspace-trust'])
  const url = `${serving.url}?folder=${encodeURIComponent(sample)}`
  console.log(`\nVS Code with the sample guest: ${url}`)
  console.log('Open shell.c, click left of a line number, press F5. Ctrl-C here ends it.')
  const hasDesktop = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY
  if (hasDesktop) spawn('xdg-open', [url], { stdio: 'ignore', detached: true }).on('error', () => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => serving.stop())
}
