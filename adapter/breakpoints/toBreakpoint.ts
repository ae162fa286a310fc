// A breakpoint as the protocol shows it.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import type { LinkAddress } from '../program/program.ts'
import { type SourceContext, toSource } from '../program/toSource.ts'
import { type EditorBreakpoint, messageOf } from './breakpointStore.ts'

/** A breakpoint that never came to be, with the way out. */
export const refused = (message: string): DebugProtocol.Breakpoint => ({ verified: false, reason: 'failed', message })

export function toBreakpoint(breakpoint: EditorBreakpoint, context: SourceContext): DebugProtocol.Breakpoint {
  const { id, places, addresses, where } = breakpoint
  const verified = places.length > 0
  const message = messageOf(breakpoint)
  return {
    id,
    verified,
    // What is in the way may go: the store tries again.
    ...(!verified && { reason: 'pending' }),
    ...(message !== undefined && { message }),
    ...(where.kind !== 'data' && addresses[0] !== undefined && { instructionReference: hex(addresses[0]) }),
    ...(where.kind === 'code' && where.links[0] && lineOf(where.links[0], context)),
  }
}

function lineOf({ module, address }: LinkAddress, context: SourceContext) {
  const row = module.symbols.lineAt(address)
  return row && { source: toSource(row.file, module, context), line: row.line }
}
