// Memory as bytes and as instructions, modules and sources, on the sample guest.
import { spawnSync } from 'node:child_process'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { SAMPLE_ELF, type Session, sampleSession } from '../support/dap/session.ts'
import { missingProgram } from '../support/tools.ts'

async function stopped(): Promise<Session> {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', 'longest')
  await session.start()
  return session
}
type Read = DebugProtocol.ReadMemoryResponse['body'] & object
const read = (session: Session, memoryReference: string, count: number, offset = 0) =>
  session.request<Read>('readMemory', { memoryReference, offset, count })
const hexOf = (body: Read) => Buffer.from(body.data ?? '', 'base64').toString('hex')
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
type Instructions = { instructions: DebugProtocol.DisassembledInstruction[] }

test('readMemory: offsets, across pages, up to where nothing is mapped', async () => {
  const session = await stopped()
  // objdump: collatz_steps begins with cmplwi r3,1.
  expect(hexOf(await read(session, '0x10000100', 4))).toBe('28030001')
  expect(hexOf(await read(session, '0x10000200', 4, -0x100))).toBe('28030001')
  expect(await read(session, '0x10000100', 0)).toEqual({ address: '0x10000100' })
  const whole = await read(session, '0x10000000', 0x5000)
  // 16 KiB of user text are mapped.
  expect(whole.unreadableBytes).toBe(0x1000)
  expect(Buffer.from(whole.data!, 'base64')).toHaveLength(0x4000)
  // Before the start of a mapping: nothing of it can be read.
  expect(await read(session, '0x0ffffff0', 32)).toEqual({ address: '0x0ffffff0', unreadableBytes: 32 })
  expect(await read(session, '0xfffffff0', 32)).toMatchObject({ unreadableBytes: 32 })
  await session.finish()
})

test('reading the UART’s received byte takes nothing from the guest', async () => {
  const session = await stopped()
  await session.setBreakpoints('user.c')
  await session.type('ticks\r')
  // CCSR is at 0xe0000000, UART0 at 0x4500 in it.
  for (let n = 0; n < 3; n++) await read(session, '0xe0004500', 16)
  await session.request('continue', { threadId: 1 })
  await session.printed('ticks since the start')
  await session.finish()
})

test('writeMemory: bytes, a part where only a part is mapped, an event for views', async () => {
  const session = await stopped()
  const write = (memoryReference: string, data: string, more: object = {}) =>
    session.request('writeMemory', { memoryReference, data, ...more })
  expect(await write('0x1001002c', base64('00000063'))).toEqual({ offset: 0, bytesWritten: 4 })
  expect(await session.client.waitFor('memory')).toEqual({ memoryReference: '0x1001002c', offset: 0, count: 4 })
  expect(await session.evaluate('summary.sum')).toBe('99')
  expect(await write('0x10013ffe', base64('01020304'), { allowPartial: true })).toMatchObject({ bytesWritten: 2 })
  expect(
    await session.client.refusal('writeMemory', { memoryReference: '0x10013ffe', data: base64('01020304') }),
  ).toMatch(/0x10013ffe cannot be written: not all of its 4 bytes/)
  expect(await session.client.refusal('writeMemory', { memoryReference: '0x10010000', data: '%' })).toMatch(/base64/)
  await session.finish()
})

test('an instruction that is written is executed', async () => {
  const session = await stopped()
  await session.setBreakpoints('user.c')
  // collatz_steps: `blr` at once (the manual: 0x4e800020), so the argument comes back.
  await session.request('writeMemory', { memoryReference: '0x10000100', data: base64('4e800020') })
  await session.setBreakpoints('user.c', { marker: 'longest', condition: 'prime == 3' })
  await session.run('continue')
  expect(await session.evaluate('steps')).toBe('3')
  await session.finish()
})

test('writing over a trap word changes what is below it, not the trap', async () => {
  const session = await stopped()
  await session.setBreakpoints('user.c')
  const [set] = await session.setInstructionBreakpoints({ instructionReference: '0x10000100', mode: 'trap' })
  await session.request('writeMemory', { memoryReference: '0x10000100', data: base64('4e800020') })
  expect(hexOf(await read(session, '0x10000100', 4))).toBe('4e800020')
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [set!.id] })
  await session.setInstructionBreakpoints()
  await session.run('next', { granularity: 'instruction' })
  expect((await session.top()).name).toBe('summarize')
  await session.finish()
})

test('disassemble: exact count, before and after, symbols and lines, what is not mapped', async () => {
  const session = await stopped()
  const disassemble = async (args: object) => (await session.request<Instructions>('disassemble', args)).instructions
  const around = await disassemble({ memoryReference: '0x10000100', instructionOffset: -2, instructionCount: 5 })
  expect(around.map(({ address }) => address)).toEqual([
    ...['0x100000f8', '0x100000fc', '0x10000100', '0x10000104', '0x10000108'],
  ])
  expect(around[2]).toMatchObject({
    symbol: 'collatz_steps',
    instructionBytes: '28 03 00 01',
    location: { name: 'user.c' },
    line: 75,
  })
  expect(around[0]!.symbol).toBeUndefined()
  const edge = await disassemble({ memoryReference: '0x10000000', instructionOffset: -1, instructionCount: 2 })
  expect(edge[0]).toMatchObject({ address: '0x0ffffffc', instruction: '(not mapped)', presentationHint: 'invalid' })
  expect(edge[1]).toMatchObject({ symbol: 'system_call' })
  const bytes = await disassemble({ memoryReference: '0x10000108', offset: -8, instructionCount: 1 })
  expect(bytes[0]!.symbol).toBe('collatz_steps')
  const call = await disassemble({ memoryReference: '0x10000170', instructionCount: 1 })
  expect(call[0]!.instruction).toBe('bl 0x10000100 <collatz_steps>')
  expect(await disassemble({ memoryReference: '0xfffffffc', instructionCount: 3 })).toHaveLength(3)
  expect(
    await disassemble({ memoryReference: '0x00000000', instructionOffset: -200, instructionCount: 400 }),
  ).toHaveLength(400)
  await session.finish()
})

test.skipIf(missingProgram('powerpc-linux-gnu-objdump'))(
  'the same bytes as objdump, all over the kernel’s text',
  async () => {
    const session = await stopped()
    const { stdout } = spawnSync('powerpc-linux-gnu-objdump', ['-d', '-j', '.text', SAMPLE_ELF], { encoding: 'utf8' })
    const expected = [...stdout.matchAll(/^(c[\da-f]{7}):\t((?:[\da-f]{2} ){4})/gm)]
    const first = expected[0]![1]!
    const { instructions } = await session.request<Instructions>('disassemble', {
      memoryReference: `0x${first}`,
      instructionCount: expected.length,
    })
    expect(expected.length).toBeGreaterThan(1000)
    expect(instructions.map(({ address, instructionBytes }) => `${address} ${instructionBytes}`)).toEqual(
      expected.map(([, address, bytes]) => `0x${address} ${bytes!.trim()}`),
    )
    await session.finish()
  },
)

test('modules and loaded sources', async () => {
  const session = await sampleSession()
  const { modules, totalModules } = await session.request<{ modules: DebugProtocol.Module[]; totalModules: number }>(
    'modules',
    {},
  )
  expect(totalModules).toBe(1)
  expect(modules[0]).toMatchObject({
    name: 'sample.elf',
    path: SAMPLE_ELF,
    symbolStatus: expect.stringMatching(/Lines/),
  })
  expect(await session.request('modules', { startModule: 1 })).toMatchObject({ modules: [] })
  const { sources } = await session.request<{ sources: DebugProtocol.Source[] }>('loadedSources')
  const names = sources.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['user.c', 'vectors.S', 'kernel.h']))
  expect(new Set(names).size).toBe(names.length)
  await session.finish()
})

test('one thread for each CPU; stacks come in pieces', async () => {
  const session = await stopped()
  expect(await session.request('threads')).toEqual({ threads: [{ id: 1, name: 'CPU 0' }] })
  const whole = await session.stack()
  expect(whole.map(({ name }) => name)).toEqual(['summarize', 'consumer', 'user_task_start'])
  type Trace = DebugProtocol.StackTraceResponse['body']
  const piece = await session.request<Trace>('stackTrace', { threadId: 1, startFrame: 1, levels: 1 })
  expect(piece.stackFrames.map(({ name }) => name)).toEqual(['consumer'])
  expect(piece.totalFrames).toBe(3)
  expect((await session.request<Trace>('stackTrace', { threadId: 1, startFrame: 9, levels: 20 })).stackFrames).toEqual(
    [],
  )
  await session.finish()
})

test('memory is as the CPU sees it whose frame was opened last, before that the one that stopped', async () => {
  const session = await sampleSession({ cpus: 2 })
  await session.setBreakpoints('user.c', 'longest')
  await session.start()
  const open = async (threadId: number) => {
    const { stackFrames } = await session.request<{ stackFrames: { id: number }[] }>('stackTrace', { threadId })
    await session.request('scopes', { frameId: stackFrames[0]!.id })
  }
  const look = async () => {
    const { instructions } = await session.request<Instructions>('disassemble', {
      memoryReference: '0x10000100',
      instructionCount: 1,
    })
    return [hexOf(await read(session, '0x10000100', 4)), instructions[0]!.instruction]
  }
  const seen = ['28030001', expect.stringMatching(/^cmplwi /)]
  expect(await look()).toEqual(seen)
  // The second core has not been started, so it maps nothing.
  await open(2)
  expect(await look()).toEqual(['', '(not mapped)'])
  await open(1)
  expect(await look()).toEqual(seen)
  await session.finish()
})

test.each([1e300, 2 ** 32, -0xc0000001, 0.5])(
  'an offset of %d leads to no address: nothing is written there',
  async (offset) => {
    const session = await sampleSession({ stopOnEntry: true })
    await session.start()
    const sentence = /"0xc0000000" with the offset .* is no address/
    const write = { memoryReference: '0xc0000000', offset, data: 'AAAA' }
    expect(await session.client.refusal('writeMemory', write)).toMatch(sentence)
    const [set] = await session.setInstructionBreakpoints({ instructionReference: '0xc0000000', offset })
    expect(set).toMatchObject({ verified: false, message: expect.stringMatching(sentence) })
    await session.finish()
  },
)

test('more instructions than an answer can hold are refused, and the session goes on', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  const disassemble = { memoryReference: '0x0', instructionCount: 10_000_000 }
  expect(await session.client.refusal('disassemble', disassemble)).toMatch(/too many at once\. Ask for at most 65536/)
  await session.request('disassemble', { ...disassemble, instructionCount: 1000 })
  await session.finish()
})
