// The performance monitor registers of the e500 (E500RM 2.15, chapter 7): their own number space, reached by mfpmr and mtpmr.
// Each has a second number under which users read it and nobody writes it.
import type { SprField } from './record.ts'

export interface Pmr {
  /** The number that supervisors read and write. */
  readonly number: number
  /** The number that users read. */
  readonly userNumber: number
  readonly name: string
  readonly title: string
  readonly fields?: readonly SprField[]
}

const PMLCA_FIELDS: readonly SprField[] = [
  ['FC', 0, 0, 'Freeze counter'],
  ['FCS', 1, 1, 'Freeze in supervisor state'],
  ['FCU', 2, 2, 'Freeze in user state'],
  ['FCM1', 3, 3, 'Freeze while MSR[PMM] is 1'],
  ['FCM0', 4, 4, 'Freeze while MSR[PMM] is 0'],
  ['CE', 5, 5, 'Condition enable: an overflow may interrupt'],
  ['EVENT', 9, 15, 'What is counted'],
]
const PMLCB_FIELDS: readonly SprField[] = [
  ['THRESHMUL', 21, 23, 'Threshold multiplier'],
  ['THRESHOLD', 26, 31, 'Threshold'],
]
const PMGC0_FIELDS: readonly SprField[] = [
  ['FAC', 0, 0, 'Freeze all counters'],
  ['PMIE', 1, 1, 'Performance monitor interrupt enable'],
  ['FCECE', 2, 2, 'Freeze counters on an enabled condition or event'],
  ['TBSEL', 19, 20, 'Time base bit that counts as an event'],
  ['TBEE', 23, 23, 'Time base event enable'],
]

const four = (name: string, title: string, number: number, fields?: readonly SprField[]): Pmr[] =>
  [0, 1, 2, 3].map((n) => ({
    number: number + n,
    userNumber: number + n - 16,
    name: `${name}${n}`,
    title: `${title} ${n}`,
    ...(fields && { fields }),
  }))

export const pmrs: readonly Pmr[] = [
  ...four('PMC', 'Performance Monitor Counter', 16),
  ...four('PMLCa', 'Performance Monitor Local Control A', 144, PMLCA_FIELDS),
  ...four('PMLCb', 'Performance Monitor Local Control B', 272, PMLCB_FIELDS),
  {
    number: 400,
    userNumber: 384,
    name: 'PMGC0',
    title: 'Performance Monitor Global Control 0',
    fields: PMGC0_FIELDS,
  },
]
