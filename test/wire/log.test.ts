// The rules that every DAP test's log is held to must be able to find what breaks them.
import { expect, test } from 'vitest'
import { type Log, problemsOfLog, tail } from '../support/dap/log.ts'

/** `> command`, `< command` (its answer), `< event!`; numbered from 1 on either side. */
function log(...lines: string[]): Log {
  const seqs = { client: 0, adapter: 0 }
  const asked = new Map<string, number>()
  return lines.map((line) => {
    const from = line.startsWith('>') ? 'client' : 'adapter'
    const name = line.slice(2)
    const seq = ++seqs[from]
    if (from === 'client') asked.set(name, seq)
    if (from === 'client')
      return { from, message: { seq, type: 'request', command: name, ...(args[name] && { arguments: args[name] }) } }
    if (name.endsWith('!'))
      return {
        from,
        message: { seq, type: 'event', event: name.slice(0, -1), ...(bodies[name] && { body: bodies[name] }) },
      }
    return {
      from,
      message: {
        seq,
        type: 'response',
        request_seq: asked.get(name) ?? 99,
        success: true,
        command: name,
        ...(bodies[name] && { body: bodies[name] }),
      },
    }
  })
}

const args: Record<string, object> = { initialize: { adapterID: 'e500' }, next: { threadId: 1 }, configurationDone: {} }
const bodies: Record<string, object> = {
  'stopped!': { reason: 'step' },
  'output!': { output: 'x' },
  'exited!': { exitCode: 0 },
}
const begin = ['> initialize', '< initialize', '< initialized!', '> configurationDone', '< configurationDone']

test('a right log has no problems', () => {
  expect(
    problemsOfLog(
      log(...begin, '> next', '< next', '< stopped!', '< exited!', '< terminated!', '> disconnect', '< disconnect'),
    ),
  ).toEqual([])
  expect(problemsOfLog(log(...begin, '> next', '> disconnect', '< disconnect', '< next'))).toEqual([])
})

test.for<[string[], string]>([
  [[...begin, '> next'], 'adapter: next (request 3) was not answered'],
  [[...begin, '> next', '< next', '< next'], 'adapter: next (request 3) was answered twice, or never asked'],
  [[...begin, '< pause'], 'adapter: pause (request 99) was answered twice, or never asked'],
  [['> initialize', '< output!', '< initialize'], 'adapter: event output came before the answer to initialize'],
  [
    ['> initialize', '< initialized!', '< initialize'],
    'adapter: event initialized came before the answer to initialize',
  ],
  [[...begin, '< initialized!'], 'adapter: event initialized came twice'],
  [['> initialize', '< initialize', '< stopped!'], 'adapter: event stopped came before configurationDone'],
  [[...begin, '< terminated!', '< stopped!'], 'adapter: event stopped came after terminated'],
  [[...begin, '< terminated!', '< terminated!'], 'adapter: event terminated came twice'],
])('%j', ([lines, problem]) => {
  expect(problemsOfLog(log(...lines))).toEqual([problem])
})

test('wrong numbers, wrong names, wrong members', () => {
  const [asked, answered] = log('> initialize', '< initialize')
  const changed = (change: object): Log => [asked!, { from: 'adapter', message: { ...answered!.message, ...change } }]
  expect(problemsOfLog(changed({ seq: 0 }))).toEqual(['adapter: seq 0 does not rise'])
  expect(problemsOfLog(changed({ seq: 1.5 }))).toEqual(['adapter: seq 1.5 does not rise'])
  expect(problemsOfLog(changed({ command: 'next' }))).toEqual(['adapter: initialize was answered as next'])
  expect(problemsOfLog(changed({ extra: 1 }))).toEqual([
    'adapter: response initialize.extra is unknown to the protocol',
  ])
  expect(problemsOfLog([...log('> initialize', '< initialize'), answered!])).toContain('adapter: seq 1 does not rise')
})

test('the tail of a log is a line for each message', () => {
  expect(tail(log('> next', '< next'), 1)).toBe(
    '< {"seq":1,"type":"response","request_seq":1,"success":true,"command":"next"}',
  )
  expect(tail([])).toBe('(no messages)')
})
