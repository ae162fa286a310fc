// Numbers as people read them: integers in the base that was asked for, floating point with the fewest digits that read back
// the same, enumerators by name. What it does not do: know places or memory (format.ts).
import type { EnumType } from './types.ts'
import type { Scalar } from './value.ts'

/** How a person asked to see integers. */
export type Display = 'decimal' | 'hex' | 'octal' | 'binary' | 'character' | 'string'

/** bits: how many a negative number has in hex, octal and binary. Prefixes are those that the expression parser reads. */
export function formatInteger(scalar: Scalar, bits: number, display: Display | undefined): string {
  const unsigned = () => BigInt.asUintN(bits, BigInt(scalar))
  switch (display) {
    case 'hex':
      return `0x${unsigned().toString(16)}`
    case 'octal':
      return `0${unsigned().toString(8)}`.replace(/^00$/, '0')
    case 'binary':
      return `0b${unsigned().toString(2)}`
    default:
      return String(scalar)
  }
}

const MOST_DIGITS_OF_A_FLOAT = 9

/** size: 4 for float; double and long double are shown as doubles. */
export function formatFloat(number: number, size: number): string {
  if (Number.isNaN(number)) return 'nan'
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf'
  if (Object.is(number, -0)) return '-0'
  if (size !== 4) return String(number)
  for (let digits = 1; digits < MOST_DIGITS_OF_A_FLOAT; digits++) {
    const short = Number(number.toPrecision(digits))
    if (Math.fround(short) === number) return String(short)
  }
  return String(Number(number.toPrecision(MOST_DIGITS_OF_A_FLOAT)))
}

/** An enumerator's name; for flags `A | B`, and `(A | 0x10)` where bits are left that have no name. */
export function formatEnum(type: EnumType, number: Scalar): string {
  const values = type.values()
  const exact = values.find(({ value }) => BigInt(value) === BigInt(number))
  if (exact) return exact.name
  const flags = flagsOf(values)
  if (!flags || number === 0 || BigInt(number) < 0n) return String(number)
  return formatFlags(flags, BigInt(number))
}

type Enumerator = ReturnType<EnumType['values']>[number]

function formatFlags(flags: readonly Enumerator[], number: bigint): string {
  const set = flags.filter(({ value }) => (number & BigInt(value)) !== 0n)
  const unnamed = set.reduce((rest, { value }) => rest & ~BigInt(value), number)
  const names = set.map(({ name }) => name)
  if (unnamed === 0n) return names.join(' | ')
  const rest = `0x${unnamed.toString(16)}`
  return names.length === 0 ? rest : `(${[...names, rest].join(' | ')})`
}

/**
 * The enumerators that are single bits, if these make an enumeration of flags: three or more of them, everything else
 * is put together from them, and it is not simply counted from 0 or 1.
 */
function flagsOf(values: readonly Enumerator[]): readonly Enumerator[] | undefined {
  const distinct = new Set(values.map(({ value }) => value))
  if (Math.min(...distinct) < 0) return undefined
  const flags = [...distinct].filter(isSingleBit).map((bit) => values.find(({ value }) => value === bit)!)
  const all = flags.reduce((sum, { value }) => sum | BigInt(value), 0n)
  const counted = Math.max(...distinct) <= distinct.size
  return flags.length >= 3 && !counted && [...distinct].every((value) => (BigInt(value) & ~all) === 0n)
    ? flags
    : undefined
}

const isSingleBit = (value: number) => value > 0 && (BigInt(value) & (BigInt(value) - 1n)) === 0n
