// From start to end on the sample guest: where it first stops, what restarts it, what ends it, and requests at awkward moments.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectToChild } from '../support/dap/connect.ts'
import { SAMPLE_ELF, Session, sampleSession } from '../support/dap/session.ts'

const events = (session: Session) =>
  session.client.log.filter(({ message }) => message.type === 'event').map(({ message }) => message.event)

test('stopOnEntry stops before the first instruction', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  expect(await session.start()).toMatchObject({ reason: 'entry', threadId: 1, allThreadsStopped: true })
  // readelf: the entry point is _start, linked at 0xc00013ec and loaded at 0x13ec.
  expect((await session.top()).name).toBe('_start')
  expect(await session.evaluate('$msr')).toMatch(/^0x0+\b/)
  await session.finish()
})

test('stopAtEntry, as other debuggers call it, does the same', async () => {
  const session = await sampleSession({ stopAtEntry: true })
  expect((await session.start()).reason).toBe('entry')
  await session.finish()
})

test.each(['auto', 'iac', 'trap'])('runToEntryPoint by %s stops once', async (breakpointPlacement) => {
  const session = await sampleSession({ runToEntryPoint: 'schedule', breakpointPlacement })
  expect(await session.start()).toMatchObject({
    reason: 'entry',
    description: breakpointPlacement === 'iac' ? 'IAC1 hit' : expect.stringMatching(/^Entry point at 0xc000/),
  })
  expect((await session.top()).name).toBe('schedule')
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.finish()
})

test('runToEntryPoint stops again after a restart', async () => {
  const session = await sampleSession({ runToEntryPoint: 'main' })
  await session.start()
  for (let round = 0; round < 2; round++) {
    await session.request('restart')
    expect(await session.stopped()).toMatchObject({ reason: 'entry', threadId: 1 })
    expect((await session.top()).name).toBe('main')
  }
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.finish()
})

test('a restart whose "runToEntryPoint" finds no IAC says so and starts', async () => {
  const session = await sampleSession({ runToEntryPoint: 'main', breakpointPlacement: 'iac' })
  await session.start()
  await session.setBreakpoints('user.c', 'produce', 'consume')
  await session.request('restart')
  expect(await session.stopped()).toMatchObject({ reason: 'breakpoint' })
  expect(session.output('important')).toMatch(/"runToEntryPoint": No IAC is free/)
  await session.finish()
})

test('pause while it runs and while it waits for a key', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  expect(await session.pause()).toMatchObject({ reason: 'pause', description: 'Paused', allThreadsStopped: true })
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  expect((await session.pause()).reason).toBe('pause')
  expect((await session.stack()).length).toBeGreaterThan(0)
  await session.request('continue', { threadId: 1 })
  await session.type('ticks\r')
  await session.printed('ticks since the start')
  await session.finish()
})

test('pausing what stands is answered and stops nothing twice', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  await session.request('pause', { threadId: 1 })
  await session.request('threads')
  expect(events(session).filter((event) => event === 'stopped')).toHaveLength(1)
  await session.finish()
})

test('two requests at once: the second continue is refused, a stop comes once', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.setBreakpoints('main.c', 'banner')
  await session.start()
  const [first, second] = await Promise.all([
    session.request('continue', { threadId: 1 }),
    session.client.refusal('continue', { threadId: 1 }),
  ])
  expect(first).toEqual({ allThreadsContinued: true })
  expect(second).toMatch(/is running\. Pause it first/)
  await session.stopped('breakpoint')
  await session.finish()
})

test('pause twice at once: both are answered, one stop', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await Promise.all([session.request('pause', { threadId: 1 }), session.request('pause', { threadId: 1 })])
  await session.stopped('pause')
  await session.request('threads')
  expect(events(session).filter((event) => event === 'stopped')).toHaveLength(1)
  await session.finish()
})

test('while the guest runs: globals, registers and memory can be looked at; the stack is refused', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const evaluate = (expression: string) => session.request('evaluate', { expression, context: 'watch' })
  expect(await evaluate('watched_counter')).toMatchObject({ result: '0' })
  expect(await evaluate('$pvr')).toMatchObject({ result: expect.stringMatching(/^0x80210022/) })
  expect(await session.request('readMemory', { memoryReference: '0xc0000000', count: 4 })).toEqual({
    address: '0xc0000000',
    // mtspr SPRG0,r1, as objdump has it: 7c 30 43 a6 or near.
    data: expect.stringMatching(/^fD/),
  })
  await session.request('e500/registers', { threadId: 1, group: 'Registers' })
  for (const [command, args] of [
    ['stackTrace', { threadId: 1 }],
    ['next', { threadId: 1 }],
    ['exceptionInfo', { threadId: 1 }],
  ] as const)
    expect(await session.client.refusal(command, args)).toMatch(/is running\. Pause it first/)
  await session.finish()
})

test('restart: from the beginning, breakpoints stay and hit again, with fresh hit counts', async () => {
  const session = await sampleSession()
  const [set] = await session.setBreakpoints('user.c', { marker: 'produce', hitCondition: '2' })
  for (let round = 0; round < 2; round++) {
    if (round === 0) await session.configurationDone()
    else await session.request('restart')
    expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [set!.id] })
    expect(await session.evaluate('number')).toBe('3')
    expect(await session.evaluate('ring.put')).toBe('1')
  }
  await session.finish()
})

test('restart while it runs, with breakpoints of every placement', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const modes = [
    { marker: 'producer-start', mode: 'trap' },
    { marker: 'produce', mode: 'iac' },
    { marker: 'consume', mode: 'auto' },
  ]
  const set = await session.setBreakpoints('user.c', ...modes)
  await session.request('restart')
  for (const { id } of set) {
    expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [id] })
    await session.request('continue', { threadId: 1 })
  }
  await session.finish()
})

test('restart: a trap word stands where it stood, though nothing maps its address yet', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  await session.setBreakpoints('main.c', 'timer-init')
  await session.run('continue')
  const [trap] = await session.setInstructionBreakpoints({ instructionReference: '0x10000228', mode: 'trap' })
  await session.request('restart')
  await session.stopped('entry')
  const { host } = await session.request<{ host: { request: object } }>('e500/debugResources')
  expect(host.request).toMatchObject({ swBreakpoints: [{ breakpointId: trap!.id, address: '0x10000228' }] })
  await session.run('continue')
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [trap!.id] })
  await session.finish()
})

test('restart: the last stop and the events of before are no longer told', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  const told = async () => {
    const { host } = await session.request<{ host: object }>('e500/debugResources')
    return [(await session.request<{ events: object[] }>('e500/debugEvents')).events.length, 'exit' in host]
  }
  await session.setBreakpoints('main.c', 'timer-init')
  await session.run('continue')
  expect(await told()).toEqual([1, true])
  await session.request('restart')
  await session.stopped('entry')
  expect(await told()).toEqual([0, false])
  await session.finish()
})

test('restart: a slot that the guest took is had again, and the client is told', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const [call] = await session.setBreakpoints('debugger.c', 'debug-call')
  const instructionReference = call!.instructionReference!
  await session.setBreakpoints('debugger.c')
  const [set] = await session.setInstructionBreakpoints({ instructionReference, mode: 'iac' })
  await session.type('debug\r')
  await session.stopped()
  await session.client.waitFor('breakpoint')
  await session.request('restart')
  const { breakpoint } = await session.client.waitFor<{ breakpoint: object }>('breakpoint')
  expect(breakpoint).toMatchObject({ id: set!.id, verified: true, message: 'In IAC1' })
  await session.printed('sample> ')
  await session.finish()
})

test('restart with stopOnEntry stops there again', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  await session.request('restart')
  expect((await session.stopped()).reason).toBe('entry')
  await session.finish()
})

test('the guest powers off: exited with 0, then terminated', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  await session.type('poweroff\r')
  await session.printed('Power off.')
  expect(await session.client.waitFor('exited')).toEqual({ exitCode: 0 })
  await session.client.waitFor('terminated')
  expect(session.output('console')).toMatch(/The guest powered off/)
  await session.finish()
})

test('the guest resets itself: it starts again, breakpoints hit again', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const [set] = await session.setBreakpoints('main.c', 'banner')
  await session.type('reset\r')
  expect(await session.stopped()).toMatchObject({ hitBreakpointIds: [set!.id] })
  expect(session.output('console')).toMatch(/reset itself and starts again/)
  await session.request('continue', { threadId: 1 })
  await session.printed('e500 sample kernel')
  await session.finish()
})

test('terminate while it runs: exited and terminated once, and disconnect still works', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.request('terminate')
  await session.client.waitFor('terminated')
  await session.request('terminate')
  expect(events(session).filter((event) => event === 'terminated')).toHaveLength(1)
  await session.finish()
})

test('after the end, going on is refused', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  await session.request('terminate')
  await session.client.waitFor('terminated')
  expect(await session.client.refusal('continue', { threadId: 1 })).toMatch(/has ended/)
  await session.finish()
})

test.each(['continue', 'next', 'stepIn', 'stepOut', 'restart', 'e500/reset'])(
  '%s before configurationDone is refused: the guest starts with that, once',
  async (command) => {
    const session = await sampleSession({ stopOnEntry: true })
    expect(await session.client.refusal(command, { threadId: 1 })).toMatch(/"configurationDone".*not come yet/)
    await session.start()
    expect(await session.client.refusal('configurationDone')).toMatch(/sent twice/)
    await session.request('continue', { threadId: 1 })
    await session.printed('sample> ')
    expect(await session.client.refusal('configurationDone')).toMatch(/sent twice/)
    await session.finish()
  },
)

test('terminated before configurationDone: that starts no guest', async () => {
  const session = await sampleSession()
  await session.request('terminate')
  expect(await session.client.refusal('configurationDone')).toMatch(/has ended/)
  expect(events(session)).not.toContain('process')
  await session.finish()
})

const ADAPTER = join(import.meta.dirname, '../../dist/adapter.js')

test('disconnect in the middle of a run ends the process', async () => {
  const session = new Session(connectToChild(process.execPath, [ADAPTER]))
  await session.launch({ program: SAMPLE_ELF })
  await session.configurationDone()
  expect(await session.finish()).toBe(0)
})

/** user.c's, as C has it. */
function collatzSteps(n: number): number {
  return n <= 1 ? 0 : 1 + collatzSteps(n % 2 === 0 ? n / 2 : 3 * n + 1)
}
const isPrime = (n: number) => n >= 2 && !Array.from({ length: n }, (_, d) => d).some((d) => d >= 2 && n % d === 0)

test('a log message in a hot loop prints each hit once', async () => {
  const session = await sampleSession()
  await session.setBreakpoints(
    'user.c',
    { marker: 'collatz', logMessage: 'n = {n}' },
    { marker: 'consume', hitCondition: '120' },
  )
  await session.start()
  const lines = session.output('console').trimEnd().split('\n')
  const primes = Array.from({ length: 1000 }, (_, n) => n)
    .filter(isPrime)
    .slice(0, 119)
  expect(lines).toHaveLength(primes.reduce((sum, prime) => sum + collatzSteps(prime), 0))
  expect(lines.every((line) => /^n = \d+$/.test(line))).toBe(true)
  await session.finish()
})

test('a log message in a hot loop neither floods nor keeps a pause waiting', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', { marker: 'collatz', logMessage: 'n = {n}' })
  await session.setBreakpoints('interrupts.c', { marker: 'tick', hitCondition: '20' })
  await session.start()
  const printed = session.output('console').split('\n').length
  const pieces = events(session).filter((event) => event === 'output').length
  expect(printed).toBeGreaterThan(100)
  expect(pieces).toBeLessThan(printed / 5)
  await session.setBreakpoints('interrupts.c')
  await session.request('continue', { threadId: 1 })
  expect((await session.pause()).reason).toBe('pause')
  await session.finish()
})
