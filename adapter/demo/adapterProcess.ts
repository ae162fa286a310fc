// dist/adapter.js as a child process, spoken to as an editor does: requests with answers, events to wait for.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Framing } from '../wire/framing.ts'

interface Message {
  readonly type: string
  readonly event?: string
  readonly request_seq?: number
  readonly success?: boolean
  readonly message?: string
  readonly body?: unknown
}

export class AdapterProcess {
  private readonly child: ChildProcessWithoutNullStreams
  private readonly answers = new Map<number, (message: Message) => void>()
  private readonly events: Message[] = []
  private readonly waiting: { readonly event: string; readonly resolve: (message: Message) => void }[] = []
  private readonly onEvent: (event: string, body: unknown) => void
  private seq = 0

  constructor(adapterFile: string, onEvent: (event: string, body: unknown) => void) {
    this.onEvent = onEvent
    this.child = spawn(process.execPath, [adapterFile], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.child.stderr.pipe(process.stderr)
    const framing = new Framing({
      message: (message) => this.receive(message as Message),
      garbage: (sentence) => {
        throw new Error(`The adapter wrote what is no message: ${sentence}`)
      },
    })
    this.child.stdout.on('data', (chunk: Uint8Array) => framing.push(chunk))
  }

  async request<Body>(command: string, args: object = {}): Promise<Body> {
    const seq = ++this.seq
    const text = JSON.stringify({ seq, type: 'request', command, arguments: args })
    const answer = new Promise<Message>((resolve) => this.answers.set(seq, resolve))
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    const { success, message, body } = await answer
    if (!success) throw new Error(`${command}: ${message}`)
    return body as Body
  }

  /** The next event of that name, also if it came already and nobody waited for it. */
  async next<Body>(event: string): Promise<Body> {
    const at = this.events.findIndex((message) => message.event === event)
    if (at >= 0) return this.events.splice(at, 1)[0]!.body as Body
    const message = await new Promise<Message>((resolve) => this.waiting.push({ event, resolve }))
    return message.body as Body
  }

  /** Resolves when the process has ended. */
  async end(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.child.on('close', () => resolve()))
    await this.request('disconnect')
    this.child.stdin.end()
    await closed
  }

  private receive(message: Message): void {
    if (message.type === 'response') {
      this.answers.get(message.request_seq!)?.(message)
      return
    }
    this.onEvent(message.event!, message.body)
    const at = this.waiting.findIndex(({ event }) => event === message.event)
    if (at >= 0) this.waiting.splice(at, 1)[0]!.resolve(message)
    else this.events.push(message)
  }
}
