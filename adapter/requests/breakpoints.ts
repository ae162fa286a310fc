// Breakpoints of every kind. Each set replaces the ones before it; a mistake in one leaves the others standing.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import type { BreakpointKind, BreakpointRequest, EditorBreakpoint, Where } from '../breakpoints/breakpointStore.ts'
import { conditionOf, logOf } from '../breakpoints/condition.ts'
import { hitCondition } from '../breakpoints/hitCondition.ts'
import { refused, toBreakpoint } from '../breakpoints/toBreakpoint.ts'
import { nearest } from '../nearest.ts'
import type { LinkAddress } from '../program/program.ts'
import { type Debuggee, debuggeeOf, type SessionState } from '../state.ts'
import type { SymbolStore } from '../symbols/model.ts'
import { either, quoted, UserError } from '../userError.ts'
import { addressOfReference } from './memory.ts'

/** What all kinds have in common. */
interface Asked {
  readonly condition?: string
  readonly hitCondition?: string
  readonly logMessage?: string
  readonly mode?: string
}
export const WITHOUT_DEBUGGER = 'The guest runs without the debugger ("noDebug").'
type Answer = { readonly breakpoints: DebugProtocol.Breakpoint[] }

/** Each item asked for becomes a request to the store or a refusal; the answers keep the order. */
function replaceAll<T extends Asked>(
  state: SessionState,
  belongs: (breakpoint: EditorBreakpoint) => boolean,
  items: readonly T[],
  request: (item: T, debuggee: Debuggee) => BreakpointRequest,
): Answer {
  const debuggee = debuggeeOf(state)
  const prepared = items.map((item) => orRefusal(() => request(item, debuggee)))
  const wanted = prepared.filter((one): one is BreakpointRequest => !('message' in one))
  const known = new Set(debuggee.breakpoints.all().map(({ id }) => id))
  const placed = debuggee.configuration.noDebug ? [] : debuggee.breakpoints.replace(belongs, wanted)
  passHere(
    debuggee,
    placed.filter(({ id }) => !known.has(id)),
  )
  let n = 0
  const breakpoints = prepared.map((one) => {
    if ('message' in one) return refused(one.message)
    const breakpoint = placed[n++]
    return breakpoint ? toBreakpoint(breakpoint, debuggee) : refused(WITHOUT_DEBUGGER)
  })
  return { breakpoints }
}

/** A breakpoint that is made where the guest stands is for the next time that it comes there, as gdb has it. */
function passHere({ machine, view: { stop } }: Debuggee, made: readonly EditorBreakpoint[]): void {
  if (!stop) return
  const pc = machine.vcpus[stop.vcpu]!.register('pc')! >>> 0
  if (made.some(({ addresses, places, where }) => where.kind !== 'data' && places.length > 0 && addresses.includes(pc)))
    machine.passStop(stop.vcpu)
}

function orRefusal(work: () => BreakpointRequest): BreakpointRequest | { readonly message: string } {
  try {
    return work()
  } catch (error) {
    if (error instanceof UserError) return { message: error.message }
    throw error
  }
}

const CODE_MODES = ['auto', 'iac', 'trap'] as const
const DATA_MODES = ['auto', 'dac'] as const

function modeOf<M extends string>(mode: string | undefined, modes: readonly M[], otherwise: M): M {
  if (mode === undefined) return otherwise
  const known = modes.find((candidate) => candidate === mode)
  if (!known)
    throw new UserError(`"${mode}" is no mode of this kind of breakpoint. Choose ${either(modes.map(quoted))}.`)
  return known
}

function asked(
  state: SessionState,
  debuggee: Debuggee,
  kind: BreakpointKind,
  item: Asked,
  mode: BreakpointRequest['mode'],
  where: Where,
  key: string,
): BreakpointRequest {
  const { condition, hitCondition: hits, logMessage } = item
  return {
    kind,
    mode,
    where,
    key: JSON.stringify([key, mode, condition, hits, logMessage]),
    condition: condition ? conditionOf(condition, state, debuggee) : undefined,
    hitCondition: hits ? hitCondition(hits) : undefined,
    log: logMessage ? logOf(logMessage, state, debuggee) : undefined,
  }
}

export function setBreakpoints(state: SessionState, args: DebugProtocol.SetBreakpointsArguments): Answer {
  const { path } = args.source
  if (path === undefined) throw new UserError('Breakpoints need a source with a "path".')
  const belongs = ({ kind, key }: EditorBreakpoint) => kind === 'source' && key.startsWith(`["${escaped(path)}`)
  const shift = state.client.linesStartAt1 ? 0 : 1
  return replaceAll(state, belongs, args.breakpoints ?? [], (item, debuggee) => {
    const line = item.line + shift
    const { links, line: found } = placeOfLine(debuggee, path, line)
    const mode = modeOf(item.mode, CODE_MODES, debuggee.configuration.breakpointPlacement)
    return asked(state, debuggee, 'source', item, mode, { kind: 'code', links, line: found }, `${path}:${line}`)
  })
}
/** As it stands inside a JSON text, with the colon that ends it. */
const escaped = (path: string) => JSON.stringify(`${path}:`).slice(1, -1)

/** The line that has code, at or after the one asked for, and where. */
function placeOfLine(
  { program, sources }: Debuggee,
  path: string,
  line: number,
): { links: LinkAddress[]; line: number } {
  const recorded = sources.recorded(path)
  const found = program.modules.flatMap((module) => {
    const answer = module.symbols.addressesOfLine(recorded, line)
    return answer ? [{ module, ...answer }] : []
  })
  const links = found.flatMap(({ module, addresses }) => addresses.map((address) => ({ module, address })))
  if (links.length > 0) return { links, line: found[0]!.line }
  const knows = program.modules.some(({ symbols }) => symbols.linesOf(recorded).length > 0)
  throw new UserError(
    knows
      ? `No code is at or after line ${line} of ${path}. Choose a line above it.`
      : `${path} has no code in ${program.modules.map(({ name }) => name).join(', ')}. If it was built elsewhere, map its folder with "sourceFileMap".`,
  )
}

export function setFunctionBreakpoints(
  state: SessionState,
  args: DebugProtocol.SetFunctionBreakpointsArguments,
): Answer {
  return replaceAll(
    state,
    ({ kind }) => kind === 'function',
    args.breakpoints,
    (item: DebugProtocol.FunctionBreakpoint & Asked, debuggee) => {
      const links = debuggee.program.modules.flatMap((module) =>
        addressesOfFunction(module.symbols, item.name).map((address) => ({ module, address })),
      )
      if (links.length === 0) throw new UserError(`There is no function "${item.name}".${alike(debuggee, item.name)}`)
      const mode = modeOf(item.mode, CODE_MODES, debuggee.configuration.breakpointPlacement)
      return asked(state, debuggee, 'function', item, mode, { kind: 'code', links, name: item.name }, item.name)
    },
  )
}
/** Where its code begins: behind the prologue, and in each copy that was inlined somewhere. */
function addressesOfFunction(symbols: SymbolStore, name: string): readonly number[] {
  const own = symbols.functionsNamed(name).map((entry) => symbols.afterPrologue(entry))
  return [...new Set([...own, ...symbols.inlinedCopiesOf(name)])]
}
function alike({ program }: Debuggee, name: string): string {
  const matching = (text: string, limit: number) =>
    program.modules.flatMap(({ symbols }) => symbols.symbolsMatching(text, limit)).map((symbol) => symbol.name)
  const names = [...new Set([...nearest(name, matching(name.slice(0, 3), 1000), 3), ...matching(name, 3)])].slice(0, 3)
  return names.length > 0 ? ` There is ${names.map((one) => `"${one}"`).join(', ')}.` : ''
}

export function setInstructionBreakpoints(
  state: SessionState,
  args: DebugProtocol.SetInstructionBreakpointsArguments,
): Answer {
  return replaceAll(
    state,
    ({ kind }) => kind === 'instruction',
    args.breakpoints,
    (item, debuggee) => {
      const address = addressOfReference(item.instructionReference, item.offset)
      if (address & 3) throw new UserError(`${hex(address)} is no instruction's address: those are multiples of 4.`)
      const mode = modeOf(item.mode, CODE_MODES, debuggee.configuration.breakpointPlacement)
      return asked(state, debuggee, 'instruction', item, mode, { kind: 'address', address }, hex(address))
    },
  )
}

/** Travels through the client and back, and may be kept from one session to the next. Access comes with the request. */
interface DataId {
  readonly address: number
  readonly length: number
  readonly mode: (typeof DATA_MODES)[number]
  readonly name: string
}
const ACCESS = { read: 'load', write: 'store', readWrite: 'both' } as const

/** `0xc000c0a0+4 dac watched_counter`. */
export const dataId = (address: number, length: number, mode: string | undefined, name: string) =>
  `${hex(address)}+${bytesAt(address, length)} ${modeOf(mode, DATA_MODES, 'auto')} ${name}`

/** An object has a byte at least, and ends where addresses end. */
function bytesAt(address: number, length: number): number {
  const most = 2 ** 32 - address
  if (Number.isInteger(length) && length >= 1 && length <= most) return length
  throw new UserError(`${length} bytes at ${hex(address)} cannot be watched. Write a number from 1 to ${most}.`)
}

export function setDataBreakpoints(state: SessionState, args: DebugProtocol.SetDataBreakpointsArguments): Answer {
  return replaceAll(
    state,
    ({ kind }) => kind === 'data',
    args.breakpoints,
    (item, debuggee) => {
      const { address, length, mode, name } = parsedDataId(item.dataId)
      const access = ACCESS[item.accessType ?? 'write']
      return asked(
        state,
        debuggee,
        'data',
        item,
        mode,
        { kind: 'data', address, length, access, name },
        `${item.dataId} ${access}`,
      )
    },
  )
}
function parsedDataId(text: string): DataId {
  const [, address, length, mode, name] = /^(0x[\da-f]{8})\+([1-9]\d*) (auto|dac) (.+)$/s.exec(text ?? '') ?? []
  if (name === undefined)
    throw new UserError(
      `${JSON.stringify(text)} is no "dataId" of this adapter. Ask for one with "dataBreakpointInfo".`,
    )
  return {
    address: Number(address),
    length: bytesAt(Number(address), Number(length)),
    mode: modeOf(mode, DATA_MODES, 'auto'),
    name,
  }
}

export function breakpointLocations(state: SessionState, args: DebugProtocol.BreakpointLocationsArguments) {
  const { program, sources } = debuggeeOf(state)
  const shift = state.client.linesStartAt1 ? 0 : 1
  const from = args.line + shift
  const to = (args.endLine ?? args.line) + shift
  const path = sources.recorded(args.source.path ?? '')
  const lines = new Set(program.modules.flatMap(({ symbols }) => symbols.linesOf(path)))
  const inRange = [...lines].filter((line) => line >= from && line <= to).sort((a, b) => a - b)
  return { breakpoints: inRange.map((line) => ({ line: line - shift })) }
}
