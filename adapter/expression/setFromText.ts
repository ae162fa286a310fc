// Sets a value from what a person typed into a field of the Variables view: a value as it is shown, or an expression.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { readBytes, readScalar } from '../values/read.ts'
import { typeName } from '../values/typeName.ts'
import { isScalar, strip } from '../values/types.ts'
import { isUnavailable, type Value } from '../values/value.ts'
import { writeBytes, writeValue } from '../values/write.ts'
import type { ExpressionContext } from './context.ts'
import { evaluate, parse } from './expression.ts'

export function setFromText(target: Value, text: string, context: ExpressionContext): void {
  try {
    writeValue(context.memory, target, text)
  } catch (mistake) {
    if (!(mistake instanceof UserError) || !mayBeExpression(text)) throw mistake
    setFromExpression(target, text, context)
  }
}

/** A number alone has been refused for good, and text in quotes too. */
const mayBeExpression = (text: string) =>
  /[A-Za-z_$(*+<>|&]/.test(text) && !/^\s*(?:"|[-+]?0x[0-9a-f]+\s*$)/i.test(text)

function setFromExpression(target: Value, text: string, context: ExpressionContext): void {
  const result = evaluate(parse(text), context)
  const { memory } = context
  if (!isScalar(strip(target.type))) {
    copy(target, result, text, context)
    return
  }
  const scalar = readScalar(memory, result)
  if (isUnavailable(scalar)) throw new UserError(`"${text}" has no value that can be used here: ${scalar.reason}.`)
  writeValue(memory, target, scalar)
}

const nameOf = (type: CType) => typeName(strip(type))

function copy(target: Value, source: Value, text: string, { memory }: ExpressionContext): void {
  const bytes = readBytes(memory, source)
  if (nameOf(target.type) !== nameOf(source.type) || isUnavailable(bytes)) {
    throw new UserError(`"${text}" is of type ${typeName(source.type)}, not ${typeName(target.type)}.`)
  }
  writeBytes(memory, target, Uint8Array.from(bytes))
}
