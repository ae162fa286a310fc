// What a person or a client does wrong: a sentence each that names the thing and the way out, and the session goes on or ends cleanly.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { expect, test } from 'vitest'
import { connectToChild } from '../support/dap/connect.ts'
import { SAMPLE, SAMPLE_ELF, Session, sampleSession, startSession } from '../support/dap/session.ts'
import { random } from '../support/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'e500-bad-'))
const sample = readFileSync(SAMPLE_ELF)

/** A copy of the sample with some bytes changed. */
function broken(name: string, change: (bytes: Buffer) => Buffer | undefined): string {
  const bytes = Buffer.from(sample)
  const path = join(folder, name)
  writeFileSync(path, change(bytes) ?? bytes)
  return path
}
const setByte = (at: number, value: number) => (bytes: Buffer) => {
  bytes[at] = value
  return undefined
}

const LAUNCHES: readonly (readonly [what: string, configuration: object, sentence: RegExp])[] = [
  ['no program', {}, /"program" is missing/],
  ['a missing file', { program: '/no/such.elf' }, /\/no\/such\.elf cannot be opened: there is no such file/],
  ['a folder', { program: folder }, /cannot be opened: it is a folder/],
  ['not an ELF', { program: join(SAMPLE, 'main.c') }, /main\.c is (not|no) an? ELF/],
  ['an empty file', { program: broken('empty.elf', () => Buffer.alloc(0)) }, /empty\.elf.*(ELF|empty)/],
  ['a little-endian ELF', { program: broken('little.elf', setByte(5, 1)) }, /little\.elf.*little-endian/],
  ['a 64-bit ELF', { program: broken('64.elf', setByte(4, 2)) }, /64\.elf.*64-bit/],
  ['an ELF for another processor', { program: broken('arm.elf', setByte(19, 40)) }, /arm\.elf.*PowerPC/],
  ['a torn ELF', { program: broken('torn.elf', (bytes) => bytes.subarray(0, 200)) }, /torn\.elf.*(torn|ends)/],
  [
    'an unknown attribute',
    { program: SAMPLE_ELF, breakpointPlacment: 'iac' },
    /"breakpointPlacment".*"breakpointPlacement"/,
  ],
  ['a wrong type', { program: SAMPLE_ELF, stopOnEntry: 'yes' }, /"stopOnEntry" is "yes"\. Write a boolean/],
  [
    'a wrong value',
    { program: SAMPLE_ELF, debugOwnership: 'me' },
    /"debugOwnership" is "me"\. Write "shared", "host" or "guest"/,
  ],
  ['no function of that name', { program: SAMPLE_ELF, runToEntryPoint: 'man' }, /"runToEntryPoint".*no function "man"/],
  ['too little memory', { program: SAMPLE_ELF, memory: '16K' }, /"memory" is "16K"\. Write/],
  ['memory that the guest does not fit in', { program: SAMPLE_ELF, memory: '1M' }, /memory/],
  [
    'sections, which are not there yet',
    { program: SAMPLE_ELF, symbolFiles: [{ file: '/module.ko', sections: { '.text': '0xd1000000' } }] },
    /"sections" of \/module\.ko cannot be used yet\. Give/,
  ],
  ['a missing initrd', { program: SAMPLE_ELF, initrd: '/no/initrd.gz' }, /\/no\/initrd\.gz cannot be opened/],
  ['a device tree that is none', { program: SAMPLE_ELF, deviceTree: join(SAMPLE, 'main.c') }, /device tree/],
]

test.each(LAUNCHES)('launch with %s: a sentence, and the next launch works', async (_, configuration, sentence) => {
  const session = startSession()
  await session.initialize()
  expect(await session.client.refusal('launch', configuration)).toMatch(sentence)
  await session.request('launch', { program: SAMPLE_ELF })
  await session.client.waitFor('initialized')
  await session.finish()
})

/** Section headers taken away: what a stripped file is. */
const withoutSections = (bytes: Buffer) => {
  bytes.writeUInt32BE(0, 32)
  bytes.writeUInt16BE(0, 48)
  bytes.writeUInt16BE(0, 50)
  return undefined
}

test('without debug information the session says so and works with symbols and registers', async () => {
  const session = startSession()
  await session.launch({ program: broken('stripped.elf', withoutSections), stopOnEntry: true })
  const { output } = await session.client.waitFor<{ output: string }>('output')
  expect(output).toMatch(/stripped\.elf has no debug information.*Compile with -g/)
  await session.configurationDone()
  await session.stopped()
  expect((await session.top()).instructionPointerReference).toMatch(/^0x0/)
  expect(await session.evaluate('$pc')).toMatch(/^0x0/)
  const stop = await session.run('stepIn')
  expect(stop.reason).toBe('step')
  await session.finish()
})

test('a breakpoint where no code is, and one in a file that the guest does not have', async () => {
  const session = await sampleSession()
  type Body = DebugProtocol.SetBreakpointsResponse['body']
  const past = { source: { path: join(SAMPLE, 'main.c') }, breakpoints: [{ line: 9999 }] }
  const [far] = (await session.request<Body>('setBreakpoints', past)).breakpoints
  expect(far).toMatchObject({
    verified: false,
    message: expect.stringMatching(/No code is at or after line 9999 of .*main\.c/),
  })
  const elsewhere = { source: { path: '/other/place.c' }, breakpoints: [{ line: 1 }] }
  const [other] = (await session.request<Body>('setBreakpoints', elsewhere)).breakpoints
  expect(other).toMatchObject({
    verified: false,
    message: expect.stringMatching(/place\.c has no code in sample\.elf.*sourceFileMap/),
  })
  const [unknown] = await session.setFunctionBreakpoints('consume')
  expect(unknown).toMatchObject({
    verified: false,
    message: expect.stringMatching(/no function "consume".*"consumer"/),
  })
  await session.finish()
})

test('a breakpoint with a mistake leaves the others standing', async () => {
  const session = await sampleSession()
  const set = await session.setBreakpoints(
    'user.c',
    { marker: 'longest', condition: 'total->' },
    { marker: 'consume', hitCondition: 'often' },
    { marker: 'produce', mode: 'magic' },
    { marker: 'collatz-end', logMessage: 'n is {n' },
    'producer-start',
  )
  expect(set.map(({ verified }) => verified)).toEqual([false, false, false, false, true])
  expect(set[0]!.message).toMatch(/^Expected the name of a member at character 8/)
  expect(set[1]!.message).toMatch(/"often" is no hit count\. Write a number/)
  expect(set[2]!.message).toMatch(/"magic" is no mode.*"auto", "iac" or "trap"/)
  expect(set[3]!.message).toMatch(/never closed/)
  await session.finish()
})

test('the third IAC is refused with the names of those that hold the two', async () => {
  const session = await sampleSession({ breakpointPlacement: 'iac' })
  const set = await session.setFunctionBreakpoints('uart_send', 'schedule', 'idle')
  expect(set.map(({ verified }) => verified)).toEqual([true, true, false])
  expect(set[2]!.message).toMatch(/No IAC is free.*IAC1: a breakpoint at 0x[\da-f]{8}, IAC2: a breakpoint at/)
  await session.finish()
})

test('what is not mapped cannot be read, watched or written, and the sentence says where', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.configurationDone()
  await session.stopped()
  const read = await session.request<{ unreadableBytes: number; data?: string }>('readMemory', {
    memoryReference: '0xdead0000',
    count: 16,
  })
  expect(read).toEqual({ address: '0xdead0000', unreadableBytes: 16 })
  expect(await session.client.refusal('writeMemory', { memoryReference: '0xdead0000', data: 'AAAA' })).toMatch(
    /Memory at 0xdead0000 cannot be written/,
  )
  expect(await session.client.refusal('evaluate', { expression: '*(int *)0xdead0000', context: 'watch' })).toMatch(
    /0xdead0000.*not mapped/,
  )
  expect(await session.client.refusal('readMemory', { memoryReference: 'main', count: 4 })).toMatch(
    /"main" is no address/,
  )
  const { instructions } = await session.request<{ instructions: object[] }>('disassemble', {
    memoryReference: '0xdead0000',
    instructionCount: 2,
  })
  expect(instructions).toEqual([
    { address: '0xdead0000', instruction: '(not mapped)', presentationHint: 'invalid' },
    { address: '0xdead0004', instruction: '(not mapped)', presentationHint: 'invalid' },
  ])
  await session.finish()
})

test('requests at the wrong time are refused with what to do', async () => {
  const session = startSession()
  await session.initialize()
  for (const [command, args] of [
    ['continue', { threadId: 1 }],
    ['setBreakpoints', { source: { path: '/x.c' } }],
    ['threads', {}],
  ] as const)
    expect(await session.client.refusal(command, args)).toMatch(/"launch" comes first/)
  await session.request('launch', { program: SAMPLE_ELF })
  await session.client.waitFor('initialized')
  await session.configurationDone()
  expect(await session.client.refusal('stackTrace', { threadId: 1 })).toMatch(/is running\. Pause it first/)
  expect(await session.client.refusal('launch', { program: SAMPLE_ELF })).toMatch(/has a guest already/)
  await session.request('pause', { threadId: 1 })
  await session.stopped('pause')
  expect(await session.client.refusal('continue', { threadId: 2 })).toMatch(/no thread 2.*1 to 1/)
  expect(await session.client.refusal('continue', { threadId: 1, singleThread: true })).toMatch(/cannot run alone/)
  const { id } = await session.top()
  await session.run('stepIn')
  expect(await session.client.refusal('scopes', { frameId: id })).toMatch(/earlier stop/)
  await session.finish()
})

const ADAPTER = join(import.meta.dirname, '../../dist/adapter.js')

test('garbage on stdin of the real adapter: a sentence, and the session goes on', async () => {
  const session = new Session(connectToChild(process.execPath, [ADAPTER]))
  await session.initialize()
  const word = random(11)
  session.client.sendBytes(Uint8Array.from({ length: 5000 }, () => word() & 255))
  session.client.sendBytes('\r\nContent-Length: 12\r\n\r\n{"seq": nope')
  const { output } = await session.client.waitFor<{ output: string }>('output')
  expect(output).toMatch(/skipped|no message/)
  await session.request('launch', { program: SAMPLE_ELF })
  expect(await session.finish()).toBe(0)
})

test.each([
  ['before anything', 0],
  ['after initialize', 1],
  ['after launch', 2],
  ['while the guest runs', 3],
  ['while the guest stands', 4],
  ['in the middle of a message', 5],
])('a client that goes away %s: the process ends with code 0', async (_, step) => {
  const session = new Session(connectToChild(process.execPath, [ADAPTER]))
  if (step >= 1) await session.initialize()
  if (step >= 2) {
    await session.request('launch', { program: SAMPLE_ELF, stopOnEntry: step === 4 })
    await session.client.waitFor('initialized')
  }
  if (step >= 3) await session.configurationDone()
  if (step === 4) await session.stopped()
  if (step === 5) session.client.sendBytes('Content-Length: 100\r\n\r\n{"seq":')
  session.client.hangUp()
  expect(await session.client.over()).toBe(0)
})
