// How records of special purpose registers are written down: plain ones, read-only ones, those whose writes do more than store.
import { fromField, masksIn } from './masks.ts'
import type { Spr, SprCpu, SprField } from './record.ts'
import { DBCR0_FIELDS } from './registerFields.ts'

export type Extra = Partial<Pick<Spr, 'access' | 'core' | 'fields' | 'privilege' | 'read' | 'write'>>
export const spr = (number: number, name: string, title: string, group: Spr['group'], extra: Extra = {}): Spr => ({
  number,
  name,
  title,
  group,
  access: 'rw',
  ...extra,
})

export const readOnly = (number: number, name: string, title: string, extra: Extra = {}): Spr =>
  spr(number, name, title, 'configuration', { access: 'r', ...extra })

/** mtspr clears the bits that are written as one. */
export const clearsOnes = (number: number) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number]! &= ~value
  cpu.interruptsChanged()
}
export const storesUnder = (number: number, mask: number) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number] = value & mask
}
export const low = (ticks: number) => ticks | 0
export const high = (ticks: number) => Math.floor(ticks / 0x100000000) | 0

const DBCR0 = 308
const { RST } = masksIn('DBCR0', DBCR0_FIELDS, 'RST')
export const debugRegister = (
  number: number,
  name: string,
  title: string,
  fields?: readonly SprField[],
  extra: Extra = {},
) =>
  spr(number, name, title, 'debug', {
    ...extra,
    ...(fields && { fields }),
    read: (cpu) => cpu.shownDebug(number),
    write: (cpu, value) => {
      const written = cpu.writtenDebug(number, value)
      if (written === undefined) return
      cpu.sprs[number] = written
      cpu.debugRegistersChanged()
      // C16: RST = 10 asks for a reset, as Linux' abort() does; other values do nothing.
      if (number === DBCR0 && fromField(written, RST) === 0b10) cpu.requestReset()
    },
  })
export const numbered = (from: number, count: number, make: (number: number, n: number) => Spr) =>
  Array.from({ length: count }, (_, n) => make(from + n, n))
export const ivor = (number: number, n: number, extra: Extra = {}) =>
  spr(number, `IVOR${n}`, `Interrupt Vector Offset Register ${n}`, 'interrupt', {
    ...extra,
    write: storesUnder(number, 0xfff0),
  })
export const mas = (number: number, name: string, fields?: readonly SprField[], extra: Extra = {}) =>
  spr(number, name, `MMU Assist Register ${name.slice(3)}`, 'mmu', { ...extra, ...(fields && { fields }) })
export const sprg = (number: number, n: number, extra: Extra = {}) =>
  spr(number, `SPRG${n}`, `Software-Use SPR ${n}`, 'software', extra)
