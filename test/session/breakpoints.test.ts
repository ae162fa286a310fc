// Breakpoints on the sample guest: where they are placed, when they hit, and what happens to them afterwards.
import { join } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { lineOf, SAMPLE, sampleSession } from '../support/dap/session.ts'

test('a line, a function and an instruction: each stops there and says so', async () => {
  const session = await sampleSession()
  const [line] = await session.setBreakpoints('user.c', 'produce')
  const [named] = await session.setFunctionBreakpoints('task_create')
  const [sc] = await session.setInstructionBreakpoints('0x10000014')
  expect(line).toMatchObject({ verified: true, line: lineOf('user.c', 'produce') })
  expect(await session.start()).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [named!.id] })
  expect((await session.top()).name).toBe('task_create')
  await session.setFunctionBreakpoints()
  expect(await session.run('continue')).toMatchObject({
    reason: 'instruction breakpoint',
    description: 'Breakpoint at 0x10000014',
    hitBreakpointIds: [sc!.id],
  })
  expect(await session.place()).toBe('system_call user.c:@sc')
  await session.setInstructionBreakpoints()
  expect(await session.run('continue')).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [line!.id] })
  expect(await session.place()).toBe('producer user.c:@produce')
  expect(await session.evaluate('number')).toBe('2')
  await session.finish()
})

test.each([
  ['auto', 'Breakpoint at 0x10000228', undefined],
  ['iac', 'IAC1 hit', 'In IAC1'],
  ['trap', 'Breakpoint at 0x10000228', undefined],
])('mode %s hits in user mode, twice, and says "%s"', async (mode, description, message) => {
  const session = await sampleSession()
  await session.setBreakpoints('main.c', 'timer-init')
  await session.start()
  const [set] = await session.setBreakpoints('user.c', { marker: 'produce', mode })
  expect(set).toMatchObject({ verified: true, ...(message && { message }) })
  for (const number of ['2', '3']) {
    expect(await session.run('continue')).toMatchObject({ reason: 'breakpoint', description })
    expect(await session.evaluate('number')).toBe(number)
  }
  await session.finish()
})

test('a trap word is hidden from the reader of memory and from the disassembly', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('main.c', 'timer-init')
  await session.start()
  const read = () => session.request('readMemory', { memoryReference: '0x10000228', count: 4 })
  const before = await read()
  await session.setBreakpoints('user.c', { marker: 'produce', mode: 'trap' })
  expect(await read()).toEqual(before)
  const { instructions } = await session.request<{ instructions: { instruction: string }[] }>('disassemble', {
    memoryReference: '0x10000228',
    instructionCount: 1,
  })
  expect(instructions[0]!.instruction).toMatch(/^(lis|addis) +r9,/)
  await session.finish()
})

test('a trap where nothing is mapped yet is refused, and set by itself once the kernel maps it', async () => {
  const session = await sampleSession()
  const [set] = await session.setInstructionBreakpoints({ instructionReference: '0x10000228', mode: 'trap' })
  expect(set).toMatchObject({ verified: false, message: expect.stringMatching(/Nothing maps 0x10000228/) })
  await session.configurationDone()
  const { breakpoint } = await session.client.waitFor<{ breakpoint: DebugProtocol.Breakpoint }>('breakpoint')
  expect(breakpoint).toMatchObject({ id: set!.id, verified: true })
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [set!.id] })
  await session.finish()
})

test('conditions, hit counts and both together', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', { marker: 'produce', condition: 'number > 10 && number % 10 == 7' })
  await session.start()
  expect(await session.evaluate('number')).toBe('17')
  await session.setBreakpoints('user.c', { marker: 'produce', hitCondition: '>= 3' })
  await session.run('continue')
  expect(await session.evaluate('number')).toBe('29')
  // Of the primes above 30 that end in 1 the second: 31, 41.
  await session.setBreakpoints('user.c', { marker: 'produce', condition: 'number % 10 == 1', hitCondition: '2' })
  await session.run('continue')
  expect(await session.evaluate('number')).toBe('41')
  await session.finish()
})

test('a condition that cannot be computed stops, and each stop says why', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', { marker: 'produce', condition: 'nunber == 3' })
  await session.start()
  await session.run('continue')
  const complaints = session.output('important')
  expect(complaints).toMatch(/"nunber == 3" cannot be computed: .*nunber/)
  expect(complaints.match(/cannot be computed/g)).toHaveLength(2)
  await session.finish()
})

test('a log message prints expressions and does not stop', async () => {
  const session = await sampleSession()
  await session.setBreakpoints(
    'user.c',
    { marker: 'produce', logMessage: 'prime {number}, \\{{ring.put}\\} {nothing}' },
    { marker: 'consume', condition: 'summary.primes == 3' },
  )
  await session.start()
  expect(await session.place()).toBe('consumer user.c:@consume')
  const lines = session.output('console').split('\n')
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^prime 2, \{0\} <.*nothing.*>$/),
    expect.stringMatching(/^prime 3, \{1\} </),
  ])
  await session.finish()
})

test('those of a file are replaced together; what is asked for again keeps its id', async () => {
  const session = await sampleSession()
  const [produce, consume] = await session.setBreakpoints('user.c', 'produce', 'consume')
  const [again, longest] = await session.setBreakpoints('user.c', 'consume', 'longest')
  expect(again!.id).toBe(consume!.id)
  expect(new Set([produce!.id, consume!.id, longest!.id]).size).toBe(3)
  // Another file's stay.
  const [tick] = await session.setBreakpoints('interrupts.c', { marker: 'tick', hitCondition: '1' })
  expect(await session.start()).toMatchObject({ hitBreakpointIds: [consume!.id] })
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [longest!.id] })
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [tick!.id] })
  expect(await session.setBreakpoints('user.c')).toEqual([])
  await session.setBreakpoints('interrupts.c')
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.finish()
})

test('a line without code moves to the next that has some, and says which', async () => {
  const session = await sampleSession()
  const line = lineOf('user.c', 'collatz') - 2
  const args = { source: { path: join(SAMPLE, 'user.c') }, breakpoints: [{ line: line - 1 }] }
  const [moved] = (await session.request<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', args))
    .breakpoints
  expect(moved).toMatchObject({ verified: true })
  expect(moved!.line).toBeGreaterThan(line - 1)
  await session.finish()
})

test('breakpointLocations names the lines that have code', async () => {
  const session = await sampleSession()
  const first = lineOf('user.c', 'collatz-end')
  const { breakpoints } = await session.request<{ breakpoints: { line: number }[] }>('breakpointLocations', {
    source: { path: join(SAMPLE, 'user.c') },
    line: first - 2,
    endLine: first + 2,
  })
  // The comment has none; the function, its two lines, and the closing brace (where gcc gives it code).
  expect(breakpoints.map(({ line }) => line)).toEqual([first - 1, first, first + 1])
  await session.finish()
})

test('set while the guest runs, it hits', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const [set] = await session.setBreakpoints('shell.c', 'watch')
  await session.type('watch\r')
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [set!.id] })
  expect(await session.place()).toBe('run_watch shell.c:@watch')
  await session.finish()
})

test('a step that ends on a breakpoint hits it once', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('shell.c', 'command')
  await session.configurationDone()
  await session.printed('sample> ')
  await session.type('watch\r')
  await session.stopped()
  await session.run('stepIn')
  expect(await session.place()).toMatch(/^run_watch /)
  const [set] = await session.setBreakpoints('shell.c', 'watch')
  expect(await session.run('next')).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [set!.id] })
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 1')
  await session.printed('sample> ')
  await session.finish()
})

test('in an interrupt vector, in assembly', async () => {
  const session = await sampleSession()
  const [set] = await session.setBreakpoints('vectors.S', 'tick-vector')
  expect(set).toMatchObject({ verified: true })
  expect(await session.start()).toMatchObject({ hitBreakpointIds: [set!.id] })
  expect(await session.place()).toBe('decrementer_vector vectors.S:@tick-vector')
  // Another source than the place of the vector: IVOR10 says where the interrupt goes, SRR0 where it came from.
  expect(await session.evaluate('($ivpr | $ivor10) == $pc')).toBe('1')
  await session.finish()
})

test('early code is found where it runs before the kernel has its own mapping', async () => {
  const session = await sampleSession()
  const [early, later] = await session.setBreakpoints('start.S', 'start', 'kernel-mapping')
  expect(early).toMatchObject({ verified: true })
  expect(await session.start()).toMatchObject({ hitBreakpointIds: [early!.id] })
  expect(await session.top()).toMatchObject({ name: '_start' })
  expect(await session.evaluate('$pc < 0x10000000')).toBe('1')
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [later!.id] })
  expect(await session.evaluate('$pc > 0xc0000000')).toBe('1')
  await session.finish()
})

test('user code is one place for an IAC, though the kernel sees it at two addresses before it is mapped', async () => {
  const session = await sampleSession({ breakpointPlacement: 'iac' })
  await session.setFunctionBreakpoints('task_create')
  await session.start()
  await session.setFunctionBreakpoints()
  const set = await session.setBreakpoints('user.c', 'produce', 'consume')
  expect(set.map(({ message }) => message)).toEqual(['In IAC1', 'In IAC2'])
  expect(await session.run('continue')).toMatchObject({ description: 'IAC1 hit', hitBreakpointIds: [set[0]!.id] })
  expect(await session.run('continue')).toMatchObject({ description: 'IAC2 hit', hitBreakpointIds: [set[1]!.id] })
  await session.finish()
})

test('a breakpoint that found no slot takes the one that is given up, and its client hears of it', async () => {
  const session = await sampleSession({ breakpointPlacement: 'iac' })
  await session.setFunctionBreakpoints('uart_send', 'schedule')
  const [waits] = await session.setBreakpoints('interrupts.c', 'tick')
  expect(waits).toMatchObject({ verified: false, reason: 'pending', message: expect.stringMatching(/No IAC is free/) })
  await session.setFunctionBreakpoints()
  const { breakpoint } = await session.client.waitFor<DebugProtocol.BreakpointEvent['body']>('breakpoint')
  expect(breakpoint).toMatchObject({ id: waits!.id, verified: true, message: 'In IAC1' })
  expect(await session.start()).toMatchObject({ description: 'IAC1 hit', hitBreakpointIds: [waits!.id] })
  await session.finish()
})

test('when TLB1 changes, a breakpoint follows its code and its client hears of it', async () => {
  const session = await sampleSession()
  const [main] = await session.setFunctionBreakpoints('main')
  expect(main!.instructionReference).toMatch(/^0x0000/)
  await session.configurationDone()
  const { breakpoint, reason } = await session.client.waitFor<DebugProtocol.BreakpointEvent['body']>('breakpoint')
  expect(reason).toBe('changed')
  expect(breakpoint).toMatchObject({
    id: main!.id,
    verified: true,
    instructionReference: expect.stringMatching(/^0xc000/),
  })
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [main!.id] })
  expect(await session.place()).toMatch(/^main main\.c:/)
  await session.finish()
})

test('the guest takes IAC1: the breakpoint that was there moves to "auto", says so, and still hits', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const [set] = await session.setFunctionBreakpoints('debugger_handle_event')
  const [held] = await session.setBreakpoints('debugger.c', { marker: 'debug-call', mode: 'iac' })
  expect(held).toMatchObject({ verified: true, message: 'In IAC1' })
  await session.type('debug\r')
  const { breakpoint } = await session.client.waitFor<DebugProtocol.BreakpointEvent['body']>('breakpoint')
  expect(breakpoint).toMatchObject({
    id: held!.id,
    verified: true,
    message: 'The guest took IAC1; this breakpoint is now laid over the code ("auto").',
  })
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [held!.id] })
  // An editor sends all of a file's again when one of them changes: the other IAC is free still.
  const [again] = await session.setBreakpoints('debugger.c', { marker: 'debug-call', mode: 'iac' })
  expect(again).toMatchObject({ id: held!.id, verified: true, message: 'In IAC2' })
  // The guest's own debugger still works.
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [set!.id] })
  await session.request('continue', { threadId: 1 })
  await session.printed('CSRR0 is debug_target')
  await session.finish()
})

test('noDebug: breakpoints are not placed and nothing stops', async () => {
  const session = await sampleSession({ noDebug: true, stopOnEntry: true, runToEntryPoint: 'main' })
  const [set] = await session.setBreakpoints('user.c', 'produce')
  const refused = { verified: false, message: expect.stringMatching(/noDebug/) }
  expect(set).toMatchObject(refused)
  expect(await session.request('setExceptionBreakpoints', { filters: ['System call'] })).toEqual({
    breakpoints: [expect.objectContaining(refused)],
  })
  await session.configurationDone()
  await session.printed('sample> ')
  expect(session.client.log.some(({ message }) => message.event === 'stopped')).toBe(false)
  await session.finish()
})
