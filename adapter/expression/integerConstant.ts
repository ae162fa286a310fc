// Integer constants and the type that C gives them (ISO C 6.4.4.1) where int and long have 32 bits. 0b is GNU's.
import { UserError } from '../userError.ts'
import {
  type BaseType,
  INT,
  LONG,
  LONG_LONG,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from '../values/types.ts'
import type { Scalar } from '../values/value.ts'

const INTEGER = /^(0x[0-9a-f]+|0b[01]+|0[0-7]*|[1-9]\d*)(u?)(ll|l|)(u?)$/i

/** Undefined: not an integer constant. */
export function integerConstant(text: string): { readonly type: BaseType; readonly scalar: Scalar } | undefined {
  const match = INTEGER.exec(text)
  if (!match || (match[2] && match[4])) return undefined
  const digits = match[1]!
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits)
  if (value >> 64n !== 0n) throw new UserError(`${text} does not fit into 64 bits.`)
  const type = typeFor(value, match[3]!.toLowerCase(), Boolean(match[2] || match[4]), digits[0] !== '0')
  return { type, scalar: type.size === 8 ? value : Number(value) }
}

/** The first type of the list that holds the value; decimal ones become unsigned only where nothing else is left. */
function typeFor(value: bigint, length: string, unsigned: boolean, decimal: boolean): BaseType {
  const [narrow, unsignedNarrow] = length === 'l' ? [LONG, UNSIGNED_LONG] : [INT, UNSIGNED_INT]
  if (length !== 'll') {
    if (!unsigned && value >> 31n === 0n) return narrow
    if ((unsigned || !decimal) && value >> 32n === 0n) return unsignedNarrow
  }
  return !unsigned && value >> 63n === 0n ? LONG_LONG : UNSIGNED_LONG_LONG
}
