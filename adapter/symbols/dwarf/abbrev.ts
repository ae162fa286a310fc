// .debug_abbrev: which attributes in which forms a debugging information entry of a kind has. DWARF 5, 7.5.3.
// What makes walking fast is computed here once for each abbreviation: sizes, and where its name and sibling stand.
import { AT, FORM, TAG } from './constants.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { type Encoding, formSize, VARIABLE } from './form.ts'

const NONE: (number | undefined)[] = []
/** Codes count from 1; more than this in one table is damage. */
const MOST_CODES = 1 << 18

export interface Abbreviation {
  readonly tag: number
  readonly hasChildren: boolean
  readonly attributes: readonly number[]
  readonly forms: readonly number[]
  /** Values of DW_FORM_implicit_const, by attribute's index. */
  readonly implicit: readonly (number | undefined)[]
  /** Bytes of all attributes, or VARIABLE. */
  readonly size: number
  /** Bytes from the first attribute to DW_AT_name and its form; VARIABLE: it has none, or behind something of variable size. */
  readonly nameAt: number
  readonly nameForm: number
  /** The same for a DW_AT_sibling in DW_FORM_ref4. */
  readonly siblingAt: number
  /** What a question by name may look for in it; 0: nothing. */
  readonly named: number
}

/** Kinds of names, which do not hide each other. */
export const NAMED = {
  struct: 1,
  union: 2,
  enum: 3,
  type: 4,
  variable: 5,
  staticVariable: 6,
  enumerator: 7,
  function: 8,
  /** Without a location: the compiler had no use for it. */
  removedVariable: 9,
  /** `extern`: the whole stands elsewhere, or, of what a linker script or assembly defines, in the symbol table alone. */
  declaredVariable: 10,
} as const

/** One unit's abbreviations, read as far as they were asked for: a unit's own entry needs the first alone. */
export class AbbreviationTable {
  private readonly known: (Abbreviation | undefined)[] = []
  private readonly cursor: Cursor
  private readonly encoding: Encoding
  private complete = false

  constructor(cursor: Cursor, encoding: Encoding) {
    this.cursor = cursor
    this.encoding = encoding
  }

  get(code: number): Abbreviation | undefined {
    // 0 ends a list of children.
    while (code !== 0 && !this.complete && this.known[code] === undefined) this.readNext()
    return this.known[code]
  }

  all(): readonly (Abbreviation | undefined)[] {
    while (!this.complete) this.readNext()
    return this.known
  }

  private readNext(): void {
    const code = this.cursor.uleb()
    this.complete = code === 0
    if (code > MOST_CODES) throw new DwarfError(`abbreviation code ${code}: .debug_abbrev is damaged`)
    if (this.complete) return
    while (this.known.length <= code) this.known.push(undefined)
    this.known[code] = readAbbreviation(this.cursor, this.encoding)
  }
}

export class Abbreviations {
  private readonly section: Uint8Array
  private readonly tables = new Map<string, AbbreviationTable>()

  constructor(section: Uint8Array) {
    this.section = section
  }

  /** Sizes depend on the unit's encoding, so the key holds it. */
  tableAt(offset: number, encoding: Encoding): AbbreviationTable {
    const key = `${offset} ${encoding.version} ${encoding.offsetSize}`
    const known = this.tables.get(key)
    if (known) return known
    const table = new AbbreviationTable(new Cursor(this.section, '.debug_abbrev', offset), encoding)
    this.tables.set(key, table)
    return table
  }
}

function readAbbreviation(cursor: Cursor, encoding: Encoding): Abbreviation {
  const tag = cursor.uleb()
  const hasChildren = cursor.u8() !== 0
  const attributes: number[] = []
  const forms: number[] = []
  let implicit: (number | undefined)[] = NONE
  let size = 0
  const at = { name: VARIABLE, sibling: VARIABLE }
  let nameForm = 0
  for (;;) {
    const attribute = cursor.uleb()
    const form = cursor.uleb()
    if (attribute === 0 && form === 0) break
    if (form === FORM.implicit_const) {
      if (implicit === NONE) implicit = []
      implicit[forms.length] = cursor.sleb()
    }
    attributes.push(attribute)
    forms.push(form)
    if (attribute === AT.name) [at.name, nameForm] = [size, form]
    if (attribute === AT.sibling && form === FORM.ref4) at.sibling = size
    const bytes = formSize(form, encoding)
    size = size === VARIABLE || bytes === VARIABLE ? VARIABLE : size + bytes
  }
  const named = namedKind(tag, attributes)
  return {
    tag,
    hasChildren,
    attributes,
    forms,
    implicit,
    size,
    nameAt: at.name,
    nameForm,
    siblingAt: at.sibling,
    named,
  }
}

/** A declaration is none, but of a variable: somewhere else is the whole. */
function namedKind(tag: number, attributes: readonly number[]): number {
  if (attributes.includes(AT.declaration)) return tag === TAG.variable ? NAMED.declaredVariable : 0
  switch (tag) {
    case TAG.structure_type:
    case TAG.class_type:
      return NAMED.struct
    case TAG.union_type:
      return NAMED.union
    case TAG.enumeration_type:
      return NAMED.enum
    case TAG.typedef:
    case TAG.base_type:
      return NAMED.type
    case TAG.subprogram:
      return attributes.includes(AT.inline) ? NAMED.function : 0
    case TAG.variable:
      if (!attributes.includes(AT.location) && !attributes.includes(AT.const_value)) return NAMED.removedVariable
      // What completes a declaration has its name and its linkage from there; only external ones are declared before.
      return attributes.includes(AT.external) || attributes.includes(AT.specification)
        ? NAMED.variable
        : NAMED.staticVariable
    default:
      return 0
  }
}
