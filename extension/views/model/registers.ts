// Which rows the Registers view shows: groups, registers, fields, after search and "changed only". Nothing here draws.
import type { Register, RegisterField, RegisterGroup, Registers } from '../answers.ts'
import type { Groups } from '../messages.ts'
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
const CLOSED_AT_FIRST = /debug|vector|cache|config|software|identity|performance|64-bit/i

export function sectionsOf(registers: Registers, choice: Choice): Section[] {
  const isFiltered = choice.search !== '' || choice.changedOnly
  return groupsToShow(registers)
    .map(({ name, registers }): Section => {
      const isOpen = isFiltered || CLOSED_AT_FIRST.test(name) === choice.turnedGroups.has(name)
      const shown = registers.filter((register) => isWanted(register, choice) && (isFiltered || !isMsr(register)))
      return { name, isOpen, isGeneral: name === GENERAL, rows: shown.map((register) => rowOf(register, choice)) }
    })
    .filter(({ rows }) => rows.length > 0)
}

/** The adapter's groups of which something is drawn; undefined: all. A search looks into every one. */
export function groupsDrawn(registers: Registers, choice: Choice): Groups {
  if (choice.search !== '' || choice.changedOnly) return undefined
  const open = new Set(
    sectionsOf(registers, choice)
      .filter(({ isOpen }) => isOpen)
      .flatMap(({ rows }) => rows.map(({ register }) => register.name)),
  )
  const drawn = registers.groups.filter(({ registers }) => registers.some((each) => isMsr(each) || open.has(each.name)))
  return drawn.length === registers.groups.length ? undefined : drawn.map(({ name }) => name)
}

/** What an answer for some groups changes. */
export const mergedWith = (registers: Registers, fresh: Registers): Registers => ({
  groups: registers.groups.map((group) => fresh.groups.find(({ name }) => name === group.name) ?? group),
})

const GENERAL = 'General purpose'
const isGeneral = ({ name }: Register) => /^r\d+$/i.test(name)
/** It stands above the groups, bit by bit. */
const isMsr = ({ name }: Register) => name.toUpperCase() === 'MSR'

/** The adapter's groups; r0 to r31 apart from what it keeps beside them. */
export function groupsToShow({ groups }: Registers): RegisterGroup[] {
  return groups.flatMap(({ name, registers }) => {
    const general = registers.filter(isGeneral)
    if (general.length === 0) return [{ name, registers }]
    const rest = registers.filter((register) => !isGeneral(register))
    return [
      { name: GENERAL, registers: general },
      { name: 'Branch and condition', registers: rest },
    ]
  })
}

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

/** The fields that are set, in a line: "CE EE ME", "TLBSEL 1 ESEL 3", "cr0 eq". */
export function summaryOf({ name, fields }: Register): string {
  const set = fields.filter(({ value }) => value !== 0)
  if (name.toUpperCase() === 'CR') return conditions(set)
  return set
    .map((field) =>
      isOneBit(field)
        ? field.name
        : `${field.name} ${meaningOf(name, field.name, field.value) ?? field.value.toString(16)}`,
    )
    .join(' ')
}

/** Each bit of CR is a field of its own: "CR0.EQ". */
function conditions(set: readonly RegisterField[]): string {
  const fields = [...new Set(set.map(({ name }) => name.split('.')[0]!))]
  const bitsOf = (field: string) =>
    set.filter(({ name }) => name.startsWith(`${field}.`)).map(({ name }) => name.slice(4))
  return fields
    .map((field) => [field, ...bitsOf(field)].join(' '))
    .join('  ')
    .toLowerCase()
}

const isOneBit = ({ from, to }: RegisterField) => from === to

/** Few bits are shown as bits, many as hexadecimal digits; what they mean beside them. */
export function fieldText(register: string, field: RegisterField): string {
  const meaning = meaningOf(register, field.name, field.value)
  return meaning === undefined ? fieldDigits(field) : `${fieldDigits(field)} ${meaning}`
}

export function fieldDigits({ from, to, value }: RegisterField): string {
  const width = to - from + 1
  return isFew(width) ? value.toString(2).padStart(width, '0') : value.toString(16).padStart(Math.ceil(width / 4), '0')
}

const isFew = (width: number) => width <= 4

/** What the user typed for a field, read as fieldDigits shows it; undefined when it does not fit. */
export function fieldValue(typed: string, { from, to }: RegisterField): number | undefined {
  const width = to - from + 1
  const text = typed.trim().replace(/^0[xb](?=.)/i, '')
  const radix = /^\s*0x/i.test(typed) || !isFew(width) ? 16 : 2
  const isNumber = radix === 2 ? /^[01]+$/.test(text) : /^[0-9a-f]+$/i.test(text)
  const value = Number.parseInt(text, radix)
  return isNumber && value < 2 ** width ? value : undefined
}

export function fieldComplaint({ name, from, to }: RegisterField): string {
  const width = to - from + 1
  if (width === 1) return `${name} is one bit. Write 0 or 1.`
  return isFew(width)
    ? `${name} has ${width} bits. Write them, for instance ${'1'.padStart(width, '0')}.`
    : `${name} has ${width} bits. Write a hexadecimal number of at most ${Math.ceil(width / 4)} digits.`
}

/** As the manual numbers the bits of a 64-bit machine, whose low half these 32 are. */
export function bitNumbers(from: number, to: number): string {
  return from === to ? String(from + 32) : `${from + 32}:${to + 32}`
}

/** Sections set out in columns of nearly the same height at first, in their order down and then across. What is opened stays in its column. */
export function columnsOf(groups: readonly RegisterGroup[], count: number): string[][] {
  const rows = groups.map(({ name, registers }) => (CLOSED_AT_FIRST.test(name) ? 1 : registers.length + 2))
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
