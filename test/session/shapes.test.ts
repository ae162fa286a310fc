// What a client sends against the protocol's types: each member that @vscode/debugprotocol says must be there left out, and each
// member as something that it is not. That is refused, or does no harm, and the session lives.
import { expect, test } from 'vitest'
import { Refused } from '../support/dap/client.ts'
import { problemsOfLog } from '../support/dap/log.ts'
import { type Json, problemsOf, requests } from '../support/dap/schema.ts'
import { sampleSession } from '../support/dap/session.ts'

const reference = '0xc0000000'
/** Right in every member that the adapter reads. */
const RIGHT: Readonly<Record<string, Json>> = {
  setBreakpoints: {
    source: { path: '/user.c', name: 'user.c' },
    breakpoints: [{ line: 1, column: 1, condition: '1', hitCondition: '1', logMessage: 'x', mode: 'auto' }],
  },
  setFunctionBreakpoints: { breakpoints: [{ name: 'main', condition: '1', hitCondition: '1' }] },
  setInstructionBreakpoints: {
    breakpoints: [{ instructionReference: reference, offset: 0, condition: '1', hitCondition: '1', mode: 'auto' }],
  },
  setDataBreakpoints: { breakpoints: [{ dataId: 'x', accessType: 'read', condition: '1', hitCondition: '1' }] },
  setExceptionBreakpoints: { filters: ['Program'], filterOptions: [{ filterId: 'Program', condition: '1' }] },
  dataBreakpointInfo: { name: 'ring', variablesReference: 0, frameId: 1, bytes: 4, asAddress: false, mode: 'auto' },
  breakpointLocations: { source: { path: '/user.c' }, line: 1, column: 1, endLine: 2, endColumn: 2 },
  continue: { threadId: 9, singleThread: false },
  next: { threadId: 9, singleThread: false, granularity: 'line' },
  stepIn: { threadId: 9, singleThread: false, targetId: 1, granularity: 'line' },
  stepOut: { threadId: 9, singleThread: false, granularity: 'line' },
  pause: { threadId: 1 },
  stackTrace: { threadId: 1, startFrame: 0, levels: 1 },
  scopes: { frameId: 1 },
  variables: { variablesReference: 1, filter: 'named', start: 0, count: 1 },
  setVariable: { variablesReference: 1, name: 'r5', value: '1' },
  evaluate: { expression: '1', frameId: 1, context: 'watch' },
  setExpression: { expression: '$r5', value: '1', frameId: 1 },
  completions: { text: 'a', column: 1, line: 1, frameId: 1 },
  readMemory: { memoryReference: reference, offset: 0, count: 4 },
  writeMemory: { memoryReference: reference, offset: 0, allowPartial: false, data: '' },
  disassemble: {
    memoryReference: reference,
    offset: 0,
    instructionOffset: 0,
    instructionCount: 1,
    resolveSymbols: true,
  },
  modules: { startModule: 0, moduleCount: 1 },
  'e500/registers': { threadId: 1, group: 'MSR' },
  'e500/debugResources': { threadId: 1 },
  'e500/debugEvents': { threadId: 1, count: 1 },
  'e500/setOwnership': { debugOwnership: 'shared' },
  'e500/tlb': { threadId: 1 },
  'e500/translate': { threadId: 1, address: reference, access: 'load' },
  'e500/uartInput': { index: 0, data: '' },
}
const WRONG = [null, 7.5, 'text', true, [], [[]], {}]

/** Each member once left out and once as everything else, wherever it stands. */
function wrongOnes(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...WRONG, ...value.flatMap((item) => wrongOnes(item).map((wrong) => [wrong]))]
  if (typeof value !== 'object' || value === null) return WRONG
  return [
    ...WRONG,
    ...Object.entries(value).flatMap(([name, inner]) => [
      Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
      ...wrongOnes(inner).map((wrong) => ({ ...value, [name]: wrong })),
    ]),
  ]
}
const asRequest = (command: string, args: unknown) => ({ type: 'request', seq: 1, command, arguments: args }) as Json

test.each(Object.keys(RIGHT))('%s', async (command) => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.start()
  const isOurs = !requests.has(command)
  expect(isOurs ? [] : problemsOf(asRequest(command, RIGHT[command]), 'client')).toEqual([])
  for (const args of wrongOnes(RIGHT[command])) {
    const answer = await session.client.request(command, args as object).catch((error: unknown) => error)
    const isIncomplete = problemsOf(asRequest(command, args), 'client').some((problem) =>
      problem.endsWith('is missing'),
    )
    if (isIncomplete) expect({ args, answer }).toEqual({ args, answer: expect.any(Refused) })
    expect(session.client.log.filter(({ message }) => message.event === 'terminated')).toEqual([])
  }
  await session.request('threads')
  session.client.hangUp()
  await session.client.over()
  // What this client sent is no part of it.
  expect(problemsOfLog(session.client.log).filter((problem) => !problem.startsWith('client: request'))).toEqual([])
})
