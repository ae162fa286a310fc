// The views in a real VS Code, on the sample guest: what they show is what the adapter answered, what is done in them the guest sees.
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'

import type { DebugEvents, DebugResources } from '../../extension/views/answers.ts'
import { lineOf } from '../support/dap/markers.ts'
import { consoleText, showConsole, typeInConsole } from './console.ts'
import { type Recorded, type Recorder, record, registersAnswered } from './recorder.ts'
import {
  closeSections,
  openFile,
  openWorkbench,
  pictureIfFailed,
  pressF5,
  runCommand,
  SAMPLE,
  stopDebugging,
  toggleBreakpoint,
  type Workbench,
  webviewWith,
  whenStopped,
} from './workbench.ts'

let recorder: Recorder
let workbench: Workbench
let page: Page
let registers: FrameLocator
let resources: FrameLocator

beforeAll(async () => {
  recorder = await record(() => workbench.adapter)
  workbench = await openWorkbench({
    workspace: SAMPLE,
    vsix: inject('vsix'),
    launch: [
      {
        ...{ type: 'e500', request: 'launch', name: 'sample', debugServer: recorder.port },
        ...{ program: '${workspaceFolder}/sample.elf', breakpointPlacement: 'iac' },
      },
    ],
  })
  page = workbench.page
})
afterEach(({ task }) => pictureIfFailed(task, workbench))
afterAll(async () => {
  await workbench?.close()
  recorder?.stop()
})

test('a stop in the shell’s command "regs", with both views open', async () => {
  await openFile(page, 'shell.c')
  await toggleBreakpoint(page, lineOf(`${SAMPLE}/shell.c`, '@command'))
  await pressF5(page)
  await expect.poll(() => consoleText(page)).toContain('sample>')
  await typeInConsole(page, 'regs\n')
  await whenStopped(page)
  await runCommand(page, 'e500: Focus on Debug Resources View')
  resources = await webviewWith(page, 'e500-debug-resources')
  await runCommand(page, 'Run and Debug: Focus on Registers View')
  await closeSections(page, 'Variables', 'Watch', 'Breakpoints')
  registers = await webviewWith(page, 'e500-registers')
  await registers.locator('.row').first().waitFor()
  await resources.locator('.reg').first().waitFor()
})

const answered = () => registersAnswered(recorder)
/** What one of them names and the other does not; a lone mark while there is none at all. */
function differing(marked: readonly (string | undefined)[], changed: readonly string[]) {
  if (changed.length === 0) return ['nothing has changed yet']
  const all = new Set([...marked, ...changed])
  return [...all].filter((key) => !(marked.includes(key) && changed.includes(key ?? '')))
}
const hexOf = (value: string) => value.replace('0x', '')
const value = (name: string) => registers.locator(`[data-key="register:${name}"] .value`)

describe('Registers', () => {
  test('every register has the value that the adapter gave', async () => {
    const closed = registers.locator('.heading[aria-expanded=false]')
    while ((await closed.count()) > 0) await closed.first().click()
    const shown = await registers
      .locator('.row')
      .evaluateAll((rows) => rows.map((row) => [row.dataset.key, row.querySelector('.value')?.textContent]))
    const expected = answered().filter(({ name }) => name !== 'MSR')
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(expected.map(({ name, value }) => [`register:${name}`, hexOf(value)])),
    )
  })

  test('a step marks what changed, and only that', async () => {
    const before = recorder.log.length
    await page.keyboard.press('F10')
    await expect.poll(() => stopsSince(before)).toBe(1)
    const marked = () =>
      registers.locator('.row:has(.changed)').evaluateAll((rows) => rows.map((row) => row.dataset.key))
    const changed = () =>
      answered()
        .filter(({ changed, name }) => changed && name !== 'MSR')
        .map(({ name }) => `register:${name}`)
    // The adapter's answer is on its way while we look: both are read anew each time.
    await expect.poll(async () => differing(await marked(), changed())).toEqual([])
    expect(changed()).toContain('register:PC')
  })

  test('a register opens into its fields by keyboard, and closes', async () => {
    await registers.locator('[data-key="register:TCR"]').click()
    await page.keyboard.press('ArrowRight')
    const fields = registers.locator('[data-key^="field:TCR:"]')
    const answer = answered().find(({ name }) => name === 'TCR')!
    await expect.poll(() => fields.count()).toBe(answer.fields.length)
    expect(await registers.locator('[data-key="field:TCR:DIE"]').textContent()).toMatch(/DIE\s*37\s*1/)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => fields.count()).toBe(0)
  })

  test('search by number, formats', async () => {
    const search = registers.locator('.search')
    const isFocused = () => search.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field)
    await registers.locator('[data-key="register:TCR"]').click()
    await page.keyboard.press('Control+F')
    await expect.poll(isFocused).toBe(true)
    await page.keyboard.type('287')
    await expect.poll(() => registers.locator('.row').count()).toBe(1)
    const number = Number(answered().find(({ name }) => name === 'PVR')!.value)
    const shown = async () => (await value('PVR').textContent())!.replace(/[\s_]/g, '')
    for (const [format, text] of [
      ['Decimal', String(number)],
      ['Binary', number.toString(2).padStart(32, '0')],
      ['Hex', number.toString(16).padStart(8, '0')],
    ] as const) {
      await registers.locator('vscode-single-select').click()
      await registers.locator('vscode-single-select .option', { hasText: format }).click()
      await expect.poll(shown).toBe(text)
    }
  })

  test('what cannot be set is refused in its place', async () => {
    await registers.locator('[data-key="register:PVR"]').click()
    await page.keyboard.press('F2')
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await expect.poll(() => registers.locator('.refusal').textContent()).toMatch(/PVR is read-only/)
    await page.keyboard.press('Escape')
    await registers.locator('.search').click()
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
  })

  test('a register edited by keyboard is the guest’s', async () => {
    await registers.locator('[data-key="register:SPRG3"]').click()
    await page.keyboard.press('Enter')
    await page.keyboard.type('1234abcd')
    await page.keyboard.press('Enter')
    await expect.poll(() => value('SPRG3').textContent()).toBe('1234abcd')
    expect(answered().find(({ name }) => name === 'SPRG3')!.value).toBe('0x1234abcd')
  })
})

describe('MSR', () => {
  test('the hardware’s DE differs where the debugger holds it', async () => {
    const { guest, hardware } = recorder.lastAnswer<DebugResources>('e500/debugResources')!
    expect([guest.MSR!.fields.DE, hardware.MSR!.fields.DE]).toEqual([0, 1])
    await expect.poll(() => registers.locator('.bit.differs .name').allTextContents()).toEqual(['DE'])
  })

  test('a bit flipped by keyboard is read by the guest', async () => {
    await continueTo('regs')
    await registers.locator('.bit[data-key="29"]').click()
    await page.keyboard.press(' ')
    await expect.poll(() => registers.locator('.bit[data-key="29"]').getAttribute('aria-checked')).toBe('true')
    await showConsole(page)
    await page.keyboard.press('F5')
    // The shell's command "regs" prints what its mfmsr read: PMM is 0x00000004.
    const printed = async () =>
      [...(await consoleText(page)).matchAll(/MSR +([0-9a-f]{8})/g)].map((match) => Number.parseInt(match[1]!, 16) & 4)
    await expect.poll(printed).toEqual([0, 4])
  })
})

describe('Debug Resources', () => {
  test('shows guest, host and hardware as the adapter gave them', async () => {
    await continueTo('ticks')
    await runCommand(page, 'e500: Focus on Debug Resources View')
    resources = await webviewWith(page, 'e500-debug-resources')
    const row = (name: string) => resources.locator(`[data-key="${name}"] [role=gridcell]`).allInnerTexts()
    const { guest, host, hardware, slots } = recorder.lastAnswer<DebugResources>('e500/debugResources')!
    expect(slots.IAC1!.owner).toBe('host')
    const three = (name: string) => [guest, host.registers, hardware].map((view) => hexOf(view[name]!.value))
    await expect.poll(async () => (await row('DBCR0')).map((text) => text.slice(0, 8))).toEqual(three('DBCR0'))
    await expect.poll(async () => (await row('IAC1')).map((text) => text.slice(0, 8))).toEqual(three('IAC1'))
    await expect.poll(async () => (await row('IAC2'))[1]).toBe('—')
  })

  test('the last events, the newest first, as the adapter gave them', async () => {
    const { events } = recorder.lastAnswer<DebugEvents>('e500/debugEvents')!
    // The two stops in the shell are the debugger's.
    expect(events.filter(({ event, to }) => event === 'IAC1' && to === 'host').length).toBeGreaterThan(1)
    const texts = (className: string) => resources.locator(`.event:not(.hd) .${className}`).allTextContents()
    const newestFirst = events.toReversed()
    await expect.poll(() => texts('address')).toEqual(newestFirst.map(({ address }) => address))
    expect(await texts('count')).toEqual(newestFirst.map(({ instructions }) => instructions.toLocaleString('en')))
    expect(await texts('symbol')).toEqual(newestFirst.map(({ symbol, address }) => symbol ?? address))
    expect(await texts('what')).toEqual(newestFirst.map(({ event }) => event))
    expect(await texts('whom')).toEqual(newestFirst.map(({ to }) => to))
    expect(await texts('why')).toEqual(newestFirst.map(({ why }) => why))
  })

  test('an event leads to its line by keyboard', async () => {
    await openFile(page, 'user.c')
    await resources.locator('.event[data-key="0"] .count').click()
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const shown = page.locator('.tabs-container .tab.active, .notification-list-item-message')
    await expect.poll(() => shown.allTextContents()).toEqual(['shell.c'])
  })

  test('a slot leads to its breakpoint’s line', async () => {
    await openFile(page, 'user.c')
    await resources.locator('.slot a', { hasText: 'shell.c' }).click()
    await page.locator('.tabs-container .tab.active[data-resource-name="shell.c"]').waitFor()
    await expect
      .poll(() => page.locator('.statusbar-item', { hasText: /^Ln / }).textContent())
      .toContain(`Ln ${lineOf(`${SAMPLE}/shell.c`, '@command')},`)
  })

  test('the ownership is switched, and the guest then reads EDM', async () => {
    await resources.locator('vscode-radio[value=host]').click()
    await expect.poll(() => recorder.lastAnswer<DebugResources>('e500/debugResources')!.ownership).toBe('host')
    await expect.poll(() => resources.locator('.facts').textContent()).toContain('EDM shown to guest 1')
    await runCommand(page, 'e500: Debug Ownership: Shared')
    await expect.poll(() => resources.locator('.facts').textContent()).toContain('EDM shown to guest 0')
  })
})

/** Closed until somebody opens them. */
const SELDOM = ['Debug resources', 'Software SPRs', 'Cache and branch SPRs', 'Configuration SPRs', '64-bit registers']

test.each(['as they are at first', 'all open'] as const)('what a step costs with the groups %s', async (groups) => {
  await runCommand(page, 'Run and Debug: Focus on Registers View')
  registers = await webviewWith(page, 'e500-registers')
  await registers.locator('.row').first().waitFor()
  for (const name of SELDOM) {
    const heading = registers.locator(`.heading[aria-label="${name}"]`)
    if ((await heading.getAttribute('aria-expanded')) !== String(groups === 'all open')) await heading.click()
  }
  const views = [registers.locator('e500-registers'), resources.locator('e500-debug-resources')]
  for (const view of views) await view.evaluate(noteUpdates)
  const times: number[] = []
  for (let step = 0; step < 10; step++) {
    const before = recorder.log.length
    await page.keyboard.press('F11')
    await expect.poll(() => stopsSince(before)).toBe(1)
    const stopped = recorder.log.slice(before).find(isStopped)!.at
    const updated = async () => Math.min(...(await Promise.all(views.map((view) => view.evaluate(lastUpdate)))))
    await expect.poll(updated).toBeGreaterThan(stopped)
    times.push((await updated()) - stopped)
  }
  times.sort((a, b) => a - b)
  console.log(
    `Groups ${groups}: a stop is shown in both views after ${times[5]!.toFixed(0)} ms (median), ${times[9]!.toFixed(0)} ms at most.`,
  )
})

/** The views' own drawing, seen from their page: any change in them is noted with its time. */
function noteUpdates(view: Element): void {
  const note = () => view.setAttribute('data-updated', String(performance.timeOrigin + performance.now()))
  const options = { subtree: true, childList: true, characterData: true, attributes: true }
  new MutationObserver(note).observe(view.shadowRoot!, options)
}
const lastUpdate = (view: Element) => Number(view.getAttribute('data-updated'))

test('no policy was violated, nothing came from another machine', async () => {
  await stopDebugging(page)
  expect(workbench.errors).toEqual([])
  expect([...workbench.strangers]).toEqual([])
})

/** On to the breakpoint in the shell, by typing a command. */
async function continueTo(command: string): Promise<void> {
  await showConsole(page)
  if ((await page.locator('.debug-top-stack-frame-line').count()) > 0) await page.keyboard.press('F5')
  await page.locator('.debug-top-stack-frame-line').waitFor({ state: 'hidden' })
  const before = recorder.log.length
  await typeInConsole(page, `${command}\n`)
  await expect.poll(() => stopsSince(before)).toBe(1)
  await whenStopped(page)
}

const isStopped = ({ message }: Recorded) =>
  message.type === 'event' && (message as { event?: string }).event === 'stopped'
const stopsSince = (index: number) => recorder.log.slice(index).filter(isStopped).length
