// Steps on the sample guest. Each says where it begins, what it does, and where it must end; interrupts, other tasks and deeper calls
// of the same function pass by meanwhile.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lineOf, SAMPLE, type Session, sampleSession } from '../support/dap/session.ts'

/** Stopped at a marker; the breakpoint is taken away again. */
async function stoppedAt(file: string, marker: string, more: object = {}, configuration: object = {}) {
  const session = await sampleSession(configuration)
  await session.setBreakpoints(file, { marker, ...more })
  await session.start()
  await session.setBreakpoints(file)
  return session
}
/** The shell's command has come to a call; the breakpoint there stays. */
async function atDebugCall() {
  const session = await sampleSession({ debugOwnership: 'host' })
  await session.configurationDone()
  await session.printed('sample> ')
  await session.setBreakpoints('debugger.c', 'debug-call')
  await session.type('debug\r')
  await session.stopped()
  return session
}
const line = (marker: string, after = 0) => lineOf('user.c', marker) + after
const registers = async (session: Session, ...names: string[]) =>
  Promise.all(names.map((name) => session.evaluate(`$${name}`)))

test('next goes from line to line, and over a system call with all the tasks that run meanwhile', async () => {
  const session = await stoppedAt('user.c', 'produce')
  for (const expected of [line('produce', 1), line('produce', 2), line('produce', 4)]) {
    expect(await session.run('next')).toMatchObject({ reason: 'step', threadId: 1 })
    expect(await session.top()).toMatchObject({ name: 'producer', line: expected })
  }
  // The consumer has run in between and has taken what was produced.
  expect(await session.evaluate('ring.taken')).toBe('1')
  expect(await session.evaluate('number')).toBe('2')
  await session.finish()
})

test('stepIn enters the function of the line, stepOut comes back to the call', async () => {
  const session = await stoppedAt('user.c', 'consume')
  const [r1] = await registers(session, 'r1')
  await session.run('next')
  await session.run('next')
  expect(await session.top()).toMatchObject({ name: 'consumer', line: line('consume', 2) })
  await session.run('stepIn')
  expect(await session.place()).toMatch(/^summarize user\.c:/)
  expect(await session.evaluate('prime')).toBe('2')
  await session.run('stepOut')
  expect((await session.top()).name).toBe('consumer')
  expect((await registers(session, 'r1'))[0]).toBe(r1)
  // Its own work is done: one prime is counted.
  expect(await session.evaluate('summary.primes')).toBe('1')
  await session.finish()
})

test('over recursion: next stays in its own call, stepIn goes one deeper, stepOut one up', async () => {
  const session = await stoppedAt('user.c', 'collatz', { condition: 'n == 10' })
  const frame = async () => (await registers(session, 'r1'))[0]!
  const own = await frame()
  await session.run('stepIn')
  expect(await session.evaluate('n')).toBe('5')
  await session.run('stepOut')
  expect((await session.top()).name).toBe('collatz_steps')
  expect(await frame()).toBe(own)
  // collatz_steps(5) is 5: 16, 8, 4, 2, 1.
  expect(await session.evaluate('$r3')).toMatch(/^(5|0x0*5)\b/)
  await session.run('next')
  await session.run('next')
  expect(Number.parseInt(await frame(), 16)).toBeGreaterThanOrEqual(Number.parseInt(own, 16))
  await session.finish()
})

test('next over a recursive call ends in the same call', async () => {
  const session = await stoppedAt('user.c', 'collatz', { condition: 'n == 3' })
  const stack = await session.stack()
  await session.run('next')
  expect((await session.stack()).length).toBeLessThanOrEqual(stack.length)
  expect((await session.top()).name).toMatch(/^(collatz_steps|summarize)$/)
  // The seven steps from 3 to 1 are done.
  expect(await session.evaluate('$r3')).toMatch(/^(7|0x0*7)\b/)
  await session.finish()
})

test('a tick in the middle of a step does not lose it, whatever it lets run', async () => {
  const session = await stoppedAt('user.c', 'produce')
  for (const expected of [line('produce', 1), line('produce', 2)]) {
    const before = Number(await session.evaluate('ticks'))
    // The decrementer reaches 0 with the next instruction but one.
    await session.evaluate('$dec = 6', { context: 'repl' })
    expect((await session.run('next')).reason).toBe('step')
    expect(await session.top()).toMatchObject({ name: 'producer', line: expected })
    expect(Number(await session.evaluate('ticks'))).toBe(before + 1)
  }
  await session.finish()
})

test('a tick in the middle of an instruction step: next goes over it, stepIn shows the vector', async () => {
  const session = await stoppedAt('user.c', 'produce')
  const instruction = { granularity: 'instruction' }
  await session.evaluate('$dec = 1', { context: 'repl' })
  await session.run('next', instruction)
  await session.run('next', instruction)
  expect((await session.top()).instructionPointerReference).toBe('0x10000230')
  await session.evaluate('$dec = 1', { context: 'repl' })
  await session.run('stepIn', instruction)
  await session.run('stepIn', instruction)
  expect(await session.place()).toBe('decrementer_vector vectors.S:@tick-vector')
  await session.finish()
})

test('sc: a statement goes over it, an instruction step goes into the handler, or over it too', async () => {
  const session = await stoppedAt('user.c', 'sc')
  await session.run('stepIn')
  expect((await session.top()).instructionPointerReference).toBe('0x10000018')
  await session.setBreakpoints('user.c', 'sc')
  await session.run('continue')
  await session.setBreakpoints('user.c')
  // Both user tasks call the kernel here, with stacks at the same address: the step comes back to the one that it began in.
  const [task] = await registers(session, 'pid0')
  await session.run('next', { granularity: 'instruction' })
  expect((await session.top()).instructionPointerReference).toBe('0x10000018')
  expect(await registers(session, 'pid0')).toEqual([task])
  await session.setBreakpoints('user.c', 'sc')
  await session.run('continue')
  await session.run('stepIn', { granularity: 'instruction' })
  expect(await session.place()).toBe('system_call_vector vectors.S:@syscall-vector')
  expect(await session.evaluate('$srr0 == 0x10000018')).toBe('1')
  await session.finish()
})

test('next stops at a line that begins with an inlined call, stepIn then enters it, stepOut leaves', async () => {
  const session = await stoppedAt('user.c', 'consumer-start')
  await session.run('next')
  // while (is_empty(&ring)) sleep(2);
  const call = `consumer user.c:${line('consume', -1)}`
  expect(await session.backtrace()).toEqual([call, expect.stringMatching(/^user_task_start/)])
  const { instructionPointerReference } = await session.top()
  await session.run('stepIn')
  expect((await session.backtrace()).slice(0, 2)).toEqual([expect.stringMatching(/^is_empty user\.c:/), call])
  // Nothing was executed: the call is where it was.
  expect((await session.top()).instructionPointerReference).toBe(instructionPointerReference)
  expect((await session.scope('Arguments')).r).toMatchObject({ type: 'const struct ring *' })
  await session.run('stepOut')
  expect((await session.top()).name).toBe('consumer')
  await session.finish()
})

test('before an inlined call stepIn is refused like every other step, and enters nothing on another CPU', async () => {
  const session = await stoppedAt('user.c', 'consumer-start', {}, { cpus: 2 })
  await session.run('next')
  const stepIn = (more: object) => session.client.refusal('stepIn', { threadId: 1, ...more })
  expect(await stepIn({ singleThread: true })).toMatch(/cannot run alone/)
  // The other CPU waits for the kernel to start it: its step lasts until something else stops.
  await session.request('stepIn', { threadId: 2 })
  expect(await stepIn({})).toMatch(/is running/)
  await session.finish()
})

test('next goes over an inlined call', async () => {
  const session = await stoppedAt('user.c', 'consumer-start')
  const seen: string[] = []
  for (let n = 0; n < 6; n++) {
    await session.run('next')
    const { name, line: at } = await session.top()
    seen.push(`${name} ${at - line('consumer-start')}`)
  }
  // 93 the loop's condition, 94 to 96, 92 the loop, 93 again.
  expect(seen).toEqual([2, 3, 4, 5, 1, 2].map((after) => `consumer ${after}`))
  await session.finish()
})

test('a breakpoint on a line that begins with an inlined call stands at that line', async () => {
  const session = await sampleSession()
  const path = join(SAMPLE, 'user.c')
  await session.request('setBreakpoints', { source: { path }, breakpoints: [{ line: line('consume', -1) }] })
  await session.start()
  expect(await session.top()).toMatchObject({ name: 'consumer', line: line('consume', -1) })
  await session.run('stepIn')
  expect((await session.top()).name).toBe('is_empty')
  await session.run('next')
  await session.finish()
})

test('a function breakpoint is hit where the function was inlined, and stands in it', async () => {
  const session = await sampleSession()
  const breakpoints = await session.setFunctionBreakpoints('is_full', 'is_empty')
  expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true])
  const stops = [await session.start(), await session.run('continue')]
  expect(stops.map(({ hitBreakpointIds }) => hitBreakpointIds)).toEqual(breakpoints.map(({ id }) => [id]))
  expect((await session.backtrace()).slice(0, 2)).toEqual([
    expect.stringMatching(/^is_empty user\.c:/),
    `consumer user.c:${line('consume', -1)}`,
  ])
  await session.finish()
})

test('in assembly a jump is a jump, not a call of what it leads to', async () => {
  const session = await stoppedAt('vectors.S', 'tick-vector')
  // The vector is one line, a macro; it ends with `b base_entry`.
  await session.run('next')
  expect((await session.top()).name).toBe('base_entry')
  await session.finish()
})

test('assembly: each step is one line, in start.S before and after the change of mapping', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.configurationDone()
  await session.stopped('entry')
  const first = lineOf('start.S', 'start')
  const lines: number[] = []
  while (lines.at(-1) !== lineOf('start.S', 'kernel-mapping') + 1 && lines.length < 30) {
    await session.run('next')
    lines.push((await session.top()).line)
  }
  // One row of the line table for each instruction between the two markers.
  expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
  expect(lines[0]).toBeGreaterThan(first)
  expect(lines.length).toBeGreaterThan(10)
  expect(await session.evaluate('$pc > 0xc0000000')).toBe('1')
  await session.finish()
})

test('next over the change to another task ends when this task runs again', async () => {
  const session = await stoppedAt('task.c', 'task-switch', { condition: 'previous->name[0] == "shell"[0]' })
  const name = () => session.evaluate('previous->name')
  const before = await name()
  const [r1] = await registers(session, 'r1')
  expect(before).toBe('"shell"')
  const stop = session.stopped()
  await session.request('next', { threadId: 1 })
  // The shell waits for a key.
  await session.printed('sample> ')
  await session.type('\r')
  expect(await stop).toMatchObject({ reason: 'step' })
  expect((await session.top()).name).toMatch(/^(schedule|uart_receive)$/)
  expect(await session.evaluate('current_task->name')).toBe('"shell"')
  expect(Number.parseInt((await registers(session, 'r1'))[0]!, 16)).toBeGreaterThanOrEqual(Number.parseInt(r1!, 16))
  await session.finish()
})

test('single instructions through switch_context: on another stack from the marked line on', async () => {
  const session = await stoppedAt('switch.S', 'switch-context')
  const [before, target] = await registers(session, 'r1', 'r4')
  await session.run('stepIn', { granularity: 'instruction' })
  const [after] = await registers(session, 'r1')
  expect(Number.parseInt(after!, 16)).toBe(Number.parseInt(target!, 16))
  expect(after).not.toBe(before)
  await session.finish()
})

test('instruction steps: next goes over bl, stepIn into it', async () => {
  const session = await stoppedAt('user.c', 'consumer-start')
  const instruction = { granularity: 'instruction' }
  const pc = async () => (await session.top()).instructionPointerReference
  while ((await pc()) !== '0x10000268') await session.run('next', instruction)
  await session.run('stepIn', instruction)
  expect(await pc()).toBe('0x10000024')
  await session.run('stepOut')
  expect(await pc()).toBe('0x1000026c')
  await session.finish()
})

test('from interrupt to the interrupted program: a step at the end of the handler goes where rfi leads', async () => {
  const session = await stoppedAt('vectors.S', 'tick-vector')
  const [from] = await registers(session, 'srr0')
  const { instructions } = await session.request<{ instructions: { address: string; instruction: string }[] }>(
    'disassemble',
    {
      memoryReference: '0xc0001f9c',
      instructionCount: 40,
    },
  )
  const rfi = instructions.find(({ instruction }) => instruction === 'rfi')!.address
  await session.setInstructionBreakpoints({ instructionReference: rfi, condition: `$srr0 == ${from!.split(' ')[0]}` })
  await session.run('continue')
  await session.run('stepIn')
  expect(await session.evaluate(`$pc == ${from!.split(' ')[0]}`)).toBe('1')
  await session.finish()
})

test('stepOut leaves an interrupt handler: at last into the interrupted program', async () => {
  const session = await stoppedAt('user.c', 'produce')
  await session.evaluate('$dec = 6', { context: 'repl' })
  await session.setBreakpoints('interrupts.c', 'tick')
  await session.run('continue')
  await session.setBreakpoints('interrupts.c')
  const names = (await session.stack()).map(({ name }) => name)
  expect(names.slice(0, 4)).toEqual(['handle_decrementer', 'handle_interrupt', 'base_entry', 'producer'])
  for (const name of ['handle_interrupt', 'base_entry', 'producer']) {
    await session.run('stepOut')
    expect((await session.top()).name).toBe(name)
  }
  expect(await session.evaluate('number')).toBe('2')
  await session.finish()
})

test('where nobody called, stepOut is refused with a sentence', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  expect(await session.client.refusal('stepOut', { threadId: 1 })).toMatch(/caller of this function is not known/)
  await session.finish()
})

test('a breakpoint inside what is stepped over stops there; so does a caught interrupt', async () => {
  const session = await stoppedAt('user.c', 'consume')
  const [inside] = await session.setFunctionBreakpoints('collatz_steps')
  await session.run('next')
  await session.run('next')
  expect(await session.run('next')).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [inside!.id] })
  await session.setFunctionBreakpoints()
  await session.catchInterrupts('Decrementer')
  await session.evaluate('$dec = 6', { context: 'repl' })
  expect(await session.run('next')).toMatchObject({ reason: 'exception', description: 'Decrementer interrupt' })
  await session.finish()
})

/** gdb stops so, too: a step is no way past a breakpoint. */
test('a breakpoint on the way of a step stops it: where a call begins, and in the middle of a line', async () => {
  const session = await atDebugCall()
  const called = (await session.evaluate('debug_target')).match(/0x[\da-f]{8}/)![0]
  for (const mode of ['auto', 'iac', 'trap']) {
    const [atCall] = await session.setInstructionBreakpoints({ instructionReference: called, mode })
    expect(await session.run('next')).toMatchObject({ hitBreakpointIds: [atCall!.id] })
    expect((await session.top()).instructionPointerReference).toBe(called)
    const [inLine] = await session.setInstructionBreakpoints({ instructionReference: called, offset: 4, mode })
    expect(await session.run('next')).toMatchObject({ hitBreakpointIds: [inLine!.id] })
    await session.setInstructionBreakpoints()
    await session.request('continue', { threadId: 1 })
    await session.printed('sample> ')
    await session.type('debug\r')
    await session.stopped()
  }
  await session.finish()
})

test('a breakpoint where a step comes back from a call counts one hit', async () => {
  const session = await atDebugCall()
  const after = { instructionReference: (await session.top()).instructionPointerReference!, offset: 4 }
  await session.setInstructionBreakpoints({ ...after, hitCondition: '2' })
  expect(await session.run('next')).toMatchObject({ reason: 'step' })
  await session.finish()
})

test('a step that never ends can be paused', async () => {
  const session = await stoppedAt('task.c', 'task-switch', { condition: 'previous->name[0] == "shell"[0]' })
  await session.request('next', { threadId: 1 })
  expect(await session.pause()).toMatchObject({ reason: 'pause', description: 'Paused' })
  // What the step had set up is gone: the guest goes on by itself.
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.type('ticks\r')
  await session.printed('ticks since the start')
  await session.finish()
})

test('stepping off a trap word and off an IAC', async () => {
  for (const mode of ['trap', 'iac']) {
    const session = await stoppedAt('main.c', 'timer-init')
    await session.setBreakpoints('user.c', { marker: 'produce', mode })
    await session.run('continue')
    await session.run('next')
    expect(await session.top()).toMatchObject({ name: 'producer', line: line('produce', 1) })
    await session.finish()
  }
})
