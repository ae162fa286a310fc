// A session on a pair of streams. The framing filter reads, the library writes.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { Framing } from './framing.ts'
import { type MakeHandlers, ProtocolSession } from './protocolSession.ts'

interface ServeOptions {
  /** Hears of each bug of ours, once the session has told the client. Without it the bug goes to stderr. */
  readonly onBug?: (error: unknown) => void
  /** The first byte must be a message's. So no web page can talk to a port by hiding messages in an HTTP request. */
  readonly strictStart?: boolean
}

/** Runs one session; the promise resolves when it has ended and its last message is written, whatever happens. */
export function serve(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  makeHandlers: MakeHandlers,
  { onBug = console.error, strictStart = false }: ServeOptions = {},
): Promise<void> {
  const session = new ProtocolSession(makeHandlers, onBug)
  let isFirst = true
  const framing = new Framing({
    message: (message) => {
      isFirst = false
      session.handleMessage(message as DebugProtocol.ProtocolMessage)
    },
    garbage: (sentence) => {
      session.notice(sentence)
      if (strictStart && isFirst) session.end()
    },
  })
  const finish = () => {
    framing.finish()
    session.end()
  }
  input.on('data', (chunk: Uint8Array) => framing.push(chunk))
  for (const ending of ['end', 'close', 'error']) input.on(ending, finish)
  return new Promise((resolve) => {
    const close = () => {
      session.end()
      resolve()
    }
    for (const closing of ['finish', 'close', 'error']) output.on(closing, close)
    session.atEnd(() => input.pause())
    session.start(silent, output)
  })
}

/** The library's own reader has nothing to read. */
const silent = { on: () => silent, resume: () => silent } as unknown as NodeJS.ReadableStream
