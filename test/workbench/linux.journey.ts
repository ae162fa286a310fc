// Linux 6.1 to start_kernel with all views open. Its sources are not there: what is seen comes from the kernel's debug information.
import { expect, inject, test } from 'vitest'

import type { DebugResources } from '../../extension/views/answers.ts'
import { kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { record, registersAnswered } from './recorder.ts'
import { openWorkbench, pictureIfFailed, pressF5, rowsOf, runCommand, webviewWith } from './workbench.ts'

test.skipIf(!guests)('stops at start_kernel by an IAC', async ({ task }) => {
  const recorder = await record(() => workbench.adapter)
  const kernel = {
    ...{ type: 'e500', request: 'launch', name: 'Linux', debugServer: recorder.port },
    ...{ program: kernelFile('vmlinux-e500v2'), runToEntryPoint: 'start_kernel', breakpointPlacement: 'iac' },
  }
  const workbench = await openWorkbench({ workspace: 'test/workspace', vsix: inject('vsix'), launch: [kernel] })
  const { page } = workbench
  try {
    await pressF5(page)
    await page.keyboard.press('Control+Shift+D')
    await expect
      .poll(() => rowsOf(page.locator('.debug-call-stack')))
      .toContainEqual(expect.stringMatching(/^start_kernel/))
    await runCommand(page, 'e500: Focus on Debug Resources View')
    const resources = await webviewWith(page, 'e500-debug-resources')
    await runCommand(page, 'Run and Debug: Focus on Registers View')
    const registers = await webviewWith(page, 'e500-registers')

    const debugResources = recorder.lastAnswer<DebugResources>('e500/debugResources')!
    const answered = registersAnswered(recorder)
    const register = (name: string) => answered.find((each) => each.name === name)!
    const row = registers.locator('[data-key="register:PC"]')
    await expect.poll(() => row.locator('.value').textContent()).toBe(register('PC').value.slice(2))
    await expect.poll(() => row.locator('.summary').textContent()).toMatch(/^start_kernel/)
    await expect
      .poll(() => resources.locator('[data-key="DBSR"] [role=gridcell]').first().textContent())
      .toBe(debugResources.guest.DBSR!.value.slice(2))
    await expect.poll(() => registers.locator('.msrvalue').textContent()).toContain(register('MSR').value.slice(2))
    expect(workbench.errors).toEqual([])
  } catch (error) {
    await pictureIfFailed({ ...task, result: { state: 'fail' } }, workbench)
    throw error
  } finally {
    await workbench.close()
    recorder.stop()
  }
})
