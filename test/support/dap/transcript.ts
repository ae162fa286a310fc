// A session's log as a text that can be read aloud and compared: golden transcripts. Numbers that mean nothing (seq, ids,
// references, lines with a marker), folders and durations are left out; UPDATE=1 rewrites the files.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Log } from './log.ts'
import { Names, withoutHost } from './names.ts'
import { renderEvent, renderResponse } from './renderAnswer.ts'
import { renderRequest } from './renderRequest.ts'
import type { Json } from './schema.ts'

export function transcript(log: Log): string {
  const names = new Names()
  const requests = new Map<unknown, Json>()
  const lines: string[] = []
  /** What the output's pieces have in common until something else comes: where they are cut depends on the machine. */
  let output = { stream: '', text: '' }
  let last: Json | undefined
  const flush = () => {
    const text = withoutHost(output.text).replace(/\n$/, '')
    if (output.text !== '') lines.push(...text.split('\n').map((line) => `< ${output.stream}| ${line}`.trimEnd()))
    output = { stream: '', text: '' }
  }
  for (const { from, message } of log) {
    const piece = pieceOf(message)
    if (!piece || piece.stream !== output.stream) flush()
    if (piece) output = { stream: piece.stream, text: output.text + piece.text }
    else if (from === 'client' && message.type === 'request') lines.push(renderRequest(message, names))
    else if (message.type === 'event') lines.push(...renderEvent(message, names))
    else if (from === 'adapter' && message.type === 'response') {
      const request = requests.get(message.request_seq) ?? {}
      const answer = renderResponse(message, request, names)
      // One that does not follow its question says to which it belongs.
      if (last !== request && answer.length > 0) lines.push(`< to ${message.command}:`)
      lines.push(...answer)
    }
    if (from === 'client') requests.set(message.seq, message)
    last = message
  }
  flush()
  return `${lines.join('\n')}\n`
}

function pieceOf({ type, event, body }: Json): { stream: string; text: string } | undefined {
  if (type !== 'event') return undefined
  if (event === 'output') {
    const { category = 'console', output } = body as { category?: string; output: string }
    return { stream: category, text: output }
  }
  if (event !== 'e500/uartOutput') return undefined
  const { index, data } = body as { index: number; data: string }
  return { stream: `uart ${index}`, text: Buffer.from(data, 'base64').toString().replaceAll('\r', '') }
}

/** Compares with the file; what differs is also left beside it as `.actual`, to be compared by any tool. */
export function expectGolden(file: string, text: string): void {
  const actual = `${file}.actual`
  if (process.env.UPDATE === '1') writeFileSync(file, text)
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (golden === text) rmSync(actual, { force: true })
  else writeFileSync(actual, text)
  expect(text, `${file} differs; UPDATE=1 accepts what is now in ${actual}`).toBe(golden)
}
