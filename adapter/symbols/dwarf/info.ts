// .debug_info: unit headers, and entries (DIEs) read on demand. DWARF 5, 7.5. No tree is ever built: an entry is an offset and
// its abbreviation; attributes are found by stepping over those before them.
import { type Abbreviation, Abbreviations, type AbbreviationTable } from './abbrev.ts'
import { AT, FORM } from './constants.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { ADDRESS_SIZE, directForm, type Encoding, skipForm, VARIABLE } from './form.ts'
import type { Sections } from './sections.ts'
import { Strings } from './strings.ts'

const UT = { type: 2, skeleton: 4, split_compile: 5, split_type: 6 }
/** abstract_origin and specification lead on at most so often. */
const LONGEST_CHAIN = 8
const DEEPEST = 200

export interface Unit extends Encoding {
  readonly index: number
  /** Of the header, in .debug_info. */
  readonly offset: number
  readonly end: number
  /** Of the unit's own entry. */
  readonly firstEntry: number
  readonly abbreviations: number
}

/** An entry. `attributes` is where its first attribute stands. */
export interface Entry {
  readonly unit: Unit
  readonly offset: number
  readonly attributes: number
  readonly abbreviation: Abbreviation
}

/** What a unit's own entry says for the rest of it. */
export interface UnitBases {
  readonly strOffsets: number
  readonly addresses: number
  readonly ranges: number
  readonly locations: number
}

/** An attribute's value before it is interpreted. */
interface Found {
  readonly form: number
  readonly at: number
  readonly implicit: number | undefined
}

export class Info {
  readonly units: readonly Unit[]
  readonly strings: Strings
  readonly sections: Sections
  /** What was wrong with unit headers; the units before are still good. */
  readonly headerProblem: string | undefined
  private readonly abbreviations: Abbreviations
  private readonly bytes: Uint8Array
  private readonly basesOf = new Map<Unit, UnitBases>()

  constructor(sections: Sections) {
    this.sections = sections
    this.bytes = sections.info
    this.strings = new Strings(sections.str, sections.lineStr, sections.strOffsets)
    this.abbreviations = new Abbreviations(sections.abbrev)
    const { units, problem } = readUnits(sections.info)
    this.units = units
    this.headerProblem = problem
  }

  tableOf(unit: Unit): AbbreviationTable {
    return this.abbreviations.tableAt(unit.abbreviations, unit)
  }

  rootOf(unit: Unit): Entry {
    const root = this.entryAt(unit, unit.firstEntry)
    if (!root) throw new DwarfError('a unit without an entry')
    return root
  }

  /** Undefined: the null entry that ends a list of children. */
  entryAt(unit: Unit, offset: number): Entry | undefined {
    const cursor = new Cursor(this.bytes, '.debug_info', offset, unit.end)
    const code = cursor.uleb()
    if (code === 0) return undefined
    const abbreviation = this.tableOf(unit).get(code)
    if (!abbreviation) throw new DwarfError(`no abbreviation ${code} for the entry at offset 0x${offset.toString(16)}`)
    return { unit, offset, attributes: cursor.at, abbreviation }
  }

  /** An offset of the whole section, as DW_FORM_ref_addr has it. */
  entryAtSectionOffset(offset: number): Entry {
    const unit = this.unitAt(offset)
    const entry = unit && offset >= unit.firstEntry ? this.entryAt(unit, offset) : undefined
    if (!entry) throw new DwarfError(`a reference to offset 0x${offset.toString(16)}, where no entry is`)
    return entry
  }

  private unitAt(offset: number): Unit | undefined {
    let [low, high] = [0, this.units.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.units[middle].offset <= offset) low = middle + 1
      else high = middle
    }
    const unit = this.units[low - 1]
    return unit && offset < unit.end ? unit : undefined
  }

  /** Calls visit for each child; it returns true to stop. */
  forEachChild(parent: Entry, visit: (child: Entry) => boolean | undefined): void {
    if (!parent.abbreviation.hasChildren) return
    let at = this.endOfAttributes(parent)
    while (at < parent.unit.end) {
      const child = this.entryAt(parent.unit, at)
      if (!child || visit(child)) return
      at = this.nextSibling(child)
    }
  }

  childrenOf(parent: Entry): Entry[] {
    const children: Entry[] = []
    this.forEachChild(parent, (child) => {
      children.push(child)
      return undefined
    })
    return children
  }

  private nextSibling(entry: Entry): number {
    if (!entry.abbreviation.hasChildren) return this.endOfAttributes(entry)
    const sibling = this.reference(entry, AT.sibling)
    if (sibling !== undefined) {
      if (sibling > entry.offset && sibling <= entry.unit.end) return sibling
      throw new DwarfError(`the entry at offset 0x${entry.offset.toString(16)} has its sibling before itself`)
    }
    let at = this.endOfAttributes(entry)
    for (let depth = 1; depth > 0; ) {
      const inner = this.entryAt(entry.unit, at)
      if (inner?.abbreviation.hasChildren) depth++
      if (!inner) depth--
      if (depth > DEEPEST) throw new DwarfError('entries nested too deep')
      at = inner ? this.endOfAttributes(inner) : at + 1
    }
    return at
  }

  private endOfAttributes({ unit, attributes, abbreviation }: Entry): number {
    const cursor = new Cursor(this.bytes, '.debug_info', attributes, unit.end)
    if (abbreviation.size !== VARIABLE) cursor.take(abbreviation.size)
    else for (const form of abbreviation.forms) skipForm(cursor, form, unit)
    return cursor.at
  }

  private find({ unit, attributes, abbreviation }: Entry, attribute: number): Found | undefined {
    const index = abbreviation.attributes.indexOf(attribute)
    if (index < 0) return undefined
    const cursor = new Cursor(this.bytes, '.debug_info', attributes, unit.end)
    for (let n = 0; n < index; n++) skipForm(cursor, abbreviation.forms[n], unit)
    const form = abbreviation.forms[index]
    const direct = form === FORM.indirect ? directForm(cursor) : form
    return { form: direct, at: cursor.at, implicit: abbreviation.implicit[index] }
  }

  private cursorAt(entry: Entry, { at }: Found): Cursor {
    return new Cursor(this.bytes, '.debug_info', at, entry.unit.end)
  }

  has(entry: Entry, attribute: number): boolean {
    return entry.abbreviation.attributes.includes(attribute)
  }

  flag(entry: Entry, attribute: number): boolean {
    const found = this.find(entry, attribute)
    return found !== undefined && (found.form === FORM.flag_present || this.cursorAt(entry, found).u8() !== 0)
  }

  /** A constant. Undefined also for one that an expression would compute. */
  number(entry: Entry, attribute: number): number | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    switch (found.form) {
      case FORM.implicit_const:
        return found.implicit
      case FORM.data1:
        return cursor.u8()
      case FORM.data2:
        return cursor.u16()
      case FORM.data4:
        return cursor.u32()
      case FORM.data8:
        return Number(cursor.u64())
      case FORM.sdata:
        return cursor.sleb()
      case FORM.udata:
        return cursor.uleb()
      default:
        return undefined
    }
  }

  string(entry: Entry, attribute: number): string | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    const { unit } = entry
    switch (found.form) {
      case FORM.string:
        return cursor.string()
      case FORM.strp:
        return this.strings.at(cursor.offset(unit.offsetSize))
      case FORM.line_strp:
        return this.strings.lineStringAt(cursor.offset(unit.offsetSize))
      default: {
        const index = indexOf(cursor, found.form, FORM.strx, FORM.strx1)
        if (index === undefined) return undefined
        return this.strings.at(this.strings.offsetOf(index, this.bases(unit).strOffsets, unit.offsetSize))
      }
    }
  }

  /** The offset in .debug_info of the entry that the attribute refers to. */
  reference(entry: Entry, attribute: number): number | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    const { unit } = entry
    switch (found.form) {
      case FORM.ref_addr:
        return unit.version <= 2 ? cursor.u32() : cursor.offset(unit.offsetSize)
      case FORM.ref1:
        return unit.offset + cursor.u8()
      case FORM.ref2:
        return unit.offset + cursor.u16()
      case FORM.ref4:
        return unit.offset + cursor.u32()
      case FORM.ref8:
        return unit.offset + Number(cursor.u64())
      case FORM.ref_udata:
        return unit.offset + cursor.uleb()
      default:
        return undefined
    }
  }

  address(entry: Entry, attribute: number): number | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    if (found.form === FORM.addr) return cursor.u32()
    const index = indexOf(cursor, found.form, FORM.addrx, FORM.addrx1)
    return index === undefined ? undefined : this.addressNumber(entry.unit, index)
  }

  /** .debug_addr. DWARF 5, 7.27. */
  addressNumber(unit: Unit, index: number): number {
    return new Cursor(this.sections.addr, '.debug_addr', this.bases(unit).addresses + index * ADDRESS_SIZE).u32()
  }

  /** A location expression, or the bytes of a constant. */
  block(entry: Entry, attribute: number): Uint8Array | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    switch (found.form) {
      case FORM.exprloc:
      case FORM.block:
        return cursor.block(cursor.uleb())
      case FORM.block1:
        return cursor.block(cursor.u8())
      case FORM.block2:
        return cursor.block(cursor.u16())
      case FORM.block4:
        return cursor.block(cursor.u32())
      case FORM.data16:
        return cursor.block(16)
      default:
        return undefined
    }
  }

  /** Where in another section the attribute's list is: an offset, or an index into that section's table. */
  listOffset(entry: Entry, attribute: number): { readonly offset: number } | { readonly index: number } | undefined {
    const found = this.find(entry, attribute)
    if (!found) return undefined
    const cursor = this.cursorAt(entry, found)
    switch (found.form) {
      case FORM.sec_offset:
        return { offset: cursor.offset(entry.unit.offsetSize) }
      // Before DWARF 4 an offset had no form of its own.
      case FORM.data4:
        return entry.unit.version < 4 ? { offset: cursor.u32() } : undefined
      case FORM.loclistx:
      case FORM.rnglistx:
        return { index: cursor.uleb() }
      default:
        return undefined
    }
  }

  bases(unit: Unit): UnitBases {
    const known = this.basesOf.get(unit)
    if (known) return known
    // Defaults for a unit that does not say: behind the header of the section's only table.
    const root = this.rootOf(unit)
    const header = unit.offsetSize === 8 ? 16 : 8
    const base = (attribute: number, fallback: number) => {
      const at = this.listOffset(root, attribute)
      return at && 'offset' in at ? at.offset : fallback
    }
    const bases = {
      strOffsets: base(AT.str_offsets_base, header),
      addresses: base(AT.addr_base, header),
      ranges: base(AT.rnglists_base, header + 4),
      locations: base(AT.loclists_base, header + 4),
    }
    this.basesOf.set(unit, bases)
    return bases
  }

  /** The entry, then what it completes or is an instance of: DW_AT_abstract_origin, DW_AT_specification. */
  chain(entry: Entry): Entry[] {
    const chain = [entry]
    for (let last = entry; chain.length < LONGEST_CHAIN; chain.push(last)) {
      const next = this.reference(last, AT.abstract_origin) ?? this.reference(last, AT.specification)
      if (next === undefined) return chain
      last = this.entryAtSectionOffset(next)
    }
    throw new DwarfError(`the entry at offset 0x${entry.offset.toString(16)} is an instance of itself`)
  }

  nameOf(entry: Entry): string | undefined {
    for (const one of this.chain(entry)) {
      const name = this.string(one, AT.name)
      if (name !== undefined) return name
    }
    return undefined
  }
}

/** The index of DW_FORM_strx or addrx and their forms of 1 to 4 bytes, which have consecutive codes. */
function indexOf(cursor: Cursor, form: number, uleb: number, one: number): number | undefined {
  if (form === uleb) return cursor.uleb()
  return form >= one && form < one + 4 ? cursor.unsigned(form - one + 1) : undefined
}

function readUnits(bytes: Uint8Array): { units: Unit[]; problem: string | undefined } {
  const units: Unit[] = []
  try {
    for (const cursor = new Cursor(bytes, '.debug_info'); !cursor.done; ) {
      const unit = readUnit(cursor, units.length)
      if (unit) units.push(unit)
    }
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error
    return { units, problem: error.message }
  }
  return { units, problem: undefined }
}

/** Undefined: of a kind that has nothing for us. Leaves the cursor behind the unit. DWARF 5, 7.5.1. */
function readUnit(cursor: Cursor, index: number): Unit | undefined {
  const offset = cursor.at
  const { length, offsetSize } = initialLength(cursor)
  const end = cursor.at + length
  if (end > cursor.end) throw cursor.torn(offset)
  const version = cursor.u16()
  const kind = version >= 5 ? cursor.u8() : 0
  const first = version >= 5 ? cursor.u8() : 0
  const abbreviations = cursor.offset(offsetSize)
  const addressSize = version >= 5 ? first : cursor.u8()
  if (kind === UT.skeleton || kind === UT.split_compile) cursor.take(8)
  if (kind === UT.type || kind === UT.split_type) cursor.take(8 + offsetSize)
  const firstEntry = cursor.at
  cursor.at = end
  if (version < 2 || version > 5 || addressSize !== ADDRESS_SIZE || firstEntry >= end) return undefined
  return { index, offset, end, version, offsetSize, abbreviations, firstEntry }
}

/** DWARF 5, 7.4: 32-bit and 64-bit DWARF. */
export function initialLength(cursor: Cursor): { length: number; offsetSize: number } {
  const length = cursor.u32()
  if (length < 0xfffffff0) return { length, offsetSize: 4 }
  if (length !== 0xffffffff) throw cursor.torn(cursor.at - 4)
  return { length: cursor.offset(8), offsetSize: 8 }
}
