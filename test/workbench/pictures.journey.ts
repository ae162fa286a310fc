// Pictures of the sample guest at a breakpoint. UPDATE=1 keeps those of the README; without it they show that the views can be drawn.
import { copyFileSync, mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'

import { lineOf } from '../support/dap/markers.ts'
import { consoleText, typeInConsole } from './console.ts'
import {
  closeSections,
  openFile,
  openScope,
  openWorkbench,
  pressF5,
  runCommand,
  SAMPLE,
  type THEMES,
  toggleBreakpoint,
  webviewWith,
  whenStopped,
} from './workbench.ts'

const FOLDER = 'node_modules/.cache/e500-debug/pictures'
const launch = [
  {
    ...{ type: 'e500', request: 'launch', name: 'Debug the sample guest' },
    ...{ program: '${workspaceFolder}/sample.elf', breakpointPlacement: 'iac' },
  },
]

/** What would stand between the reader and the debugger. */
const TIDY = {
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.fontSize': 13,
  'breadcrumbs.enabled': false,
  'terminal.integrated.fontSize': 12,
  'debug.showSubSessionsInToolBar': false,
}

test.each(['dark', 'light', 'contrast'] as const)('%s', async (theme) => {
  const workbench = await openWorkbench({
    workspace: SAMPLE,
    vsix: inject('vsix'),
    theme,
    launch,
    settings: TIDY,
    size: { width: 1440, height: 960 },
  })
  const { page } = workbench
  try {
    await openFile(page, 'debugger.c')
    // Two IACs are asked for; the guest takes one of them back.
    await toggleBreakpoint(page, lineOf(`${SAMPLE}/debugger.c`, '@debug-target') + 1)
    await toggleBreakpoint(page, lineOf(`${SAMPLE}/debugger.c`, '@debug-interrupt'))
    await pressF5(page)
    await expect.poll(() => consoleText(page)).toContain('sample>')
    await typeInConsole(page, 'tasks\n')
    await expect.poll(() => consoleText(page)).toMatch(/shell[\s\S]*sample>$/)
    await typeInConsole(page, 'debug\n')
    await whenStopped(page)
    await showConsoleBeside(page)
    await page.keyboard.press('F5')
    await page.locator('.debug-call-stack .stack-frame', { hasText: 'debugger_handle_event' }).waitFor()
    await openScope(page, 'Arguments')
    await runCommand(page, 'e500: Focus on Debug Resources View')
    const resources = await webviewWith(page, 'e500-debug-resources')
    await resources.locator('.reg').first().waitFor()
    await resources.locator('[data-key="DBCR0"]').click()
    await page.keyboard.press('ArrowRight')
    await runCommand(page, 'Run and Debug: Focus on Registers View')
    await closeSections(page, 'Watch', 'Loaded Scripts', 'Breakpoints')
    const registers = await webviewWith(page, 'e500-registers')
    await registers.locator('.row').first().waitFor()
    await picture(theme, 'f5', page)

    await runCommand(page, 'e500: Open Registers in Editor')
    await page.locator('.tabs-container .tab.active', { hasText: 'Registers' }).click()
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility')
    await runCommand(page, 'View: Toggle Panel Visibility')
    const wide = await webviewWith(page, 'e500-registers')
    await wide.locator('.row').first().waitFor()
    await runCommand(page, 'View: Close Editors in Other Groups')
    await wide.locator('[data-key="register:TCR"]').click()
    await page.keyboard.press('ArrowRight')
    await wide.locator('[data-key="field:TCR:DIE"]').click()
    await picture(theme, 'registers', page)

    await runCommand(page, 'e500: Open Debug Resources in Editor')
    await page.locator('.tabs-container .tab.active', { hasText: 'Debug Resources' }).click()
    await runCommand(page, 'View: Close Editors in Other Groups')
    const all = await webviewWith(page, 'e500-debug-resources')
    await all.locator('.event[data-key="0"] .count').click()
    await picture(theme, 'debug-resources', page)
    expect(workbench.errors).toEqual([])
  } finally {
    await page.screenshot({ path: `${FOLDER}/last-${theme}.png` })
    await workbench.close()
  }
})

/** The console as an editor, right of the source. */
async function showConsoleBeside(page: Page): Promise<void> {
  await runCommand(page, 'Terminal: Move Terminal into Editor Area')
  await page.locator('.tabs-container .tab', { hasText: 'e500 UART0' }).waitFor()
  await runCommand(page, 'View: Move Editor into Right Group')
  await page.locator('.split-view-view .editor-group-container').nth(1).waitFor()
  await runCommand(page, 'View: Focus First Editor Group')
}

async function picture(theme: keyof typeof THEMES, name: string, page: Page) {
  mkdirSync(FOLDER, { recursive: true })
  const file = `${name}-${theme}.png`
  await page.screenshot({ path: `${FOLDER}/${file}` })
  if (process.env.UPDATE && theme !== 'contrast') copyFileSync(`${FOLDER}/${file}`, `docs/images/${file}`)
}
