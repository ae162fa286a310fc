// Where an entry is at an address: one expression for its whole life, or a list in .debug_loc (DWARF 4, 2.6.2) or .debug_loclists (DWARF 5, 2.6.2).
import { AT } from './constants.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import type { Entry, Info, Unit } from './info.ts'

/** DW_LLE_, DWARF 5, 7.7.3; view_pair is GCC's. */
const LLE = {
  end_of_list: 0,
  base_addressx: 1,
  startx_endx: 2,
  startx_length: 3,
  offset_pair: 4,
  default_location: 5,
  base_address: 6,
  start_end: 7,
  start_length: 8,
  view_pair: 9,
}

/** The expression that holds at pc. Empty: nowhere at pc. Undefined: the entry has no location at all. */
export function locationAt(info: Info, entry: Entry, attribute: number, pc: number): Uint8Array | undefined {
  const expression = info.block(entry, attribute)
  if (expression) return expression
  const list = info.listOffset(entry, attribute)
  if (!list) return undefined
  const { unit } = entry
  const base = info.address(info.rootOf(unit), AT.low_pc) ?? 0
  const found = unit.version < 5 ? inLoc(info, list, base, pc) : inLocLists(info, unit, list, base, pc)
  return found ?? new Uint8Array(0)
}

type ListOffset = NonNullable<ReturnType<Info['listOffset']>>

function inLoc(info: Info, list: ListOffset, unitBase: number, pc: number): Uint8Array | undefined {
  if ('index' in list) throw new DwarfError('a numbered location list before DWARF 5')
  const cursor = new Cursor(info.sections.loc, '.debug_loc', list.offset)
  for (let base = unitBase; ; ) {
    const start = cursor.u32()
    const end = cursor.u32()
    if (start === 0 && end === 0) return undefined
    if (start === 0xffffffff) {
      base = end
      continue
    }
    const expression = cursor.block(cursor.u16())
    if (pc >= (base + start) >>> 0 && pc < (base + end) >>> 0) return expression
  }
}

function inLocLists(info: Info, unit: Unit, list: ListOffset, unitBase: number, pc: number): Uint8Array | undefined {
  const cursor = new Cursor(info.sections.loclists, '.debug_loclists', offsetOf(info, unit, list))
  let otherwise: Uint8Array | undefined
  for (let base = unitBase; ; ) {
    const kind = cursor.u8()
    if (kind === LLE.end_of_list) return otherwise
    if (kind === LLE.base_addressx) base = info.addressNumber(unit, cursor.uleb())
    else if (kind === LLE.base_address) base = cursor.u32()
    else if (kind === LLE.view_pair) [cursor.uleb(), cursor.uleb()]
    else if (kind === LLE.default_location) otherwise = cursor.block(cursor.uleb())
    else {
      const { start, end } = bounds(info, unit, cursor, kind, base)
      const expression = cursor.block(cursor.uleb())
      if (pc >= start && pc < end) return expression
    }
  }
}

function offsetOf(info: Info, unit: Unit, list: ListOffset): number {
  if ('offset' in list) return list.offset
  const { locations } = info.bases(unit)
  const at = locations + list.index * unit.offsetSize
  return locations + new Cursor(info.sections.loclists, '.debug_loclists', at).offset(unit.offsetSize)
}

function bounds(info: Info, unit: Unit, cursor: Cursor, kind: number, base: number) {
  switch (kind) {
    case LLE.offset_pair:
      return { start: base + cursor.uleb(), end: base + cursor.uleb() }
    case LLE.start_end:
      return { start: cursor.u32(), end: cursor.u32() }
    case LLE.startx_endx:
      return { start: info.addressNumber(unit, cursor.uleb()), end: info.addressNumber(unit, cursor.uleb()) }
    case LLE.start_length:
    case LLE.startx_length: {
      const start = kind === LLE.start_length ? cursor.u32() : info.addressNumber(unit, cursor.uleb())
      return { start, end: start + cursor.uleb() }
    }
    default:
      throw new DwarfError(`.debug_loclists has an unknown entry ${kind} at offset 0x${(cursor.at - 1).toString(16)}`)
  }
}
