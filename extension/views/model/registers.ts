// Which rows the Registers view shows: groups, registers, fields, after search and "changed only". Nothing here draws.
import type { Register, RegisterField, RegisterGroup, Registers } from '../answers.ts'
import { meaningOf } from './meaning.ts'

export interface Choice {
  readonly search: string
  readonly changedOnly: boolean
  /** Registers whose fields are shown. */
  readonly openRegisters: ReadonlySet<string>
  /** Groups that the user opened or closed against their default. */
  readonly turnedGroups: ReadonlySet<string>
}

export interface Section {
  readonly name: string
  readonly isOpen: boolean
  /** All of them r0 to r31: drawn in columns. */
  readonly isGeneral: boolean
  readonly rows: readonly Row[]
}

export interface Row {
  readonly register: Register
  readonly isOpen: boolean
  readonly fields: readonly RegisterField[]
}

/** Seldom looked at, and long. */
const CLOSED_AT_FIRST = /debug|vector|cache|config|software|identity|performance/i

export function sectionsOf({ groups }: Registers, choice: Choice): Section[] {
  const isFiltered = choice.search !== '' || choice.changedOnly
  return groups
    .map(({ name, registers }): Section => {
      const isOpen = isFiltered || CLOSED_AT_FIRST.test(name) === choice.turnedGroups.has(name)
      const shown = registers.filter((register) => register.name.toUpperCase() !== 'MSR' && isWanted(register, choice))
      return { name, isOpen, isGeneral: isGeneral(registers), rows: shown.map((register) => rowOf(register, choice)) }
    })
    .filter(({ rows }) => rows.length > 0)
}

const isGeneral = (registers: readonly Register[]) => registers.every(({ name }) => /^r\d+$/i.test(name))

function isWanted(register: Register, { search, changedOnly }: Choice): boolean {
  return (!changedOnly || register.changed) && (search === '' || matches(register, search))
}

function matches(register: Register, search: string): boolean {
  return names(register.name, search) || String(register.number) === search || fieldsNamed(register, search).length > 0
}

const names = (name: string, search: string) => name.toLowerCase().includes(search.toLowerCase())
const fieldsNamed = ({ fields }: Register, search: string) =>
  fields.filter(({ name }) => name.toLowerCase().startsWith(search.toLowerCase()))

/** A search that names fields shows these fields. */
function rowOf(register: Register, { search, openRegisters }: Choice): Row {
  if (openRegisters.has(register.name)) return { register, isOpen: true, fields: register.fields }
  const found = search === '' || names(register.name, search) ? [] : fieldsNamed(register, search)
  return { register, isOpen: found.length > 0, fields: found }
}

export const registerNamed = ({ groups }: Registers, name: string): Register | undefined =>
  groups.flatMap(({ registers }) => registers).find((register) => register.name.toUpperCase() === name)

/** The fields that are set, in a line: "CE EE ME", "TLBSEL 1 ESEL 3". */
export function summaryOf({ name, fields }: Register): string {
  if (/^cr$/i.test(name))
    return fields
      .filter(({ value }) => value !== 0)
      .map((field) => `${field.name.toLowerCase()} ${meaningOf(name, field.name, field.value)}`)
      .join('  ')
  return fields
    .filter(({ value }) => value !== 0)
    .map((field) => (field.from === field.to ? field.name : `${field.name} ${fieldText(name, field)}`))
    .join(' ')
}

export function fieldText(register: string, { name, from, to, value }: RegisterField): string {
  if (from === to) return String(value)
  const width = to - from + 1
  const digits =
    width <= 4 ? value.toString(2).padStart(width, '0') : value.toString(16).padStart(Math.ceil(width / 4), '0')
  const meaning = meaningOf(register, name, value)
  return meaning === undefined ? digits : `${digits} ${meaning}`
}

/** As the manual numbers the bits of a 64-bit machine, whose low half these 32 are. */
export function bitNumbers(from: number, to: number): string {
  return from === to ? String(from + 32) : `${from + 32}:${to + 32}`
}

/** Sections set out in columns of nearly the same height, in their order down and then across. */
export function columnsOf(groups: readonly RegisterGroup[], count: number): string[][] {
  const rows = groups.map(({ registers }) => registers.length + 2)
  const height = rows.reduce((sum, each) => sum + each, 0) / count
  const columns: string[][] = Array.from({ length: count }, () => [])
  let above = 0
  for (const [index, { name }] of groups.entries()) {
    // By its middle: a long group does not start a column that is nearly full.
    const column = Math.min(count - 1, Math.floor((above + rows[index]! / 2) / height))
    columns[column]!.push(name)
    above += rows[index]!
  }
  return columns
}
