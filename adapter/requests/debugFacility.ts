// The three views of the debug facility, its last events, and who owns it (docs/requests.md).
import { hex } from '../../emulator/bits.ts'
import type { DebugOwnership, RegisterValues } from '../../emulator/index.ts'
import { type Debuggee, debuggeeOf, type SessionState } from '../state.ts'
import { quoted, UserError } from '../userError.ts'
import { registerNamed } from '../variables/registerGroups.ts'
import { cpuOf, fieldValue, howMany, type OfThread } from './ofThread.ts'

export function debugResources(state: SessionState, args: OfThread) {
  const debuggee = debuggeeOf(state)
  const resources = debuggee.machine.debugResources(cpuOf(debuggee, args))
  const { ownership, hypervisor, guest, host, hardware, slots, overlays } = resources
  const owner = (place: number | undefined) => (place === undefined ? {} : ownerOf(debuggee, place))
  return {
    ownership,
    hypervisor,
    guest: named(guest),
    host: {
      request: {
        ...host.request,
        control: hex(host.request.control),
        swBreakpoints: host.request.swBreakpoints.map(({ id, address }) => ({ ...owner(id), address: hex(address) })),
        hwBreakpoints: host.request.hwBreakpoints.map(({ id, address, type }) => ({
          ...owner(id),
          address: hex(address),
          type,
        })),
      },
      ...(host.exit && { exit: { status: host.exit.status, address: hex(host.exit.address) } }),
      registers: named(host.registers),
    },
    hardware: named(hardware),
    slots: Object.fromEntries(
      Object.entries(slots).map(([slot, holder]) => [
        slot,
        {
          owner: holder.owner,
          ...owner(holder.breakpointId),
          ...(holder.address !== undefined && { address: hex(holder.address) }),
        },
      ]),
    ),
    overlays: overlays.map(({ id, address, length }) => ({ ...owner(id), address: hex(address), length })),
  }
}
/** The client knows its breakpoints, not the places where they stand. */
function ownerOf({ breakpoints }: Debuggee, place: number): { breakpointId?: number } {
  const breakpoint = breakpoints.all().find(({ places }) => places.includes(place))
  return breakpoint ? { breakpointId: breakpoint.id } : {}
}
function named(values: Partial<RegisterValues>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, word]) => {
      const fields = registerNamed(name)?.fields ?? []
      return [
        name,
        { value: hex(word), fields: Object.fromEntries(fields.map((field) => [field[0], fieldValue(word, field)])) },
      ]
    }),
  )
}

/** The oldest first. */
export function debugEvents(state: SessionState, args: OfThread & { count?: number }) {
  const debuggee = debuggeeOf(state)
  const vcpu = cpuOf(debuggee, args)
  const events = debuggee.machine.debugEvents(vcpu, howMany(args)).map(({ address, ...event }) => {
    const symbol = debuggee.program.symbolName(address, vcpu)
    return { ...event, address: hex(address), ...(symbol && { symbol }) }
  })
  return { events }
}

export function setOwnership(state: SessionState, { debugOwnership }: { debugOwnership?: DebugOwnership }) {
  const { machine, breakpoints } = debuggeeOf(state)
  if (debugOwnership !== 'shared' && debugOwnership !== 'host' && debugOwnership !== 'guest')
    throw new UserError(`"debugOwnership" is ${quoted(debugOwnership)}. Write "shared", "host" or "guest".`)
  machine.hostDebug.setOwnership(debugOwnership)
  breakpoints.ownershipChanged()
  if (state.client.supportsInvalidatedEvent) state.send('invalidated', { areas: ['variables'] })
  return { debugOwnership }
}
