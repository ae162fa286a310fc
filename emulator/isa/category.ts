// Which categories of the Power ISA each core has. A record without a category belongs to both.
import type { CoreName } from '../spr/record.ts'
import type { Category, Instruction } from './record.ts'

/** The e500v2's: E500RM chapter 3. The e500mc's: what Linux and the hypervisors of that core use, and binutils' -me500mc takes; DS, WT and ISA206 rest on binutils alone. */
export const CATEGORIES: Readonly<Record<CoreName, ReadonlySet<Category>>> = {
  e500v2: new Set(['BL', 'SP', 'SP.FV', 'SP.FS', 'SP.FD']),
  e500mc: new Set(['DS', 'E.ED', 'E.HV', 'E.PC', 'E.PD', 'FP', 'ISA206', 'WT']),
}

/** Whether the core has the instruction; without a core, whether any has. */
export const isOf = ({ category }: Instruction, core: CoreName | undefined): boolean =>
  category === undefined || core === undefined || CATEGORIES[core].has(category)
