// Values as the Variables view shows and sets them.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { setFromText } from '../expression/setFromText.ts'
import type { Frame } from '../stack/frame.ts'
import { type Debuggee, type SessionState, stoppedDebuggee } from '../state.ts'
import { UserError } from '../userError.ts'
import { addressOf, childCount, children, memoryReference, type NamedValue, typeOf } from '../values/children.ts'
import { type FormatContext, format } from '../values/format.ts'
import type { Display } from '../values/formatNumber.ts'
import { sizeOf } from '../values/types.ts'
import type { ValueMemory } from '../values/value.ts'
import type { Container } from '../variables/container.ts'
import { frameContext } from '../variables/frameContext.ts'
import { memoryChanged } from './memory.ts'

function containerOf({ view }: Debuggee, reference: number): Container {
  const container = view.containers.get(reference)
  if (container) return container
  throw new UserError('These variables belong to an earlier stop. Ask for the scopes anew.')
}

function valuesIn(container: Container, window: { start?: number; count?: number } = {}): readonly NamedValue[] {
  return container.kind === 'scope' ? container.values() : children(container.value, container.frame.memory, window)
}

export function variables(state: SessionState, args: DebugProtocol.VariablesArguments) {
  const debuggee = stoppedDebuggee(state)
  const container = containerOf(debuggee, args.variablesReference)
  const isArray = container.kind === 'value' && childCount(container.value, container.frame.memory).indexed > 0
  if ((args.filter === 'indexed' && !isArray) || (args.filter === 'named' && isArray)) return { variables: [] }
  const { memory } = container.frame
  const { start, count } = args
  const window = { ...(start !== undefined && { start }), ...(count && { count }) }
  const { frame } = container
  const values = valuesIn(container, window).map((value) => ({
    ...toVariable(debuggee, value, memory, frame, displayOf(args.format)),
    ...(value.expression !== undefined && { evaluateName: value.expression }),
  }))
  return { variables: values }
}

export function formatContext(debuggee: Debuggee, memory: ValueMemory, vcpu: number, display?: Display): FormatContext {
  return {
    memory,
    symbolName: (address) => debuggee.program.symbolName(address, vcpu),
    display,
  }
}

/** With a reference to its parts where it has any. */
export function toVariable(
  debuggee: Debuggee,
  named: NamedValue,
  memory: ValueMemory,
  frame: Frame,
  display?: Display,
): DebugProtocol.Variable {
  const { name, value } = named
  const { named: names, indexed } = childCount(named, memory)
  const reference = memoryReference(value, memory)
  const container: Container = { kind: 'value', frame, value: named }
  return {
    name,
    value: format(value, formatContext(debuggee, memory, frame.vcpu, display)),
    type: value.place.kind === 'cell' ? 'register' : typeOf(value),
    variablesReference: names + indexed > 0 ? debuggee.view.containers.add(container) : 0,
    ...(names > 0 && { namedVariables: names }),
    ...(indexed > 0 && { indexedVariables: indexed }),
    ...(reference !== undefined && { memoryReference: hex(reference) }),
  }
}

export function childNamed(
  debuggee: Debuggee,
  reference: number,
  name: string,
): { child: NamedValue; container: Container } {
  const container = containerOf(debuggee, reference)
  const index = /^\[(\d+)\]$/.exec(name)?.[1]
  const first = container.kind === 'value' ? (container.value.firstIndex ?? 0) : 0
  const window = index === undefined ? {} : { start: Number(index) - first, count: 1 }
  const child = valuesIn(container, window).find((value) => value.name === name)
  if (!child) throw new UserError(`There is no "${name}" in there.`)
  return { child, container }
}

const displayOf = (format: DebugProtocol.ValueFormat | undefined): Display | undefined =>
  format?.hex ? 'hex' : undefined

export function setVariable(state: SessionState, args: DebugProtocol.SetVariableArguments) {
  const debuggee = stoppedDebuggee(state)
  const { child, container } = childNamed(debuggee, args.variablesReference, args.name)
  const { name: _, ...shown } = setValue(state, debuggee, child, args.value, container.frame, displayOf(args.format))
  return shown
}

/** Writes what a person typed, tells other views, and shows the value as it reads now. */
export function setValue(
  state: SessionState,
  debuggee: Debuggee,
  named: NamedValue,
  text: string,
  frame: Frame,
  display?: Display,
): DebugProtocol.Variable {
  setFromText(named.value, text, frameContext(state, debuggee, frame, true))
  const address = addressOf(named.value)
  if (address !== undefined) memoryChanged(state, address, sizeOf(named.value.type))
  return toVariable(debuggee, named, frame.memory, frame, display)
}
