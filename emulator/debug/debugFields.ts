// The fields of the debug registers that this folder works with, as masks (E500RM 2.13).
import { fieldMasks } from '../spr/fields.ts'
import { inField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'

export const DBCR0 = fieldMasks(
  SPR.DBCR0,
  ...(['EDM', 'IDM', 'RST', 'ICMP', 'BRT', 'IRPT', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2'] as const),
  ...(['RET', 'CIRPT', 'CRET', 'FT'] as const),
)
export const DBCR1 = fieldMasks(SPR.DBCR1, 'IAC1US', 'IAC1ER', 'IAC2US', 'IAC2ER', 'IAC12M')
export const DBCR2 = fieldMasks(SPR.DBCR2, 'DAC1US', 'DAC1ER', 'DAC2US', 'DAC2ER', 'DAC12M')
/** Of the e500mc; on the e500v2 it stays 0. */
export const DBCR4 = fieldMasks(SPR.DBCR4, 'DAC1XM', 'DAC2XM')
export const DBSR = fieldMasks(
  SPR.DBSR,
  ...(['IDE', 'UDE', 'ICMP', 'BRT', 'IRPT', 'TRAP', 'IAC1', 'IAC2'] as const),
  ...(['DAC1R', 'DAC1W', 'DAC2R', 'DAC2W', 'RET', 'CIRPT', 'CRET'] as const),
)

/** DBCR0[DACn] has two bits: the left one for loads, the right one for stores. */
export const dacEnable = (slot: 'DAC1' | 'DAC2', access: 'load' | 'store' | 'both'): number =>
  inField(access === 'both' ? 3 : access === 'load' ? 2 : 1, DBCR0[slot])

export type EventName = Exclude<keyof typeof DBSR, 'IDE'>
export const EVENT_NAMES = (Object.keys(DBSR) as (keyof typeof DBSR)[]).filter(
  (name): name is EventName => name !== 'IDE',
)
/** Bits of DBSR that ask for an interrupt: not IDE alone, not MRR. */
export const EVENTS = EVENT_NAMES.reduce((mask, name) => mask | DBSR[name], 0)
