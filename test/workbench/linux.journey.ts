// Linux 6.1 to start_kernel with all views open. Its sources are not there: what is seen comes from the kernel's debug information.
import { expect, inject, test } from 'vitest'

import type { DebugResources, Registers } from '../../extension/views/answers.ts'
import { kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { record } from './recorder.ts'
import { openWorkbench, pictureIfFailed, rowsOf, runCommand, webviewWith } from './workbench.ts'

test.skipIf(!guests)('stops at start_kernel by an IAC', async ({ task }) => {
  const recorder = await record(() => workbench.adapter)
  const kernel = {
    ...{ type: 'e500', request: 'launch', name: 'Linux', debugServer: recorder.port },
    ...{ program: kernelFile('vmlinux-e500v2'), runToEntryPoint: 'start_kernel', breakpointPlacement: 'iac' },
  }
  const workbench = await openWorkbench({ workspace: 'test/workspace', vsix: inject('vsix'), launch: [kernel] })
  const { page } = workbench
  try {
    await runCommand(page, 'Debug: Start Debugging')
    await page.keyboard.press('Control+Shift+D')
    await expect
      .poll(() => rowsOf(page.locator('.debug-call-stack')))
      .toContainEqual(expect.stringMatching(/^start_kernel/))
    await runCommand(page, 'e500: Focus on Debug Resources View')
    const resources = await webviewWith(page, 'e500-debug-resources')
    await runCommand(page, 'Run and Debug: Focus on Registers View')
    const registers = await webviewWith(page, 'e500-registers')

    const { slots } = recorder.lastAnswer<DebugResources>('e500/debugResources')!
    await expect.poll(() => resources.locator('.slot').first().textContent()).toContain(slots.IAC1!.address!)
    const answered = recorder.lastAnswer<Registers>('e500/registers')!.groups.flatMap((group) => group.registers)
    const pc = answered.find(({ name }) => name === 'PC')!.value
    expect(pc).toBe(slots.IAC1!.address)
    await expect.poll(() => registers.locator('[data-key="register:PC"] .value').textContent()).toBe(pc.slice(2))
    expect(workbench.errors).toEqual([])
  } catch (error) {
    await pictureIfFailed({ ...task, result: { state: 'fail' } }, workbench)
    throw error
  } finally {
    await workbench.close()
    recorder.stop()
  }
})
