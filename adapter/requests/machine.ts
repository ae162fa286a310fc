// e500's own requests: what no other machine has. docs/requests.md describes them for other editors.
import { bits, hex } from '../../emulator/bits.ts'
import { type DebugOwnership, interruptTable, type RegisterValues, type TlbEntry } from '../../emulator/index.ts'
import type { SprField } from '../../emulator/spr/record.ts'
import { fromBase64 } from '../base64.ts'
import { uartsOf } from '../launch/loadGuest.ts'
import { type Debuggee, debuggeeOf, livingDebuggee, type SessionState, vcpuOf } from '../state.ts'
import { either, quoted, UserError } from '../userError.ts'
import {
  ALL_GROUPS,
  ofCore,
  type RegisterDescription,
  readRegister,
  registerNamed,
} from '../variables/registerGroups.ts'
import type { Request } from '../wire/protocolSession.ts'
import { reload, showStart } from './lifecycle.ts'
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
  const shown = groups
    .map((group) => ofCore(group, debuggee.machine.model.name))
    .filter(({ registers }) => registers.length > 0)
  return { groups: shown.map(({ name, registers }) => ({ name, registers: registers.map(show) })) }
}

function showRegister(debuggee: Debuggee, index: number, description: RegisterDescription) {
  const { name, title, number, privilege, isWritable, isAddress, fields } = description
  const value = readRegister(debuggee.machine.vcpus[index]!, description) ?? 0
  const word = Number(BigInt.asIntN(32, BigInt(value)))
  const before = debuggee.registersBefore.get(`${index}.${name}`)
  const symbol = isAddress ? debuggee.program.symbolName(word, index) : undefined
  return {
    name,
    title,
    ...(symbol !== undefined && { symbol }),
    ...(number !== undefined && { number }),
    value: typeof value === 'bigint' ? `0x${value.toString(16).padStart(16, '0')}` : hex(value),
    privilege,
    writable: isWritable,
    changed: before !== undefined && before !== value,
    fields: fields.map((field) => {
      const [fieldName, from, to, fieldTitle] = field
      return { name: fieldName, from, to, value: fieldValue(word, field), title: fieldTitle }
    }),
  }
}

// ---- the three views of the debug facility ----
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

const MOST_EVENTS = 256

/** The oldest first. */
export function debugEvents(state: SessionState, args: OfThread & { count?: number }) {
  const debuggee = debuggeeOf(state)
  const { count = 20 } = args
  if (!Number.isInteger(count) || count < 1 || count > MOST_EVENTS)
    throw new UserError(`"count" is ${count}. Write a number from 1 to ${MOST_EVENTS}.`)
  const vcpu = cpuOf(debuggee, args)
  const events = debuggee.machine.debugEvents(vcpu, count).map(({ address, ...event }) => {
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

function showEntry(entry: TlbEntry) {
  const { index, way, epn, rpn, pageBytes, TID, TS, IPROT, permissions, WIMGE, partition } = entry
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
    ...partition,
  }
}

type Access = 'load' | 'store' | 'execute'
/** Which of the entry's permissions an access needs, in user and in supervisor mode. */
const NEEDED: Readonly<Record<Access, readonly [user: string, supervisor: string]>> = {
  load: ['UR', 'SR'],
  store: ['UW', 'SW'],
  execute: ['UX', 'SX'],
}

export function translate(state: SessionState, args: OfThread & { address: string; access?: string }) {
  const debuggee = debuggeeOf(state)
  const index = cpuOf(debuggee, args)
  const access = (args.access ?? 'load') as Access
  if (!Object.hasOwn(NEEDED, access))
    throw new UserError(`"access" is ${quoted(access)}. Write ${either(Object.keys(NEEDED).map(quoted))}.`)
  const address = addressOfReference(args.address)
  const physical = debuggee.machine.translate(index, address, access)
  const which = access === 'execute' ? 'Instruction' : 'Data'
  if (physical === undefined)
    return wouldTake(`${which} TLB error`, `No TLB entry maps ${hex(address)} for the present PID and address space`)
  const missing = missingPermission(debuggee, index, address, physical, access)
  if (missing) return wouldTake(`${which} storage`, `The TLB entry of ${hex(address)} lacks the permission ${missing}`)
  return { physical: `0x${physical.toString(16).padStart(9, '0')}` }
}

function wouldTake(interrupt: string, because: string) {
  const IVOR = interruptTable.find(({ name }) => name === interrupt)!.IVOR
  return { interrupt, reason: `${because}: IVOR${IVOR}.` }
}

function missingPermission(
  { machine }: Debuggee,
  index: number,
  address: number,
  physical: number,
  access: Access,
): string | undefined {
  const isThis = ({ valid, epn, rpn, pageBytes }: TlbEntry) =>
    valid && address >= epn && address < epn + pageBytes && rpn + (address - epn) === physical
  const entry = machine.tlb(index).find(isThis)
  // MSR[PR], bit 17: user mode.
  const isUser = bits(machine.vcpus[index]!.register('MSR')!, 17, 17) === 1
  const needed = NEEDED[access][isUser ? 0 : 1]
  return entry && !letters(PERMISSIONS, entry.permissions).split(' ').includes(needed) ? needed : undefined
}

// ---- the guest's consoles ----
export function uartInput(state: SessionState, { index = 0, data }: { index?: number; data: string }) {
  const bytes = fromBase64(data)
  if (!bytes) throw new UserError('"data" is not base64.')
  sendToUart(debuggeeOf(state), index, bytes)
  return {}
}
export function sendToUart({ configuration, machine, runner }: Debuggee, index: number, bytes: Uint8Array): void {
  const count = uartsOf(configuration)
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new UserError(
      count === 1
        ? `There is no UART ${index}: this board has UART 0 only. Name UART 1 in "uarts" to have it.`
        : `There is no UART ${index}: this board has UART 0 and UART 1.`,
    )
  machine.uartInput(index, bytes)
  runner.wake()
}

export function reset(state: SessionState, _: unknown, request: Request) {
  const debuggee = livingDebuggee(state)
  if (debuggee.runner.isRunning) throw new UserError('The guest is running. Pause it first.')
  reload(debuggee)
  request.afterResponse(() => showStart(state, debuggee))
  return {}
}
