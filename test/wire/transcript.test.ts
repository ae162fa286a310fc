// Transcripts must read well, and be the same on every machine.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { Entry } from '../support/dap/log.ts'
import { lineOf, nameOfLine } from '../support/dap/markers.ts'
import { expectGolden, transcript } from '../support/dap/transcript.ts'

const folder = mkdtempSync(join(tmpdir(), 'e500-transcript-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'main.c')
writeFileSync(path, 'int main(void) {\n  for (;;) // @loop\n    step(); /* @step-call */\n}\n')

let seq = 0
const ask = (command: string, args?: object): Entry => ({
  from: 'client',
  message: { seq: ++seq, type: 'request', command, arguments: args },
})
const answer = ({ message }: Entry, body?: object): Entry => ({
  from: 'adapter',
  message: { type: 'response', request_seq: message.seq, success: true, command: message.command, body },
})
const both = (command: string, args?: object, body?: object) => {
  const asked = ask(command, args)
  return [asked, answer(asked, body)]
}
const event = (name: string, body?: object): Entry => ({
  from: 'adapter',
  message: { type: 'event', event: name, body },
})

const source = { path }

test('a session reads like a story', () => {
  const log = [
    ...both('initialize', { adapterID: 'e500' }, { supportsRestartRequest: true }),
    event('initialized'),
    ...both(
      'setBreakpoints',
      { source, breakpoints: [{ line: 2, condition: 'r3 == 4', mode: 'trap' }] },
      {
        breakpoints: [{ id: 70, verified: true, source, line: 3, message: 'trap at main+0x18' }],
      },
    ),
    ...both(
      'setDataBreakpoints',
      { breakpoints: [{ dataId: 'jiffies_64,8' }] },
      { breakpoints: [{ id: 71, verified: false, message: 'Both DACs are in use.' }] },
    ),
    ...both('continue', { threadId: 1 }, { allThreadsContinued: true }),
    event('output', { category: 'stdout', output: 'boot' }),
    event('output', { category: 'stdout', output: 'ing\n\nready\n' }),
    event('e500/uartOutput', { index: 0, data: Buffer.from('login:\r\n').toString('base64') }),
    event('stopped', {
      reason: 'breakpoint',
      description: 'IAC1 hit',
      threadId: 1,
      hitBreakpointIds: [70],
      allThreadsStopped: true,
    }),
    ...both(
      'stackTrace',
      { threadId: 1 },
      {
        stackFrames: [
          { id: 1000, name: 'main+0x18', source, line: 2, column: 0 },
          { id: 1001, name: '_start', line: 0, column: 0 },
        ],
      },
    ),
    ...both(
      'scopes',
      { frameId: 1000 },
      {
        scopes: [
          { name: 'Locals', variablesReference: 5, expensive: false },
          { name: 'Registers', variablesReference: 6, expensive: true },
        ],
      },
    ),
    ...both(
      'variables',
      { variablesReference: 5 },
      { variables: [{ name: 'task', value: '{…}', variablesReference: 9 }] },
    ),
    ...both(
      'variables',
      { variablesReference: 9 },
      { variables: [{ name: 'pid', value: '1', variablesReference: 0 }] },
    ),
    ...both(
      'evaluate',
      { expression: 'task.pid', context: 'watch', frameId: 1000 },
      { result: '1', variablesReference: 0 },
    ),
    ...both('next', { threadId: 2, granularity: 'instruction' }),
    ...both(
      'readMemory',
      { memoryReference: '0x10', count: 6 },
      { address: '0x10', data: Buffer.from([1, 2, 3, 4, 5, 255]).toString('base64') },
    ),
    ...both('e500/setOwnership', { debugOwnership: 'guest' }),
  ]
  expect(transcript(log)).toBe(`\
> initialize
< initialized
> setBreakpoints main.c:@loop by trap if r3 == 4
< breakpoint <1> verified at main.c:@step-call, trap at main+0x18
> setDataBreakpoints write jiffies_64,8
< breakpoint <2> not verified, Both DACs are in use.
> continue
< stdout| booting
< stdout|
< stdout| ready
< uart 0| login:
< stopped breakpoint <1>, thread 1: IAC1 hit
> stackTrace
  main+0x18  main.c:@loop
  _start
> scopes main+0x18
  Locals, Registers
> variables Locals
  task = {…}
> variables Locals.task
  pid = 1
> evaluate task.pid  (watch)
  1
> next thread 2 instruction
> readMemory memoryReference=0x10 count=6
  0x10: 01020304 05ff
> e500/setOwnership debugOwnership=guest
`)
})

test('what differs from machine to machine is left out', () => {
  const log = [
    ...both('launch', { program: join(folder, 'kernel.elf'), stopOnEntry: true, cpus: 2 }),
    event('output', { output: `Read ${process.cwd()}/test/guest/sample.elf in 12.5 ms\n` }),
  ]
  expect(transcript(log)).toBe(
    '> launch program=kernel.elf stopOnEntry cpus=2\n< console| Read test/guest/sample.elf in <time>\n',
  )
})

test('a refusal, and an answer that comes late', () => {
  const launch = ask('launch')
  const refused = answer(launch, { error: { id: 1, format: 'Not an ELF file.' } })
  const log = [
    launch,
    ...both('threads', undefined, { threads: [{ id: 1, name: 'CPU 0' }] }),
    { ...refused, message: { ...refused.message, success: false } },
  ]
  expect(transcript(log)).toBe('> launch\n> threads\n  thread 1  CPU 0\n< to launch:\n< refused: Not an ELF file.\n')
})

test('markers stand for lines, either way', () => {
  expect(lineOf(path, '@step-call')).toBe(3)
  expect(nameOfLine(path, 3)).toBe('@step-call')
  expect(nameOfLine(path, 1)).toBe('1')
  expect(nameOfLine(join(folder, 'missing.c'), 7)).toBe('7')
  expect(() => lineOf(path, '@step')).toThrow('has no marker @step')
})

test('a golden file: rewritten on demand, else what differs is left beside it', () => {
  const file = join(folder, 'x.golden.txt')
  vi.stubEnv('UPDATE', '1')
  expectGolden(file, 'one\n')
  vi.stubEnv('UPDATE', '')
  expectGolden(file, 'one\n')
  expect(() => expectGolden(file, 'two\n')).toThrow('UPDATE=1 accepts')
  expect(readFileSync(`${file}.actual`, 'utf8')).toBe('two\n')
  expectGolden(file, 'one\n')
  expect(existsSync(`${file}.actual`)).toBe(false)
  expect(() => expectGolden(join(folder, 'new.golden.txt'), 'one\n')).toThrow('UPDATE=1 accepts')
  vi.unstubAllEnvs()
})
