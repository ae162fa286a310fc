// C's usual arithmetic conversions and operators (ISO C 6.3.1, 6.5.3 to 6.5.14) where int, long and pointers have 32 bits.
// Integers up to 32 bits are JavaScript numbers, 64 bits are bigints; long double is computed as double.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { conversion, isTrue } from '../values/scalar.ts'
import { typeName } from '../values/typeName.ts'
import {
  type BaseType,
  DOUBLE,
  FLOAT,
  INT,
  isFloat,
  isSigned,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  strip,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from '../values/types.ts'
import type { Scalar } from '../values/value.ts'
import { type Code, computed } from './code.ts'
import type { ArithmeticOperator, Comparison } from './syntax.ts'

/** What the integer promotions make of it; undefined: it is not arithmetic. */
export function promoted(code: Code): BaseType | undefined {
  const type = strip(code.type)
  if (type.kind === 'enum') {
    if (type.size > 4) return type.signed ? LONG_LONG : UNSIGNED_LONG_LONG
    return code.isEnumerator || type.signed || type.size < 4 || narrow(code) ? INT : UNSIGNED_INT
  }
  if (type.kind !== 'base') return undefined
  if (isFloat(type)) return type.size === 4 ? FLOAT : type.size === 8 ? DOUBLE : LONG_DOUBLE
  if (type.size < 4 || narrow(code)) return INT
  if (type.size > 4 && (code.bitField?.width ?? 64) > 32) return isSigned(type) ? LONG_LONG : UNSIGNED_LONG_LONG
  const isLong = typeName(type).endsWith('long')
  if (isSigned(type)) return isLong ? LONG : INT
  return isLong ? UNSIGNED_LONG : UNSIGNED_INT
}

/** A bit field whose values all fit into int. */
const narrow = ({ bitField }: Code) => bitField !== undefined && bitField.width < 32

const RANKS = [INT, UNSIGNED_INT, LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG, FLOAT, DOUBLE, LONG_DOUBLE]

/** The type in which two promoted operands meet. */
export function common(left: BaseType, right: BaseType): BaseType {
  const [lower, higher] = RANKS.indexOf(left) <= RANKS.indexOf(right) ? [left, right] : [right, left]
  // long cannot hold every unsigned int, where both have 32 bits.
  return higher === LONG && lower === UNSIGNED_INT ? UNSIGNED_LONG : higher
}

/** The code's number as one of a type. */
export function convertedTo(code: Code, type: CType): () => Scalar {
  if (strip(code.type) === strip(type)) return code.scalar
  const convert = conversion(type)
  const { scalar } = code
  return () => convert(scalar())
}

type Operation = (left: Scalar, right: Scalar) => Scalar

/** left operator right, both of the type already. */
export function operation(operator: Exclude<ArithmeticOperator, '<<' | '>>'>, type: BaseType): Operation {
  if (isFloat(type)) return floating(operator, type)
  return type.size === 8 ? wide(operator, isSigned(type)) : word(operator, isSigned(type))
}

const divisionByZero = (): never => {
  throw new UserError('Division by zero.')
}

const WORD: Record<Exclude<ArithmeticOperator, '<<' | '>>'>, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': Math.imul,
  '/': (a, b) => (b === 0 ? divisionByZero() : a / b),
  '%': (a, b) => (b === 0 ? divisionByZero() : a % b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
}

function word(operator: keyof typeof WORD, signed: boolean): Operation {
  const compute = WORD[operator]
  if (signed) return (left, right) => compute(left as number, right as number) | 0
  return (left, right) => compute(left as number, right as number) >>> 0
}

const WIDE: Record<keyof typeof WORD, (a: bigint, b: bigint) => bigint> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? divisionByZero() : a / b),
  '%': (a, b) => (b === 0n ? divisionByZero() : a % b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
}

function wide(operator: keyof typeof WIDE, signed: boolean): Operation {
  const compute = WIDE[operator]
  const cut = signed ? BigInt.asIntN : BigInt.asUintN
  return (left, right) => cut(64, compute(left as bigint, right as bigint))
}

function floating(operator: keyof typeof WORD, type: BaseType): Operation {
  if (!'+-*/'.includes(operator)) {
    throw new UserError(`${operator} works on integers, and one side is of type ${typeName(type)}.`)
  }
  const compute = operator === '*' ? (a: number, b: number) => a * b : floatingCompute(operator)
  if (type.size === 4) return (left, right) => Math.fround(compute(left as number, right as number))
  return (left, right) => compute(left as number, right as number)
}

/** Unlike integers, x / 0 is infinity. */
const floatingCompute = (operator: keyof typeof WORD) =>
  operator === '/' ? (a: number, b: number) => a / b : WORD[operator]

/** The result has the left side's promoted type. A count beyond the width shifts everything out, where C leaves it open. */
export function shift(operator: '<<' | '>>', type: BaseType): Operation {
  if (isFloat(type)) throw new UserError(`${operator} works on integers, not on ${typeName(type)}.`)
  const bits = BigInt(8 * type.size)
  const convert = conversion(type)
  return (left, right) => {
    const count = BigInt(right)
    if (count < 0n) throw new UserError(`${operator} cannot shift by ${count}, which is negative.`)
    const most = count > bits ? bits : count
    return convert(operator === '<<' ? BigInt.asUintN(64, BigInt(left) << most) : BigInt(left) >> most)
  }
}

const COMPARE: Record<Comparison, (left: Scalar, right: Scalar) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
}

/** Both sides are of one type already. */
export function comparison(source: string, operator: Comparison, left: () => Scalar, right: () => Scalar): Code {
  const compare = COMPARE[operator]
  return computed(source, INT, () => (compare(left(), right()) ? 1 : 0))
}

/** As C's `if` takes it. */
export function truth(code: Code): () => boolean {
  const { scalar } = code
  return () => isTrue(scalar())
}
