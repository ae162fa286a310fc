// A DAP client for tests. Its `finish` checks the log of the whole session, so every test that ends with it checks more than it asked.
import type { Readable, Writable } from 'node:stream'
import { type Entry, problemsOfLog, tail } from './log.ts'
import { frame, StrictReader } from './reader.ts'
import type { Json } from './schema.ts'

/** Where the adapter is; see connect.ts. */
export interface Connection {
  readonly toAdapter: Writable
  readonly fromAdapter: Readable
  /** Our bugs, where the session runs in this process. */
  readonly bugs?: readonly unknown[]
  /** Of a child process: what it wrote to stderr, and its exit code. */
  readonly stderr?: () => string
  readonly exited?: Promise<number | null>
}

/** An answer that says no; the message is the sentence for the user. */
export class Refused extends Error {
  override readonly name = 'Refused'

  constructor(readonly response: Json) {
    super((response.body as { error?: { format: string } } | undefined)?.error?.format ?? String(response.message))
  }
}

interface Waiting {
  readonly fits: (message: Json) => boolean
  readonly resolve: (message: Json) => void
  readonly fail: (why: string) => void
}

export class DapClient {
  readonly log: Entry[] = []
  /** Resolves when the adapter has closed its side. */
  private readonly end: Promise<void>
  private readonly reader = new StrictReader()
  private readonly waiting = new Set<Waiting>()
  private readonly taken = new Set<Json>()
  private seq = 0
  private isOver = false

  constructor(
    readonly connection: Connection,
    // Shorter than vitest's own limit, which would not say what was awaited.
    private readonly timeoutMs = 120_000,
  ) {
    const { toAdapter, fromAdapter } = connection
    fromAdapter.on('data', (chunk: Buffer) => this.receive(chunk))
    this.end = new Promise((resolve) => {
      for (const ending of ['end', 'close', 'error']) fromAdapter.on(ending, () => resolve(this.close()))
    })
    // Writing to a session that has ended is no failure of its own; what is missed then is the answer.
    toAdapter.on('error', () => {})
  }

  /** The answer's body; throws Refused. */
  async request<Body = Json>(command: string, args?: object): Promise<Body> {
    const seq = this.seq + 1
    // Waits before it asks: in the same process the answer comes within `send`.
    const answer = this.wait(
      `the answer to ${command}`,
      (message) => message.type === 'response' && message.request_seq === seq,
    )
    this.send({ type: 'request', command, ...(args && { arguments: args }) })
    const response = await answer
    if (!response.success) throw new Refused(response)
    return response.body as Body
  }

  /** The sentence with which the adapter refuses. */
  async refusal(command: string, args?: object): Promise<string> {
    const answer = await this.request(command, args).catch((error: unknown) => error)
    if (answer instanceof Refused) return answer.message
    if (answer instanceof Error) throw answer
    throw new Error(`${command} should have been refused and was not. The log's end:\n${tail(this.log)}`)
  }

  /** The body of the first such event that no other waitFor has had. */
  async waitFor<Body = Json>(event: string, filter: (body: Body) => boolean = () => true): Promise<Body> {
    const fits = (message: Json) =>
      message.type === 'event' && message.event === event && !this.taken.has(message) && filter(message.body as Body)
    const known = this.log.find(({ from, message }) => from === 'adapter' && fits(message))?.message
    if (known) this.taken.add(known)
    const message = known ?? (await this.wait(`the event ${event}`, fits))
    return message.body as Body
  }

  /** A message as it stands; returns its seq. */
  send(message: Json): number {
    const seq = ++this.seq
    this.log.push({ from: 'client', message: { seq, ...message } })
    this.sendBytes(frame({ seq, ...message }))
    return seq
  }

  /** Bytes that need not be a message. */
  sendBytes(bytes: string | Uint8Array): void {
    this.connection.toAdapter.write(bytes)
  }

  /** Goes away without a word. */
  hangUp(): void {
    this.connection.toAdapter.end()
  }

  /** Resolves when the session is over, with the exit code of a child process. */
  async over(): Promise<number | null | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(this.failure(`Waited ${this.timeoutMs / 1000} s for`, 'the end of the session')),
        this.timeoutMs,
      )
    })
    const exitCode = await Promise.race([this.end.then(() => this.connection.exited), late])
    clearTimeout(timer)
    return exitCode
  }

  /** Ends the session as an editor does, unless it has ended, and checks its log. */
  async finish(): Promise<number | null | undefined> {
    const isAsked = this.log.some(({ from, message }) => from === 'client' && message.command === 'disconnect')
    if (!this.isOver && !isAsked) await this.request('disconnect').catch((error) => this.unlessOver(error))
    this.hangUp()
    const exitCode = await this.over()
    const { bugs = [] } = this.connection
    if (bugs.length > 0) throw bugs[0]
    this.check()
    return exitCode
  }

  /** Throws where the log breaks a rule; for a session that ended in another way than by `finish`. */
  check(): void {
    const problems = problemsOfLog(this.log)
    if (this.reader.problem) problems.unshift(this.reader.problem)
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nThe log's end:\n${tail(this.log)}`)
  }

  private wait(what: string, fits: (message: Json) => boolean): Promise<Json> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        this.waiting.delete(waiting)
        clearTimeout(timer)
        end()
      }
      const waiting: Waiting = {
        fits,
        resolve: (message) => settle(() => resolve(message)),
        fail: (why) => settle(() => reject(this.failure(why, what))),
      }
      const timer = setTimeout(() => waiting.fail(`Waited ${this.timeoutMs / 1000} s for`), this.timeoutMs)
      this.waiting.add(waiting)
      if (this.isOver) waiting.fail('The session was over before')
    })
  }

  private failure(why: string, what: string): Error {
    const stderr = this.connection.stderr?.() ?? ''
    return new Error(`${why} ${what}. The log's end:\n${tail(this.log)}${stderr && `\nstderr:\n${stderr}`}`)
  }

  /** What failed because the session ended under it is found again in the log. */
  private unlessOver(error: unknown): void {
    if (!this.isOver) throw error
  }

  private receive(chunk: Buffer): void {
    for (const message of this.reader.push(chunk)) {
      this.log.push({ from: 'adapter', message })
      const first = [...this.waiting].find(({ fits }) => fits(message))
      if (!first) continue
      this.taken.add(message)
      first.resolve(message)
    }
    const { problem } = this.reader
    if (problem) for (const waiting of this.waiting) waiting.fail(`${problem}, instead of`)
  }

  private close(): void {
    if (this.isOver) return
    this.isOver = true
    this.reader.finish()
    for (const waiting of this.waiting) waiting.fail('The session ended before')
  }
}
