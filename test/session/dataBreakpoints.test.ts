// Data breakpoints on the sample guest: what can be watched, by which means, and how a hit is told.
import { expect, test } from 'vitest'
import { type Session, sampleSession } from '../support/dap/session.ts'

/** At the shell's prompt, the guest running. */
async function atPrompt(configuration: object = {}): Promise<Session> {
  const session = await sampleSession(configuration)
  await session.configurationDone()
  await session.printed('sample> ')
  return session
}

test.each([
  ['auto', 'write to watched_counter', undefined],
  ['dac', 'DAC1 write to watched_counter', 'In DAC1'],
])('by %s: the command "watch" writes watched_counter, "%s"', async (mode, description, message) => {
  const session = await atPrompt()
  const set = await session.watch('watched_counter', mode)
  expect(set).toMatchObject({ verified: true, ...(message && { message }) })
  await session.type('watch\r')
  expect(await session.stopped()).toMatchObject({ reason: 'data breakpoint', description, hitBreakpointIds: [set.id] })
  expect(await session.place()).toMatch(/^run_watch shell\.c:/)
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 1')
  await session.finish()
})

test('a breakpoint where the write leaves the core is told with it, and not once more', async () => {
  const session = await atPrompt()
  const write = await session.watch('watched_counter')
  await session.type('watch\r')
  await session.stopped()
  const behind = (await session.top()).instructionPointerReference!
  // Made where the guest stands: for the next time.
  const [there] = await session.setInstructionBreakpoints({ instructionReference: behind, hitCondition: '1' })
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 1')
  await session.type('watch\r')
  expect(await session.stopped()).toMatchObject({
    reason: 'data breakpoint',
    hitBreakpointIds: [write.id, there!.id],
  })
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 2')
  // With a step it is the same; now the count says no.
  await session.setInstructionBreakpoints(`0x${(Number(behind) - 4).toString(16)}`, {
    instructionReference: behind,
    hitCondition: '1',
  })
  await session.type('watch\r')
  await session.stopped('instruction breakpoint')
  const stop = await session.run('stepIn', { granularity: 'instruction' })
  expect(stop).toMatchObject({ reason: 'data breakpoint', hitBreakpointIds: [write.id] })
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 3')
  await session.finish()
})

test('reads, writes and both; a DAC stops before the access, "auto" behind it', async () => {
  const session = await atPrompt()
  await session.watch('watched_counter', 'dac', { accessType: 'read' })
  await session.type('watch\r')
  expect((await session.stopped()).description).toBe('DAC1 read of watched_counter')
  await session.watch('watched_counter', 'dac', { accessType: 'readWrite' })
  expect((await session.run('continue')).description).toBe('DAC1 write to watched_counter')
  expect(await session.evaluate('watched_counter')).toBe('0')
  // run_watch reads it once more to print it.
  await session.watch('watched_counter', 'auto', { accessType: 'readWrite' })
  expect((await session.run('continue')).description).toBe('write to watched_counter')
  expect(await session.evaluate('watched_counter')).toBe('1')
  expect((await session.run('continue')).description).toBe('read of watched_counter')
  await session.setDataBreakpoints()
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 1')
  await session.finish()
})

test('a DAC that the guest gets while its stop is shown: the access is not told once more', async () => {
  const session = await atPrompt()
  const write = await session.watch('watched_counter', 'dac')
  await session.type('watch\r')
  expect((await session.stopped()).description).toBe('DAC1 write to watched_counter')
  await session.request('e500/setOwnership', { debugOwnership: 'guest' })
  await session.request('continue', { threadId: 1 })
  await session.printed('watched_counter is now 1')
  await session.type('watch\r')
  const stop = { description: 'write to watched_counter', hitBreakpointIds: [write.id] }
  expect(await session.stopped()).toMatchObject(stop)
  await session.finish()
})

test('what to watch is named by expression, by variable, or by address and bytes', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', 'longest')
  await session.start()
  const { id } = await session.top()
  expect(await session.dataBreakpointInfo({ name: 'total->longest.number', frameId: id })).toMatchObject({
    dataId: expect.any(String),
    description: expect.stringMatching(/^total->longest\.number \(4 bytes at 0x100100[\da-f]{2}\)$/),
    accessTypes: ['read', 'write', 'readWrite'],
  })
  const { total } = await session.scope('Arguments')
  const longest = (await session.variables(total!.variablesReference)).longest!
  const byName = await session.dataBreakpointInfo({ variablesReference: longest.variablesReference, name: 'number' })
  expect(byName.description).toMatch(/number \(4 bytes at 0x100100/)
  const byAddress = await session.dataBreakpointInfo({ name: '0x10010020', asAddress: true, bytes: 4 })
  expect(byAddress).toMatchObject({ description: '0x10010020 (4 bytes at 0x10010020)' })
  // readelf: ring is at 0x10010000, 8 items of 4 bytes, then put.
  await session.setDataBreakpoints({ dataId: byAddress.dataId!, accessType: 'write' })
  await session.setBreakpoints('user.c')
  expect((await session.run('continue')).description).toBe('write to 0x10010020')
  expect((await session.top()).name).toBe('producer')
  await session.finish()
})

test('a register cannot be watched, and the answer says so in the way of the protocol', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', 'produce')
  await session.start()
  const { id } = await session.top()
  for (const name of ['number', '$r3', '1 + 1'])
    expect(await session.dataBreakpointInfo({ name, frameId: id })).toMatchObject({
      dataId: null,
      description: expect.stringContaining(`${name} is not in memory here`),
    })
  expect((await session.dataBreakpointInfo({ name: 'nothing' })).description).toMatch(/nothing/)
  await session.finish()
})

test('a structure takes DAC1 and DAC2 as a pair; one more is refused with who holds them', async () => {
  const session = await sampleSession()
  const pair = await session.dataBreakpointInfo({ name: 'summary', mode: 'dac' })
  const word = await session.dataBreakpointInfo({ name: 'watched_counter', mode: 'dac' })
  const set = await session.setDataBreakpoints(
    { dataId: pair.dataId!, accessType: 'write' },
    { dataId: word.dataId!, accessType: 'write' },
  )
  expect(set[0]).toMatchObject({ verified: true, message: 'In DAC1, DAC2' })
  expect(set[1]).toMatchObject({
    verified: false,
    message: expect.stringMatching(/No DAC is free \(DAC1: a breakpoint at 0x10010028, DAC2: a breakpoint at/),
  })
  expect((await session.start()).description).toMatch(/^DAC.* write to summary$/)
  // The first that summarize() writes.
  expect(await session.place()).toMatch(/^summarize user\.c:/)
  expect(await session.evaluate('summary.primes')).toBe('0')
  await session.finish()
})

test('two words take a DAC each; the third is refused', async () => {
  const session = await sampleSession()
  const info = async (name: string) => ({
    dataId: (await session.dataBreakpointInfo({ name, mode: 'dac' })).dataId!,
    accessType: 'write' as const,
  })
  const set = await session.setDataBreakpoints(await info('ring.put'), await info('ring.taken'), await info('ticks'))
  expect(set.map(({ message }) => message)).toEqual([
    'In DAC1',
    'In DAC2',
    expect.stringMatching(/No DAC is free \(DAC1: a breakpoint at 0x10010020, DAC2: a breakpoint at 0x10010024\)/),
  ])
  expect((await session.start()).description).toBe('DAC1 write to ring.put')
  expect((await session.run('continue')).description).toBe('DAC2 write to ring.taken')
  await session.finish()
})

test('any number of any length by "auto"; a condition looks at the value behind the write', async () => {
  const session = await sampleSession()
  const info = async (name: string) => (await session.dataBreakpointInfo({ name })).dataId!
  const [items, sum, summary] = await session.setDataBreakpoints(
    { dataId: await info('ring.items'), accessType: 'write', condition: 'ring.put == 6' },
    { dataId: await info('summary.sum'), accessType: 'write', condition: 'summary.sum > 20' },
    { dataId: await info('summary.primes'), accessType: 'write', hitCondition: '5' },
  )
  // The primes are 2 3 5 7 11 13 17: their sum passes 20 with the fifth, which counts it first.
  expect(await session.start()).toMatchObject({ hitBreakpointIds: [summary!.id] })
  expect(await session.evaluate('summary.primes')).toBe('5')
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [sum!.id] })
  expect(await session.evaluate('summary.sum')).toBe('28')
  await session.run('continue')
  await session.setDataBreakpoints({
    dataId: await info('ring.items'),
    accessType: 'write',
    condition: 'ring.put == 6',
  })
  expect(items!.verified).toBe(true)
  await session.finish()
})

test('bytes that are none, or end behind the last address, are refused, by the request that asks for them and the one that sets them', async () => {
  const session = await sampleSession()
  const info = (name: string, bytes: number) => session.dataBreakpointInfo({ name, asAddress: true, bytes })
  for (const bytes of [0, -4, 1.5, 5, 1e12])
    expect(await info('0xfffffffc', bytes)).toMatchObject({
      dataId: null,
      description: `${bytes} bytes at 0xfffffffc cannot be watched. Write a number from 1 to 4.`,
    })
  expect((await info('0xfffffffc', 4)).dataId).toBe('0xfffffffc+4 auto 0xfffffffc')
  const [set] = await session.setDataBreakpoints({ dataId: '0xfffffffc+5 auto end', accessType: 'write' })
  expect(set).toMatchObject({ verified: false, message: expect.stringMatching(/^5 bytes at 0xfffffffc cannot/) })
  await session.finish()
})

test('a range of more than half of all addresses is watched to its end', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('main.c', 'timer-init')
  await session.start()
  const { dataId } = await session.dataBreakpointInfo({ name: '0x00001000', asAddress: true, bytes: 0xfffff000 })
  await session.setDataBreakpoints({ dataId: dataId!, accessType: 'write' })
  expect((await session.run('continue')).reason).toBe('data breakpoint')
  // The kernel's own stack, at 0xc0000000 and more.
  expect((await session.top()).name).toMatch(/^schedule/)
  await session.finish()
})

test('a dataId that is none of ours, and a mode for code, are refused', async () => {
  const session = await sampleSession()
  const [set] = await session.setDataBreakpoints({ dataId: 'ring', accessType: 'write' })
  expect(set).toMatchObject({ verified: false, message: expect.stringMatching(/"ring" is no "dataId"/) })
  expect(await session.dataBreakpointInfo({ name: 'ticks', mode: 'iac' })).toMatchObject({
    dataId: null,
    description: expect.stringMatching(/"iac" is no mode.*"auto" or "dac"/),
  })
  await session.finish()
})
