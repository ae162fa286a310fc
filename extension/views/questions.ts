// What the views ask of one moment of a session. Several of them ask the same: each request goes out once, since an answer
// crosses four processes before it is drawn.
import type { DebugEvents, DebugResources, RegisterGroup, Registers } from './answers.ts'
import type { Groups, Snapshot } from './messages.ts'

export interface Wanted {
  /** Of registers. */
  readonly groups: Groups
  readonly debugEvents: boolean
}

type Request = (command: string, args: object) => Thenable<unknown>

const EVENTS_SHOWN = 50

export class Questions {
  private readonly asked = new Map<string, Promise<unknown>>()

  constructor(
    private readonly request: Request,
    private readonly threadId: number,
  ) {}

  async answer({ groups, debugEvents }: Wanted): Promise<Omit<Snapshot, 'breakpoints'>> {
    const [registers, debugResources, events] = await Promise.all([
      this.registers(groups),
      this.once<DebugResources>('e500/debugResources'),
      debugEvents ? this.debugEvents() : undefined,
    ])
    return { registers, debugResources, ...(events && { debugEvents: events }) }
  }

  private async registers(groups: Groups): Promise<Registers> {
    if (groups === undefined || this.asked.has('e500/registers {}')) return this.once<Registers>('e500/registers')
    const answers = await Promise.all(groups.map((group) => this.once<Registers>('e500/registers', { group })))
    return { groups: answers.flatMap((answer): readonly RegisterGroup[] => answer.groups) }
  }

  /** The one request that came later than the views: without it the rest is still worth showing. */
  private debugEvents(): Promise<DebugEvents | { readonly refusal: string }> {
    return this.once<DebugEvents>('e500/debugEvents', { count: EVENTS_SHOWN }).catch((error: Error) => ({
      refusal: error.message,
    }))
  }

  private once<Answer>(command: string, args: object = {}): Promise<Answer> {
    const key = `${command} ${JSON.stringify(args)}`
    const asked = this.asked.get(key) ?? Promise.resolve(this.request(command, { threadId: this.threadId, ...args }))
    this.asked.set(key, asked)
    return asked as Promise<Answer>
  }
}
