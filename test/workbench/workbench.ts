// A real VS Code with the packaged extension in it, and the hands that use it. Every wait is for something that can be seen.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core'

import packageJson from '../../package.json' with { type: 'json' }
import { createProfile, installCodeServer, installExtension, type RELEASES, serve } from '../../scripts/codeServer.ts'

export const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
} as const

/** The sample guest as it ships, with its launch.json. */
export const SAMPLE = 'dist/sample'

export interface Options {
  /** Copied to a folder of its own: tests may change it. */
  readonly workspace: string
  readonly vsix: string
  readonly release?: keyof typeof RELEASES
  readonly theme?: keyof typeof THEMES
  readonly settings?: Readonly<Record<string, unknown>>
  /** In place of the workspace's own. */
  readonly launch?: readonly Readonly<Record<string, unknown>>[]
  readonly trusted?: boolean
  readonly size?: Size
}

interface Size {
  readonly width: number
  readonly height: number
}

export interface Visit {
  readonly page: Page
  /** What the page asked of other machines. Must stay empty. */
  readonly strangers: ReadonlySet<string>
  readonly errors: readonly string[]
  close(): Promise<void>
}

export interface Workbench extends Visit {
  readonly folder: string
  /** What the installation of the .vsix printed. */
  readonly installed: string
  /** dist/adapter.js of the installed extension. */
  readonly adapter: string
}

export async function openWorkbench(options: Options): Promise<Workbench> {
  const {
    workspace,
    vsix,
    release = 'newest',
    theme = 'dark',
    settings = {},
    launch,
    trusted = true,
    size = SIZE,
  } = options
  const home = mkdtempSync(join(tmpdir(), 'e500-workbench-'))
  const folder = join(home, 'guest')
  cpSync(workspace, folder, { recursive: true })
  if (launch) {
    mkdirSync(join(folder, '.vscode'), { recursive: true })
    writeFileSync(join(folder, '.vscode/launch.json'), JSON.stringify({ version: '0.2.0', configurations: launch }))
  }
  const server = installCodeServer(release)
  const profile = createProfile(home, {
    'workbench.colorTheme': THEMES[theme],
    'security.workspace.trust.startupPrompt': 'never',
    'terminal.integrated.gpuAcceleration': 'off',
    'window.autoDetectColorScheme': false,
    'window.autoDetectHighContrast': false,
    'debug.toolBarLocation': 'docked',
    ...settings,
  })
  const installed = installExtension(server, profile, vsix)
  const serving = await serve(server, profile, trusted ? ['--disable-workspace-trust'] : [])
  const visit = await visitWorkbench(
    `${serving.url}?folder=${encodeURIComponent(folder)}`,
    join(home, 'chromium'),
    size,
  )
  return {
    ...visit,
    folder,
    installed,
    adapter: join(
      profile.home,
      'extensions',
      `${packageJson.publisher}.${packageJson.name}-${packageJson.version}`,
      'dist/adapter.js',
    ),
    async close() {
      await visit.close()
      await serving.stop()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const SIZE: Size = { width: 1400, height: 900 }

/** A browser of its own that looks at a workbench which is served already. */
export async function visitWorkbench(url: string, profile: string, size = SIZE): Promise<Visit> {
  const context = await openBrowser(profile, size)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const strangers = new Set<string>()
  const errors: string[] = []
  const page = await openPage(context, strangers, errors)
  await page.goto(url)
  await page.locator('.explorer-folders-view [role=treeitem]').first().waitFor()
  return { page, strangers, errors, close: () => context.close() }
}

const openBrowser = (profile: string, viewport: Size) =>
  chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })

async function openPage(context: BrowserContext, strangers: Set<string>, errors: string[]): Promise<Page> {
  await context.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => {
      strangers.add(new URL(route.request().url()).origin)
      return route.abort()
    },
  )
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(60_000)
  page.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  return page
}

/** A command by its whole title. Enter would take the first fuzzy hit, so the row itself is clicked. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input')
  const rows = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`)
  // A webview that is just being loaded swallows keys, and a view that takes the focus closes the list: then once more.
  for (let attempt = 0; attempt < 10; attempt++) {
    await page.keyboard.press('F1')
    const isOpen = await appears(input, 2000)
    if (isOpen && (await succeeds(input.fill(`>${title}`, QUICK))) && (await succeeds(clickShortest(rows)))) return
  }
  throw new Error(`The command "${title}" could not be run.`)
}

/** Of "Start" and "Start and Stop" the first: keys and categories that stand behind a title lengthen both. */
async function clickShortest(rows: Locator): Promise<void> {
  await rows.first().waitFor(QUICK)
  const lengths = (await rows.allTextContents()).map((text) => text.length)
  await rows.nth(lengths.indexOf(Math.min(...lengths))).click(QUICK)
}

const QUICK = { timeout: 3000 }
const succeeds = (action: Promise<unknown>) =>
  action.then(
    () => true,
    () => false,
  )

/** From the explorer, not from Quick Open: that needs ripgrep, which the oldest code-server fetches from elsewhere. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+E')
  await page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${name}"]`).dblclick()
  await page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor()
  await page.locator('.monaco-editor .view-line').nth(3).waitFor()
}

/** Clicks into the gutter. The hint under the pointer says that the debugger is ready for it. */
export async function toggleBreakpoint(page: Page, line: number, wanted: 'on' | 'off' = 'on'): Promise<void> {
  await goToLine(page, line)
  const number = page.locator('.monaco-editor .margin-view-overlays .line-numbers', { hasText: RegExp(`^${line}$`) })
  await number.waitFor()
  const isThere = () => hasBreakpoint(page, number)
  for (let attempt = 0; attempt < 30 && (await isThere()) !== (wanted === 'on'); attempt++) {
    const row = await number.boundingBox()
    const margin = await page.locator('.monaco-editor .margin').first().boundingBox()
    // The editor is just being drawn anew.
    if (!row || !margin) {
      await page.waitForTimeout(200)
      continue
    }
    const [x, y] = [margin.x + 9, row.y + row.height / 2]
    await page.mouse.move(x, y + 40)
    await page.mouse.move(x, y)
    const hint = page.locator('.monaco-editor .codicon-debug-hint')
    const isReady = wanted === 'off' || (await appears(hint, 3000))
    if (isReady) await page.mouse.click(x, y)
    await page.waitForTimeout(200)
  }
  if ((await isThere()) !== (wanted === 'on')) throw new Error(`The breakpoint in line ${line} is not ${wanted}.`)
}

const appears = (locator: Locator, timeout: number) => succeeds(locator.waitFor({ timeout }))

/** Whether a breakpoint's glyph stands in the number's row, alone or with the arrow of the stop. */
async function hasBreakpoint(page: Page, number: Locator): Promise<boolean> {
  const row = await number.boundingBox()
  for (const glyph of await page
    .locator(
      '.monaco-editor .glyph-margin-widgets [class*=debug-breakpoint], .monaco-editor .codicon-debug-stackframe-dot',
    )
    .all()) {
    const box = await glyph.boundingBox()
    if (row && box && Math.abs(box.y - row.y) < row.height / 2) return true
  }
  return false
}

async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G')
  await page.locator('.quick-input-widget input.input').fill(`:${line}`)
  await page.keyboard.press('Enter')
}

/** A session opens its console at once. */
export const guestConsole = (page: Page) => page.locator('.terminal-wrapper.active .xterm-screen')

/** F5, until a session is there: pressed before the debugger is loaded it does nothing. */
export async function pressF5(page: Page): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await page.keyboard.press('F5')
    if (await appears(guestConsole(page), 5000)) return
  }
  throw new Error('F5 starts nothing.')
}

/** F5, until the first stop is seen in the editor. */
export async function startDebugging(page: Page): Promise<void> {
  await pressF5(page)
  await whenStopped(page)
}

export async function whenStopped(page: Page): Promise<void> {
  await page.locator('.debug-call-stack .stack-frame').first().waitFor()
  await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor()
}

export async function stopDebugging(page: Page): Promise<void> {
  await page.keyboard.press('Shift+F5')
  await page.locator('.debug-call-stack .stack-frame').first().waitFor({ state: 'hidden' })
}

export const rowsOf = (list: Locator) =>
  list.locator('.monaco-list-row').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''))

/** The variables of a scope. VS Code may show the scope closed. */
export async function openScope(page: Page, name: string): Promise<void> {
  const scope = page.locator('.debug-variables .monaco-list-row[aria-level="1"]', { hasText: name })
  await scope.waitFor()
  if ((await scope.getAttribute('aria-expanded')) === 'false') await scope.locator('.monaco-tl-twistie').click()
  await page.locator('.debug-variables .monaco-list-row[aria-level="2"]').first().waitFor()
}

/** The inside of the webview that holds such an element. A view that was hidden has a new one. */
export async function webviewWith(page: Page, selector: string): Promise<FrameLocator> {
  for (let attempt = 0; attempt < 150; attempt++) {
    for (const frame of await page.locator('iframe.webview.ready').all()) {
      const name = await frame.getAttribute('name', { timeout: 1000 }).catch(() => null)
      const inner = page.frameLocator(`iframe.webview[name="${name}"]`).frameLocator('iframe#active-frame')
      if (name !== null && (await inner.locator(selector).count()) > 0) return inner
    }
    await page.waitForTimeout(200)
  }
  throw new Error(`No webview shows ${selector}.`)
}

/** Makes room: closes sections of the side bar. */
export async function closeSections(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const header = page.locator(`.pane-header[aria-label="${name} Section"]`)
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click()
  }
}

/** What was to be seen when a test failed. */
export async function pictureIfFailed(
  task: { readonly name: string; readonly result?: { readonly state: string } },
  { page }: Pick<Visit, 'page'>,
) {
  if (task.result?.state !== 'fail') return
  const path = `node_modules/.cache/e500-debug/failed/${task.name.replace(/\W+/g, '-')}.png`
  await page.screenshot({ path })
  console.log(`See ${path}`)
}
