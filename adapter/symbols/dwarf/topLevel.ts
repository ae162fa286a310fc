// Walks the entries at the top of a unit as fast as it can be done: what a question by name looks at. A kernel has a million of them,
// so this one place reads bytes without a cursor. Each number is still checked before it is followed.
import { type Abbreviation, NAMED } from './abbrev.ts'
import { AT, FORM } from './constants.ts'
import { Cursor, u32At } from './cursor.ts'
import { DwarfError } from './error.ts'
import { skipForm, VARIABLE } from './form.ts'
import type { Info, Unit } from './info.ts'

/** Names up to three characters, which GCC writes in place, are their own key; .debug_str offsets lie below. */
const IN_PLACE = 1 << 27
const INTERNED = IN_PLACE | (1 << 26)

/** Called with a kind of NAMED, the name's key and the entry's offset; for an enumerator the enum's. For an enum: true to be shown
 * its enumerators, too. */
export type Visit = (kind: number, key: number, offset: number) => boolean

/** Numbers for names, so that two names are compared without reading them. */
export class NameKeys {
  private readonly info: Info
  private readonly interned = new Map<string, number>()
  private readonly asked = new Map<string, readonly number[]>()

  constructor(info: Info) {
    this.info = info
  }

  /** All keys that the name may have. */
  of(name: string): readonly number[] {
    const known = this.asked.get(name)
    if (known) return known
    const bytes = new TextEncoder().encode(`${name}\0`)
    const keys = [...this.info.strings.offsetsOf(name), this.inPlace(bytes, 0, bytes.length)]
    this.asked.set(name, keys)
    return keys
  }

  /** Of the name that stands at `at` in .debug_info in that form. -1: it has none. */
  at(bytes: Uint8Array, at: number, form: number, unit: Unit): number {
    if (form === FORM.strp && unit.offsetSize === 4) return u32At(bytes, at)
    return this.slow(new Cursor(bytes, '.debug_info', at, unit.end), form, unit)
  }

  private slow(cursor: Cursor, form: number, unit: Unit): number {
    const { strings } = this.info
    if (form === FORM.strp) return cursor.offset(unit.offsetSize)
    if (form === FORM.string) return this.inPlace(cursor.bytes, cursor.at, unit.end)
    if (form === FORM.line_strp) return this.intern(strings.lineStringAt(cursor.offset(unit.offsetSize)))
    const isIndex = form === FORM.strx || (form >= FORM.strx1 && form <= FORM.strx4)
    if (!isIndex) return -1
    const index = form === FORM.strx ? cursor.uleb() : cursor.unsigned(form - FORM.strx1 + 1)
    return strings.offsetOf(index, this.info.bases(unit).strOffsets, unit.offsetSize)
  }

  private inPlace(bytes: Uint8Array, at: number, end: number): number {
    let key = 0
    for (let n = 0; n < 4; n++) {
      const byte = bytes[at + n]
      if (byte === 0) return IN_PLACE | key
      if (n < 3) key = (key << 8) | byte
    }
    return this.intern(new Cursor(bytes, '.debug_info', at, end).string())
  }

  private intern(name: string): number {
    const key = this.interned.get(name) ?? INTERNED | this.interned.size
    this.interned.set(name, key)
    return key
  }
}

export function walkTopLevel(info: Info, keys: NameKeys, unit: Unit, visit: Visit): void {
  const bytes = info.sections.info
  const table = info.tableOf(unit)
  const cursor = new Cursor(bytes, '.debug_info', unit.firstEntry, unit.end)
  const { end, offset: base } = unit
  let at = unit.firstEntry
  // 0 is the unit's own entry, 1 what we are after.
  for (let depth = 0; at < end; ) {
    const entry = at
    let code = bytes[at++]
    if (code >= 0x80) {
      cursor.at = entry
      code = cursor.uleb()
      at = cursor.at
    }
    if (code === 0) {
      if (--depth <= 0) return
      continue
    }
    const abbreviation = table.get(code)
    if (!abbreviation) throw new DwarfError(`no abbreviation ${code} for the entry at offset 0x${entry.toString(16)}`)
    const { named, size, hasChildren, siblingAt } = abbreviation
    const attributes = at
    if (size === VARIABLE) {
      cursor.at = attributes
      for (const form of abbreviation.forms) skipForm(cursor, form, unit)
      at = cursor.at
    } else at += size
    if (named !== 0 && depth === 1) {
      const key = keyAt(info, keys, bytes, unit, entry, attributes, abbreviation)
      if (visit(named, key, entry) && hasChildren) {
        cursor.at = at
        visitEnumerators(info, keys, unit, cursor, (enumeratorKey) => visit(NAMED.enumerator, enumeratorKey, entry))
      }
    }
    if (!hasChildren) continue
    const sibling =
      depth > 0 && siblingAt !== VARIABLE && size !== VARIABLE ? base + u32At(bytes, attributes + siblingAt) : 0
    if (sibling !== 0 && (sibling < at || sibling > end)) throw cursor.torn(entry)
    if (sibling !== 0) at = sibling
    else depth++
  }
}

function keyAt(
  info: Info,
  keys: NameKeys,
  bytes: Uint8Array,
  unit: Unit,
  entry: number,
  attributes: number,
  { nameAt, nameForm }: Abbreviation,
): number {
  if (nameAt !== VARIABLE) return keys.at(bytes, attributes + nameAt, nameForm, unit)
  const found = info.entryAt(unit, entry)
  if (!found || (nameForm === 0 && !info.has(found, AT.specification))) return -1
  const name = info.nameOf(found)
  return name === undefined ? -1 : (keys.of(name)[0] ?? -1)
}

/** Reads children from the cursor on; stops when visit returns true. */
function visitEnumerators(
  info: Info,
  keys: NameKeys,
  unit: Unit,
  cursor: Cursor,
  visit: (key: number) => boolean,
): void {
  const { bytes } = cursor
  const table = info.tableOf(unit)
  while (!cursor.done) {
    const abbreviation = table.get(cursor.uleb())
    if (!abbreviation || abbreviation.hasChildren) return
    const attributes = cursor.at
    const { nameAt, nameForm } = abbreviation
    if (nameAt !== VARIABLE && visit(keys.at(bytes, attributes + nameAt, nameForm, unit))) return
    cursor.at = attributes
    for (const form of abbreviation.forms) skipForm(cursor, form, unit)
  }
}
