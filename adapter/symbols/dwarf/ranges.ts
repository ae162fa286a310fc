// Which addresses an entry covers: low_pc and high_pc, or a list in .debug_ranges (DWARF 4, 2.17.3) or .debug_rnglists (DWARF 5, 2.17.3).
import { AT, FORM } from './constants.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import type { Entry, Info, Unit } from './info.ts'

export interface Range {
  readonly start: number
  readonly end: number
}

/** DW_RLE_, DWARF 5, 7.25. */
const RLE = {
  end_of_list: 0,
  base_addressx: 1,
  startx_endx: 2,
  startx_length: 3,
  offset_pair: 4,
  base_address: 5,
  start_end: 6,
  start_length: 7,
}

/** Empty: it covers nothing, or does not say. */
export function rangesOf(info: Info, entry: Entry): readonly Range[] {
  const list = info.listOffset(entry, AT.ranges)
  if (list) return readList(info, entry.unit, list)
  const start = info.address(entry, AT.low_pc)
  if (start === undefined) return []
  // An address is the end itself, a constant is the length.
  const end = info.address(entry, AT.high_pc) ?? start + (info.number(entry, AT.high_pc) ?? 0)
  return end > start ? [{ start, end }] : []
}

function readList(info: Info, unit: Unit, list: { offset: number } | { index: number }): Range[] {
  const root = info.rootOf(unit)
  const base = info.address(root, AT.low_pc) ?? 0
  if (unit.version < 5) {
    if ('index' in list)
      throw new DwarfError(`form 0x${FORM.rnglistx.toString(16)} in a unit of version ${unit.version}`)
    return readRanges(new Cursor(info.sections.ranges, '.debug_ranges', list.offset), base)
  }
  const offset = 'offset' in list ? list.offset : indexedList(info, unit, list.index)
  return readRangeList(info, unit, new Cursor(info.sections.rnglists, '.debug_rnglists', offset), base)
}

function indexedList(info: Info, unit: Unit, index: number): number {
  const { ranges } = info.bases(unit)
  const at = ranges + index * unit.offsetSize
  return ranges + new Cursor(info.sections.rnglists, '.debug_rnglists', at).offset(unit.offsetSize)
}

function readRanges(cursor: Cursor, unitBase: number): Range[] {
  const ranges: Range[] = []
  for (let base = unitBase; ; ) {
    const start = cursor.u32()
    const end = cursor.u32()
    if (start === 0 && end === 0) return ranges
    if (start === 0xffffffff) base = end
    else if (end > start) ranges.push({ start: (base + start) >>> 0, end: (base + end) >>> 0 })
  }
}

function readRangeList(info: Info, unit: Unit, cursor: Cursor, unitBase: number): Range[] {
  const ranges: Range[] = []
  const add = (start: number, end: number) => {
    if (end > start) ranges.push({ start, end })
  }
  for (let base = unitBase; ; ) {
    const kind = cursor.u8()
    if (kind === RLE.end_of_list) return ranges
    if (kind === RLE.base_addressx) base = info.addressNumber(unit, cursor.uleb())
    else if (kind === RLE.base_address) base = cursor.u32()
    else if (kind === RLE.offset_pair) add(base + cursor.uleb(), base + cursor.uleb())
    else if (kind === RLE.start_end) add(cursor.u32(), cursor.u32())
    else if (kind === RLE.startx_endx)
      add(info.addressNumber(unit, cursor.uleb()), info.addressNumber(unit, cursor.uleb()))
    else {
      const start = startOfLength(info, unit, cursor, kind)
      add(start, start + cursor.uleb())
    }
  }
}

function startOfLength(info: Info, unit: Unit, cursor: Cursor, kind: number): number {
  if (kind === RLE.start_length) return cursor.u32()
  if (kind === RLE.startx_length) return info.addressNumber(unit, cursor.uleb())
  throw new DwarfError(`.debug_rnglists has an unknown entry ${kind} at offset 0x${(cursor.at - 1).toString(16)}`)
}

export const covers = (ranges: readonly Range[], address: number): boolean =>
  ranges.some(({ start, end }) => address >= start && address < end)
