// Operands as assembly text writes them, in binutils' spelling: how a record's operand string is laid out, and a field's value as text.
import { fieldPlace, isField } from './form.ts'

export interface Operand {
  readonly name: string
  readonly isOptional: boolean
  /** What stands after it: ',' '(' ')' or nothing. */
  readonly separator: string
}

/** 'BF?,RA,SI' or 'RT,D(RA0)'. */
export function operandsOf(text: string): Operand[] {
  return [...text.matchAll(/(\w+)(\??)([,()]?)/g)].map(([, name, mark, separator]) => ({
    name: name!,
    isOptional: mark === '?',
    separator: separator!,
  }))
}

/** The operands that are written: the optional ones only if one of them is not 0. */
export function written(operands: readonly Operand[], valueNamed: (name: string) => number): readonly Operand[] {
  const allWritten = operands.some(({ isOptional, name }) => isOptional && valueNamed(name) !== 0)
  return allWritten ? lastZeroesLeftOut(operands, valueNamed) : operands.filter(({ isOptional }) => !isOptional)
}

function lastZeroesLeftOut(operands: readonly Operand[], valueNamed: (name: string) => number): readonly Operand[] {
  const last = operands.findLastIndex(({ isOptional, name }) => !isOptional || valueNamed(name) !== 0)
  return operands.slice(0, last + 1)
}

/** target: the address of an operand that is one. */
export function operandText(name: string, value: number, target: (displacement: number) => number): string {
  switch (isField(name) ? fieldPlace(name).kind : undefined) {
    case 'gpr':
      return `r${value}`
    case 'fpr':
      return `f${value}`
    case 'gprOrZero':
      return value === 0 ? '0' : `r${value}`
    case 'crField':
      return `cr${value}`
    case 'crBit':
      return (value < 4 ? '' : `4*cr${value >> 2}+`) + ['lt', 'gt', 'eq', 'so'][value & 3]
    case 'target':
      return `0x${(target(value) >>> 0).toString(16)}`
    default:
      return String(value)
  }
}
