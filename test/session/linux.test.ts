// Linux 6.1 for the e500v2, as a person would debug it: the issue's own sentences, one after the other.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const linux = (more: object = {}) => ({
  program: kernelFile('vmlinux-e500v2'),
  bootArgs: 'console=ttyS0,115200',
  uarts: [{ index: 0, view: 'terminal' }],
  ...more,
})

const withGuests = test.skipIf(!guests)

async function atStartKernel(more: object = {}) {
  const session = startSession()
  await session.launch(linux({ breakpointPlacement: 'iac', runToEntryPoint: 'start_kernel', ...more }))
  await session.configurationDone()
  return { session, stop: await session.stopped() }
}

withGuests('stops at start_kernel by a host-owned IAC, with stack, init_task and locals in their C types', async () => {
  const { session, stop } = await atStartKernel()
  expect(stop).toMatchObject({ reason: 'entry', description: 'IAC1 hit', threadId: 1, allThreadsStopped: true })
  const [top, ...callers] = await session.stack()
  expect(top).toMatchObject({ name: 'start_kernel', source: { name: 'main.c' } })
  expect(callers.length).toBeGreaterThan(0)
  expect(await session.evaluate('init_task.comm')).toBe('"swapper"')
  expect(await session.evaluate('init_task.pid')).toBe('0')
  expect(await session.evaluate('sizeof(struct task_struct) > 1000')).toBe('1')
  const locals = await session.scope('Locals')
  expect(locals.command_line).toMatchObject({ type: 'char *' })
  expect(locals.after_dashes).toMatchObject({ type: 'char *' })
  await session.finish()
})

withGuests('50 source-line steps from there stay in start_kernel', async () => {
  const { session } = await atStartKernel()
  const lines = new Set<number>()
  for (let n = 0; n < 50; n++) {
    expect((await session.run('next')).reason).toBe('step')
    const top = await session.top()
    expect(top.name).toBe('start_kernel')
    lines.add(top.line)
  }
  expect(lines.size).toBeGreaterThan(30)
  await session.finish()
})

async function watch(session: ReturnType<typeof startSession>, name: string, mode: string) {
  const info = await session.request<DebugProtocol.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', {
    name,
    mode,
  })
  const breakpoints = [{ dataId: info.dataId, accessType: 'write' }]
  return session.request<DebugProtocol.SetDataBreakpointsResponse['body']>('setDataBreakpoints', { breakpoints })
}

withGuests("a data breakpoint by dac on saved_command_line stops in setup_command_line's line", async () => {
  const { session } = await atStartKernel()
  const set = await watch(session, 'saved_command_line', 'dac')
  expect(set.breakpoints[0]).toMatchObject({ verified: true, message: 'In DAC1' })
  const stop = await session.run('continue')
  expect(stop).toMatchObject({ reason: 'data breakpoint', description: 'DAC1 write to saved_command_line' })
  expect(await session.backtrace()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^setup_command_line main\.c:/)]),
  )
  await session.finish()
})

withGuests('one by auto on jiffies_64 stops at the first tick after interrupts are enabled', async () => {
  const { session } = await atStartKernel()
  expect((await watch(session, 'jiffies_64', 'auto')).breakpoints[0]!.verified).toBe(true)
  expect(await session.run('continue')).toMatchObject({ reason: 'data breakpoint', description: 'write to jiffies_64' })
  const stack = await session.backtrace()
  expect(stack.join('\n')).toMatch(/do_timer|tick_/)
  expect(stack.join('\n')).toMatch(/timer_interrupt/)
  await session.finish()
})

withGuests('function breakpoints on __early_start and start_kernel both bind and hit, each where it runs', async () => {
  const session = startSession()
  await session.launch(linux())
  const set = await session.setFunctionBreakpoints('__early_start', 'start_kernel')
  expect(set.map(({ verified }) => verified)).toEqual([true, true])
  await session.configurationDone()
  expect(await session.stopped()).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [set[0]!.id] })
  expect(await session.top()).toMatchObject({ name: '__early_start', instructionPointerReference: '0x0000001c' })
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [set[1]!.id] })
  const top = await session.top()
  expect(top.name).toBe('start_kernel')
  expect(top.instructionPointerReference).toMatch(/^0xc0/)
  await session.finish()
})

withGuests('continue runs to where the kernel prints through its console driver', async () => {
  const { session } = await atStartKernel()
  await session.setFunctionBreakpoints('serial8250_console_write')
  expect((await session.run('continue')).reason).toBe('function breakpoint')
  await session.setFunctionBreakpoints()
  await session.request('continue', { threadId: 1 })
  await session.printed('printk: console [ttyS0] enabled')
  await session.finish()
})

withGuests("an interrupt handler's stack goes on in what was interrupted, to the task's first frame", async () => {
  const { session } = await atStartKernel()
  await session.setFunctionBreakpoints('timer_interrupt')
  for (const _ of 'ab') {
    expect((await session.run('continue')).reason).toBe('function breakpoint')
    const names = (await session.stack()).map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['timer_interrupt', expect.stringMatching(/^Decrementer/)])
    expect(names.at(-1)).toMatch(/^(ret_from_kernel_thread|set_ivor)/)
  }
  await session.finish()
})

// GCC puts the locals of an inlined call into a block of their own, which does not say what it is an instance of.
withGuests('a local of an inlined function is there once, with its value, as gdb has it', async () => {
  const { session } = await atStartKernel({ initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz') })
  await session.setFunctionBreakpoints('do_sys_openat2')
  await session.run('continue')
  const caller = (await session.stack())[1]!
  expect(caller.name).toBe('do_sys_open')
  expect(await session.evaluate('how', { frameId: caller.id })).toMatch(/^\{flags = \d+, mode = 0, resolve = 0\}$/)
  const locals = (await session.scopes(caller.id)).find(({ name }) => name === 'Locals')!
  const { variables } = await session.request<DebugProtocol.VariablesResponse['body']>('variables', locals)
  expect(variables.map(({ name }) => name)).toEqual(['how'])
  await session.finish()
})

// d_alloc passes it on to __d_alloc and has no use for it afterwards: it is where d_alloc's caller says that it passed it.
withGuests("a parameter that only the caller's caller still knows has its value, as gdb has it", async () => {
  const { session } = await atStartKernel()
  await session.setFunctionBreakpoints('__d_alloc')
  let stack: DebugProtocol.StackFrame[]
  do {
    await session.run('continue')
    stack = await session.stack()
  } while (stack[1]!.name !== 'd_alloc')
  const [passed, had] = await Promise.all(
    stack.slice(0, 2).map(({ id }) => session.evaluate('name->name', { frameId: id })),
  )
  expect(had).toMatch(/^0xc[0-9a-f]{7} "/)
  expect(had).toBe(passed)
  await session.finish()
})
