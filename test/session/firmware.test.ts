// A session whose guest is started by U-Boot: breakpoints in the firmware, before and after it has moved itself, and in the Linux it boots.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connectToChild } from '../support/dap/connect.ts'
import { Session, startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const UBOOT = guests ? guestFile('u-boot', 'u-boot-debug.elf') : ''
/** From where it is linked to where it moves itself in 256 MB. */
const MOVED = '0x0f090000'
const ADAPTER = join(import.meta.dirname, '../../dist/adapter.js')

async function session(configuration: object, session = startSession()): Promise<Session> {
  await session.launch({ firmware: UBOOT, uarts: [{ index: 0, view: 'terminal' }], ...configuration })
  return session
}
const LINUX = guests
  ? {
      program: kernelFile('vmlinux-e500v2'),
      loadFiles: [{ file: guestFile('linux', 'uImage-e500v2'), address: '0x02000000' }],
      initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz'),
      drives: [{ file: guestFile('linux', 'uImage-e500mc'), readOnly: true }],
      bootArgs: 'console=ttyS0,115200',
    }
  : {}
async function hits(session: Session, name: string, go: () => Promise<unknown>) {
  const [breakpoint] = await session.setFunctionBreakpoints(name)
  expect(breakpoint).toMatchObject({ verified: true })
  await go()
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [breakpoint!.id] })
  return session.top()
}

describe.skipIf(!guests)('firmware', () => {
  test('U-Boot: where it is loaded, where it has moved itself, then its prompt', async () => {
    const dap = await session({ program: UBOOT, symbolFiles: [{ file: UBOOT, offset: MOVED }] })
    const first = await hits(dap, 'board_init_f', dap.configurationDone)
    expect(first).toMatchObject({ name: 'board_init_f', source: { name: 'board_f.c' } })
    const second = await hits(dap, 'board_init_r', () => dap.request('continue', { threadId: 1 }))
    expect(second).toMatchObject({ name: 'board_init_r', source: { name: 'board_r.c' } })
    expect(Number(second.instructionPointerReference) >>> 24).toBe(0x0f)
    await dap.setFunctionBreakpoints()
    await dap.request('continue', { threadId: 1 })
    await dap.printed('Hit any key')
    await dap.type('\n')
    await dap.printed('=> ')
    await dap.type('version\n')
    await dap.printed('U-Boot 2023.01')
    await dap.finish()
  })

  test('Linux, unpacked and started by U-Boot, with a disk: its breakpoints are hit, the shell reads the disk', async () => {
    const dap = await session(LINUX)
    const boot = async () => {
      await dap.configurationDone()
      await dap.printed('Hit any key')
      await dap.type('\nboot\n')
      await dap.printed('## Booting kernel from Legacy Image at 02000000')
    }
    const top = await hits(dap, 'start_kernel', boot)
    expect(top).toMatchObject({ name: 'start_kernel', source: { name: 'main.c' } })
    for (const name of ['do_one_initcall', 'ksys_read'])
      expect(await hits(dap, name, () => dap.request('continue', { threadId: 1 }))).toMatchObject({ name })
    await dap.setFunctionBreakpoints()
    await dap.request('continue', { threadId: 1 })
    await dap.printed('e500# ')
    // The magic number of a uImage.
    await dap.type('hexdump -C -n 4 /dev/vda\n')
    await dap.printed('27 05 19 56')
    await dap.finish()
  })

  // In a process of its own: in this one a guest that blocks would block the client too.
  test('U-Boot waits for a key that nobody presses and boots Linux; meanwhile every request is answered at once', async () => {
    const child = new Session(connectToChild(process.execPath, [ADAPTER]))
    const dap = await session(LINUX, child)
    const printed = () =>
      dap.client.log
        .map(({ message }) => message as { event?: string; body?: { data: string } })
        .map(({ event, body }) => (event === 'e500/uartOutput' ? Buffer.from(body!.data, 'base64').toString() : ''))
        .join('')
    await dap.configurationDone()
    await dap.printed('Hit any key')
    await dap.request('threads')
    await dap.setFunctionBreakpoints('start_kernel')
    await dap.pause()
    expect(await dap.stack()).not.toEqual([])
    await dap.request('continue', { threadId: 1 })
    await dap.request('threads')
    // All that within the second for which U-Boot waits.
    expect(printed()).not.toContain('## Booting')
    await dap.printed('## Booting kernel from Legacy Image at 02000000')
    await dap.request('threads')
    expect(printed()).not.toContain('Linux version')
    expect(await dap.stopped()).toMatchObject({ reason: 'function breakpoint' })
    await dap.finish()
  })
})
