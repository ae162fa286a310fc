// Type names to types: C's own need no debug information, the others are asked for. Sizes and alignments of PowerPC's ABI.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import {
  arrayOf,
  BOOL,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  isStruct,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  pointerTo,
  SHORT,
  SIGNED_CHAR,
  sizeOf,
  strip,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
  UNSIGNED_SHORT,
  VOID,
} from '../values/types.ts'
import type { ExpressionContext } from './context.ts'
import type { TypeNode } from './syntax.ts'

const BUILT_IN = new Map<string, CType>([
  ['void', VOID],
  ...[BOOL, SIGNED_CHAR, UNSIGNED_CHAR, SHORT, UNSIGNED_SHORT, INT, UNSIGNED_INT, LONG, UNSIGNED_LONG].map(named),
  ...[LONG_LONG, UNSIGNED_LONG_LONG, FLOAT, DOUBLE].map(named),
])
/** Compiler options decide about these: the debug information goes first. */
const BY_OPTION = new Map<string, CType>([CHAR, LONG_DOUBLE].map(named))

function named(type: { readonly name: string } & CType): [string, CType] {
  return [type.name, type]
}

export function typeOfNode(node: TypeNode, context: ExpressionContext): CType {
  switch (node.kind) {
    case 'pointer':
      return pointerTo(typeOfNode(node.target, context))
    case 'array':
      return arrayOf(typeOfNode(node.element, context), node.count)
    case 'function': {
      const returns = typeOfNode(node.returns, context)
      const parameters = node.parameters.map((parameter) => typeOfNode(parameter, context))
      return { kind: 'function', returns: () => returns, parameters: () => parameters }
    }
    case 'named':
      return (
        BUILT_IN.get(node.name) ??
        context.typeNamed(node.name) ??
        BY_OPTION.get(node.name) ??
        noType(node.name, context)
      )
  }
}

function noType(name: string, context: ExpressionContext): never {
  if (/^(?:struct|union|enum) /.test(name)) throw new UserError(`The debug information has no ${name}.`)
  const tag = ['struct', 'union', 'enum'].find((tag) => context.typeNamed(`${tag} ${name}`))
  const hint = tag ? ` Write ${tag} ${name}.` : ''
  throw new UserError(`There is no type "${name}" in the debug information.${hint}`)
}

/** Natural alignment, as the System V ABI has it; attributes that change it are not in the debug information. */
export function alignmentOf(type: CType): number {
  const stripped = strip(type)
  if (stripped.kind === 'array') return alignmentOf(stripped.element())
  if (!isStruct(stripped)) return Math.max(1, sizeOf(stripped))
  return Math.max(1, ...stripped.members().map((member) => alignmentOf(member.type)))
}
