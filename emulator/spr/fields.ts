// Masks of the named fields of a register, by name, from its record; and those that many work with.
import { masksIn } from './masks.ts'
import { MSR_FIELDS, SPR, sprByNumber } from './table.ts'

export function fieldMasks<const Name extends string>(
  number: number,
  ...names: readonly Name[]
): Readonly<Record<Name, number>> {
  const { fields = [], name } = sprByNumber.get(number)!
  return masksIn(name, fields, ...names)
}

export const MSR = masksIn(
  'MSR',
  MSR_FIELDS,
  ...(['GS', 'UCLE', 'SPE', 'WE', 'CE', 'EE', 'PR', 'FP', 'ME', 'FE0', 'UBLE', 'DE', 'FE1', 'IS', 'DS'] as const),
  ...(['PMM', 'RI'] as const),
)
export const ESR = fieldMasks(
  SPR.ESR,
  ...(['PIL', 'PPR', 'PTR', 'FP', 'ST', 'DLK', 'ILK', 'PUO', 'BO', 'PIE', 'SPV', 'EPID'] as const),
)
export const EPCR = fieldMasks(
  SPR.EPCR,
  ...(['EXTGS', 'DTLBGS', 'ITLBGS', 'DSIGS', 'ISIGS', 'DUVD', 'DGTMI', 'DMIUH'] as const),
)
