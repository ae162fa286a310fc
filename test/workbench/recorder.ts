// Stands between VS Code and a debug adapter and keeps every message: what a view shows is compared with what the adapter said.
// VS Code is led here by `debugServer` in the launch configuration.
import { spawn } from 'node:child_process'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { DebugProtocol } from '@vscode/debugprotocol'

import type { Register, Registers } from '../../extension/views/answers.ts'

type Message = DebugProtocol.ProtocolMessage
export interface Recorded {
  readonly from: 'editor' | 'adapter'
  readonly message: Message
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface Recorder {
  readonly port: number
  readonly log: readonly Recorded[]
  /** The body of the last answer to such a request. */
  lastAnswer<Body>(command: string): Body | undefined
  /** What the editor last sent as threadId. */
  threadAskedBy(command: string): number | undefined
  /** All of them, the newest last. */
  answers<Body>(command: string): Body[]
  stop(): void
}

/** Each connection gets a process of its own of the adapter that was installed. */
export async function record(adapter: () => string): Promise<Recorder> {
  const log: Recorded[] = []
  const sockets = new Set<Socket>()
  const note = (from: Recorded['from']) =>
    framesOf((message) => log.push({ from, message, at: performance.timeOrigin + performance.now() }))
  const server = createServer((editor) => {
    const child = spawn(process.execPath, [adapter()], { stdio: ['pipe', 'pipe', 'inherit'] })
    sockets.add(editor)
    editor.on('data', note('editor'))
    editor.on('error', () => editor.destroy())
    editor.on('close', () => child.kill())
    child.stdout.on('data', note('adapter'))
    editor.pipe(child.stdin)
    child.stdout.pipe(editor)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    log,
    threadAskedBy: (command) =>
      log
        .map(({ message }) => message as DebugProtocol.Request)
        .findLast((message) => message.type === 'request' && message.command === command)?.arguments.threadId,
    answers: <Body>(command: string) => answersIn<Body>(log, command),
    lastAnswer: <Body>(command: string) => answersIn<Body>(log, command).at(-1),
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Each group as it was answered last: the views ask for those that they draw. */
export function registersAnswered(recorder: Recorder): Register[] {
  const groups = recorder.answers<Registers>('e500/registers').flatMap(({ groups }) => groups)
  return [...new Map(groups.map((group) => [group.name, group])).values()].flatMap(({ registers }) => registers)
}

function answersIn<Body>(log: readonly Recorded[], command: string): Body[] {
  return log
    .map(({ message }) => message as DebugProtocol.Response)
    .filter((message) => message.type === 'response' && message.command === command && message.success)
    .map(({ body }) => body)
}

/** Calls back for every whole message of a stream. */
function framesOf(found: (message: Message) => void): (chunk: Buffer) => void {
  let waiting = Buffer.alloc(0)
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    for (;;) {
      const end = waiting.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/Content-Length: (\d+)/.exec(waiting.toString('latin1', 0, end))?.[1])
      const start = end + 4
      if (waiting.length < start + length) return
      found(JSON.parse(waiting.toString('utf8', start, start + length)))
      waiting = waiting.subarray(start + length)
    }
  }
}
