// The guest's console in a real VS Code: every key arrives as its bytes, no line is lost, each UART has a view of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'

import { consoleText, copyConsole, showConsole, typeInConsole } from './console.ts'
import { echoGuest, LINES } from './echoGuest.ts'
import { openWorkbench, pictureIfFailed, pressF5, runCommand, type Workbench } from './workbench.ts'

let workspace: string
let workbench: Workbench
let page: Page

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'e500-echo-'))
  writeFileSync(join(workspace, 'echo.elf'), echoGuest())
  const uarts = [0, 1].map((index) => ({ index, view: 'terminal' }))
  workbench = await openWorkbench({
    workspace,
    vsix: inject('vsix'),
    launch: [{ type: 'e500', request: 'launch', name: 'echo', program: '${workspaceFolder}/echo.elf', uarts }],
    settings: {
      'terminal.integrated.scrollback': 2 * LINES,
      'terminal.integrated.enableMultiLinePasteWarning': 'never',
    },
  })
  page = workbench.page
})
afterEach(({ task }) => pictureIfFailed(task, workbench))
afterAll(async () => {
  await workbench?.close()
  rmSync(workspace, { recursive: true, force: true })
})

/** The bytes that the guest says it got, since the prompt. */
const received = async () => (await consoleText(page)).split('>').at(-1)!.replace(/\s+/g, ' ').trim()

test('each UART of "uarts" is a terminal', async () => {
  await pressF5(page)
  await showConsole(page)
  const tabs = page.locator('.tabs-list .terminal-tabs-entry')
  await expect.poll(() => tabs.count()).toBe(2)
  await tabs.nth(1).click()
  await expect.poll(() => consoleText(page)).toBe('U1')
  await tabs.nth(0).click()
  await expect.poll(() => consoleText(page)).toBe('>')
})

test('what is typed arrives: letters, Enter, Backspace, Ctrl-C, the arrow keys', async () => {
  await typeInConsole(page, 'e5')
  for (const key of ['Enter', 'Backspace', 'Control+c', 'ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowLeft'])
    await page.keyboard.press(key)
  // ASCII, and the sequences of ECMA-48's CUU, CUD, CUF, CUB as a VT100 sends them.
  await expect.poll(received).toBe('65 35 0d 7f 03 1b 5b 41 1b 5b 42 1b 5b 43 1b 5b 44')
})

test('what is pasted arrives whole, line ends as Enter', async () => {
  const before = await received()
  await page.evaluate(() => navigator.clipboard.writeText('ab\nc\u00e9'))
  await page.locator('.terminal-wrapper.active .xterm-screen').click()
  await runCommand(page, 'Terminal: Paste into Active Terminal')
  await expect.poll(received).toBe(`${before} 61 62 0d 63 c3 a9`)
})

test('of 100,000 lines none is lost', async () => {
  await typeInConsole(page, 'L')
  await expect.poll(() => consoleText(page), { timeout: 60_000, interval: 500 }).toMatch(/1869f\n\.$/)
  const lines = (await copyConsole(page)).split(/\r?\n/).filter((line) => /^[0-9a-f]{5}$/.test(line))
  expect(lines.length).toBe(LINES)
  expect(lines.findIndex((line, n) => Number.parseInt(line, 16) !== n)).toBe(-1)
})
