// Operators with two sides: arithmetic, pointers that are moved, counted and compared, logic, comma, strings that are compared.
// What it does not do: the arithmetic itself (arithmetic.ts), assignments (assign.ts), `@` (indexing.ts).
import { UserError } from '../userError.ts'
import { readBytes, readText } from '../values/read.ts'
import { typeName } from '../values/typeName.ts'
import { type BaseType, INT, isCharacter, isFloat, strip, UNSIGNED_LONG } from '../values/types.ts'
import { isUnavailable } from '../values/value.ts'
import { common, comparison, convertedTo, operation, promoted, shift, truth } from './arithmetic.ts'
import { type Code, type Compiler, cannotRead, computed, notMapped } from './code.ts'
import { moved, pointerType, targetSize } from './pointers.ts'
import type { ArithmeticOperator, BinaryOperator, Comparison } from './syntax.ts'

const COMPARISONS = new Set<string>(['==', '!=', '<', '>', '<=', '>='])

export function binary(
  compiler: Compiler,
  source: string,
  operator: Exclude<BinaryOperator, '@'>,
  left: Code,
  right: Code,
): Code {
  if (operator === ',') return comma(source, left, right)
  if (operator === '&&' || operator === '||') return logic(source, operator, left, right)
  if (COMPARISONS.has(operator)) return compare(compiler, source, operator as Comparison, left, right)
  return compute(source, operator as ArithmeticOperator, left, right)
}

function comma(source: string, left: Code, right: Code): Code {
  const after =
    <T>(result: () => T) =>
    () => {
      left.value()
      return result()
    }
  return {
    ...right,
    source,
    isLvalue: false,
    isConstant: false,
    value: after(right.value),
    scalar: after(right.scalar),
  }
}

function logic(source: string, operator: '&&' | '||', left: Code, right: Code): Code {
  const [first, second] = [truth(left), truth(right)]
  const isConstant = left.isConstant && right.isConstant
  if (operator === '&&') return computed(source, INT, () => (first() && second() ? 1 : 0), isConstant)
  return computed(source, INT, () => (first() || second() ? 1 : 0), isConstant)
}

/** Arithmetic with two sides; pointers where C has them, and as numbers where it has not: `$r1 & ~0x1fff`. */
export function compute(source: string, operator: ArithmeticOperator, left: Code, right: Code): Code {
  if (operator === '+' || operator === '-') {
    const pointer = pointerArithmetic(source, operator, left, right)
    if (pointer) return pointer
  }
  const [leftType, rightType] = [arithmeticType(left, operator), arithmeticType(right, operator)]
  const isConstant = left.isConstant && right.isConstant
  if (operator === '<<' || operator === '>>') {
    if (isFloat(rightType)) throw new UserError(`${operator} cannot shift by a ${typeName(rightType)}.`)
    const run = shift(operator, leftType)
    const [value, count] = [convertedTo(left, leftType), right.scalar]
    return computed(source, leftType, () => run(value(), count()), isConstant)
  }
  const type = common(leftType, rightType)
  const run = operation(operator, type)
  const [first, second] = [convertedTo(left, type), convertedTo(right, type)]
  return computed(source, type, () => run(first(), second()), isConstant)
}

/** Addresses count as unsigned long. */
export function arithmeticType(code: Code, operator: string): BaseType {
  const type = promoted(code) ?? (pointerType(code) ? UNSIGNED_LONG : undefined)
  if (type) return type
  throw new UserError(`"${code.source}" is of type ${typeName(code.type)}; ${operator} works on numbers.`)
}

function pointerArithmetic(source: string, operator: '+' | '-', left: Code, right: Code): Code | undefined {
  const [leftPointer, rightPointer] = [pointerType(left), pointerType(right)]
  if (leftPointer && rightPointer) {
    if (operator === '+') throw new UserError(`Two pointers cannot be added: "${source}".`)
    const size = targetSize(left, leftPointer)
    if (size !== targetSize(right, rightPointer)) {
      throw new UserError(`"${source}" counts elements between ${typeName(leftPointer)} and ${typeName(rightPointer)}.`)
    }
    return computed(source, INT, () => Math.trunc(((Number(left.scalar()) - Number(right.scalar())) | 0) / size))
  }
  if (leftPointer) return moved(source, left, leftPointer, right, operator)
  if (rightPointer && operator === '+') return moved(source, right, rightPointer, left, operator)
  return undefined
}

function compare(compiler: Compiler, source: string, operator: Comparison, left: Code, right: Code): Code {
  if (left.text || right.text) return compareText(compiler, source, operator, left, right)
  const type =
    pointerType(left) || pointerType(right)
      ? UNSIGNED_LONG
      : common(arithmeticType(left, operator), arithmeticType(right, operator))
  return comparison(source, operator, convertedTo(left, type), convertedTo(right, type))
}

/** In C this compares addresses, and a constant's in the debugger is never equal: so the characters are compared. */
function compareText(compiler: Compiler, source: string, operator: Comparison, left: Code, right: Code): Code {
  if (operator !== '==' && operator !== '!=') throw new UserError(`Strings can be compared with == and != only.`)
  const [code, text] = right.text ? [left, right.text] : [right, left.text!]
  const read = textReader(compiler, code, text.length)
  const wanted = String.fromCharCode(...text)
  return computed(source, INT, () => Number((read() === wanted) === (operator === '==')))
}

/** One character more than is needed tells longer texts apart. */
function textReader({ context }: Compiler, code: Code, length: number): () => string {
  const type = strip(code.type)
  const target = type.kind === 'array' ? type.element() : type.kind === 'pointer' ? type.target() : undefined
  if (!target || !isCharacter(strip(target))) {
    throw new UserError(`"${code.source}" is of type ${typeName(code.type)} and cannot be compared with a string.`)
  }
  if (type.kind === 'array' && type.count !== undefined) return () => arrayText(context, code)
  return () => {
    const address = Number(code.scalar())
    const { bytes, end } = readText(context.memory, address, length + 1)
    if (end === 'fault') notMapped(code.source, address + bytes.length)
    return String.fromCharCode(...bytes)
  }
}

function arrayText({ memory }: Compiler['context'], code: Code): string {
  const bytes = readBytes(memory, code.value())
  if (isUnavailable(bytes)) return cannotRead(code.source, bytes)
  const end = bytes.indexOf(0)
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)))
}
