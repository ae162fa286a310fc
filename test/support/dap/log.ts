// What a session's log must be like, whatever the test was about.
import { type From, type Json, problemsOf } from './schema.ts'

export interface Entry {
  readonly from: From
  readonly message: Json
}

export type Log = readonly Entry[]

/** Every rule that the log breaks, a sentence each. */
export function problemsOfLog(log: Log): string[] {
  return [
    ...log.flatMap(({ from, message }) => problemsOf(message, from).map((problem) => `${from}: ${problem}`)),
    ...numbering(log, 'client'),
    ...numbering(log, 'adapter'),
    ...answers(log),
    ...order(log),
  ]
}

function numbering(log: Log, from: From): string[] {
  const numbers = log.filter((entry) => entry.from === from).map(({ message }) => message.seq as number)
  return numbers
    .filter((seq, n) => !Number.isInteger(seq) || seq <= (numbers[n - 1] ?? 0))
    .map((seq) => `${from}: seq ${seq} does not rise`)
}

/** Each request is answered once, after it was sent and under its own name. */
function answers(log: Log): string[] {
  const open = new Map<unknown, Json>()
  const problems: string[] = []
  for (const { from, message } of log) {
    if (from === 'client' && message.type === 'request') open.set(message.seq, message)
    if (from !== 'adapter' || message.type !== 'response') continue
    const request = open.get(message.request_seq)
    open.delete(message.request_seq)
    if (!request)
      problems.push(`adapter: ${message.command} (request ${message.request_seq}) was answered twice, or never asked`)
    else if (request.command !== message.command)
      problems.push(`adapter: ${request.command} was answered as ${message.command}`)
  }
  return [
    ...problems,
    ...[...open.values()].map(({ command, seq }) => `adapter: ${command} (request ${seq}) was not answered`),
  ]
}

/** DAP overview: nothing but the answer before `initialize` is done, no stop before the configuration is, nothing runs after `terminated`. */
function order(log: Log): string[] {
  const seen = new Set<string>()
  return log.flatMap(({ from, message }) => {
    if (from === 'client') {
      seen.add(`request ${message.command}`)
      return []
    }
    if (message.type !== 'event') {
      if (message.success) seen.add(`response ${message.command}`)
      return []
    }
    const event = String(message.event)
    const problem = wrongTime(event, seen)
    seen.add(event)
    return problem ? [`adapter: event ${event} ${problem}`] : []
  })
}

function wrongTime(event: string, seen: ReadonlySet<string>): string | undefined {
  if (!seen.has('response initialize')) return 'came before the answer to initialize'
  if (seen.has(event) && ['initialized', 'terminated', 'exited'].includes(event)) return 'came twice'
  if (!['stopped', 'continued'].includes(event)) return undefined
  if (!seen.has('request configurationDone')) return 'came before configurationDone'
  return seen.has('terminated') ? 'came after terminated' : undefined
}

/** The last messages, a line each, for the text of a failure. */
export function tail(log: Log, count = 20): string {
  const lines = log
    .slice(-count)
    .map(({ from, message }) => `${from === 'client' ? '>' : '<'} ${shortened(JSON.stringify(message))}`)
  return lines.length === 0 ? '(no messages)' : lines.join('\n')
}

const shortened = (text: string) => (text.length > 300 ? `${text.slice(0, 300)} …` : text)
