// What the Variables view, watches, hovers and the debug console show and set, on the sample guest.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { lineOf, type Session, sampleSession } from '../support/dap/session.ts'

type Body = { result: string; type?: string; variablesReference: number; memoryReference?: string }

async function stoppedAt(file: string, marker: string, more: object = {}): Promise<Session> {
  const session = await sampleSession()
  await session.setBreakpoints(file, { marker, ...more })
  await session.start()
  return session
}
const set = (session: Session, variablesReference: number, name: string, value: string) =>
  session.request<{ value: string }>('setVariable', { variablesReference, name, value })
async function reference(session: Session, scope: string): Promise<number> {
  return (await session.scopes()).find(({ name }) => name === scope)!.variablesReference
}
const repl = (session: Session, expression: string) => session.evaluate(expression, { context: 'repl' })

test('the scopes of a frame', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const scopes = await session.scopes()
  expect(scopes.map(({ name }) => name)).toEqual([
    'Arguments',
    'Locals',
    'Registers',
    'MSR',
    'Debug resources',
    '64-bit registers',
    ...['Interrupt SPRs', 'Timer SPRs', 'MMU SPRs', 'Software SPRs', 'Cache and branch SPRs', 'Configuration SPRs'],
  ])
  expect(scopes.map(({ presentationHint }) => presentationHint).slice(0, 3)).toEqual([
    'arguments',
    'locals',
    'registers',
  ])
  await session.finish()
})

test('arguments and locals in their C types; a pointer opens to what it points to', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const { total, prime } = await session.scope('Arguments')
  expect(prime).toMatchObject({ value: '2', type: 'uint32_t' })
  expect(total).toMatchObject({ type: 'struct summary *', memoryReference: '0x10010028' })
  expect(total!.value).toMatch(/0x10010028/)
  expect((await session.scope('Locals')).steps).toMatchObject({ value: '1', type: 'uint32_t' })
  const summary = await session.variables(total!.variablesReference)
  expect(summary).toMatchObject({
    primes: { value: '1', evaluateName: expect.stringMatching(/total->primes/) },
    sum: { value: '2' },
  })
  expect(await session.evaluate(summary.primes!.evaluateName!)).toBe('1')
  await session.finish()
})

test('structures, bit fields, enumerations, unions, arrays and strings of the task list', async () => {
  const session = await stoppedAt('task.c', 'wake')
  const { id } = await session.top()
  const open = async (expression: string) => {
    const body = await session.request<Body>('evaluate', { expression, frameId: id, context: 'watch' })
    return { ...body, parts: await session.variables(body.variablesReference) }
  }
  const task = await open('tasks[1]')
  expect(task.parts).toMatchObject({
    name: { value: '"producer"', type: 'char [16]' },
    state: { type: 'enum task_state' },
    next: { value: expect.stringMatching(/0xc00[\da-f]{5}/), type: 'struct task *' },
  })
  expect(task.parts.state!.value).toMatch(/^TASK_(READY|SLEEPING)\b/)
  expect(await session.variables(task.parts.flags!.variablesReference)).toMatchObject({
    id: { value: '1' },
    user_mode: { value: '1' },
    killed: { value: '0' },
  })
  const tasks = await session.request<Body & { indexedVariables: number }>('evaluate', {
    expression: 'tasks',
    frameId: id,
    context: 'watch',
  })
  expect(tasks).toMatchObject({ type: 'struct task [6]', indexedVariables: 6 })
  const window = await session.variables(tasks.variablesReference, { filter: 'indexed', start: 2, count: 2 })
  expect(Object.keys(window)).toEqual(['[2]', '[3]'])
  expect(await session.variables(tasks.variablesReference, { filter: 'named' })).toEqual({})
  expect(await session.evaluate('tasks[2].name')).toBe('"consumer"')
  expect(await session.evaluate('sizeof tasks / sizeof tasks[0]')).toBe('6')
  expect(await session.evaluate('(char)tasks[3].name[0]')).toMatch(/'s'/)
  await session.finish()
})

test('setVariable: numbers, members, bit fields, enumerations, characters', async () => {
  const session = await stoppedAt('task.c', 'wake')
  const opened = async (expression: string) => {
    const { id } = await session.top()
    const { variablesReference } = await session.request<Body>('evaluate', {
      expression,
      frameId: id,
      context: 'watch',
    })
    return variablesReference
  }
  const flags = await opened('tasks[1].flags')
  expect(await set(session, flags, 'exit_code', '0xa5')).toMatchObject({ value: '165' })
  expect(await session.evaluate('tasks[1].flags.exit_code')).toBe('165')
  // The neighbours in the same word stay.
  expect(await session.evaluate('tasks[1].flags.id')).toBe('1')
  expect(await session.evaluate('tasks[1].flags.user_mode')).toBe('1')
  const task = await opened('tasks[1]')
  expect((await set(session, task, 'state', 'TASK_ENDED')).value).toMatch(/^TASK_ENDED\b/)
  expect((await set(session, task, 'state', '1')).value).toMatch(/^TASK_READY\b/)
  const statistics = await opened('tasks[1].statistics')
  await set(session, statistics, 'ticks', 'tasks[2].flags.id + 40')
  expect(await session.evaluate('tasks[1].statistics.ticks')).toBe('42')
  const name = await opened('tasks[1].name')
  await set(session, name, '[0]', "'P'")
  expect(await session.evaluate('tasks[1].name')).toBe('"Producer"')
  expect(
    await session.client.refusal('setVariable', { variablesReference: flags, name: 'nothing', value: '1' }),
  ).toMatch(/no "nothing"/)
  expect(
    await session.client.refusal('setVariable', { variablesReference: statistics, name: 'ticks', value: 'twelve' }),
  ).toMatch(/twelve/)
  await session.finish()
})

test('setVariable tells other views: memory and invalidated events', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const { total } = await session.scope('Arguments')
  await set(session, total!.variablesReference, 'sum', '99')
  expect(await session.client.waitFor('memory')).toEqual({ memoryReference: '0x1001002c', offset: 0, count: 4 })
  expect(await session.client.waitFor('invalidated')).toEqual({ areas: ['variables'] })
  await session.finish()
})

test('registers: read, opened into fields, set as a whole and by field', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const registers = await session.scope('Registers')
  expect(Object.keys(registers)).toEqual([
    ...Array.from({ length: 32 }, (_, n) => `r${n}`),
    ...['PC', 'LR', 'CTR', 'XER', 'CR'],
  ])
  expect(registers.PC!.value).toBe('0x10000198 <summarize+0x48>')
  await set(session, await reference(session, 'Registers'), 'r3', '0x1234')
  expect(await session.evaluate('$r3')).toBe('0x1234')
  expect(await session.evaluate('steps')).toBe(String(0x1234))
  const { MSR } = await session.scope('MSR')
  const fields = await session.variables(MSR!.variablesReference)
  // User mode: EE, PR and ME are set (e500 RM 2.5.1).
  expect(
    Object.values(fields)
      .filter(({ value }) => value === '1')
      .map(({ name }) => name),
  ).toEqual(expect.arrayContaining(['EE', 'PR', 'ME']))
  await set(session, MSR!.variablesReference, 'EE', '0')
  expect(await session.evaluate('$msr.EE')).toBe('0')
  expect(await session.evaluate('$msr.PR')).toBe('1')
  // mtspr would clear the bits that are written as one.
  for (const value of ['0x800000', '0x400000']) {
    await set(session, await reference(session, 'Debug resources'), 'DBSR', value)
    expect(await session.evaluate('$dbsr')).toBe(value)
  }
  await set(session, await reference(session, 'Interrupt SPRs'), 'SRR0', '0x10000198')
  expect(await session.evaluate('$srr0')).toMatch(/^0x10000198/)
  await session.finish()
})

test('read-only registers refuse with their name', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const configuration = await reference(session, 'Configuration SPRs')
  expect(
    await session.client.refusal('setVariable', { variablesReference: configuration, name: 'PVR', value: '1' }),
  ).toMatch(/PVR is read-only/)
  expect(await session.client.refusal('evaluate', { expression: '$pvr = 1', context: 'repl' })).toMatch(
    /PVR is read-only/,
  )
  await session.finish()
})

test('in a caller only its own registers are shown as its own, and none can be set', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const [, caller] = await session.stack()
  const registers = await session.scope('Registers', caller!.id)
  expect(caller!.name).toBe('consumer')
  expect(registers.PC!.value).toMatch(/^0x100002b8/)
  const scope = (await session.scopes(caller!.id)).find(({ name }) => name === 'Registers')!
  expect(
    await session.client.refusal('setVariable', {
      variablesReference: scope.variablesReference,
      name: 'PC',
      value: '0x10000000',
    }),
  ).toMatch(/only be set in the innermost frame/)
  await session.finish()
})

test('setExpression', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const { id } = await session.top()
  const change = (expression: string, value: string) =>
    session.request<{ value: string }>('setExpression', { expression, value, frameId: id })
  expect(await change('total->longest.number', '7')).toMatchObject({ value: '7', memoryReference: '0x10010030' })
  expect(await session.evaluate('summary.longest.number')).toBe('7')
  expect((await change('$r5', '-1')).value).toBe('0xffffffff')
  expect((await change('$msr.EE', '0')).value).toBe('0')
  expect(await session.client.refusal('setExpression', { expression: '1 + 1', value: '3', frameId: id })).toMatch(
    /computed value is stored nowhere/,
  )
  await session.finish()
})

test('hovers and watches have no side effects, the debug console has', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const { id } = await session.top()
  for (const context of ['hover', 'watch', 'variables', 'clipboard'])
    for (const expression of ['total->sum = 1', 'total->sum++', '$r3 = 1', 'total->sum += 2'])
      expect(await session.client.refusal('evaluate', { expression, frameId: id, context })).toMatch(
        /chang|side effect|assign/i,
      )
  expect(await session.evaluate('total->sum')).toBe('2')
  expect(await repl(session, 'total->sum = 1')).toBe('1')
  expect(await repl(session, 'total->sum += 4')).toBe('5')
  expect(await session.evaluate('summary.sum')).toBe('5')
  await session.finish()
})

test('formats: the request’s hex, and the expression’s own', async () => {
  const session = await stoppedAt('user.c', 'longest')
  expect(await session.evaluate('total->sum', { format: { hex: true } })).toBe('0x2')
  expect(await session.evaluate('total->sum,x')).toBe('0x2')
  expect(await session.evaluate('/t total->sum')).toMatch(/^0b0*10$/)
  const scope = (await session.scopes()).find(({ name }) => name === 'Arguments')!
  const { prime } = await session.variables(scope.variablesReference, { format: { hex: true } })
  expect(prime!.value).toBe('0x2')
  await session.finish()
})

test('expressions: arithmetic, casts, function and data addresses, statics of another file', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const cases: readonly (readonly [string, string | RegExp])[] = [
    ['1 + 2 * 3', '7'],
    ['(short)0x18000', '-32768'],
    ['&ring.put', /0x10010020/],
    ['*(unsigned char *)&total->sum', /^0\b/],
    ['((struct summary *)0x10010028)->primes', '1'],
    ['producer', /0x100001b8/],
    ['sizeof(struct task)', '48'],
    ['TASK_SLEEPING', /^(2|TASK_SLEEPING)/],
    ['task.c::tasks[0].name', '"idle"'],
    ['ring.items[0]@3', /^\{2, /],
    ['ticks', '0'],
  ]
  for (const [expression, expected] of cases) {
    const result = await session.evaluate(expression)
    if (typeof expected === 'string') expect(`${expression} = ${result}`).toBe(`${expression} = ${expected}`)
    else expect(result).toMatch(expected)
  }
  expect(await session.client.refusal('evaluate', { expression: 'summry', context: 'watch' })).toMatch(
    /summry.*summary/,
  )
  await session.finish()
})

test('completions: locals, globals, members, registers and their fields', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const { id } = await session.top()
  const complete = async (text: string) => {
    const { targets } = await session.request<{ targets: DebugProtocol.CompletionItem[] }>('completions', {
      text,
      column: text.length + 1,
      frameId: id,
    })
    return targets.map(({ label }) => label)
  }
  expect(await complete('tot')).toContain('total')
  expect(await complete('x + summ')).toEqual(expect.arrayContaining(['summary', 'summarize']))
  expect(await complete('total->')).toEqual(['primes', 'sum', 'longest'])
  expect(await complete('total->longest.st')).toEqual(['steps'])
  expect(await complete('$iac')).toEqual(expect.arrayContaining(['iac1', 'iac2']))
  expect(await complete('$dbcr0.ID')).toContain('IDM')
  expect(await complete('')).toEqual([])
  await session.finish()
})

test('what belongs to an earlier stop is refused, not guessed', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const variablesReference = await reference(session, 'Locals')
  await session.run('next')
  expect(await session.client.refusal('variables', { variablesReference })).toMatch(/earlier stop/)
  await session.finish()
})

test('a setting of the PC goes on there', async () => {
  const session = await stoppedAt('user.c', 'longest')
  await repl(session, '$pc = 0x100001a0')
  expect(await session.top()).toMatchObject({ instructionPointerReference: '0x100001a0', name: 'summarize' })
  await session.run('next')
  expect(await session.evaluate('summary.longest.number')).toBe('0')
  expect(lineOf('user.c', 'longest')).toBeGreaterThan(0)
  await session.finish()
})

test('64-bit registers are both halves of a GPR, and can be set', async () => {
  const session = await stoppedAt('user.c', 'longest')
  const names = Object.keys(await session.scope('64-bit registers'))
  expect(names).toEqual([...Array.from({ length: 32 }, (_, n) => `ev${n}`), 'ACC'])
  const scope = await reference(session, '64-bit registers')
  expect(await set(session, scope, 'ev20', '0x123456789abcdef0')).toMatchObject({ value: '0x123456789abcdef0' })
  expect(await repl(session, '$r20')).toBe('0x9abcdef0')
  expect(await repl(session, '$ev20')).toBe('0x123456789abcdef0')
  await session.finish()
})
