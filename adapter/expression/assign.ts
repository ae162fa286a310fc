// Assignments: = += ++ and their relatives. Each side is looked at once. What it does not do: where they are not allowed, nothing.
import { UserError } from '../userError.ts'
import { readBytes, readScalar } from '../values/read.ts'
import { typeName } from '../values/typeName.ts'
import { INT, isCharacter, isScalar, isStruct, sizeOf, strip } from '../values/types.ts'
import { isUnavailable, literal, type Scalar, type Value } from '../values/value.ts'
import { writeBytes, writeScalar, writeText } from '../values/write.ts'
import { promoted } from './arithmetic.ts'
import { compute } from './binary.ts'
import { type Code, type Compiler, cannotRead, constant, stored } from './code.ts'
import { pointerType } from './pointers.ts'
import type { ArithmeticOperator } from './syntax.ts'

function refuseUnlessAllowed({ context }: Compiler, source: string, target: Code): void {
  if (!context.allowsSideEffects) {
    throw new UserError(`"${source}" would change the guest, which is not allowed here. Use the debug console.`)
  }
  if (!target.isLvalue) throw new UserError(`"${target.source}" is computed and cannot be assigned to.`)
}

/** target = value, or target operator= value. */
export function assignment(
  compiler: Compiler,
  source: string,
  operator: ArithmeticOperator | undefined,
  target: Code,
  value: Code,
): Code {
  refuseUnlessAllowed(compiler, source, target)
  const store = operator
    ? compoundStore(compiler, source, operator, target, value)
    : simpleStore(compiler, target, value)
  return afterStore(compiler, source, target, store)
}

/** The code of what has been stored to: storing comes first, once each time it is looked at. */
function afterStore({ context }: Compiler, source: string, target: Code, store: () => Value): Code {
  return { ...stored(context.memory, source, target.type, store, target.bitField), isLvalue: false }
}

function simpleStore({ context }: Compiler, target: Code, value: Code): () => Value {
  const { memory } = context
  const type = strip(target.type)
  if (isScalar(type)) {
    const scalar = scalarOf(target, value)
    return () => {
      const place = target.value()
      writeScalar(memory, place, scalar())
      return place
    }
  }
  const bytes = bytesOf(context.memory, target, value)
  return () => {
    const place = target.value()
    if (value.text) writeText(memory, place, value.text)
    else writeBytes(memory, place, bytes())
    return place
  }
}

function scalarOf(target: Code, value: Code): () => Scalar {
  if (promoted(value) || (pointerType(value) && !value.text)) return value.scalar
  const what = value.text
    ? 'A string has no address in the guest and'
    : `"${value.source}" is of type ${typeName(value.type)} and`
  throw new UserError(`${what} cannot be assigned to "${target.source}", which is of type ${typeName(target.type)}.`)
}

/** Structs of the same type are copied; a string goes into an array of characters. */
function bytesOf(memory: Compiler['context']['memory'], target: Code, value: Code): () => Uint8Array {
  const [to, from] = [strip(target.type), strip(value.type)]
  const isText = value.text && to.kind === 'array' && isCharacter(strip(to.element()))
  const isCopy = isStruct(to) && isStruct(from) && to.name === from.name && sizeOf(to) === sizeOf(from)
  if (!isText && !isCopy) {
    throw new UserError(
      `"${value.source}" (${typeName(value.type)}) cannot be assigned to "${target.source}" (${typeName(target.type)}).`,
    )
  }
  return () => {
    const bytes = readBytes(memory, value.value())
    return isUnavailable(bytes) ? cannotRead(value.source, bytes) : Uint8Array.from(bytes)
  }
}

function compoundStore(
  { context }: Compiler,
  source: string,
  operator: ArithmeticOperator,
  target: Code,
  value: Code,
): () => Value {
  const { memory } = context
  let current: Value
  const now = stored(memory, target.source, target.type, () => current, target.bitField)
  const { scalar } = compute(source, operator, now, value)
  return () => {
    const place = target.value()
    current = place
    writeScalar(memory, place, scalar())
    return place
  }
}

/** ++x, x++, --x, x-- */
export function step(compiler: Compiler, source: string, operator: '+' | '-', isPrefix: boolean, operand: Code): Code {
  refuseUnlessAllowed(compiler, source, operand)
  const { memory } = compiler.context
  const increment = compoundStore(compiler, source, operator, operand, constant('1', INT, 1))
  if (isPrefix) return afterStore(compiler, source, operand, increment)
  const { type } = operand
  const before = (): Value => {
    const old = readScalar(memory, operand.value())
    if (isUnavailable(old)) return cannotRead(operand.source, old)
    increment()
    return literal(type, old)
  }
  return { ...stored(memory, source, type, before), isLvalue: false }
}
