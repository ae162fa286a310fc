// One DAP session: requests find their handlers in a table, each is answered exactly once, and the session ends cleanly whatever
// happens. The library numbers and writes the messages; it knows no streams' errors, no promises and no unknown requests.
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol.js'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { UserError } from '../userError.ts'
import { bugReport, bugSentence, errorId, errorResponse } from './errorResponse.ts'

/** What a handler may want to know of the request it serves. */
export interface Request {
  readonly command: string
  /** Aborted when the client cancels the request, and when the session ends. */
  readonly signal: AbortSignal
  /** Runs once the request is answered with success: `initialized` after `initialize`, the end after `disconnect`. */
  afterResponse(run: () => void): void
}

/** Gets the request's arguments, `{}` where it has none, and returns the response's body or a promise of it. */
type Handler = (args: never, request: Request) => unknown
export type Handlers = Readonly<Record<string, Handler>>

export type MakeHandlers = (session: ProtocolSession) => Handlers

class Pending implements Request {
  readonly abort = new AbortController()
  readonly signal = this.abort.signal
  readonly after: (() => void)[] = []
  readonly command: string

  constructor(readonly request: DebugProtocol.Request) {
    this.command = String(request.command)
  }

  afterResponse(run: () => void): void {
    this.after.push(run)
  }
}

export class ProtocolSession extends ProtocolServer {
  private readonly handlers: Handlers
  private readonly pending = new Set<Pending>()
  private readonly endings: (() => void)[] = []
  /** Events before the answer to `initialize` wait for it, as the protocol demands; undefined once it is given. */
  private early: DebugProtocol.Event[] | undefined = []
  private isTerminated = false
  private isEnded = false

  constructor(
    makeHandlers: MakeHandlers,
    private readonly onBug: (error: unknown) => void,
  ) {
    super()
    // The library's word for a stream that broke: the client is gone, nothing can be said to it.
    this.on('error', () => this.end())
    this.handlers = makeHandlers(this)
  }

  get ended(): boolean {
    return this.isEnded
  }

  /** Runs when the session ends, whoever ended it. */
  atEnd(run: () => void): void {
    this.endings.push(run)
  }

  send(event: string, body?: object): void {
    if (this.isEnded || (event === 'terminated' && this.isTerminated)) return
    if (event === 'terminated') this.isTerminated = true
    const message = { type: 'event', seq: 0, event, ...(body && { body }) }
    if (this.early) this.early.push(message)
    else this.sendEvent(message)
  }

  /** A sentence for the user that answers no request. */
  notice(sentence: string): void {
    this.send('output', { category: 'console', output: `${sentence}\n` })
  }

  /** Our mistake, outside of any request: says so and ends the session, for its state cannot be trusted any more. */
  bug(error: unknown): void {
    this.reportBug(error)
  }

  /** Answers what is unanswered and closes the output. Within a handler: `afterResponse(() => session.end())`. */
  end(): void {
    if (this.isEnded) return
    this.isEnded = true
    for (const pending of this.pending) {
      this.refuse(pending, errorId.ended, `The session ended before "${pending.command}" was done.`)
      pending.abort.abort()
    }
    for (const run of this.endings) this.guard(run)
    this.stop()
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    if (this.isEnded) return
    const { type } = message
    if (type === 'request' || type === 'response') {
      super.handleMessage(message)
      return
    }
    this.notice(`A message of the type ${JSON.stringify(type)} was skipped: a client sends requests and responses.`)
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (!Number.isInteger(request.seq)) {
      this.notice(`A request "${request.command}" was skipped: without a whole number as "seq" it cannot be answered.`)
      return
    }
    const pending = new Pending(request)
    this.pending.add(pending)
    try {
      const result = this.call(pending)
      const settled = (body: unknown) => this.succeed(pending, body)
      // What is no promise is answered at once: such answers come in the order of the requests.
      if (result instanceof Promise) result.then(settled, (error) => this.fail(pending, error))
      else settled(result)
    } catch (error) {
      this.fail(pending, error)
    }
  }

  private call(pending: Pending): unknown {
    const { command, arguments: args = {} } = pending.request
    // DAP, "initialize": the first request, and sent only once. A client that gives up may disconnect at any time.
    if (this.early && command !== 'initialize' && command !== 'disconnect') {
      throw new UserError(`"${command}" came before "initialize", which must be the first request.`)
    }
    if (!this.early && command === 'initialize') {
      throw new UserError('"initialize" was sent twice. Start a second session instead.')
    }
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      throw new UserError(`The arguments of "${command}" must be an object, not ${JSON.stringify(args)}.`)
    }
    if (Object.hasOwn(this.handlers, command)) return this.handlers[command]!(args as never, pending)
    if (command === 'cancel') return this.cancel(args)
    const list = command.startsWith('e500/') ? 'docs/requests.md' : 'the answer to "initialize"'
    throw new UserError(`e500 Debug has no request "${command}". What it can do stands in ${list}.`)
  }

  /** DAP, "cancel": a best effort. The request itself still gets its own answer. */
  private cancel({ requestId }: DebugProtocol.CancelArguments): void {
    for (const pending of this.pending) {
      if (pending.request.seq === requestId) pending.abort.abort()
    }
  }

  private succeed(pending: Pending, body: unknown): void {
    if (!this.pending.has(pending)) return
    const { seq, command } = pending.request
    try {
      const response = { type: 'response', seq: 0, request_seq: seq, success: true, command }
      this.answer(pending, body === undefined ? response : { ...response, body })
      if (command === 'initialize') this.sendEarly()
      for (const run of pending.after) run()
    } catch (error) {
      this.reportBug(error, pending)
    }
  }

  private fail(pending: Pending, error: unknown): void {
    const { signal, command } = pending
    if (signal.aborted && (error === signal.reason || error instanceof UserError)) {
      this.refuse(pending, errorId.cancelled, `"${command}" was cancelled.`)
    } else if (error instanceof UserError) {
      this.refuse(pending, errorId.refused, error.message)
    } else {
      this.reportBug(error, pending)
    }
  }

  private refuse(pending: Pending, id: Parameters<typeof errorResponse>[1], sentence: string): void {
    if (this.pending.has(pending)) this.answer(pending, errorResponse(pending.request, id, sentence))
  }

  private answer(pending: Pending, response: DebugProtocol.Response): void {
    // Throws where the body is no JSON; then the request still waits for its answer.
    this.sendResponse(response)
    this.pending.delete(pending)
  }

  private sendEarly(): void {
    const events = this.early ?? []
    this.early = undefined
    for (const event of events) this.sendEvent(event)
  }

  private reportBug(error: unknown, pending?: Pending): void {
    const sentence = bugSentence(error, pending?.command)
    if (!this.isEnded) {
      if (pending) this.refuse(pending, errorId.bug, sentence)
      this.send('output', { category: 'stderr', output: `${sentence}\n${bugReport(error)}\n` })
      this.send('terminated')
    }
    this.onBug(error)
    this.end()
  }

  private guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.onBug(error)
    }
  }
}
