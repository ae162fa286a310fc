// Exception breakpoints: a filter for each interrupt of the core, on the sample guest's own faults.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { type Session, sampleSession } from '../support/dap/session.ts'

async function typed(command: string, ...filters: (string | DebugProtocol.ExceptionFilterOptions)[]): Promise<Session> {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  await session.catchInterrupts(...filters)
  await session.type(`${command}\r`)
  return session
}
const info = (session: Session) =>
  session.request<DebugProtocol.ExceptionInfoResponse['body']>('exceptionInfo', { threadId: 1 })

test('the filters are the interrupts of the core, each with its IVOR', async () => {
  const session = await sampleSession()
  const answer = session.client.log.find(
    ({ message }) => message.command === 'initialize' && message.type === 'response',
  )
  const { exceptionBreakpointFilters: filters = [] } = answer!.message.body as DebugProtocol.Capabilities
  // e500 RM table 5-2 (some of them).
  expect(filters.map(({ label }) => label)).toEqual(
    expect.arrayContaining([
      'Program (IVOR6)',
      'System call (IVOR8)',
      'Decrementer (IVOR10)',
      'Data TLB error (IVOR13)',
      'Debug (IVOR15)',
    ]),
  )
  expect(filters.every(({ supportsCondition }) => supportsCondition)).toBe(true)
  await session.finish()
})

test('Program: the trap instruction, seen at its vector, with the call stack behind it', async () => {
  const session = await typed('trap', 'Program')
  expect(await session.stopped()).toMatchObject({
    reason: 'exception',
    description: 'Program interrupt',
    text: expect.stringMatching(/^Program interrupt at 0xc000[\da-f]{4} <run_trap\+0x[\da-f]+>$/),
  })
  expect(await session.backtrace()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^program_vector vectors\.S:/),
      expect.stringMatching(/^run_trap shell\.c:/),
      expect.stringMatching(/^run_command shell\.c:/),
    ]),
  )
  expect(await info(session)).toMatchObject({ exceptionId: 'Program', breakMode: 'always' })
  // ESR[PTR], e500 RM 2.7.1.6: bit 38 of 64, 0x02000000.
  expect((await info(session)).details!.message).toMatch(/ESR = 0x02000000/)
  await session.request('continue', { threadId: 1 })
  await session.printed('On after the trap.')
  await session.finish()
})

test('Data TLB error: DEAR is the address that nothing maps', async () => {
  const session = await typed('fault', 'Data TLB error')
  expect(await session.stopped()).toMatchObject({ reason: 'exception', description: 'Data TLB error interrupt' })
  const { description, details } = await info(session)
  expect(description).toMatch(/^Data TLB error interrupt at 0xc000[\da-f]{4} <run_fault\+0x[\da-f]+>$/)
  expect(details!.message).toMatch(/SRR0 = 0xc000[\da-f]{4}, .*ESR = 0x00000000, DEAR = 0xdead0000/)
  await session.finish()
})

test('System call with a condition: only the one that asks for it', async () => {
  const session = await sampleSession()
  await session.catchInterrupts({ filterId: 'System call', condition: '$r0 == 2 && $r3 == 2' })
  expect(await session.start()).toMatchObject({ description: 'System call interrupt' })
  // sleep(2) is the consumer's.
  const stack = await session.backtrace()
  expect(stack[0]).toMatch(/^system_call_vector/)
  expect(stack.join('\n')).toMatch(/consumer user\.c/)
  await session.finish()
})

test('two filters of one interrupt: the condition of one does not hide the other', async () => {
  const session = await typed('debug', { filterId: 'Guest debugger' }, { filterId: 'Debug', condition: '0' })
  expect(await session.stopped()).toMatchObject({ description: 'Debug interrupt' })
  await session.finish()
})

test('steps under a filter and a watchpoint whose conditions say no are as long as without them', async () => {
  const places = async (isFiltered: boolean) => {
    const session = await sampleSession()
    await session.setBreakpoints('user.c', 'sc')
    await session.start()
    await session.setBreakpoints('user.c')
    if (isFiltered) {
      await session.catchInterrupts({ filterId: 'System call', condition: '0' })
      const name = '*(unsigned *)($r1 & ~0xfff)'
      const { dataId } = await session.dataBreakpointInfo({ name, bytes: 4096 })
      await session.setDataBreakpoints({ dataId: dataId!, accessType: 'readWrite', condition: '0' })
    }
    const seen = []
    for (const command of ['stepIn', 'stepIn', 'next', 'stepIn', 'next', 'next', 'next', 'next'] as const) {
      await session.run(command, { granularity: 'instruction' })
      seen.push((await session.top()).instructionPointerReference)
    }
    await session.finish()
    return seen
  }
  expect(await places(true)).toEqual(await places(false))
})

test('filters are replaced; a filter of no interrupt and a condition with a mistake are refused, others stand', async () => {
  const session = await sampleSession()
  const { breakpoints } = await session.request<{ breakpoints: DebugProtocol.Breakpoint[] }>(
    'setExceptionBreakpoints',
    {
      filters: ['Decrementer'],
      filterOptions: [{ filterId: 'Sundial' }, { filterId: 'Program', condition: '1 +' }],
    },
  )
  expect(breakpoints.map(({ verified }) => verified)).toEqual([true, false, false])
  expect(breakpoints[1]!.message).toMatch(/"Sundial" is no interrupt of this core/)
  expect(await session.start()).toMatchObject({ description: 'Decrementer interrupt' })
  await session.catchInterrupts()
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.finish()
})

test('the guest’s debugger fires: at its vector, the address that its IAC compared with', async () => {
  const session = await typed('debug', 'Guest debugger')
  expect(await session.stopped()).toMatchObject({
    reason: 'exception',
    description: 'Debug interrupt',
    text: expect.stringMatching(/^Debug interrupt at 0xc000[\da-f]{4} <debug_target>$/),
  })
  expect(await session.evaluate('$csrr0 == (unsigned)debug_target')).toBe('1')
  // DBSR[IAC1], with IDE 0: the instruction is not done.
  expect((await info(session)).details!.message).toMatch(/DBSR = 0x00800000/)
  await session.request('continue', { threadId: 1 })
  await session.printed('CSRR0 is debug_target.')
  await session.finish()
})

test('the guest writes a debug register: behind each of its writes, in the order of debugger.c', async () => {
  const session = await typed('debug', 'Guest writes a debug register')
  const seen: string[] = []
  for (let n = 0; n < 7; n++) {
    const { description, text } = await session.stopped()
    expect(description).toBe('Guest writes a debug register')
    expect((await info(session)).description).toBe(text)
    const { events } = await session.request<{ events: { event: string }[] }>('e500/debugEvents', { count: 1 })
    seen.push(`${events[0]!.event} ${/<(\w+)/.exec(text!)![1]}`)
    await session.request('continue', { threadId: 1 })
  }
  expect(seen).toEqual([
    ...['DBSR', 'IAC1', 'DBCR1', 'DBCR0'].map((name) => `writes ${name} debugger_demonstrate`),
    ...['DBCR0', 'DBSR'].map((name) => `writes ${name} debugger_handle_event`),
    'writes DBCR0 debugger_demonstrate',
  ])
  await session.printed('CSRR0 is debug_target.')
  await session.finish()
})

test('the guest is denied a debug register: where the debugger owns them, and nowhere else', async () => {
  const session = await sampleSession({ debugOwnership: 'host' })
  await session.configurationDone()
  await session.printed('sample> ')
  await session.catchInterrupts('Guest is denied a debug register')
  await session.type('debug\r')
  expect(await session.stopped()).toMatchObject({
    reason: 'exception',
    description: 'Guest is denied a debug register',
    text: expect.stringMatching(/ <debugger_demonstrate\+0x[\da-f]+>$/),
  })
  expect(await session.evaluate('$iac1')).toBe('0x00000000')
  await session.catchInterrupts()
  await session.request('continue', { threadId: 1 })
  await session.printed('No debug interrupt came')
  await session.finish()
  const shared = await typed('debug', 'Guest is denied a debug register')
  await shared.printed('CSRR0 is debug_target.')
  await shared.finish()
})

test('a breakpoint at the vector is told with the interrupt that is caught, and not once more', async () => {
  const session = await typed('trap', 'Program')
  await session.stopped('exception')
  const { instructionPointerReference } = await session.top()
  await session.request('continue', { threadId: 1 })
  await session.printed('On after the trap.')
  const [vector] = await session.setInstructionBreakpoints(instructionPointerReference!)
  await session.type('trap\r')
  expect(await session.stopped()).toMatchObject({ reason: 'exception', hitBreakpointIds: [vector!.id] })
  await session.request('continue', { threadId: 1 })
  await session.printed('On after the trap.')
  await session.finish()
})

test('exceptionInfo at a stop that is none says so', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  expect(await session.client.refusal('exceptionInfo', { threadId: 1 })).toMatch(/did not stop at an interrupt/)
  await session.finish()
})
