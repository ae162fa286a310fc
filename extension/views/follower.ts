// Follows one e500 session from stop to stop: what it is doing, which core is looked at, what its registers hold.
// Learns it from the protocol that passes by and from the Call Stack's focus; asks through custom requests alone.
import type { DebugProtocol } from '@vscode/debugprotocol'
import * as vscode from 'vscode'

import type { Situation, Snapshot } from './messages.ts'
import { BreakpointBook } from './model/breakpoints.ts'
import { Questions, type Wanted } from './questions.ts'

/** `values` was the client's own doing, and is worth a look even while the guest runs. */
export type Change = 'situation' | 'values'

interface Followed {
  readonly session: vscode.DebugSession
  readonly book: BreakpointBook
  /** Requests under way after which the views look again. */
  readonly changing: Set<number>
  threadId: number
  stop: number
  situation: Situation
}

/** Requests that may change what a view shows. Watches and hovers evaluate at every stop and change nothing. */
const CHANGES = /^(setVariable|setExpression|writeMemory|set\w*Breakpoints|e500\/(setOwnership|reset))$/
const RESUMES = /^(continue|next|stepIn|stepOut|reverseContinue|stepBack|goto)$/

const mayChange = ({ command, arguments: args }: DebugProtocol.Request) =>
  CHANGES.test(command) || (command === 'evaluate' && args.context === 'repl')

export class Follower implements vscode.Disposable {
  private readonly sessions = new Map<string, Followed>()
  private current: Followed | undefined
  private readonly changes = new vscode.EventEmitter<Change>()
  /** Of this moment: what is known of it is not asked again. */
  private questions: Questions | undefined
  /** There is something new to show. */
  readonly onDidChange = this.changes.event
  private readonly subscriptions: vscode.Disposable[]

  constructor() {
    this.subscriptions = [
      vscode.debug.registerDebugAdapterTrackerFactory('e500', {
        createDebugAdapterTracker: (session) => this.track(session),
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => item && this.look(item.session, item.threadId)),
      vscode.debug.onDidChangeActiveDebugSession((session) => session && this.look(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.forget(session)),
    ]
  }

  get situation(): Situation {
    return this.current?.situation ?? { kind: 'none' }
  }

  get session(): vscode.DebugSession | undefined {
    return this.current?.session
  }

  get breakpoints() {
    return this.current?.book.all() ?? []
  }

  async snapshot(wanted: Wanted): Promise<Snapshot | undefined> {
    const { current } = this
    if (!current) return undefined
    const { session, threadId } = current
    this.questions ??= new Questions((command, args) => session.customRequest(command, args), threadId)
    const answer = await this.questions.answer(wanted)
    return { ...answer, breakpoints: current.book.all() }
  }

  refresh(): void {
    this.changed('values')
  }

  private changed(change: Change): void {
    this.questions = undefined
    this.changes.fire(change)
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose()
    this.changes.dispose()
  }

  private track(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    const followed: Followed = {
      session,
      book: new BreakpointBook(),
      changing: new Set(),
      threadId: 1,
      stop: 0,
      situation: { kind: 'running' },
    }
    this.sessions.set(session.id, followed)
    this.show(followed)
    return {
      onWillReceiveMessage: (message: DebugProtocol.Request) => {
        followed.book.willReceive(message)
        if (mayChange(message)) followed.changing.add(message.seq)
      },
      onDidSendMessage: (message) => {
        followed.book.didSend(message)
        this.hear(followed, message)
      },
    }
  }

  private hear(followed: Followed, message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') this.hearAnswer(followed, message as DebugProtocol.Response)
    const { event, body } = message as DebugProtocol.StoppedEvent
    if (message.type !== 'event') return
    if (event === 'stopped') {
      followed.stop++
      followed.threadId = body.threadId ?? followed.threadId
      this.stopped(followed, body.description ?? body.reason)
    }
    if (event === 'continued') this.run(followed)
    if (event === 'invalidated' || event === 'breakpoint') this.changed('values')
  }

  private hearAnswer(followed: Followed, { command, request_seq, success }: DebugProtocol.Response): void {
    if (followed.changing.delete(request_seq)) this.changed('values')
    if (success && RESUMES.test(command)) this.run(followed)
  }

  private stopped(followed: Followed, reason: string): void {
    const cpu = `CPU ${followed.threadId - 1}`
    followed.situation = { kind: 'stopped', stop: followed.stop, cpu, reason }
    this.show(followed)
  }

  private run(followed: Followed): void {
    followed.situation = { kind: 'running' }
    if (followed === this.current) this.changed('situation')
  }

  /** The user looks at another session, or another core of it. */
  private look(session: vscode.DebugSession, threadId?: number): void {
    const followed = this.sessions.get(session.id)
    if (!followed) return
    const isSame = followed === this.current && (threadId ?? followed.threadId) === followed.threadId
    followed.threadId = threadId ?? followed.threadId
    if (isSame) return
    if (followed.situation.kind === 'stopped') this.stopped(followed, followed.situation.reason)
    else this.show(followed)
  }

  private forget(session: vscode.DebugSession): void {
    this.sessions.delete(session.id)
    if (this.current?.session.id === session.id) this.show([...this.sessions.values()].at(-1))
  }

  private show(followed: Followed | undefined): void {
    this.current = followed
    vscode.commands.executeCommand('setContext', 'e500.hasSession', followed !== undefined)
    this.changed('situation')
  }
}
