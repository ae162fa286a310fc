// A tree and a context become code: names and types are resolved here, once. Each kind of node is one line;
// what it means stands in the file that its line calls.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { typeName } from '../values/typeName.ts'
import {
  arrayOf,
  CHAR,
  INT,
  isFloat,
  isScalar,
  isStruct,
  type StrippedType,
  strip,
  UNSIGNED_INT,
  VOID,
} from '../values/types.ts'
import { literal, type Value } from '../values/value.ts'
import { common, convertedTo, operation, promoted, truth } from './arithmetic.ts'
import { assignment, step } from './assign.ts'
import { arithmeticType, binary } from './binary.ts'
import { type Code, type Compiler, computed, constant } from './code.ts'
import type { ExpressionContext } from './context.ts'
import { indexed, knownSize, memberNamed, range, repeated } from './indexing.ts'
import { dollarCode, nameCode } from './names.ts'
import { addressOfCode, atAddress, pointedTo, pointerType } from './pointers.ts'
import type { Node } from './syntax.ts'
import { alignmentOf, typeOfNode } from './typeLookup.ts'

export function compileNode(node: Node, context: ExpressionContext, runsOnce: boolean): Code {
  const compiler: Compiler = { context, runsOnce, compile: (inner) => code(compiler, inner) }
  return compiler.compile(node)
}

function code(compiler: Compiler, node: Node): Code {
  const { context, compile } = compiler
  const { source } = node
  switch (node.kind) {
    case 'number':
      return constant(source, node.type, node.scalar)
    case 'string':
      return stringCode(source, node.bytes)
    case 'name':
      return nameCode(compiler, source, node.name, node.scope)
    case 'register':
      return dollarCode(compiler, source, node.name)
    case 'unary':
      return unary(compiler, source, node.operator, compile(node.operand))
    case 'binary':
      return node.operator === '@'
        ? repeated(compiler, source, compile(node.left), compile(node.right))
        : binary(compiler, source, node.operator, compile(node.left), compile(node.right))
    case 'assign':
      return assignment(compiler, source, node.operator, compile(node.left), compile(node.right))
    case 'step':
      return step(compiler, source, node.operator, node.isPrefix, compile(node.operand))
    case 'conditional':
      return conditional(source, compile(node.condition), compile(node.then), compile(node.otherwise))
    case 'member':
      return memberNamed(compiler, source, compile(node.operand), node.name)
    case 'index':
      return indexed(compiler, source, compile(node.operand), compile(node.index))
    case 'range':
      return range(compiler, source, compile(node.operand), compile(node.first), compile(node.last))
    case 'call':
      throw new UserError(`"${source}" calls a function of the guest, which the debugger does not do.`)
    case 'cast':
      return cast(source, typeOfNode(node.type, context), compile(node.operand))
    case 'at':
      return at(compiler, source, typeOfNode(node.type, context), compile(node.address))
    case 'sizeof':
      return constant(source, UNSIGNED_INT, knownSize(compile(node.operand).type, node.operand.source))
    case 'typeSize':
      return typeSize(source, node.what, typeOfNode(node.type, context))
  }
}

function typeSize(source: string, what: 'sizeof' | '_Alignof', type: CType): Code {
  const size = knownSize(type, typeName(type))
  return constant(source, UNSIGNED_INT, what === 'sizeof' ? size : alignmentOf(type))
}

function stringCode(source: string, text: readonly number[]): Code {
  const bytes = Uint8Array.from([...text, 0])
  const type = arrayOf(CHAR, bytes.length)
  const scalar = (): never => {
    throw new UserError(`The string ${source} has no address in the guest.`)
  }
  const value = () => ({ type, place: { kind: 'value', bytes } }) as const
  return { source, type, value, scalar, text, isLvalue: false, isConstant: true }
}

function unary(compiler: Compiler, source: string, operator: '-' | '+' | '!' | '~' | '*' | '&', operand: Code): Code {
  if (operator === '*') return { ...pointedTo(compiler, source, operand), source }
  if (operator === '&') return addressOfCode(source, operand)
  const { isConstant } = operand
  if (operator === '!') {
    const isTrue = truth(operand)
    return computed(source, INT, () => (isTrue() ? 0 : 1), isConstant)
  }
  const type = arithmeticType(operand, operator)
  const scalar = convertedTo(operand, type)
  if (operator === '+') return computed(source, type, scalar, isConstant)
  if (isFloat(type)) {
    if (operator === '~') throw new UserError(`~ works on integers; "${operand.source}" is of type ${typeName(type)}.`)
    return computed(source, type, () => -(scalar() as number), isConstant)
  }
  // -x is 0 - x, and ~x is x ^ -1.
  const run = operation(operator === '-' ? '-' : '^', type)
  if (operator === '~') {
    const ones = type.size === 8 ? -1n : -1
    return computed(source, type, () => run(scalar(), ones), isConstant)
  }
  const zero = type.size === 8 ? 0n : 0
  return computed(source, type, () => run(zero, scalar()), isConstant)
}

/** Both results have one type (ISO C 6.5.15), whichever is taken. */
function conditional(source: string, condition: Code, then: Code, otherwise: Code): Code {
  const isTrue = truth(condition)
  const [left, right] = [promoted(then), promoted(otherwise)]
  const type = left && right ? common(left, right) : (pointerType(then) ?? pointerType(otherwise))
  if (type && !then.text && !otherwise.text) {
    const [first, second] = [convertedTo(then, type), convertedTo(otherwise, type)]
    return computed(source, type, () => (isTrue() ? first() : second()))
  }
  if (typeName(then.type) !== typeName(otherwise.type) && !(then.text && otherwise.text)) {
    throw new UserError(
      `The two results of "${source}" are of types ${typeName(then.type)} and ${typeName(otherwise.type)}.`,
    )
  }
  const pick = () => (isTrue() ? then : otherwise)
  return {
    ...then,
    source,
    isLvalue: false,
    isConstant: false,
    value: () => pick().value(),
    scalar: () => pick().scalar(),
  }
}

function cast(source: string, type: CType, operand: Code): Code {
  const to = strip(type)
  if (to.kind === 'void') return { ...constant(source, VOID, 0), value: () => nothingBut(operand) }
  if (!isScalar(to)) return castWhole(source, type, to, operand)
  const from = strip(operand.type)
  if (isStruct(from) || from.kind === 'void') {
    throw new UserError(
      `"${operand.source}" is of type ${typeName(operand.type)} and cannot be cast to ${typeName(type)}.`,
    )
  }
  return computed(source, type, convertedTo(operand, type), operand.isConstant)
}

/** Looked at for what it does. */
function nothingBut(operand: Code): Value {
  operand.value()
  return literal(VOID, 0)
}

function castWhole(source: string, type: CType, to: StrippedType, operand: Code): Code {
  if (isStruct(to) && to === strip(operand.type)) return { ...operand, source, type, isLvalue: false }
  throw new UserError(
    `Nothing can be cast to ${typeName(type)}. To see memory as one, write {${typeName(type)}}address.`,
  )
}

/** {type}address */
function at({ context }: Compiler, source: string, type: CType, address: Code): Code {
  if (strip(type).kind === 'void')
    throw new UserError('Nothing of type void stands in memory. Write {int}, or another type.')
  if (!pointerType(address)) {
    const number = arithmeticType(address, '{type}')
    if (isFloat(number)) throw new UserError(`"${address.source}" is of type ${typeName(number)}, which is no address.`)
  }
  return atAddress(context.memory, source, type, address)
}
