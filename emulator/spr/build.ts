// How records of special purpose registers are written down: plain ones, read-only ones, those whose writes do more than store.
import { maskOf } from './masks.ts'
import type { Spr, SprCpu, SprField } from './record.ts'

/** number: the register's own. */
export type Write = (cpu: SprCpu, value: number, number: number) => void
export type Extra = Partial<Pick<Spr, 'access' | 'core' | 'fields' | 'privilege'>> & {
  readonly read?: (cpu: SprCpu, number: number) => number
  readonly write?: Write
}
/** A record that says its name to the compiler, too. */
type Named<Name extends string> = Spr & { readonly name: Name }

export const spr = <const Name extends string>(
  number: number,
  name: Name,
  title: string,
  group: Spr['group'],
  { read, write, ...extra }: Extra = {},
): Named<Name> => ({
  number,
  name,
  title,
  group,
  access: 'rw',
  ...extra,
  ...(read && { read: (cpu) => read(cpu, number) }),
  ...(write && { write: (cpu, value) => write(cpu, value, number) }),
})

export const readOnly = <const Name extends string>(number: number, name: Name, title: string, extra: Extra = {}) =>
  spr(number, name, title, 'configuration', { access: 'r', ...extra })

/** Category E.HV: not for a guest. */
export const hypervisor = { privilege: 'hypervisor' } as const

/** mtspr clears the bits that are written as one. */
export const clearsOnes: Write = (cpu, value, number) => {
  cpu.sprs[number]! &= ~value
  cpu.interruptsChanged()
}
export const storesUnder =
  (mask: number): Write =>
  (cpu, value, number) => {
    cpu.sprs[number] = value & mask
  }
/** What is in no field stays 0. */
export const storesFields = (fields: readonly SprField[]) => storesUnder(maskOf(fields))
/** Vectors have 16 bytes at least, and their prefix is 64 KB. */
export const storesOffset = storesUnder(0xfff0)
export const storesPrefix = storesUnder(0xffff0000)

export const low = (ticks: number) => ticks | 0
export const high = (ticks: number) => Math.floor(ticks / 0x100000000) | 0

export const numbered = <Made extends Spr>(from: number, count: number, make: (number: number, n: number) => Made) =>
  Array.from({ length: count }, (_, n) => make(from + n, n))
export const ivor = (number: number, n: number, extra: Extra = {}) =>
  spr(number, `IVOR${n}`, `Interrupt Vector Offset Register ${n}`, 'interrupt', {
    ...extra,
    write: storesOffset,
  })
export const mas = <const Name extends string>(
  number: number,
  name: Name,
  fields?: readonly SprField[],
  extra: Extra = {},
) => spr(number, name, `MMU Assist Register ${name.slice(3)}`, 'mmu', { ...extra, ...(fields && { fields }) })
export const sprg = (number: number, n: number, extra: Extra = {}) =>
  spr(number, `SPRG${n}`, `Software-Use SPR ${n}`, 'software', extra)
