// Where each breakpoint of a session stands, learnt from the DAP messages that pass by. A slot names its holder by DAP id alone.
import type { DebugProtocol } from '@vscode/debugprotocol'

export interface Breakpoint {
  readonly id: number
  readonly verified: boolean
  /** As a person would say it: "main.c:12", "start_kernel", "jiffies_64". */
  readonly label: string
  readonly path?: string
  readonly line?: number
  /** What the adapter says about it: why it could not be placed. */
  readonly message?: string
}

type Request = DebugProtocol.Request
type Response = DebugProtocol.Response
type Named = (index: number, answered: DebugProtocol.Breakpoint) => Pick<Breakpoint, 'label' | 'path' | 'line'>

export class BreakpointBook {
  /** By what was asked: each request replaces all of its kind, setBreakpoints all of its source. */
  private readonly chapters = new Map<string, readonly Breakpoint[]>()
  private readonly asked = new Map<number, Request>()

  all(): readonly Breakpoint[] {
    return [...this.chapters.values()].flat()
  }

  willReceive(message: DebugProtocol.ProtocolMessage): void {
    const request = message as Request
    if (request.type === 'request' && chapterOf(request)) this.asked.set(request.seq, request)
  }

  didSend(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') this.answered(message as Response)
    const { event, body } = message as DebugProtocol.BreakpointEvent
    if (message.type === 'event' && event === 'breakpoint') this.changed(body.breakpoint)
  }

  private answered(response: Response): void {
    const request = this.asked.get(response.request_seq)
    if (!request) return
    this.asked.delete(response.request_seq)
    if (!response.success) return
    const named = namesFor(request)
    const answers: DebugProtocol.Breakpoint[] = response.body.breakpoints
    this.chapters.set(
      chapterOf(request)!,
      answers.map((answer, index) => ({ ...named(index, answer), ...stateOf(answer), id: answer.id ?? -1 })),
    )
  }

  private changed(answer: DebugProtocol.Breakpoint): void {
    for (const [chapter, breakpoints] of this.chapters) {
      const other = (known: Breakpoint) => (known.id === answer.id ? { ...known, ...stateOf(answer) } : known)
      this.chapters.set(chapter, breakpoints.map(other))
    }
  }
}

const stateOf = ({ verified, message }: DebugProtocol.Breakpoint) => ({ verified, ...(message ? { message } : {}) })

function chapterOf({ command, arguments: args }: Request): string | undefined {
  if (command === 'setBreakpoints') return `source ${args.source.path}`
  return /^set(Function|Instruction|Data)Breakpoints$/.test(command) ? command : undefined
}

function namesFor({ command, arguments: args }: Request): Named {
  switch (command) {
    case 'setFunctionBreakpoints':
      return (index) => ({ label: args.breakpoints[index].name })
    case 'setInstructionBreakpoints':
      return (index) => ({ label: args.breakpoints[index].instructionReference })
    case 'setDataBreakpoints':
      return (index) => ({ label: args.breakpoints[index].dataId })
    default: {
      const path: string = args.source.path
      return (index, answer) => {
        const line = answer.line ?? args.breakpoints[index].line
        return { label: `${path.replace(/^.*[\\/]/, '')}:${line}`, path, line }
      }
    }
  }
}
