// C types from debugging information entries (DWARF 5, 5), each built when somebody looks at it and kept.
// What damaged files could do to others is stopped here: chains of types always end, and nothing that is read later throws.
import type { CType, Encoding, Member } from '../model.ts'
import { NAMED } from './abbrev.ts'
import { AT, TAG } from './constants.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { ADDRESS_SIZE } from './form.ts'
import type { Guarded } from './guard.ts'
import type { Entry, Info } from './info.ts'
import type { NameIndex } from './nameIndex.ts'

const VOID: CType = { kind: 'void' }
const DEEPEST = 64
/** Unnamed members within one member; the kernel's deepest have a handful. */
const MOST_UNNAMED = 200
const OP_PLUS_UCONST = 0x23

/** DW_ATE_, DWARF 5, 7.8. What is not here shows its bits as an unsigned number. */
const ENCODINGS = new Map<number, Encoding>([
  [0x02, 'boolean'],
  [0x04, 'float'],
  [0x05, 'signed'],
  [0x06, 'signedChar'],
  [0x07, 'unsigned'],
  [0x08, 'unsignedChar'],
])
const ATE_COMPLEX_FLOAT = 3
/** DW_ATE_signed, DW_ATE_signed_char. */
const SIGNED = new Set([5, 6])

const QUALIFIERS = new Map<number, 'const' | 'volatile' | 'restrict' | '_Atomic'>([
  [TAG.const_type, 'const'],
  [TAG.volatile_type, 'volatile'],
  [TAG.restrict_type, 'restrict'],
  [TAG.atomic_type, '_Atomic'],
])

export class Types {
  private readonly info: Info
  private readonly names: NameIndex
  private readonly guarded: Guarded
  private readonly known = new Map<number, CType>()

  constructor(info: Info, names: NameIndex, guarded: Guarded) {
    this.info = info
    this.names = names
    this.guarded = guarded
  }

  /** The type that the entry's DW_AT_type names; without one it is void. */
  of(entry: Entry): CType {
    const offset = this.info.reference(entry, AT.type)
    return offset === undefined ? VOID : this.at(offset)
  }

  at(offset: number): CType {
    const known = this.known.get(offset)
    if (known) return known
    const entry = this.info.entryAtSectionOffset(offset)
    this.checkChain(entry)
    const type = this.build(entry)
    this.known.set(offset, type)
    return type
  }

  /** Typedefs, qualifiers and arrays that lead to themselves would let every reader of types run for ever. */
  private checkChain(start: Entry): void {
    let entry = start
    for (let steps = 0; steps < DEEPEST; steps++) {
      const { tag } = entry.abbreviation
      const isLink = tag === TAG.typedef || tag === TAG.array_type || QUALIFIERS.has(tag)
      const next = isLink ? this.info.reference(entry, AT.type) : undefined
      if (next === undefined) return
      entry = this.info.entryAtSectionOffset(next)
    }
    throw new DwarfError(`the type at offset 0x${start.offset.toString(16)} is made of itself`)
  }

  /** Evaluated once, when first called. */
  private later<T>(fallback: T, work: () => T): () => T {
    let done: { readonly value: T } | undefined
    return () => {
      done ??= { value: this.guarded(fallback, work) }
      return done.value
    }
  }

  private target(entry: Entry): () => CType {
    return this.later(VOID, () => this.of(entry))
  }

  private build(entry: Entry): CType {
    const { tag } = entry.abbreviation
    const qualifier = QUALIFIERS.get(tag)
    if (qualifier) return { kind: 'qualified', qualifier, target: this.target(entry) }
    switch (tag) {
      case TAG.base_type:
        return this.base(entry)
      case TAG.pointer_type:
      case TAG.reference_type:
      case TAG.rvalue_reference_type:
        return { kind: 'pointer', size: this.size(entry) ?? ADDRESS_SIZE, target: this.target(entry) }
      case TAG.structure_type:
      case TAG.class_type:
        return this.structure('struct', entry)
      case TAG.union_type:
        return this.structure('union', entry)
      case TAG.enumeration_type:
        return this.enumeration(entry)
      case TAG.typedef:
        return { kind: 'typedef', name: this.info.string(entry, AT.name) ?? '', target: this.target(entry) }
      case TAG.array_type:
        return this.array(entry)
      case TAG.subroutine_type:
      case TAG.subprogram:
        return this.function(entry)
      default:
        return VOID
    }
  }

  private size(entry: Entry): number | undefined {
    return this.info.number(entry, AT.byte_size)
  }

  private base(entry: Entry): CType {
    const { info } = this
    const name = info.string(entry, AT.name) ?? ''
    const size = this.size(entry) ?? 0
    const encoding = info.number(entry, AT.encoding) ?? 0
    if (encoding !== ATE_COMPLEX_FLOAT)
      return { kind: 'base', name, size, encoding: ENCODINGS.get(encoding) ?? 'unsigned' }
    const half: CType = { kind: 'base', name: name.replace('complex ', ''), size: size / 2, encoding: 'float' }
    const members = [
      { name: 'real', type: half, offset: 0 },
      { name: 'imaginary', type: half, offset: size / 2 },
    ]
    return { kind: 'struct', name, size, incomplete: false, members: () => members }
  }

  /** A declaration stands for the definition of that name, which may be in another unit. */
  private whole(entry: Entry, kind: number): Entry {
    const name = this.info.string(entry, AT.name)
    if (name === undefined || !this.info.flag(entry, AT.declaration)) return entry
    return this.names.findIn(entry.unit, kind, name) ?? this.names.find(kind, name) ?? entry
  }

  private structure(kind: 'struct' | 'union', declared: Entry): CType {
    const { info } = this
    const entry = this.whole(declared, NAMED[kind])
    return {
      kind,
      name: info.string(entry, AT.name),
      size: this.size(entry) ?? 0,
      incomplete: info.flag(entry, AT.declaration),
      members: this.later([], () => this.members(entry)),
    }
  }

  private members(entry: Entry): Member[] {
    const { info } = this
    return info.childrenOf(entry).flatMap((child) => {
      const { tag } = child.abbreviation
      // C++ lists static members, too, as external.
      const isPart = (tag === TAG.member && !info.has(child, AT.external)) || tag === TAG.inheritance
      return isPart ? this.guarded([], () => [this.member(child, entry)]) : []
    })
  }

  private member(entry: Entry, outer: Entry): Member {
    const { info } = this
    const name = tag(entry) === TAG.inheritance ? undefined : info.string(entry, AT.name)
    if (name === undefined) this.checkNesting(entry, outer)
    const type = this.of(entry)
    const bytes = this.memberOffset(entry)
    const width = info.number(entry, AT.bit_size)
    if (width === undefined) return { name, type, offset: bytes }
    // data_bit_offset counts from the start of the structure; bit_offset, before DWARF 4, from the most significant bit of the
    // storage unit at data_member_location. Both are memory order on a big-endian machine. DWARF 5, 5.7.6; DWARF 3, 5.6.6.
    const offset = info.number(entry, AT.data_bit_offset) ?? 8 * bytes + (info.number(entry, AT.bit_offset) ?? 0)
    return { name, type, offset: Math.floor(offset / 8), bitField: { offset, width } }
  }

  private memberOffset(entry: Entry): number {
    const constant = this.info.number(entry, AT.data_member_location)
    const expression = constant === undefined ? this.info.block(entry, AT.data_member_location) : undefined
    if (expression?.[0] === OP_PLUS_UCONST) return new Cursor(expression, 'a member’s location', 1).uleb()
    return constant ?? 0
  }

  /** Members of an unnamed member belong to the outer type; one that contains the outer type has no end. */
  private checkNesting(member: Entry, outer: Entry, seen = { count: 0 }): void {
    const offset = this.info.reference(member, AT.type)
    if (offset === undefined) return
    if (offset === outer.offset || ++seen.count > MOST_UNNAMED)
      throw new DwarfError(`the type at offset 0x${outer.offset.toString(16)} contains itself`)
    this.info.forEachChild(this.info.entryAtSectionOffset(offset), (inner) => {
      if (tag(inner) === TAG.member && !this.info.has(inner, AT.name)) this.checkNesting(inner, outer, seen)
      return undefined
    })
  }

  private enumeration(declared: Entry): CType {
    const { info } = this
    const entry = this.whole(declared, NAMED.enum)
    const values = this.later([], () => this.enumerators(entry))
    // The encoding stands in the enum itself or in the base type beneath; without either its values tell.
    const encoding = info.number(entry, AT.encoding) ?? this.underlyingEncoding(entry)
    const signed = encoding === undefined ? values().some(({ value }) => value < 0) : SIGNED.has(encoding)
    return { kind: 'enum', name: info.string(entry, AT.name), size: this.size(entry) ?? 4, signed, values }
  }

  private underlyingEncoding(entry: Entry): number | undefined {
    const offset = this.info.reference(entry, AT.type)
    const underlying = offset === undefined ? undefined : this.info.entryAtSectionOffset(offset)
    return underlying && tag(underlying) === TAG.base_type ? this.info.number(underlying, AT.encoding) : undefined
  }

  private enumerators(entry: Entry) {
    return this.info
      .childrenOf(entry)
      .filter((child) => tag(child) === TAG.enumerator)
      .map((child) => ({
        name: this.info.string(child, AT.name) ?? '',
        value: this.info.number(child, AT.const_value) ?? 0,
      }))
  }

  /** `int a[2][3]` is one entry with two subranges; ours nest. */
  private array(entry: Entry): CType {
    const counts = this.info
      .childrenOf(entry)
      .filter((child) => tag(child) === TAG.subrange_type)
      .map((child) => this.countOf(child))
    const element = this.target(entry)
    const inner = counts
      .slice(1)
      .reduceRight<() => CType>((of, count) => later({ kind: 'array', element: of, count }), element)
    return { kind: 'array', element: inner, count: counts[0] }
  }

  /** Undefined: not known at compile time. GCC writes the bound of `[0]` as -1 or not at all. */
  private countOf(subrange: Entry): number | undefined {
    const count = this.info.number(subrange, AT.count)
    const bound = this.info.number(subrange, AT.upper_bound)
    if (count !== undefined || bound === undefined) return count
    return bound === 0xffffffff ? 0 : Math.max(0, bound + 1)
  }

  private function(entry: Entry): CType {
    const parameters = this.later<readonly CType[]>([], () =>
      this.info
        .childrenOf(entry)
        .filter((child) => tag(child) === TAG.formal_parameter)
        .map((child) => this.of(child)),
    )
    return { kind: 'function', returns: this.target(entry), parameters }
  }
}

const tag = (entry: Entry) => entry.abbreviation.tag
const later = (type: CType) => () => type
