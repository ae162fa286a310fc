// What the session promises whatever the handlers do: one answer to each request, events in their time, a clean end.
import { PassThrough, Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { UserError } from '../../adapter/userError.ts'
import type { Handlers, MakeHandlers, ProtocolSession, Request } from '../../adapter/wire/protocolSession.ts'
import { serve } from '../../adapter/wire/serve.ts'
import type { DapClient } from '../support/dap/client.ts'
import { connectInProcess } from '../support/dap/connect.ts'
import { frame } from '../support/dap/reader.ts'

/** The least that an adapter has, and some more. */
const makeHandlers =
  (more: Handlers = {}): MakeHandlers =>
  (session) => ({
    initialize: (_: object, request: Request) => {
      request.afterResponse(() => session.send('initialized'))
      return { supportsConfigurationDoneRequest: true }
    },
    disconnect: (_: object, request: Request) => request.afterResponse(() => session.end()),
    ...more,
  })

async function started(more: Handlers = {}): Promise<DapClient> {
  const client = connectInProcess(makeHandlers(more))
  await client.request('initialize', { adapterID: 'e500' })
  await client.waitFor('initialized')
  return client
}

test('initialized comes behind the answer to initialize, disconnect ends the session', async () => {
  const client = await started()
  await client.finish()
  expect(client.log.map(({ message }) => `${message.type} ${message.command ?? message.event}`)).toEqual([
    'request initialize',
    'response initialize',
    'event initialized',
    'request disconnect',
    'response disconnect',
  ])
})

test('a body, a promise of a body and no body', async () => {
  const client = await started({
    threads: () => ({ threads: [] }),
    source: async ({ sourceReference }: { sourceReference: number }) => ({ content: `source ${sourceReference}` }),
    next: () => undefined,
  })
  expect(await client.request('threads')).toEqual({ threads: [] })
  expect(await client.request('source', { sourceReference: 7 })).toEqual({ content: 'source 7' })
  expect(await client.request('next', { threadId: 1 })).toBeUndefined()
  await client.finish()
})

test("a user's mistake is an answer, thrown or rejected", async () => {
  const mistake = new UserError('No such file: a.elf. Check "program".')
  const client = await started({
    launch: () => {
      throw mistake
    },
    evaluate: () => Promise.reject(mistake),
  })
  expect(await client.refusal('launch', {})).toBe(mistake.message)
  expect(await client.refusal('evaluate', { expression: 'x' })).toBe(mistake.message)
  // A pop-up for each expression that cannot be evaluated would be a nuisance.
  const shown = client.log.flatMap(({ message }) => (message.success === false ? [message.body] : []))
  expect(shown).toEqual([true, false].map((showUser) => ({ error: { id: 1, format: mistake.message, showUser } })))
  await client.finish()
})

test.for([
  ['nonsense', {}, 'e500 Debug has no request "nonsense". What it can do stands in the answer to "initialize".'],
  ['e500/nonsense', {}, 'e500 Debug has no request "e500/nonsense". What it can do stands in docs/requests.md.'],
  ['constructor', {}, 'e500 Debug has no request "constructor". What it can do stands in the answer to "initialize".'],
  ['__proto__', {}, 'e500 Debug has no request "__proto__". What it can do stands in the answer to "initialize".'],
  ['initialize', {}, '"initialize" was sent twice. Start a second session instead.'],
  ['disconnect', [1], 'The arguments of "disconnect" must be an object, not [1].'],
] as const)('refused: %s %j', async ([command, args, sentence]) => {
  const client = await started()
  expect(await client.refusal(command, args)).toBe(sentence)
})

test('before initialize there is nothing but disconnect', async () => {
  const client = connectInProcess(makeHandlers({ threads: () => ({ threads: [] }) }))
  expect(await client.refusal('threads')).toBe('"threads" came before "initialize", which must be the first request.')
  await client.finish()
})

test('events before the answer to initialize wait for it', async () => {
  const client = connectInProcess((session) => {
    session.send('output', { output: 'early\n' })
    return makeHandlers()(session)
  })
  client.sendBytes('noise\n')
  await client.request('initialize', { adapterID: 'e500' })
  await client.waitFor('initialized')
  expect(await client.waitFor('output')).toEqual({ output: 'early\n' })
  expect(await client.waitFor('output')).toEqual({
    category: 'console',
    output: '6 bytes that are no DAP message were skipped: "noise\\n"\n',
  })
  await client.finish()
})

test('answers that are there at once come in the order of the requests; a slow one holds up nobody', async () => {
  let release: (body: object) => void = () => {}
  const client = await started({
    launch: () =>
      new Promise((resolve) => {
        release = resolve
      }),
    threads: () => ({ threads: [] }),
    configurationDone: () => release({}),
  })
  const all = ['launch', 'threads', 'configurationDone', 'threads'].map((command) => client.request(command, {}))
  await Promise.all(all)
  const answered = client.log.filter(({ message }) => message.type === 'response').map(({ message }) => message.command)
  expect(answered).toEqual(['initialize', 'threads', 'configurationDone', 'threads', 'launch'])
  await client.finish()
})

test('a request that is cancelled is answered so', async () => {
  const client = await started({
    evaluate: (_: object, { signal }: Request) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  const evaluated = client.refusal('evaluate', { expression: 'slow' })
  const { message } = client.log.at(-1)!
  await client.request('cancel', { requestId: message.seq })
  expect(await evaluated).toBe('"evaluate" was cancelled.')
  expect(client.log.find(({ message }) => message.success === false)?.message.message).toBe('cancelled')
  await client.finish()
})

const oops = () => {
  throw new TypeError('oops')
}

/** The client hears of a bug, then the session is over; its log keeps the rules nevertheless. */
async function expectBug(client: DapClient, sentence: string): Promise<void> {
  await client.over()
  const { output } = await client.waitFor<{ output: string }>('output')
  expect(output).toContain(sentence)
  // The stack, for the report.
  expect(output).toMatch(/\n {4}at .*session\.test\.ts/)
  expect(client.connection.bugs).toHaveLength(1)
  await client.waitFor('terminated')
  client.check()
}

test.for<[string, () => unknown, string]>([
  ['throws', oops, 'TypeError: oops'],
  ['rejects', async () => oops(), 'TypeError: oops'],
  ['rejects with undefined', () => Promise.reject(undefined), 'undefined'],
  ['answers with what is no JSON', () => ({ count: 1n }), 'TypeError: Do not know how to serialize a BigInt'],
  ['promises what is no JSON', async () => ({ count: 1n }), 'TypeError: Do not know how to serialize a BigInt'],
])('a handler that %s', async ([, handler, text]) => {
  const client = await started({ next: handler })
  const sentence = `e500 Debug failed in "next": ${text}. This is a bug of e500 Debug, not of your guest.`
  expect(await client.refusal('next', { threadId: 1 })).toContain(sentence)
  await client.over()
  expect(await client.waitFor<{ output: string }>('output')).toMatchObject({
    output: expect.stringContaining(sentence),
  })
  await client.waitFor('terminated')
  expect(client.connection.bugs).toHaveLength(1)
  client.check()
})

test('a handler that throws after its answer', async () => {
  const client = await started({ next: (_: object, request: Request) => request.afterResponse(oops) })
  await client.request('next', { threadId: 1 })
  await expectBug(client, 'failed in "next": TypeError: oops')
})

test('a bug outside of any request', async () => {
  let session: ProtocolSession | undefined
  const client = connectInProcess((made) => {
    session = made
    return makeHandlers({ launch: () => new Promise(() => {}) })(made)
  })
  await client.request('initialize', { adapterID: 'e500' })
  const launched = client.refusal('launch', {})
  await nextTurn()
  try {
    oops()
  } catch (error) {
    session!.bug(error)
  }
  expect(await launched).toBe('The session ended before "launch" was done.')
  await expectBug(client, 'e500 Debug failed: TypeError: oops')
})

test('a handler that answers after the end, well or not, is not heard any more', async () => {
  const releases: ((value: unknown) => void)[] = []
  const later = () => new Promise((resolve) => releases.push(resolve))
  const client = await started({
    next: later,
    launch: () => later().then(() => Promise.reject(new UserError('too late'))),
    pause: () => later().then(oops),
  })
  const sentences = ['next', 'launch', 'pause'].map((command) => client.refusal(command, { threadId: 1 }))
  client.hangUp()
  await client.over()
  for (const release of releases) release({})
  await nextTurn()
  expect(await Promise.all(sentences)).toEqual(
    ['next', 'launch', 'pause'].map((command) => `The session ended before "${command}" was done.`),
  )
  client.check()
  // Our bug is reported even then.
  expect(client.connection.bugs).toEqual([new TypeError('oops')])
})

test('a client that goes away in the middle of a message', async () => {
  let ends = 0
  const client = connectInProcess((session) => {
    session.atEnd(() => ends++)
    return makeHandlers()(session)
  })
  await client.request('initialize', { adapterID: 'e500' })
  client.sendBytes('Content-Length: 100\r\n\r\n{"seq":')
  client.hangUp()
  await client.over()
  expect(ends).toBe(1)
  expect(await client.waitFor('output')).toMatchObject({
    output: 'The input ended in the middle of a message: 7 of its 100 bytes had arrived.\n',
  })
  client.check()
})

test.for(['EPIPE', 'ECONNRESET'])('an output that breaks (%s) ends the session without an exception', async (code) => {
  const input = new PassThrough()
  let count = 0
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(count++ === 0 ? null : Object.assign(new Error(code), { code })),
  })
  const bugs: unknown[] = []
  const served = serve(input, output, makeHandlers({ launch: () => new Promise(() => {}) }), {
    onBug: (error) => bugs.push(error),
  })
  for (const [n, command] of ['initialize', 'launch', 'threads', 'threads'].entries()) {
    input.write(frame({ seq: n + 1, type: 'request', command }))
  }
  await served
  input.write(frame({ seq: 9, type: 'request', command: 'threads' }))
  await nextTurn()
  expect(bugs).toEqual([])
})

test('an input that breaks ends the session', async () => {
  const input = new PassThrough()
  const served = serve(input, new PassThrough().resume(), makeHandlers())
  input.destroy(new Error('EIO'))
  await served
})

test.for<[object, string]>([
  [
    { type: 'event', event: 'stopped' },
    'A message of the type "event" was skipped: a client sends requests and responses.',
  ],
  [{}, 'A message of the type undefined was skipped: a client sends requests and responses.'],
  [
    { type: 'request', command: 'threads', seq: 'x' },
    'A request "threads" was skipped: without a whole number as "seq" it cannot be answered.',
  ],
])('a message that makes no sense costs a sentence: %j', async ([message, sentence]) => {
  const client = await started()
  client.sendBytes(frame({ ...message }))
  expect(await client.waitFor('output')).toEqual({ category: 'console', output: `${sentence}\n` })
  await client.finish()
})

test('a response that nobody asked for is harmless', async () => {
  const client = await started()
  client.sendBytes(frame({ type: 'response', seq: 1, request_seq: 77, success: true, command: 'runInTerminal' }))
  await client.finish()
})

test('terminated is said once', async () => {
  const client = connectInProcess((session) => {
    const terminate = (_: object, request: Request) => {
      request.afterResponse(() => session.send('terminated'))
      request.afterResponse(() => session.send('terminated'))
    }
    return makeHandlers({ terminate })(session)
  })
  await client.request('initialize', { adapterID: 'e500' })
  await client.request('terminate')
  await client.finish()
  expect(client.log.filter(({ message }) => message.event === 'terminated')).toHaveLength(1)
})
