// What a newcomer meets in VS Code: the walkthrough, the sample guest's command, a folder that is not trusted.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, inject, test } from 'vitest'

import { lineOf } from '../support/dap/markers.ts'
import {
  guestConsole,
  openFile,
  openWorkbench,
  pictureIfFailed,
  runCommand,
  SAMPLE,
  startDebugging,
  stopDebugging,
  toggleBreakpoint,
  type Workbench,
  whenStopped,
} from './workbench.ts'

let workbench: Workbench
afterEach(async ({ task }) => {
  await pictureIfFailed(task, workbench)
  await workbench.close()
})

const isDone = (page: Page, step: string) =>
  page.locator(`.getting-started-step[data-step-id$="#${step}"] .codicon-getting-started-step-checked`).count()

test('the walkthrough’s five steps are done by doing them', async () => {
  workbench = await openWorkbench({ workspace: SAMPLE, vsix: inject('vsix') })
  const { page } = workbench
  const openWalkthrough = async () => {
    await runCommand(page, 'Welcome: Open Walkthrough...')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Debug a Guest Kernel on an e500' }).click()
    await page.locator('.getting-started-step').nth(4).waitFor()
  }
  await openWalkthrough()
  expect(await page.locator('.getting-started-step .step-title').allTextContents()).toEqual([
    'Open a guest kernel',
    'Set a breakpoint',
    'Press F5',
    'Look at the registers',
    'See who owns the debug hardware',
  ])
  await page.locator('.getting-started-step[data-step-id$="#sample"]').click()
  await page
    .locator('.getting-started-step[data-step-id$="#sample"] .monaco-button', { hasText: 'Open Sample' })
    .click()
  await page.locator('.quick-input-widget').waitFor()
  await page.keyboard.press('Escape')
  await openFile(page, 'main.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/main.c`, '@banner'))
  await startDebugging(page)
  await runCommand(page, 'Run and Debug: Focus on Registers View')
  await runCommand(page, 'e500: Focus on Debug Resources View')
  await openWalkthrough()
  for (const step of ['sample', 'breakpoint', 'run', 'registers', 'ownership'])
    await expect.poll(() => isDone(page, step), { message: step }).toBe(1)
  await stopDebugging(page)
})

test('"e500: Open Sample Guest Kernel" copies it to a folder of the user’s and opens it', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'e500-parent-'))
  workbench = await openWorkbench({ workspace: 'test/workspace', vsix: inject('vsix') })
  const { page } = workbench
  await runCommand(page, 'e500: Open Sample Guest Kernel')
  const input = page.locator('.quick-input-widget input.input')
  const copy = page.locator('.quick-input-widget .monaco-button', { hasText: 'Copy the Sample Here' })
  await copy.waitFor()
  // VS Code's dialog writes its own path when it is ready, and drops a click while it looks at ours.
  const isAnswered = async () => {
    if (!(await copy.isVisible())) return true
    if ((await input.inputValue()) !== `${parent}/`) await input.fill(`${parent}/`)
    else await copy.click({ timeout: 1000 }).catch(() => undefined)
    return false
  }
  await expect.poll(isAnswered, { interval: 500 }).toBe(true)
  await page.locator('.explorer-folders-view [role=treeitem][aria-label^="sample.elf"]').waitFor()
  expect(existsSync(join(parent, 'e500-sample/.vscode/launch.json'))).toBe(true)

  await openFile(page, 'main.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/main.c`, '@banner'))
  await startDebugging(page)
  await stopDebugging(page)
  rmSync(parent, { recursive: true })
})

test('in a folder that is not trusted nothing starts', async () => {
  workbench = await openWorkbench({ workspace: SAMPLE, vsix: inject('vsix'), trusted: false })
  const { page } = workbench
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor()
  await openFile(page, 'main.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/main.c`, '@banner'))
  // VS Code asks first; we say no, then yes.
  const answer = (button: string) => page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).click()
  await page.keyboard.press('F5')
  await answer('Cancel')
  expect(await page.locator('.debug-call-stack .stack-frame').count()).toBe(0)
  expect(await guestConsole(page).count()).toBe(0)
  await page.keyboard.press('F5')
  await answer('Trust Folder')
  await whenStopped(page)
  expect(await guestConsole(page).count()).toBe(1)
})
