// Two cores: the views follow the one that is looked at in the Call Stack.
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'

import { lineOf } from '../support/dap/markers.ts'
import { type Recorder, record } from './recorder.ts'
import {
  openFile,
  openWorkbench,
  pictureIfFailed,
  pressF5,
  runCommand,
  SAMPLE,
  toggleBreakpoint,
  type Workbench,
  webviewWith,
} from './workbench.ts'

let recorder: Recorder
let workbench: Workbench

beforeAll(async () => {
  recorder = await record(() => workbench.adapter)
  workbench = await openWorkbench({
    workspace: SAMPLE,
    vsix: inject('vsix'),
    launch: [
      {
        ...{ type: 'e500', request: 'launch', name: 'two cores', debugServer: recorder.port },
        ...{ program: '${workspaceFolder}/sample.elf', cpus: 2 },
      },
    ],
  })
})
afterEach(({ task }) => pictureIfFailed(task, workbench))
afterAll(async () => {
  await workbench?.close()
  recorder?.stop()
})

/** The core that each request was last asked about. */
const askedAbout = () =>
  ['e500/registers', 'e500/debugResources', 'e500/debugEvents'].map((command) => recorder.threadAskedBy(command))

test('the core looked at is the core asked about and shown', async () => {
  const { page } = workbench
  await openFile(page, 'user.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/user.c`, '@longest'))
  await pressF5(page)
  // Of several threads each is closed in the Call Stack.
  await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor()
  await runCommand(page, 'e500: Focus on Debug Resources View')
  const resources = await webviewWith(page, 'e500-debug-resources')
  await expect.poll(() => resources.locator('.stop').textContent()).toContain('CPU 0')
  await expect.poll(askedAbout).toEqual([1, 1, 1])

  await page.locator('.debug-call-stack .monaco-list-row', { hasText: 'CPU 1' }).click()
  await expect.poll(() => resources.locator('.stop').textContent()).toContain('CPU 1')
  await expect.poll(askedAbout).toEqual([2, 2, 2])
  // The breakpoint was the other core's event.
  await expect.poll(() => resources.locator('e500-debug-events .empty').textContent()).toContain('None yet')
})
