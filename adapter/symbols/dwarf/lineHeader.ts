// .debug_line, the header of a unit's line program: its files. DWARF 5, 6.2.4, and DWARF 4, 6.2.4.
// Names stay where they are; a kernel has 200,000 of them, and a question looks at a few.
import { FORM } from './constants.ts'
import { Cursor, text } from './cursor.ts'
import { DwarfError } from './error.ts'
import { type Encoding, formSize, skipForm, VARIABLE } from './form.ts'
import { initialLength } from './info.ts'
import type { Sections } from './sections.ts'
import type { Strings } from './strings.ts'

const LNCT = { path: 1, directory_index: 2 }

export interface LineHeader extends Encoding {
  readonly offset: number
  readonly end: number
  readonly programAt: number
  readonly minimumInstructionLength: number
  readonly defaultIsStatement: boolean
  readonly lineBase: number
  readonly lineRange: number
  readonly opcodeBase: number
  readonly opcodeLengths: readonly number[]
  readonly directories: Paths
  /** By the number that the program and DW_AT_decl_file use. */
  readonly files: Paths
}

/** Names by number: number n stands in bytes [starts[n], ends[n]) of a section. An empty one is no name. */
export interface Paths {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly directories: Uint32Array
}

/** Undefined: there is no such number. */
export function pathText({ bytes, starts, ends }: Paths, n: number): string | undefined {
  return n < starts.length && ends[n] > starts[n] ? text(bytes, starts[n], ends[n]) : undefined
}

export function readLineHeader(sections: Sections, strings: Strings, strOffsets: number, offset: number): LineHeader {
  const cursor = new Cursor(sections.line, '.debug_line', offset)
  const { length, offsetSize } = initialLength(cursor)
  const end = cursor.at + length
  if (end > cursor.end) throw cursor.torn(offset)
  const version = cursor.u16()
  if (version < 2 || version > 5)
    throw new DwarfError(`.debug_line of version ${version} at offset 0x${offset.toString(16)}`)
  if (version >= 5) cursor.take(2)
  const headerLength = cursor.offset(offsetSize)
  const programAt = cursor.at + headerLength
  if (programAt > end) throw cursor.torn(offset)
  const minimumInstructionLength = cursor.u8()
  if (version >= 4) cursor.u8()
  const defaultIsStatement = cursor.u8() !== 0
  const lineBase = cursor.s8()
  const lineRange = cursor.u8()
  const opcodeBase = cursor.u8()
  const opcodeLengths = Array.from({ length: Math.max(0, opcodeBase - 1) }, () => cursor.u8())
  const tables = new Cursor(sections.line, '.debug_line', cursor.at, programAt)
  const encoding = { version, offsetSize }
  const read = { tables, sections, strings, strOffsets, encoding }
  const { directories, files } = version >= 5 ? readTables(read) : readOldTables(tables)
  const numbers = { minimumInstructionLength, defaultIsStatement, lineBase, lineRange, opcodeBase, opcodeLengths }
  return { offset, end, programAt, ...encoding, ...numbers, directories, files }
}

/** Three columns that grow together. */
class PathList {
  private count = 0
  private starts = new Uint32Array(64)
  private ends = new Uint32Array(64)
  private directories = new Uint32Array(64)

  add(start: number, end: number, directory: number): void {
    if (this.count === this.starts.length) {
      this.starts = longer(this.starts)
      this.ends = longer(this.ends)
      this.directories = longer(this.directories)
    }
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.directories[this.count++] = directory
  }

  in(bytes: Uint8Array): Paths {
    const { count, starts, ends, directories } = this
    return {
      bytes,
      starts: starts.slice(0, count),
      ends: ends.slice(0, count),
      directories: directories.slice(0, count),
    }
  }
}

function longer(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(2 * column.length)
  next.set(column)
  return next
}

/** Before DWARF 5: strings in place; files count from 1, directory 0 is the unit's own. */
function readOldTables(tables: Cursor) {
  const directories = new PathList()
  directories.add(0, 0, 0)
  for (let start = tables.at; tables.skipString() > start; start = tables.at) directories.add(start, tables.at - 1, 0)
  const files = new PathList()
  files.add(0, 0, 0)
  for (let start = tables.at; tables.skipString() > start; start = tables.at) {
    const end = tables.at - 1
    files.add(start, end, tables.uleb())
    tables.uleb()
    tables.uleb()
  }
  return { directories: directories.in(tables.bytes), files: files.in(tables.bytes) }
}

interface Read {
  readonly tables: Cursor
  readonly sections: Sections
  readonly strings: Strings
  readonly strOffsets: number
  readonly encoding: Encoding
}

const readTables = (read: Read) => ({ directories: readPaths(read), files: readPaths(read) })

function readPaths(read: Read): Paths {
  const { tables } = read
  const format = Array.from({ length: tables.u8() }, () => ({ content: tables.uleb(), form: tables.uleb() }))
  const count = tables.uleb()
  const paths = new PathList()
  let { bytes } = tables
  for (let n = 0; n < count; n++) {
    const start = tables.at
    let [nameStart, nameEnd, directory] = [0, 0, 0]
    for (const { content, form } of format) {
      if (content === LNCT.path) ({ bytes, start: nameStart, end: nameEnd } = readPath(read, form))
      else if (content === LNCT.directory_index) directory = readNumber(read, form)
      else skipForm(tables, form, read.encoding)
    }
    // Entries without a byte could be counted to four thousand millions.
    if (tables.at === start) throw tables.torn(start)
    paths.add(nameStart, nameEnd, directory)
  }
  return paths.in(bytes)
}

function readPath(read: Read, form: number) {
  const { tables, sections, encoding } = read
  if (form === FORM.string) {
    const start = tables.at
    return { bytes: tables.bytes, start, end: tables.skipString() }
  }
  if (form === FORM.line_strp) return stringIn(sections.lineStr, '.debug_line_str', tables.offset(encoding.offsetSize))
  if (form === FORM.strp) return stringIn(sections.str, '.debug_str', tables.offset(encoding.offsetSize))
  const index = form === FORM.strx ? tables.uleb() : tables.unsigned(form - FORM.strx1 + 1)
  return stringIn(sections.str, '.debug_str', read.strings.offsetOf(index, read.strOffsets, encoding.offsetSize))
}

function stringIn(bytes: Uint8Array, section: string, start: number) {
  return { bytes, start, end: new Cursor(bytes, section, start).skipString() }
}

function readNumber({ tables, encoding }: Read, form: number): number {
  const size = formSize(form, encoding)
  return size === VARIABLE ? tables.uleb() : tables.unsigned(size)
}
