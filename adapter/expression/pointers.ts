// Pointers: what decays to one, where they point to, moving them (ISO C 6.3.2.1, 6.5.3.2, 6.5.6).
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { typeName } from '../values/typeName.ts'
import { isComplete, isFloat, type PointerType, pointerTo, sizeOf, strip } from '../values/types.ts'
import { elementOf, inMemory } from '../values/value.ts'
import { promoted } from './arithmetic.ts'
import { addressOrRefuse, type Code, type Compiler, computed, stored } from './code.ts'

/** Arrays and functions are pointers wherever a number is wanted. Undefined: it is no pointer. */
export function pointerType(code: Code): PointerType | undefined {
  const type = strip(code.type)
  if (type.kind === 'pointer') return type
  if (type.kind === 'array') return pointerTo(type.element())
  return type.kind === 'function' ? pointerTo(code.type) : undefined
}

/** What one step over the target is; void and functions count 1, as in GNU C. */
export function targetSize(code: Code, pointer: PointerType): number {
  const target = pointer.target()
  if (isComplete(target) && sizeOf(target) > 0) return sizeOf(target)
  throw new UserError(`The size of ${typeName(target)} is not known, so "${code.source}" cannot be counted over.`)
}

/** Pointer and number, in elements. */
export function moved(source: string, pointer: Code, type: PointerType, by: Code, operator: '+' | '-'): Code {
  const number = promoted(by)
  if (!number || isFloat(number)) {
    throw new UserError(`A pointer is moved by a whole number; "${by.source}" is of type ${typeName(by.type)}.`)
  }
  const size = operator === '+' ? targetSize(pointer, type) : -targetSize(pointer, type)
  const isConstant = pointer.isConstant && by.isConstant
  return computed(source, type, () => (Number(pointer.scalar()) + wrapped(by.scalar(), size)) >>> 0, isConstant)
}

const wrapped = (by: number | bigint, size: number) => Math.imul(Number(BigInt.asIntN(32, BigInt(by))), size)

/** *operand */
export function pointedTo({ context }: Compiler, source: string, operand: Code): Code {
  const type = strip(operand.type)
  if (type.kind === 'function') return operand
  if (type.kind === 'array') {
    const element = type.element()
    return stored(context.memory, source, element, () => elementOf(operand.value(), element, 0))
  }
  if (type.kind !== 'pointer') {
    const { source: of } = operand
    throw new UserError(
      `"${of}" is of type ${typeName(operand.type)}, not a pointer. Write {int}${of}, or cast it to one.`,
    )
  }
  return atAddress(context.memory, source, behind(operand, type.target()), operand)
}

function behind(pointer: Code, target: CType): CType {
  const stripped = strip(target)
  if (stripped.kind === 'void') {
    throw new UserError(`"${pointer.source}" points to void. Cast it first: *(int *)${pointer.source}.`)
  }
  return target
}

/** What stands at the number that a code computes, as a type. */
export function atAddress(memory: Compiler['context']['memory'], source: string, type: CType, address: Code): Code {
  const { scalar } = address
  if (!address.isConstant) return stored(memory, source, type, () => inMemory(type, Number(scalar())))
  const value = inMemory(type, Number(scalar()))
  return stored(memory, source, type, () => value)
}

/** &operand */
export function addressOfCode(source: string, operand: Code): Code {
  if (!operand.isLvalue) throw new UserError(`"${operand.source}" is computed and has no address.`)
  if (operand.bitField) throw new UserError(`"${operand.source}" is a bit field and has no address.`)
  return computed(source, pointerTo(operand.type), () => addressOrRefuse(operand.source, operand.value()))
}
