// What a request must carry. A client that sends something else is answered with a sentence, and its session goes on.
import { UserError } from '../userError.ts'

/** A member with ? may be left out; [kind] is a list of it. */
type Shape = { readonly [member: string]: Kind }
type Kind = 'string' | 'number' | 'boolean' | Shape | readonly [Kind]

const step = { threadId: 'number', 'granularity?': 'string', 'singleThread?': 'boolean' } as const
const ofThread = { 'threadId?': 'number' } as const
const source = { 'path?': 'string', 'name?': 'string' } as const
const conditions = { 'condition?': 'string', 'hitCondition?': 'string' } as const
const filterOption = { filterId: 'string', 'condition?': 'string', 'mode?': 'string' } as const
const located = { ...conditions, 'mode?': 'string', 'logMessage?': 'string' } as const

const shapes: Readonly<Record<string, Shape>> = {
  setBreakpoints: { source, 'breakpoints?': [{ line: 'number', 'column?': 'number', ...located }] },
  setFunctionBreakpoints: { breakpoints: [{ name: 'string', ...conditions }] },
  setInstructionBreakpoints: { breakpoints: [{ instructionReference: 'string', 'offset?': 'number', ...located }] },
  setDataBreakpoints: { breakpoints: [{ dataId: 'string', 'accessType?': 'string', ...conditions }] },
  setExceptionBreakpoints: { filters: ['string'], 'filterOptions?': [filterOption] },
  dataBreakpointInfo: {
    name: 'string',
    'variablesReference?': 'number',
    'frameId?': 'number',
    'bytes?': 'number',
    'asAddress?': 'boolean',
    'mode?': 'string',
  },
  breakpointLocations: { source, line: 'number', 'column?': 'number', 'endLine?': 'number', 'endColumn?': 'number' },

  continue: { threadId: 'number', 'singleThread?': 'boolean' },
  next: step,
  stepIn: { ...step, 'targetId?': 'number' },
  stepOut: step,
  pause: { threadId: 'number' },

  stackTrace: { threadId: 'number', 'startFrame?': 'number', 'levels?': 'number' },
  scopes: { frameId: 'number' },
  variables: { variablesReference: 'number', 'start?': 'number', 'count?': 'number', 'filter?': 'string' },
  setVariable: { variablesReference: 'number', name: 'string', value: 'string' },
  evaluate: { expression: 'string', 'frameId?': 'number', 'context?': 'string' },
  setExpression: { expression: 'string', value: 'string', 'frameId?': 'number' },
  completions: { text: 'string', column: 'number', 'line?': 'number', 'frameId?': 'number' },

  readMemory: { memoryReference: 'string', count: 'number', 'offset?': 'number' },
  writeMemory: { memoryReference: 'string', data: 'string', 'offset?': 'number', 'allowPartial?': 'boolean' },
  disassemble: {
    memoryReference: 'string',
    instructionCount: 'number',
    'offset?': 'number',
    'instructionOffset?': 'number',
    'resolveSymbols?': 'boolean',
  },
  modules: { 'startModule?': 'number', 'moduleCount?': 'number' },

  'e500/registers': { ...ofThread, 'group?': 'string' },
  'e500/debugResources': ofThread,
  'e500/debugEvents': { ...ofThread, 'count?': 'number' },
  'e500/setOwnership': { debugOwnership: 'string' },
  'e500/tlb': ofThread,
  'e500/translate': { ...ofThread, address: 'string', 'access?': 'string' },
  'e500/uartInput': { index: 'number', data: 'string' },
}

/** The arguments, as the request's function may take them. */
export function shaped(command: string, args: unknown): unknown {
  const shape = shapes[command]
  if (!shape) return args
  const given = withoutNulls(args)
  const problem = problemOf(given, shape, '')
  if (problem) throw new UserError(`"${command}": ${problem}`)
  return given
}

/** Some clients say null for a member that they leave out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const given = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(given.map(([name, member]) => [name, withoutNulls(member)]))
}

function problemOf(value: unknown, kind: Kind, path: string): string | undefined {
  if (typeof kind === 'string') return typeof value === kind ? undefined : `"${path}" must be a ${kind}.`
  if (isListOf(kind)) {
    if (!Array.isArray(value)) return `"${path}" must be a list.`
    return firstProblem(value.map((item, n) => () => problemOf(item, kind[0], `${path}[${n}]`)))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `"${path}" must be an object.`
  return firstProblem(
    Object.entries(kind).map(
      ([member, of]) =>
        () =>
          problemOfMember(value, member, of, path),
    ),
  )
}
function problemOfMember(object: object, member: string, kind: Kind, path: string): string | undefined {
  const name = member.replace('?', '')
  const where = path === '' ? name : `${path}.${name}`
  const value: unknown = object[name as keyof object]
  if (value === undefined) return member.endsWith('?') ? undefined : `"${where}" is missing.`
  return problemOf(value, kind, where)
}

const isListOf = (kind: Shape | readonly [Kind]): kind is readonly [Kind] => Array.isArray(kind)

function firstProblem(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check()
    if (problem) return problem
  }
  return undefined
}
