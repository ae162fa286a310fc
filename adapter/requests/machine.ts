// The registers, the guest's consoles, and its reset, as requests of our own (docs/requests.md).
import { hex } from '../../emulator/bits.ts'
import { fromBase64 } from '../base64.ts'
import { uartsOf } from '../launch/loadGuest.ts'
import { type Debuggee, debuggeeOf, livingDebuggee, type SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import { ALL_GROUPS, ofCore, type RegisterDescription, readRegister } from '../variables/registerGroups.ts'
import type { Request } from '../wire/protocolSession.ts'
import { reload, showStart } from './lifecycle.ts'
import { cpuOf, fieldValue, type OfThread } from './ofThread.ts'

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
