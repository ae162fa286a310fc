// The debug registers by number, and the fields that the debug unit works with, as masks (E500RM 2.13).
import { fieldMasks } from '../spr/fields.ts'

export const SPR = {
  DBSR: 304,
  EPCR: 307,
  DBCR0: 308,
  DBCR1: 309,
  DBCR2: 310,
  IAC1: 312,
  IAC2: 313,
  DAC1: 316,
  DAC2: 317,
  DBCR4: 563,
} as const
export const DBCR0 = fieldMasks(
  SPR.DBCR0,
  ...([
    'EDM',
    'IDM',
    'ICMP',
    'BRT',
    'IRPT',
    'TRAP',
    'IAC1',
    'IAC2',
    'DAC1',
    'DAC2',
    'RET',
    'CIRPT',
    'CRET',
    'FT',
  ] as const),
)
export const DBSR = fieldMasks(
  SPR.DBSR,
  ...([
    'IDE',
    'UDE',
    'ICMP',
    'BRT',
    'IRPT',
    'TRAP',
    'IAC1',
    'IAC2',
    'DAC1R',
    'DAC1W',
    'DAC2R',
    'DAC2W',
    'RET',
  ] as const),
  ...(['CIRPT', 'CRET'] as const),
)
export type EventName = Exclude<keyof typeof DBSR, 'IDE'>
export const EVENT_NAMES = (Object.keys(DBSR) as (keyof typeof DBSR)[]).filter(
  (name): name is EventName => name !== 'IDE',
)
/** Bits of DBSR that ask for an interrupt: not IDE alone, not MRR. */
export const EVENTS = EVENT_NAMES.reduce((mask, name) => mask | DBSR[name], 0)
