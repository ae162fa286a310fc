// The Debug Resources view's table: one row a register and a field, three columns, and where they disagree.
import type { DebugRegister, DebugRegisters, DebugResources } from '../answers.ts'
import { meaningOf } from './meaning.ts'
import { differences } from './number.ts'

export type Owner = 'guest' | 'host'

export interface Cell {
  readonly text: string
  /** Nothing is set: drawn dim. */
  readonly isZero: boolean
}

export interface DebugRow {
  /** "DBCR0", or "DBCR0[IDM]" for a field. */
  readonly key: string
  readonly name: string
  readonly guest: Cell
  readonly host: Cell
  readonly hardware: Cell
  /** Which characters of the hardware's text the guest does not read. */
  readonly differences: readonly boolean[]
  readonly differs: boolean
  /** Who asked for what the hardware holds. */
  readonly owners: readonly Owner[]
  readonly fields: readonly DebugRow[]
}

/** "Not asked" is not 0. */
const NOT_ASKED: Cell = { text: '—', isZero: true }

export function debugRows(resources: DebugResources, setFieldsOnly: boolean): DebugRow[] {
  const names = Object.keys(resources.hardware).filter((name) => name !== 'MSR')
  return [...names.map((name) => registerRow(resources, name, setFieldsOnly)), msrRow(resources)]
}

function registerRow(resources: DebugResources, name: string, setFieldsOnly: boolean): DebugRow {
  const { guest, host, hardware } = resources
  const [own, real] = [guest[name], hardware[name]]
  const asked = isAsked(resources, name) ? host.registers[name] : undefined
  const fields = Object.keys(real?.fields ?? {}).map((field) => fieldRow(resources, name, field))
  return {
    ...row(name, name, registerCell(own), asked ? registerCell(asked) : NOT_ASKED, registerCell(real)),
    owners: slotOwner(resources, name),
    fields: setFieldsOnly ? fields.filter(isSetSomewhere) : fields,
  }
}

function fieldRow(resources: DebugResources, register: string, field: string): DebugRow {
  const value = (registers: DebugRegisters) => registers[register]?.fields[field]
  const [guest, hardware] = [value(resources.guest), value(resources.hardware)]
  const host = isFieldAsked(resources, register, field) ? value(resources.host.registers) : undefined
  const cell = (bits: number | undefined) => fieldCell(register, field, bits)
  const owners = fieldOwners(guest, host, hardware, slotOfField(register, field), resources)
  return { ...row(`${register}[${field}]`, field, cell(guest), cell(host), cell(hardware)), owners, fields: [] }
}

/** Of the MSR, DE alone is a debug resource. */
function msrRow({ guest, host, hardware }: DebugResources): DebugRow {
  const DE = (registers: DebugRegisters) => registers.MSR?.fields.DE
  const isForced = DE(guest) !== DE(hardware)
  const asked = DE(host.registers) ?? (isForced ? DE(hardware) : undefined)
  const cell = (bits: number | undefined) => fieldCell('MSR', 'DE', bits)
  const owners: Owner[] = isForced ? ['host'] : DE(guest) ? ['guest'] : []
  return { ...row('MSR[DE]', 'MSR[DE]', cell(DE(guest)), cell(asked), cell(DE(hardware))), owners, fields: [] }
}

function row(key: string, name: string, guest: Cell, host: Cell, hardware: Cell) {
  const differs = guest.text !== hardware.text
  return { key, name, guest, host, hardware, differs, differences: differences(hardware.text, guest.text) }
}

function registerCell(register: DebugRegister | undefined): Cell {
  if (!register) return NOT_ASKED
  return { text: register.value.replace(/^0x/, ''), isZero: BigInt(register.value) === 0n }
}

function fieldCell(register: string, field: string, bits: number | undefined): Cell {
  if (bits === undefined) return NOT_ASKED
  return { text: meaningOf(register, field, bits) ?? String(bits), isZero: bits === 0 }
}

const isSetSomewhere = ({ guest, host, hardware }: DebugRow) => !(guest.isZero && host.isZero && hardware.isZero)

/** An address register of a slot that the host does not hold says nothing about the host. */
function isAsked({ slots }: DebugResources, register: string): boolean {
  return slots[register] === undefined || slots[register].owner === 'host'
}

/** DBCR1[IAC2US] belongs to the slot IAC2; DBCR0's own bits say themselves whether they are asked for. */
function slotOfField(register: string, field: string): string | undefined {
  return register === 'DBCR0' ? undefined : /^[ID]AC[1-4](?=US|ER)/.exec(field)?.[0]
}

function isFieldAsked(resources: DebugResources, register: string, field: string): boolean {
  const slot = slotOfField(register, field)
  if (register === 'DBSR' && !resources.host.registers.DBSR) return false
  return slot === undefined || resources.slots[slot]?.owner === 'host'
}

function slotOwner({ slots }: DebugResources, register: string): Owner[] {
  const owner = slots[register]?.owner
  return owner ? [owner] : []
}

function fieldOwners(
  guest: number | undefined,
  host: number | undefined,
  hardware: number | undefined,
  slot: string | undefined,
  resources: DebugResources,
): Owner[] {
  if (slot) return slotOwner(resources, slot)
  if (!hardware) return []
  const owners: Owner[] = []
  if (guest) owners.push('guest')
  // An event that the guest does not see is the host's.
  if (host || !guest) owners.push('host')
  return owners
}
