// The same session on a child's stdin and stdout, and on a TCP port.
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { listen } from '../../adapter/wire/listen.ts'
import type { MakeHandlers, Request } from '../../adapter/wire/protocolSession.ts'
import { connectToChild, connectToPort } from '../support/dap/connect.ts'
import { frame } from '../support/dap/reader.ts'

const script = fileURLToPath(new URL('./child.ts', import.meta.url))
const child = () => connectToChild(process.execPath, ['scripts/run.mjs', script])

test('stdin and stdout: a session, then exit code 0', async () => {
  const client = child()
  await client.request('initialize', { adapterID: 'e500' })
  await client.waitFor('initialized')
  const { threads } = await client.request<{ threads: { name: string }[] }>('threads')
  expect(threads[0]!.name).toHaveLength(1 << 20)
  expect(await client.finish()).toBe(0)
})

test('stdin and stdout: garbage and a client that goes away end with exit code 0', async () => {
  const client = child()
  client.sendBytes('garbage')
  await client.request('initialize', { adapterID: 'e500' })
  expect(await client.waitFor('output')).toMatchObject({ output: expect.stringContaining('garbage') })
  client.sendBytes('Content-Length: 10\r\n\r\n{')
  client.hangUp()
  expect(await client.over()).toBe(0)
  client.check()
})

test('stdin and stdout: a client that stops reading in the middle of an answer is no exception', async () => {
  const client = child()
  await client.request('initialize', { adapterID: 'e500' })
  const lost = client.request('threads').catch((error: Error) => error.message)
  client.connection.fromAdapter.destroy()
  expect(await lost).toContain('The session ended before the answer to threads')
  client.sendBytes(frame({ seq: 9, type: 'request', command: 'threads' }))
  expect(await client.over()).toBe(0)
  expect(client.connection.stderr!()).toBe('')
})

test('stdin and stdout: a bug is written to stderr as well', async () => {
  const client = child()
  await client.request('initialize', { adapterID: 'e500' })
  expect(await client.refusal('pause', { threadId: 1 })).toContain('TypeError: oops')
  await client.over()
  expect(client.connection.stderr!()).toContain('TypeError: oops')
  client.check()
})

const makeHandlers: MakeHandlers = (session) => ({
  initialize: (_: object, request: Request) => request.afterResponse(() => session.send('initialized')),
  disconnect: (_: object, request: Request) => request.afterResponse(() => session.end()),
})

test('TCP: a session for each connection', async () => {
  const { port, close } = await listen(0, '127.0.0.1', makeHandlers)
  const clients = await Promise.all([connectToPort(port), connectToPort(port)])
  for (const client of clients) await client.request('initialize', { adapterID: 'e500' })
  for (const client of clients) await client.waitFor('initialized')
  for (const client of clients) await client.finish()
  const third = await connectToPort(port)
  await third.finish()
  close()
})

test('TCP: no web page gets in with messages hidden in a request', async () => {
  const { port, close } = await listen(0, '127.0.0.1', makeHandlers)
  const body = frame({ seq: 1, type: 'request', command: 'initialize' })
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  await new Promise((resolve) => socket.on('close', resolve))
  expect(answer).toBe('')
  close()
})

test('TCP: a port that is taken', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await expect(listen(port, '127.0.0.1', makeHandlers)).rejects.toThrow(
    `Port ${port} is taken by another program. Choose another with --port, or 0 for any that is free.`,
  )
  server.close()
})
