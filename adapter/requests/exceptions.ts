// Exception breakpoints: one filter for each interrupt of the core's table.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { GUEST_DEBUG_DENIED, GUEST_DEBUG_WRITE, interruptTable } from '../../emulator/index.ts'
import { conditionOf } from '../breakpoints/condition.ts'
import { debuggeeOf, type SessionState, stoppedDebuggee } from '../state.ts'
import { UserError } from '../userError.ts'
import { WITHOUT_DEBUGGER } from './breakpoints.ts'

const filter = (name: string, label: string, description: string): DebugProtocol.ExceptionBreakpointsFilter => ({
  filter: name,
  label,
  description,
  default: false,
  supportsCondition: true,
  conditionDescription: 'A C expression, for example $srr0 == 0xc0001234',
})

/** The guest's own debugger fires: the debug interrupt is taken. */
const GUEST_DEBUGGER = 'Guest debugger'

export const exceptionFilters: DebugProtocol.ExceptionBreakpointsFilter[] = [
  ...interruptTable.map(({ name, IVOR }) =>
    filter(
      name,
      `${name} (IVOR${IVOR})`,
      `Stop when a ${name} interrupt is taken, at the first instruction of its handler`,
    ),
  ),
  filter(GUEST_DEBUGGER, "Guest's debugger fires", "Stop when the guest's own debugger gets an event"),
  filter(
    GUEST_DEBUG_WRITE,
    'Guest writes a debug register',
    'Stop after the guest has written to DBCR, DBSR, IAC or DAC',
  ),
  filter(
    GUEST_DEBUG_DENIED,
    'Guest is denied a debug register',
    'Stop where the guest writes to a debug register that the debugger owns',
  ),
]

const known = new Set(exceptionFilters.map(({ filter }) => filter))

export function setExceptionBreakpoints(state: SessionState, args: DebugProtocol.SetExceptionBreakpointsArguments) {
  const debuggee = debuggeeOf(state)
  const plain = args.filters.map((filterId) => ({ filterId }))
  const options: DebugProtocol.ExceptionFilterOptions[] = [...plain, ...(args.filterOptions ?? [])]
  const catches = new Map<string, ((interrupted: { vcpu: number; from: number }) => boolean)[]>()
  const breakpoints = options.map(({ filterId, condition }): DebugProtocol.Breakpoint => {
    try {
      if (!known.has(filterId)) throw new UserError(`"${filterId}" is no interrupt of this core.`)
      if (debuggee.configuration.noDebug) throw new UserError(WITHOUT_DEBUGGER)
      const holds = condition ? conditionOf(condition, state, debuggee) : undefined
      const name = filterId === GUEST_DEBUGGER ? 'Debug' : filterId
      const wants = ({ vcpu, from }: { vcpu: number; from: number }) =>
        holds?.({ kind: 'breakpoint', vcpu, address: from, ids: [] }) ?? true
      catches.set(name, [...(catches.get(name) ?? []), wants])
      return { verified: true }
    } catch (error) {
      if (error instanceof UserError) return { verified: false, reason: 'failed', message: error.message }
      throw error
    }
  })
  debuggee.catches = catches
  debuggee.machine.hostDebug.catchInterrupts(new Set(catches.keys()))
  return { breakpoints }
}

/** What tells of an interrupt, as far as the core has it. */
const SAVED = ['SRR0', 'SRR1', 'ESR', 'DEAR', 'CSRR0', 'CSRR1', 'DSRR0', 'DSRR1', 'GSRR0', 'GSRR1', 'DBSR']

export function exceptionInfo(state: SessionState): DebugProtocol.ExceptionInfoResponse['body'] {
  const { view, machine } = stoppedDebuggee(state)
  const { stop } = view
  if (stop?.reason !== 'exception') throw new UserError('The guest did not stop at an interrupt.')
  const { interrupt, text: description = stop.description } = stop
  if (!interrupt) return { exceptionId: 'lost', description, breakMode: 'always' }
  const vcpu = machine.vcpus[stop.vcpu]!
  const register = (name: string) => {
    const value = vcpu.register(name)
    return value === undefined ? [] : [`${name} = ${hex(value)}`]
  }
  const details = SAVED.flatMap(register).join(', ')
  return {
    exceptionId: interrupt.name,
    description,
    breakMode: 'always',
    details: { message: details },
  }
}
