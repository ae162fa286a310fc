// Keeps one view up to date: asks for what it draws and sends what is not as it was. Hidden views ask nothing.
import type * as vscode from 'vscode'

import type { RegisterGroup, Registers } from './answers.ts'
import type { Change, Follower } from './follower.ts'
import type { Groups, Snapshot, ToView } from './messages.ts'

/** What a view and an editor tab have in common. */
export interface Shown {
  readonly webview: vscode.Webview
  readonly visible: boolean
}

export class Updater {
  private newest = 0
  private groups: Groups
  private session: vscode.DebugSession | undefined
  /** The groups of registers as the view has them. */
  private readonly sent = new Map<string, string>()

  constructor(
    private readonly shown: Shown,
    private readonly follower: Follower,
    private readonly debugEvents: boolean,
  ) {}

  /** The page is new and knows nothing. */
  begin(): void {
    this.session = undefined
    this.update('situation')
  }

  draws(groups: Groups): void {
    const had = this.groups
    this.groups = groups
    const isMore = had !== undefined && (groups === undefined || groups.some((group) => !had.includes(group)))
    if (isMore) this.update('values')
  }

  /** Of several answers under way only the newest is shown. */
  readonly update = async (change: Change): Promise<void> => {
    const asked = ++this.newest
    const { follower, shown } = this
    if (!shown.visible) return
    const { situation, session } = follower
    const isWhole = session !== this.session
    const groups = isWhole ? undefined : this.groups
    const isWorthALook = situation.kind === 'stopped' || change === 'values'
    try {
      const snapshot = isWorthALook ? await follower.snapshot({ groups, debugEvents: this.debugEvents }) : undefined
      if (asked !== this.newest || !shown.visible) return
      if (!snapshot) return void this.post({ type: 'situation', situation })
      if (isWhole) this.forget(session)
      this.post({ type: 'snapshot', situation, snapshot: this.fresh(snapshot), isWhole })
    } catch (error) {
      // A session that ends takes its unanswered requests with it; that is said by the situation that follows.
      if (asked === this.newest && follower.situation === situation)
        this.post({ type: 'situation', situation: { kind: 'failed', sentence: (error as Error).message } })
    }
  }

  private forget(session: vscode.DebugSession | undefined): void {
    this.session = session
    this.groups = undefined
    this.sent.clear()
  }

  private fresh(snapshot: Snapshot): Snapshot {
    const isFresh = (group: RegisterGroup) => {
      const text = JSON.stringify(group)
      const isNew = this.sent.get(group.name) !== text
      this.sent.set(group.name, text)
      return isNew
    }
    const registers: Registers = { groups: snapshot.registers.groups.filter(isFresh) }
    return { ...snapshot, registers }
  }

  private post(message: ToView): void {
    this.shown.webview.postMessage(message)
  }
}
