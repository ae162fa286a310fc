// e500's own requests: what no other machine has. docs/requests.md describes them for other editors.
import { bits, hex } from '../../emulator/bits.ts'
import { type DebugOwnership, interruptTable, type RegisterValues, type TlbEntry } from '../../emulator/index.ts'
import type { SprField } from '../../emulator/spr/record.ts'
import { fromBase64 } from '../base64.ts'
import { type Debuggee, debuggeeOf, type SessionState, vcpuOf } from '../state.ts'
import { UserError } from '../userError.ts'
import { ALL_GROUPS, type RegisterDescription, registerNamed } from '../variables/registerGroups.ts'
import { reload } from './lifecycle.ts'
import { addressOfReference } from './memory.ts'

interface OfThread {
  readonly threadId?: number
}
const cpuOf = (debuggee: Debuggee, { threadId = 1 }: OfThread) => vcpuOf(debuggee, threadId)

const fieldValue = (word: number, [, from, to]: SprField) => bits(word, from, to)

// ---- registers ----
export function registers(state: SessionState, args: OfThread & { group?: string }) {
  const debuggee = debuggeeOf(state)
  const index = cpuOf(debuggee, args)
  const groups = ALL_GROUPS.filter(({ name }) => args.group === undefined || name === args.group)
  if (groups.length === 0)
    throw new UserError(
      `There is no group "${args.group}". There are: ${ALL_GROUPS.map(({ name }) => name).join(', ')}.`,
    )
  const show = (register: RegisterDescription) => showRegister(debuggee, index, register)
  return { groups: groups.map(({ name, registers }) => ({ name, registers: registers.map(show) })) }
}

function showRegister(
  debuggee: Debuggee,
  index: number,
  { name, title, number, privilege, isWritable, fields }: RegisterDescription,
) {
  const word = debuggee.machine.vcpus[index]!.register(name) ?? 0
  const before = debuggee.registersBefore.get(`${index}.${name}`)
  return {
    name,
    title,
    ...(number !== undefined && { number }),
    value: hex(word),
    privilege,
    writable: isWritable,
    changed: before !== undefined && before !== word,
    fields: fields.map((field) => {
      const [fieldName, from, to, fieldTitle] = field
      return { name: fieldName, from, to, value: fieldValue(word, field), title: fieldTitle }
    }),
  }
}

// ---- the three views of the debug facility ----
export function debugResources(state: SessionState, args: OfThread) {
  const debuggee = debuggeeOf(state)
  const { ownership, guest, host, hardware, slots, overlays } = debuggee.machine.debugResources(cpuOf(debuggee, args))
  const owner = (place: number | undefined) => (place === undefined ? {} : ownerOf(debuggee, place))
  return {
    ownership,
    hypervisor: 'none',
    guest: named(guest),
    host: {
      request: {
        ...host.request,
        singleStep: false,
        swBreakpoints: host.request.swBreakpoints.map(({ id, address }) => ({ ...owner(id), address: hex(address) })),
        hwBreakpoints: host.request.hwBreakpoints.map(({ id, address, type }) => ({
          ...owner(id),
          address: hex(address),
          type,
        })),
      },
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

export function setOwnership(state: SessionState, { debugOwnership }: { debugOwnership?: DebugOwnership }) {
  const { machine } = debuggeeOf(state)
  if (debugOwnership !== 'shared' && debugOwnership !== 'host' && debugOwnership !== 'guest')
    throw new UserError(`"debugOwnership" is ${JSON.stringify(debugOwnership)}. Write "shared", "host" or "guest".`)
  machine.hostDebug.setOwnership(debugOwnership)
  if (state.client.supportsInvalidatedEvent) state.send('invalidated', { areas: ['variables'] })
  return { debugOwnership }
}

// ---- translation ----
export function tlb(state: SessionState, args: OfThread) {
  const debuggee = debuggeeOf(state)
  const entries = debuggee.machine.tlb(cpuOf(debuggee, args))
  const shown = (array: 0 | 1) => entries.filter(({ tlb, valid }) => tlb === array && valid).map(showEntry)
  return { tlb0: shown(0), tlb1: shown(1) }
}
const PERMISSIONS = ['UX', 'SX', 'UW', 'SW', 'UR', 'SR']
const STORAGE = ['W', 'I', 'M', 'G', 'E']
const letters = (names: readonly string[], value: number) =>
  names.filter((_, n) => value & (1 << (names.length - 1 - n))).join(' ')

function showEntry({ index, way, epn, rpn, pageBytes, TID, TS, IPROT, permissions, WIMGE }: TlbEntry) {
  return {
    index,
    ...(way !== undefined && { way }),
    epn: hex(epn),
    rpn: `0x${rpn.toString(16).padStart(9, '0')}`,
    pageBytes,
    TID,
    TS,
    IPROT,
    permissions: letters(PERMISSIONS, permissions),
    WIMGE: letters(STORAGE, WIMGE),
  }
}

const ACCESSES = ['load', 'store', 'execute'] as const

export function translate(state: SessionState, args: OfThread & { address: string; access?: string }) {
  const debuggee = debuggeeOf(state)
  const access = ACCESSES.find((one) => one === (args.access ?? 'load'))
  if (!access)
    throw new UserError(`"access" is "${args.access}". Write ${ACCESSES.map((one) => `"${one}"`).join(', ')}.`)
  const physical = debuggee.machine.translate(cpuOf(debuggee, args), addressOfReference(args.address), access)
  if (physical !== undefined) return { physical: `0x${physical.toString(16).padStart(9, '0')}` }
  const name = access === 'execute' ? 'Instruction TLB error' : 'Data TLB error'
  const IVOR = interruptTable.find((row) => row.name === name)!.IVOR
  return {
    interrupt: name,
    reason: `No TLB entry maps ${args.address} for the present PID and address space: IVOR${IVOR}.`,
  }
}

// ---- the guest's consoles ----
export function uartInput(state: SessionState, { index = 0, data }: { index?: number; data: string }) {
  const bytes = fromBase64(data)
  if (!bytes) throw new UserError('"data" is not base64.')
  sendToUart(debuggeeOf(state), index, bytes)
  return {}
}
export function sendToUart({ machine, runner }: Debuggee, index: number, bytes: Uint8Array): void {
  if (index !== 0) throw new UserError(`There is no UART ${index}: this board has UART 0 only.`)
  machine.uartInput(index, bytes)
  runner.wake()
}

export function reset(state: SessionState) {
  const debuggee = debuggeeOf(state)
  if (debuggee.runner.isRunning) throw new UserError('The guest is running. Pause it first.')
  reload(debuggee)
  return {}
}
