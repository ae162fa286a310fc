// Masks of the named fields of a register, by name, from its record; and those that many work with.
import { masksIn } from './masks.ts'
import { MSR_FIELDS, sprByNumber } from './table.ts'

export function fieldMasks<const Name extends string>(
  SPR: number,
  ...names: readonly Name[]
): Readonly<Record<Name, number>> {
  const { fields = [], name } = sprByNumber.get(SPR)!
  return masksIn(name, fields, ...names)
}

export const MSR = masksIn(
  'MSR',
  MSR_FIELDS,
  ...(['GS', 'UCLE', 'SPE', 'WE', 'CE', 'EE', 'PR', 'FP', 'ME', 'FE0', 'UBLE', 'DE', 'FE1', 'IS', 'DS'] as const),
  ...(['PMM', 'RI'] as const),
)
const ESR_NUMBER = 62
export const ESR = fieldMasks(
  ESR_NUMBER,
  ...(['PIL', 'PPR', 'PTR', 'FP', 'ST', 'DLK', 'ILK', 'PUO', 'BO', 'PIE', 'SPV', 'EPID'] as const),
)
const EPCR_NUMBER = 307
export const EPCR = fieldMasks(
  EPCR_NUMBER,
  ...(['EXTGS', 'DTLBGS', 'ITLBGS', 'DSIGS', 'ISIGS', 'DUVD', 'DGTMI', 'DMIUH'] as const),
)
