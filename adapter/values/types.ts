// Questions about C types of a 32-bit PowerPC target (System V ABI: int, long and pointers have 32 bits, plain char is unsigned).
// What it does not do: write them (typeName.ts) or look them up.
import type { CType, Encoding, Member } from '../symbols/model.ts'

type Kind<K extends CType['kind']> = Extract<CType, { kind: K }>
export type BaseType = Kind<'base'>
export type PointerType = Kind<'pointer'>
export type ArrayType = Kind<'array'>
export type EnumType = Kind<'enum'>
export type StructType = Kind<'struct' | 'union'>
/** A type without typedefs and qualifiers. */
export type StrippedType = Exclude<CType, { kind: 'typedef' | 'qualified' }>

export function strip(type: CType): StrippedType {
  let stripped = type
  while (stripped.kind === 'typedef' || stripped.kind === 'qualified') stripped = stripped.target()
  return stripped
}

/** As sizeof has it; void and functions count 1, as in GNU C; an array of unknown length 0. */
export function sizeOf(type: CType): number {
  const stripped = strip(type)
  switch (stripped.kind) {
    case 'void':
    case 'function':
      return 1
    case 'array':
      return (stripped.count ?? 0) * sizeOf(stripped.element())
    default:
      return stripped.size
  }
}

const base = (name: string, size: number, encoding: Encoding): BaseType => ({ kind: 'base', name, size, encoding })

export const VOID: CType = { kind: 'void' }
export const BOOL = base('_Bool', 1, 'boolean')
export const CHAR = base('char', 1, 'unsignedChar')
export const SIGNED_CHAR = base('signed char', 1, 'signedChar')
export const UNSIGNED_CHAR = base('unsigned char', 1, 'unsignedChar')
export const SHORT = base('short', 2, 'signed')
export const UNSIGNED_SHORT = base('unsigned short', 2, 'unsigned')
export const INT = base('int', 4, 'signed')
export const UNSIGNED_INT = base('unsigned int', 4, 'unsigned')
export const LONG = base('long', 4, 'signed')
export const UNSIGNED_LONG = base('unsigned long', 4, 'unsigned')
export const LONG_LONG = base('long long', 8, 'signed')
export const UNSIGNED_LONG_LONG = base('unsigned long long', 8, 'unsigned')
export const FLOAT = base('float', 4, 'float')
export const DOUBLE = base('double', 8, 'float')
export const LONG_DOUBLE = base('long double', 16, 'float')

export const pointerTo = (target: CType): PointerType => ({ kind: 'pointer', size: 4, target: () => target })
export const arrayOf = (element: CType, count: number | undefined): ArrayType => ({
  kind: 'array',
  element: () => element,
  count,
})

export const isFloat = (type: StrippedType): boolean => type.kind === 'base' && type.encoding === 'float'

export const isScalar = (type: StrippedType): type is BaseType | EnumType | PointerType =>
  type.kind === 'base' || type.kind === 'enum' || type.kind === 'pointer'

export const isStruct = (type: StrippedType): type is StructType => type.kind === 'struct' || type.kind === 'union'

/** Can be negative. */
export function isSigned(type: BaseType | EnumType): boolean {
  if (type.kind === 'enum') return type.signed
  return type.encoding === 'signed' || type.encoding === 'signedChar' || type.encoding === 'float'
}

/** char, signed char, unsigned char. */
export const isCharacter = (type: StrippedType): boolean =>
  type.kind === 'base' && type.size === 1 && (type.encoding === 'signedChar' || type.encoding === 'unsignedChar')

/** The type `char` itself, which is for text; `unsigned char` and `signed char` are often small numbers. */
export const isPlainChar = (type: StrippedType): boolean => type.kind === 'base' && type.name === 'char'

/** Its size is known, so that it can be counted and stepped over. */
export function isComplete(type: CType): boolean {
  const stripped = strip(type)
  if (isStruct(stripped)) return !stripped.incomplete
  if (stripped.kind === 'array') return stripped.count !== undefined && isComplete(stripped.element())
  return true
}

/** The members that a person can name: those of anonymous structs and unions stand in their place, at their offset in the outer type. */
export function flatMembers(type: StructType): Member[] {
  return type.members().flatMap((member) => {
    if (member.name !== undefined) return [member]
    const inner = strip(member.type)
    return isStruct(inner) ? flatMembers(inner).map((nested) => shifted(nested, member.offset)) : []
  })
}

function shifted(member: Member, bytes: number): Member {
  const { bitField } = member
  const moved = { ...member, offset: member.offset + bytes }
  return bitField ? { ...moved, bitField: { ...bitField, offset: bitField.offset + 8 * bytes } } : moved
}
