// The guest's console: a terminal of VS Code, read row by row.
import type { Page } from 'playwright-core'

import { runCommand } from './workbench.ts'

/** Another view of the panel may cover it. */
export async function showConsole(page: Page): Promise<void> {
  await page
    .locator('.panel .action-item[aria-label^="Terminal"], .panel .action-label[aria-label^="Terminal"]')
    .first()
    .click()
  await page.locator('.terminal-wrapper.active .xterm-rows').waitFor()
}

const rows = (page: Page) => page.locator('.terminal-wrapper.active .xterm-rows > div')

export async function consoleText(page: Page): Promise<string> {
  const texts = await rows(page).evaluateAll((divs) => divs.map((div) => div.textContent ?? ''))
  // The rows pad with no-break spaces.
  return texts
    .map((text) => text.replace(/\u00a0/g, ' ').trimEnd())
    .join('\n')
    .trimEnd()
}

export async function typeInConsole(page: Page, text: string): Promise<void> {
  await page.locator('.terminal-wrapper.active .xterm-screen').click()
  for (const line of text.split(/(\n)/)) {
    if (line === '\n') await page.keyboard.press('Enter')
    else await page.keyboard.type(line)
  }
}

/** The whole text with what has scrolled away, however it is drawn: by way of the clipboard. Empty: nothing could be copied yet. */
export async function copyConsole(page: Page): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await page.locator('.terminal-wrapper.active .xterm-screen').click()
  await runCommand(page, 'Terminal: Select All')
  await runCommand(page, 'Terminal: Copy Selection')
  let text = ''
  for (let attempt = 0; attempt < 50 && text === ''; attempt++) {
    text = await page.evaluate(() => navigator.clipboard.readText())
    if (text === '') await page.waitForTimeout(100)
  }
  return text
}
