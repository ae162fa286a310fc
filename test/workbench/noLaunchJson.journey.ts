// F5 in a folder that holds a guest and its source, and no launch.json: the guest is found by its ELF header.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'

import { lineOf } from '../support/dap/markers.ts'
import { consoleText } from './console.ts'
import {
  openFile,
  openWorkbench,
  pictureIfFailed,
  pressF5,
  rowsOf,
  SAMPLE,
  stopDebugging,
  toggleBreakpoint,
  type Workbench,
  whenStopped,
} from './workbench.ts'

let folder: string
let workbench: Workbench

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'e500-bare-'))
  for (const name of ['sample.elf', 'user.c']) cpSync(join(SAMPLE, name), join(folder, name))
  // By its name it could be one, too: this machine's own programs are not meant.
  writeFileSync(join(folder, 'tool.elf'), new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]))
  workbench = await openWorkbench({ workspace: folder, vsix: inject('vsix') })
})
afterEach(({ task }) => pictureIfFailed(task, workbench))
afterAll(async () => {
  await workbench?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('F5 debugs the one guest of the folder', async () => {
  const { page } = workbench
  await openFile(page, 'user.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/user.c`, '@longest'))
  await pressF5(page)
  await whenStopped(page)
  expect((await rowsOf(page.locator('.debug-call-stack')))[0]).toMatch(/^summarizeuser\.c/)
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/user.c`, '@longest'), 'off')
  await page.keyboard.press('F5')
  await expect.poll(() => consoleText(page)).toContain('sample>')
  await stopDebugging(page)
  expect(workbench.errors).toEqual([])
})
