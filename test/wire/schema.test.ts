// The checker that every DAP test relies on: it must know all of the protocol, accept what is right and reject what is wrong.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { events, type From, type Json, problemsOf, requests, responses } from '../support/dap/schema.ts'
import { parseDeclarations } from '../support/dap/types.ts'

const source = readFileSync(
  createRequire(import.meta.url).resolve('@vscode/debugprotocol/lib/debugProtocol.d.ts'),
  'utf8',
)

test('every request, response and event of the protocol has a checker', () => {
  // A second reading of the file, by its names alone.
  const named = (suffix: string) =>
    [...source.matchAll(new RegExp(`^\\tinterface (\\w+${suffix}) extends`, 'gm'))].map(([, name]) => name!).sort()
  expect([...requests.values()].sort()).toEqual(named('Request'))
  expect([...responses.values()].sort()).toEqual(named('Response').filter((name) => name !== 'ErrorResponse'))
  expect([...events.values()].sort()).toEqual(named('Event'))
  for (const command of requests.keys()) {
    const message = { type: 'response', seq: 'x', request_seq: 1, success: true, command, body: {} }
    expect(problemsOf(message, 'adapter')).toContain(`response ${command}.seq: "x" is no number`)
  }
})

const response = (command: string, body?: object) => ({
  type: 'response',
  seq: 2,
  request_seq: 1,
  success: true,
  command,
  ...(body && { body }),
})
const event = (name: string, body?: object) => ({ type: 'event', seq: 2, event: name, ...(body && { body }) })
const request = (command: string, args?: object) => ({
  type: 'request',
  seq: 1,
  command,
  ...(args && { arguments: args }),
})

test.for<[Json, From]>([
  [request('initialize', { adapterID: 'e500' }), 'client'],
  [request('launch', { program: 'kernel.elf', cpus: 2 }), 'client'],
  [request('restart', { arguments: { program: 'kernel.elf' } }), 'client'],
  [request('runInTerminal', { cwd: '/', args: [], env: { A: null, B: 'b' } }), 'adapter'],
  [request('threads'), 'client'],
  [request('e500/reset'), 'client'],
  [response('threads', { threads: [{ id: 1, name: 'CPU 0' }] }), 'adapter'],
  [response('next'), 'adapter'],
  [response('dataBreakpointInfo', { dataId: null, description: 'none', accessTypes: ['read', 'write'] }), 'adapter'],
  [response('initialize', { breakpointModes: [{ mode: 'iac', label: 'IAC', appliesTo: ['source'] }] }), 'adapter'],
  [
    response('variables', {
      variables: [{ name: 'a', value: '1', variablesReference: 0, presentationHint: { attributes: ['readOnly'] } }],
    }),
    'adapter',
  ],
  [response('e500/tlb', { anything: [1] }), 'adapter'],
  [{ type: 'response', seq: 2, request_seq: 1, success: false, command: 'e500/x', message: 'no', body: {} }, 'adapter'],
  [{ ...response('next'), success: false, body: { error: { id: 1, format: 'no' } } }, 'adapter'],
  [event('stopped', { reason: 'our own', threadId: 1, hitBreakpointIds: [1] }), 'adapter'],
  [event('initialized'), 'adapter'],
  [event('terminated', { restart: { any: 'thing' } }), 'adapter'],
  [event('module', { reason: 'new', module: { id: 'text', name: 'm' } }), 'adapter'],
  [event('e500/uartOutput', { index: 0, data: 'aGk=' }), 'adapter'],
])('accepts %j', ([message, from]) => {
  expect(problemsOf(message, from)).toEqual([])
})

test.for<[Json, string]>([
  [response('threads'), 'response threads.body is missing'],
  [response('threads', { threads: [{ id: 1 }] }), 'response threads.body.threads[0].name is missing'],
  [response('threads', { threads: {} }), 'response threads.body.threads: {} is no array'],
  [response('threads', { threads: [null] }), 'response threads.body.threads[0]: null is no object'],
  [response('threads', { threads: [], count: 0 }), 'response threads.body.count is unknown to the protocol'],
  [
    response('initialize', { supportsPause: true }),
    'response initialize.body.supportsPause is unknown to the protocol',
  ],
  [
    response('dataBreakpointInfo', { dataId: 1, description: '' }),
    'response dataBreakpointInfo.body.dataId: 1 is none of string, null',
  ],
  [
    response('dataBreakpointInfo', { dataId: null, description: '', accessTypes: ['execute'] }),
    `response dataBreakpointInfo.body.accessTypes[0]: "execute" is none of 'read', 'write', 'readWrite'`,
  ],
  [{ ...response('next'), success: false }, 'response next.body is missing'],
  [{ ...response('next'), success: 'yes' }, 'response next.success: "yes" is no boolean'],
  [{ ...response('next'), id: 7 }, 'response next.id is unknown to the protocol'],
  [response('nextt'), 'response nextt: the protocol has no such message'],
  [event('stopped'), 'event stopped.body is missing'],
  [event('stopped', { reason: 'step', threadId: '1' }), 'event stopped.body.threadId: "1" is no number'],
  [
    event('output', { output: 'x', group: 'begin' }),
    `event output.body.group: "begin" is none of 'start', 'startCollapsed', 'end'`,
  ],
  [
    event('module', { reason: 'new', module: { id: true, name: 'm' } }),
    'event module.body.module.id: true is none of number, string',
  ],
  [event('paused', {}), 'event paused: the protocol has no such message'],
  [
    request('runInTerminal', { cwd: '/', args: [], env: { A: 1 } }),
    'request runInTerminal.arguments.env.A: 1 is none of string, null',
  ],
  [request('setBreakpoints', {}), 'request setBreakpoints.arguments.source is missing'],
  [{ type: 'notification', seq: 1, event: 'x' }, 'notification x: the protocol has no such message'],
])('rejects %j', ([message, problem]) => {
  expect(problemsOf(message, 'adapter')).toEqual([problem])
})

test("a client's own members are its own affair", () => {
  expect(problemsOf(request('next', { threadId: 1, private: true }), 'client')).toEqual([])
  expect(problemsOf(request('next', { private: true }), 'client')).toEqual([
    'request next.arguments.threadId is missing',
  ])
})

test('what the parser does not know is an error', () => {
  const declared = (text: string) => () => parseDeclarations(`export declare module DebugProtocol { ${text} }`)
  expect(declared('interface A { a: B & C; }')).toThrow('; expected')
  expect(declared('interface A { a: [string]; }')).toThrow('no type begins with [')
  expect(declared('enum A { a }')).toThrow('interface expected')
})
