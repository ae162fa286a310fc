// The core's registers in groups, as values that can be opened and set. What there is comes from the tables alone.

import type { Machine, Vcpu } from '../../emulator/index.ts'
import { CATEGORIES } from '../../emulator/isa/category.ts'
import { type CoreName, hasField, type Spr, type SprField } from '../../emulator/spr/record.ts'
import { MSR_FIELDS, sprs } from '../../emulator/spr/table.ts'
import { UserError } from '../userError.ts'
import type { Register } from '../values/register.ts'

export interface RegisterDescription {
  readonly name: string
  readonly title: string
  /** SPR number. */
  readonly number?: number
  readonly privilege: 'user' | 'supervisor' | 'hypervisor'
  readonly isReadable: boolean
  readonly isWritable: boolean
  readonly fields: readonly SprField[]
  readonly isAddress: boolean
  /** Without one every core has it. */
  readonly core?: CoreName
  /** Of 64 bits: what the emulator calls its halves. */
  readonly halves?: { readonly high: string; readonly low: string }
}

export interface RegisterGroup {
  readonly name: string
  readonly registers: readonly RegisterDescription[]
}

const CR_BITS = [
  ['LT', 'Negative'],
  ['GT', 'Positive'],
  ['EQ', 'Zero'],
  ['SO', 'Summary overflow'],
] as const
const CR_FIELDS: readonly SprField[] = Array.from({ length: 8 }, (_, field) =>
  CR_BITS.map(([bit, title], n): SprField => [`CR${field}.${bit}`, 4 * field + n, 4 * field + n, title]),
).flat()
const XER_FIELDS: readonly SprField[] = [
  ['SO', 0, 0, 'Summary overflow'],
  ['OV', 1, 1, 'Overflow'],
  ['CA', 2, 2, 'Carry'],
]
/** They hold addresses of code or data. */
const ADDRESSES = new Set([
  'LR',
  'CTR',
  'SRR0',
  'CSRR0',
  'MCSRR0',
  'DEAR',
  'IVPR',
  'IAC1',
  'IAC2',
  'DAC1',
  'DAC2',
  'MCAR',
  'DSRR0',
  'GSRR0',
  'GDEAR',
  'GIVPR',
])
/** They save an MSR. */
const SAVED_MSR = new Set(['SRR1', 'CSRR1', 'MCSRR1', 'DSRR1', 'GSRR1'])

const plain = (name: string, title: string, more: Partial<RegisterDescription> = {}): RegisterDescription => ({
  name,
  title,
  privilege: 'user',
  isReadable: true,
  isWritable: true,
  fields: [],
  isAddress: false,
  ...more,
})

const fieldsOfSpr = ({ name, fields = [] }: Spr) =>
  name === 'XER' ? XER_FIELDS : SAVED_MSR.has(name) ? MSR_FIELDS : fields

const describe = (spr: Spr): RegisterDescription =>
  plain(spr.name, spr.title, {
    number: spr.number,
    ...(spr.core && { core: spr.core }),
    // Bit 0x10 of an SPR's number: privileged (Book I 3.3.13).
    privilege: spr.privilege === 'hypervisor' ? 'hypervisor' : spr.number & 0x10 ? 'supervisor' : 'user',
    isReadable: spr.access !== 'w',
    isWritable: spr.access !== 'r',
    fields: fieldsOfSpr(spr),
    isAddress: ADDRESSES.has(spr.name),
  })

/** SPRG3 to SPRG7 have a number for users beside their own. */
const isSecond = ({ number }: Spr) => number >= 259 && number <= 263
const sprsOf = (group: Spr['group']) =>
  sprs.filter((spr) => spr.group === group && spr.access !== 'w' && !isSecond(spr)).map(describe)

const pc = plain('PC', 'Address of the next instruction', { isAddress: true })
const cr = plain('CR', 'Condition Register', { fields: CR_FIELDS })
const msr = plain('MSR', 'Machine State Register', { privilege: 'supervisor', fields: MSR_FIELDS })

export const REGISTERS: RegisterGroup = {
  name: 'Registers',
  registers: [
    ...Array.from({ length: 32 }, (_, n) => plain(`r${n}`, `General Purpose Register ${n}`)),
    pc,
    ...['LR', 'CTR', 'XER'].map((name) => describe(sprs.find((spr) => spr.name === name)!)),
    cr,
  ],
}
export const MSR_GROUP: RegisterGroup = { name: 'MSR', registers: [msr] }
export const DEBUG_GROUP: RegisterGroup = { name: 'Debug resources', registers: sprsOf('debug') }
export const SPR_GROUPS: readonly RegisterGroup[] = (
  [
    ['Interrupt SPRs', 'interrupt'],
    ['Timer SPRs', 'timer'],
    ['MMU SPRs', 'mmu'],
    ['Software SPRs', 'software'],
    ['Cache and branch SPRs', 'cache'],
    ['Configuration SPRs', 'configuration'],
  ] as const
).map(([name, group]) => ({ name, registers: sprsOf(group) }))

const numbers = Array.from({ length: 32 }, (_, n) => n)
/** ev0 to ev31 as gdb calls them; FPRs. */
export const FLOAT_GROUPS: readonly RegisterGroup[] = [
  {
    name: '64-bit registers',
    registers: [
      ...numbers.map((n) =>
        plain(`ev${n}`, `General Purpose Register ${n} with its upper half`, {
          core: 'e500v2',
          halves: { high: `r${n}.high`, low: `r${n}` },
        }),
      ),
      plain('ACC', 'Accumulator', { core: 'e500v2', halves: { high: 'acc.high', low: 'acc.low' } }),
    ],
  },
  {
    name: 'Floating point',
    registers: [
      ...numbers.map((n) =>
        plain(`f${n}`, `Floating-Point Register ${n}`, {
          core: 'e500mc',
          halves: { high: `f${n}.high`, low: `f${n}.low` },
        }),
      ),
      plain('FPSCR', 'Floating-Point Status and Control Register', { core: 'e500mc' }),
    ],
  },
]

export const ALL_GROUPS: readonly RegisterGroup[] = [REGISTERS, MSR_GROUP, DEBUG_GROUP, ...FLOAT_GROUPS, ...SPR_GROUPS]

/** Of a group what a core has. */
export const ofCore = ({ name, registers }: RegisterGroup, core: CoreName): RegisterGroup => ({
  name,
  registers: registers
    .filter((register) => register.core === undefined || register.core === core)
    .map((register) => ({
      ...register,
      privilege: privilegeOn(core, register),
      fields: register.fields.filter((field) => hasField(field, core)),
    })),
})
/** Without category E.HV its supervisor is the highest there is. */
const privilegeOn = (core: CoreName, { privilege }: RegisterDescription) =>
  privilege === 'hypervisor' && !CATEGORIES[core].has('E.HV') ? 'supervisor' : privilege

const byName = new Map(
  ALL_GROUPS.flatMap(({ registers }) => registers).map((register) => [register.name.toLowerCase(), register]),
)
/** Names that gdb's users write. */
const ALIASES: Readonly<Record<string, string>> = { sp: 'r1', fp: 'r31', nip: 'pc', decr: 'dec', pid: 'pid0' }

export const registerNamed = (name: string): RegisterDescription | undefined =>
  byName.get(ALIASES[name.toLowerCase()] ?? name.toLowerCase())

/** A register's value: a bigint where it has 64 bits. */
export function readRegister(vcpu: Vcpu, { name, halves }: RegisterDescription): number | bigint | undefined {
  if (!halves) return vcpu.register(name)
  const [high, low] = [vcpu.register(halves.high), vcpu.register(halves.low)]
  if (high === undefined || low === undefined) return undefined
  return (BigInt.asUintN(32, BigInt(high)) << 32n) | BigInt.asUintN(32, BigInt(low))
}

function writeRegister(vcpu: Vcpu, { name, halves }: RegisterDescription, value: bigint): void {
  const word = (bits: bigint) => Number(BigInt.asIntN(32, bits))
  if (halves) vcpu.setRegister(halves.high, word(value >> 32n))
  vcpu.setRegister(halves?.low ?? name, word(value))
}

/** The register of a core, live. onWrite hears of each write. */
export function registerOf(vcpu: Vcpu, description: RegisterDescription, onWrite: () => void): Register {
  const { name, isAddress, isWritable, halves } = description
  const fields = description.fields.filter((field) => hasField(field, vcpu.model.name))
  return {
    name,
    size: halves ? 8 : 4,
    isAddress,
    fields: fields.map(([field, from, to, title]) => [field, from, to, title]),
    read: () => readRegister(vcpu, description),
    write: (scalar) => {
      if (!isWritable) throw new UserError(`${name} is read-only.`)
      writeRegister(vcpu, description, BigInt(scalar))
      onWrite()
    },
  }
}

/** `0.r3` -> value, for each CPU: to tell at the next stop what changed. */
export function registerValues(machine: Machine): ReadonlyMap<string, number | bigint> {
  const values = new Map<string, number | bigint>()
  for (const vcpu of machine.vcpus)
    for (const { registers } of ALL_GROUPS)
      for (const register of registers) values.set(`${vcpu.index}.${register.name}`, readRegister(vcpu, register) ?? 0)
  return values
}
