// A session whose guest is started by U-Boot: breakpoints in the firmware, before and after it has moved itself, and in the Linux it boots.
import { describe, expect, test } from 'vitest'
import { type Session, startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const UBOOT = guests ? guestFile('u-boot', 'u-boot-debug.elf') : ''
/** From where it is linked to where it moves itself in 256 MB. */
const MOVED = '0x0f090000'

async function session(configuration: object): Promise<Session> {
  const session = startSession()
  await session.launch({ firmware: UBOOT, uarts: [{ index: 0, view: 'terminal' }], ...configuration })
  return session
}
async function hits(session: Session, name: string, go: () => Promise<unknown>) {
  const [breakpoint] = await session.setFunctionBreakpoints(name)
  expect(breakpoint).toMatchObject({ verified: true })
  await go()
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [breakpoint!.id] })
  return session.top()
}

describe.skipIf(!guests)('firmware', () => {
  test('U-Boot: where it is loaded, where it has moved itself, then its prompt', { timeout: 60_000 }, async () => {
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

  test('Linux, unpacked and started by U-Boot, with a disk: start_kernel is hit, the shell reads the disk', {
    timeout: 120_000,
  }, async () => {
    const dap = await session({
      program: kernelFile('vmlinux-e500v2'),
      loadFiles: [{ file: guestFile('linux', 'uImage-e500v2'), address: '0x02000000' }],
      initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz'),
      drives: [{ file: guestFile('linux', 'uImage-e500mc'), readOnly: true }],
      bootArgs: 'console=ttyS0,115200',
    })
    const boot = async () => {
      await dap.configurationDone()
      await dap.printed('Hit any key')
      await dap.type('\nboot\n')
      await dap.printed('## Booting kernel from Legacy Image at 02000000')
    }
    const top = await hits(dap, 'start_kernel', boot)
    expect(top).toMatchObject({ name: 'start_kernel', source: { name: 'main.c' } })
    await dap.setFunctionBreakpoints()
    await dap.request('continue', { threadId: 1 })
    await dap.printed('e500# ')
    // The magic number of a uImage.
    await dap.type('hexdump -C -n 4 /dev/vda\n')
    await dap.printed('27 05 19 56')
    await dap.finish()
  })
})
