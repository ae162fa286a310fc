// Which categories of the Power ISA each core has. A record without a category belongs to both.
import type { CoreName } from '../spr/record.ts'
import type { Category, Instruction } from './record.ts'

/** E500RM 3.1 and 3.2; E500MCRM 3.1. */
export const CATEGORIES: Readonly<Record<CoreName, ReadonlySet<Category>>> = {
  e500v2: new Set(['BL', 'SP', 'SP.FV', 'SP.FS', 'SP.FD']),
  e500mc: new Set(['DS', 'E.ED', 'E.HV', 'E.PC', 'E.PD', 'FP', 'ISA206', 'WT']),
}

/** Whether the core has the instruction; without a core, whether any has. */
export const isOf = ({ category }: Instruction, core: CoreName | undefined): boolean =>
  category === undefined || core === undefined || CATEGORIES[core].has(category)
