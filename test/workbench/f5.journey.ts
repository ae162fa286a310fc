// F5 on the sample guest, in the newest VS Code and in the oldest that package.json names.
import { statSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'

import { lineOf } from '../support/dap/markers.ts'
import { consoleText, typeInConsole } from './console.ts'
import {
  openFile,
  openScope,
  openWorkbench,
  pictureIfFailed,
  rowsOf,
  SAMPLE,
  startDebugging,
  stopDebugging,
  toggleBreakpoint,
  type Workbench,
} from './workbench.ts'

describe.each(['newest', 'oldest'] as const)('%s VS Code', (release) => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await openWorkbench({ workspace: SAMPLE, vsix: inject('vsix'), release })
  })
  afterEach(({ task }) => pictureIfFailed(task, workbench))
  afterAll(() => workbench?.close())

  test('the .vsix is under 5 MB and was installed', () => {
    expect(statSync(inject('vsix')).size).toBeLessThan(5_000_000)
    expect(workbench.installed).toMatch(/successfully installed/)
  })

  test('a breakpoint in the gutter, F5, the stop, the call stack, the locals', async () => {
    const { page } = workbench
    await openFile(page, 'user.c')
    await toggleBreakpoint(page, lineOf(`${SAMPLE}/user.c`, '@longest'))
    await startDebugging(page)

    const callStack = () => rowsOf(page.locator('.debug-call-stack'))
    await expect
      .poll(callStack)
      .toEqual([
        expect.stringMatching(/^summarizeuser\.c/),
        expect.stringMatching(/^consumeruser\.c/),
        expect.stringMatching(/^user_task_start/),
      ])
    await openScope(page, 'Locals')
    // The first number whose Collatz sequence is longer than those before: 2, which needs one step.
    await expect.poll(() => rowsOf(page.locator('.debug-variables'))).toContain('steps =1')
  })

  test('the guest answers what is typed into its console', async () => {
    const { page } = workbench
    await toggleBreakpoint(page, lineOf(`${SAMPLE}/user.c`, '@longest'), 'off')
    await page.keyboard.press('F5')
    await expect.poll(() => consoleText(page)).toContain('sample>')
    await typeInConsole(page, 'mem c0000000\n')
    await expect.poll(() => consoleText(page)).toMatch(/c0000000: [0-9a-f]{8} [0-9a-f]{8}/)
  })

  test('the session ends, and nothing came from another machine', async () => {
    await stopDebugging(workbench.page)
    expect([...workbench.strangers]).toEqual([])
    expect(workbench.errors).toEqual([])
  })
})
