// What a data breakpoint may watch: a variable of the Variables view, an expression, or bytes at an address.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { compile, parse } from '../expression/expression.ts'
import { type Debuggee, debuggeeOf, type SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import { addressOf } from '../values/children.ts'
import { sizeOf } from '../values/types.ts'
import type { Value } from '../values/value.ts'
import { contextOf } from '../variables/contextOf.ts'
import { dataId } from './breakpoints.ts'
import { addressOfReference } from './memory.ts'
import { childNamed } from './variables.ts'

interface Watchable {
  readonly address: number
  readonly length: number
  readonly name: string
}

export function dataBreakpointInfo(state: SessionState, args: DebugProtocol.DataBreakpointInfoArguments) {
  const debuggee = debuggeeOf(state)
  try {
    const { address, length, name } = watchable(state, debuggee, args)
    return {
      dataId: dataId(address, length, args.mode, name),
      description: `${name} (${length} ${length === 1 ? 'byte' : 'bytes'} at ${hex(address)})`,
      accessTypes: ['read', 'write', 'readWrite'] satisfies DebugProtocol.DataBreakpointAccessType[],
      canPersist: true,
    }
  } catch (error) {
    // The protocol's way to say that this cannot be watched, and why.
    if (error instanceof UserError) return { dataId: null, description: error.message }
    throw error
  }
}

function watchable(
  state: SessionState,
  debuggee: Debuggee,
  args: DebugProtocol.DataBreakpointInfoArguments,
): Watchable {
  if (args.asAddress) return { address: addressOfReference(args.name), length: args.bytes ?? 4, name: args.name }
  if (args.variablesReference !== undefined && args.variablesReference > 0) {
    const { child } = childNamed(debuggee, args.variablesReference, args.name)
    return place(child.value, child.expression ?? child.name, args.bytes)
  }
  // Not read: what the guest has not mapped yet can be watched, too.
  const value = compile(parse(args.name), contextOf(state, debuggee, args.frameId, false))()
  return place(value, args.name, args.bytes)
}

function place(value: Value, name: string, bytes: number | undefined): Watchable {
  const address = addressOf(value)
  if (address === undefined)
    throw new UserError(
      `${name} is not in memory here (a register or a computed value), so no access to it can be watched.`,
    )
  return { address, length: bytes ?? Math.max(1, sizeOf(value.type)), name }
}
