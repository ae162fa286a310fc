// CPUs are threads: which of them stopped, the stack and registers of each, steps of one of them while the others go on.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { describe, expect, test } from 'vitest'
import { type Session, startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

type StackTrace = DebugProtocol.StackTraceResponse['body']

async function linux(cpu: 'e500v2' | 'e500mc', cpus: number, stopOnEntry = false) {
  const session = startSession()
  await session.launch({
    program: kernelFile(cpus > 1 ? `vmlinux-${cpu}-smp` : `vmlinux-${cpu}`),
    cpu,
    cpus,
    stopOnEntry,
    initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz'),
    bootArgs: 'console=ttyS0,115200',
    uarts: [{ index: 0, view: 'terminal' }],
  })
  return session
}
const stackOf = async (session: Session, threadId: number) =>
  (await session.request<StackTrace>('stackTrace', { threadId })).stackFrames

describe.skipIf(!guests)('breakpoints of a boot', () => {
  test.each([
    ['e500v2', 1],
    ['e500mc', 1],
    ['e500v2', 2],
    ['e500mc', 2],
  ] as const)(
    '%s with %i cores: start_kernel, do_one_initcall, ksys_read are hit, then the shell answers',
    async (cpu, cpus) => {
      const session = await linux(cpu, cpus, true)
      const hit: string[] = []
      await session.configurationDone().catch(() => {})
      await session.pause()
      for (const name of ['start_kernel', 'do_one_initcall', 'ksys_read']) {
        const [breakpoint] = await session.setFunctionBreakpoints(name)
        const stop = await session.run('continue')
        expect(stop).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [breakpoint!.id] })
        const [top] = await stackOf(session, stop.threadId!)
        hit.push(top!.name)
      }
      expect(hit).toEqual(['start_kernel', 'do_one_initcall', 'ksys_read'])
      // Programs read on every core.
      for (const cores = new Set<number>(); cores.size < cpus; )
        cores.add((await session.run('continue', { threadId: 1 })).threadId!)
      await session.setFunctionBreakpoints()
      await session.request('continue', { threadId: 1 })
      await session.printed('e500# ')
      await session.type('echo $((6 * 7))\n')
      await session.printed('\n42')
      await session.finish()
    },
  )
})

describe.skipIf(!guests)('e500v2 with 2 cores', () => {
  test('threads are CPUs; the second one stops in its own start, with its own stack and registers', async () => {
    const session = await linux('e500v2', 2)
    const [breakpoint] = await session.setFunctionBreakpoints('start_secondary')
    expect(await session.start()).toMatchObject({
      reason: 'function breakpoint',
      hitBreakpointIds: [breakpoint!.id],
      threadId: 2,
      allThreadsStopped: true,
    })
    const { threads } = await session.request<DebugProtocol.ThreadsResponse['body']>('threads')
    expect(threads).toEqual([
      { id: 1, name: 'CPU 0' },
      { id: 2, name: 'CPU 1' },
    ])
    expect((await stackOf(session, 2))[0]!.name).toBe('start_secondary')
    const first = await stackOf(session, 1)
    expect(first.map(({ name }) => name)).toContain('kernel_init')
    const pirOf = async (threadId: number) => {
      const [top] = await stackOf(session, threadId)
      return (await session.request<{ result: string }>('evaluate', { expression: '$PIR', frameId: top!.id })).result
    }
    expect([await pirOf(1), await pirOf(2)]).toEqual([
      expect.stringMatching(/^0x0*0\b/),
      expect.stringMatching(/^0x0*1\b/),
    ])
    await session.finish()
  })

  test('steps of the second core: the stop is its own, line by line, and the first core goes on meanwhile', async () => {
    const session = await linux('e500v2', 2)
    await session.setFunctionBreakpoints('start_secondary')
    await session.start()
    await session.setFunctionBreakpoints()
    const lines = new Set<number>()
    for (let n = 0; n < 8; n++) {
      await session.request('next', { threadId: 2 })
      expect(await session.stopped()).toMatchObject({ reason: 'step', threadId: 2 })
      const [top] = await stackOf(session, 2)
      expect(top!.name).toBe('start_secondary')
      lines.add(top!.line)
    }
    expect(lines.size).toBeGreaterThan(5)
    const before = (await stackOf(session, 2))[0]!.instructionPointerReference
    await session.request('next', { threadId: 1 })
    expect(await session.stopped()).toMatchObject({ reason: 'step', threadId: 1 })
    expect(before).toBeDefined()
    await session.finish()
  })

  test('the condition of an exception filter reads the core that the interrupt came to', async () => {
    const session = await linux('e500v2', 2)
    await session.setFunctionBreakpoints('start_secondary')
    await session.start()
    await session.setFunctionBreakpoints()
    await session.catchInterrupts({ filterId: 'Decrementer', condition: '$pir == 1' })
    expect(await session.run('continue')).toMatchObject({ description: 'Decrementer interrupt', threadId: 2 })
    await session.finish()
  })

  test('a data breakpoint says which core wrote; pause stops all', async () => {
    const session = await linux('e500v2', 2)
    await session.setFunctionBreakpoints('start_secondary')
    await session.start()
    await session.setFunctionBreakpoints()
    await session.watch('cpu_callin_map[1]')
    const stop = await session.run('continue')
    expect(stop).toMatchObject({ reason: 'data breakpoint', threadId: 2 })
    expect((await stackOf(session, 2)).map(({ name }) => name)).toContain('start_secondary')
    await session.setDataBreakpoints()
    await session.request('continue', { threadId: 2 })
    await session.printed('e500# ')
    expect(await session.pause()).toMatchObject({ reason: 'pause', allThreadsStopped: true })
    expect((await stackOf(session, 1)).length * (await stackOf(session, 2)).length).toBeGreaterThan(0)
    await session.finish()
  })
})
