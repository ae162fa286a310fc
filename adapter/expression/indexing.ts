// Parts and stretches: array[i], array[first..last], *p@count, struct.member, register.FIELD.
import type { CType, Member } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { fieldsOf } from '../values/register.ts'
import { typeName } from '../values/typeName.ts'
import { arrayOf, flatMembers, isComplete, isFloat, isStruct, type StructType, sizeOf, strip } from '../values/types.ts'
import { elementOf, memberOf, partOf, type Value } from '../values/value.ts'
import { promoted } from './arithmetic.ts'
import { addressOrRefuse, type Code, type Compiler, stored } from './code.ts'
import { moved, pointedTo, pointerType } from './pointers.ts'

const MOST_ELEMENTS = 1_000_000
const MOST_NAMES = 20

/** array[index]; an array need not be in memory. */
export function indexed(compiler: Compiler, source: string, left: Code, right: Code): Code {
  const [array, index] = pointerType(left) ? [left, right] : [right, left]
  const pointer = pointerType(array)
  if (!pointer) {
    throw new UserError(`"${left.source}" is of type ${typeName(left.type)}; only arrays and pointers have elements.`)
  }
  const type = strip(array.type)
  if (type.kind !== 'array')
    return { ...pointedTo(compiler, source, moved(source, array, pointer, index, '+')), source }
  const element = type.element()
  const position = wholeNumber(index)
  if (!isComplete(element)) throw new UserError(`The size of ${typeName(element)} is not known.`)
  return stored(compiler.context.memory, source, element, () => elementOf(array.value(), element, position()))
}

function wholeNumber(code: Code): () => number {
  const type = promoted(code)
  if (!type || isFloat(type)) {
    throw new UserError(`"${code.source}" is of type ${typeName(code.type)}; an element is counted by a whole number.`)
  }
  const { scalar } = code
  return () => Number(scalar())
}

/** array[first..last], both included. */
export function range(compiler: Compiler, source: string, operand: Code, first: Code, last: Code): Code {
  const [from, to] = [decided(compiler, first), decided(compiler, last)]
  return stretch(compiler, source, indexed(compiler, source, operand, first), to - from + 1)
}

/** left@count: so many of them, one behind the other. */
export function repeated(compiler: Compiler, source: string, left: Code, count: Code): Code {
  if (!left.isLvalue) throw new UserError(`"${left.source}" is computed; @ counts on from something in memory.`)
  return stretch(compiler, source, left, decided(compiler, count))
}

function stretch({ context }: Compiler, source: string, first: Code, count: number): Code {
  if (count < 1 || count > MOST_ELEMENTS)
    throw new UserError(`${count} elements cannot be shown (1 to ${MOST_ELEMENTS}).`)
  if (first.bitField) throw new UserError(`"${first.source}" is a bit field; nothing of its kind follows it.`)
  const type = arrayOf(first.type, count)
  const value = (): Value => {
    const whole = first.value()
    if (whole.place.kind === 'register' || whole.place.kind === 'cell') addressOrRefuse(first.source, whole)
    return whole.place.kind === 'part' ? partOf(whole, type, 0) : { type, place: whole.place }
  }
  return stored(context.memory, source, type, value)
}

/** A number that a type depends on. */
function decided(compiler: Compiler, code: Code): number {
  if (!compiler.runsOnce && !code.isConstant) {
    throw new UserError(`"${code.source}" must be a constant here, since it decides how long the array is.`)
  }
  return wholeNumber(code)()
}

/** operand.name and operand->name; which of them is written does not matter, as in gdb. */
export function memberNamed(compiler: Compiler, source: string, operand: Code, name: string): Code {
  const type = strip(operand.type)
  const whole =
    type.kind === 'pointer' && isStruct(strip(type.target())) ? pointedTo(compiler, source, operand) : operand
  const struct = strip(whole.type)
  if (isStruct(struct)) return memberOfStruct(compiler, source, whole, struct, operand.source, name)
  const fields = operand.register ? fieldsOf(operand.register) : []
  const field = fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
  if (field) return stored(compiler.context.memory, source, field.value.type, () => field.value, field.value.bitField)
  if (fields.length > 0)
    return noMember(
      operand.source,
      name,
      fields.map((field) => field.name),
    )
  throw new UserError(`"${operand.source}" is of type ${typeName(operand.type)} and has no members.`)
}

function memberOfStruct(
  { context }: Compiler,
  source: string,
  whole: Code,
  struct: StructType,
  of: string,
  name: string,
): Code {
  if (struct.incomplete) {
    throw new UserError(`The members of ${typeName(struct)} are not known: the debug information only declares it.`)
  }
  const members = flatMembers(struct)
  const member = members.find((member) => member.name === name)
  if (!member) return noMember(of, name, members.map(nameOf))
  return stored(context.memory, source, member.type, () => memberOf(whole.value(), member), member.bitField)
}

const nameOf = ({ name }: Member) => name ?? ''

function noMember(source: string, name: string, names: readonly string[]): never {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  throw new UserError(`"${source}" has no member "${name}". It has: ${names.slice(0, MOST_NAMES).join(', ')}${more}.`)
}

/** As sizeof counts it. */
export function knownSize(type: CType, source: string): number {
  if (isComplete(type)) return sizeOf(type)
  throw new UserError(`The size of "${source}" is not known: ${typeName(type)} is not complete.`)
}
