// What the compiler makes of a tree: a type that is known at once, and closures that only read registers and memory.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { readScalar } from '../values/read.ts'
import { hexAddress } from '../values/text.ts'
import { typeName } from '../values/typeName.ts'
import { isScalar, strip } from '../values/types.ts'
import {
  type BitField,
  isUnavailable,
  literal,
  type Scalar,
  type Unavailable,
  type Value,
  type ValueMemory,
} from '../values/value.ts'
import type { ExpressionContext } from './context.ts'
import type { Node } from './syntax.ts'

export interface Code {
  readonly source: string
  readonly type: CType
  /** Where it is, each time anew. */
  readonly value: () => Value
  /** Its number; for arrays and functions their address. */
  readonly scalar: () => Scalar
  readonly isLvalue: boolean
  /** The same each time: constants and what is computed from them. */
  readonly isConstant: boolean
  /** What C promotes by, where that is not the type: a bit field's width, an enumerator's int. */
  readonly bitField?: Pick<BitField, 'width'> | undefined
  readonly isEnumerator?: boolean
  /** The bytes of a string constant, without the NUL. */
  readonly text?: readonly number[]
  /** A register of the core, whose fields can be named. */
  readonly register?: Value
}

export interface Compiler {
  readonly context: ExpressionContext
  /** The code runs once, at once: what decides a type (the number after @) may be computed. */
  readonly runsOnce: boolean
  readonly compile: (node: Node) => Code
}

/** A computed number. */
export const computed = (source: string, type: CType, scalar: () => Scalar, isConstant = false): Code => ({
  source,
  type,
  scalar,
  value: () => literal(type, scalar()),
  isLvalue: false,
  isConstant,
})

export const constant = (source: string, type: CType, scalar: Scalar): Code =>
  computed(source, type, () => scalar, true)

/** Something that stands somewhere. */
export function stored(
  memory: ValueMemory,
  source: string,
  type: CType,
  value: () => Value,
  bitField?: Pick<BitField, 'width'>,
): Code {
  return {
    source,
    type,
    value,
    scalar: reader(memory, source, type, value),
    isLvalue: true,
    isConstant: false,
    bitField,
  }
}

function reader(memory: ValueMemory, source: string, type: CType, value: () => Value): () => Scalar {
  const stripped = strip(type)
  if (isScalar(stripped)) {
    return () => {
      const scalar = readScalar(memory, value())
      return isUnavailable(scalar) ? cannotRead(source, scalar) : scalar
    }
  }
  if (stripped.kind === 'array' || stripped.kind === 'function') return () => addressOrRefuse(source, value())
  return () => {
    throw new UserError(`"${source}" is of type ${typeName(type)}, which is not a number.`)
  }
}

export function addressOrRefuse(source: string, value: Value): number {
  const { place } = value
  if (place.kind === 'memory') return place.address
  if (place.kind === 'unavailable') return cannotRead(source, place)
  throw new UserError(`"${source}" has no address: it is not in memory.`)
}

/** The reason reads `cannot access memory at 0x...` where something is not mapped. */
export function cannotRead(source: string, { reason }: Unavailable): never {
  const address = /^cannot access memory at (.*)$/.exec(reason)?.[1]
  throw new UserError(
    address ? `Memory at ${address} cannot be read (not mapped).` : `"${source}" has no value here: ${reason}.`,
  )
}

export const notMapped = (source: string, address: number): never =>
  cannotRead(source, { kind: 'unavailable', reason: `cannot access memory at ${hexAddress(address)}` })
