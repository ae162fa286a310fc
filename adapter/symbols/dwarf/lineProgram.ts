// .debug_line, a unit's line program run into columns of numbers. DWARF 5, 6.2.5.
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { ADDRESS_SIZE } from './form.ts'
import type { LineHeader } from './lineHeader.ts'

const LNS = {
  copy: 1,
  advance_pc: 2,
  advance_line: 3,
  set_file: 4,
  set_column: 5,
  negate_stmt: 6,
  set_basic_block: 7,
  const_add_pc: 8,
  fixed_advance_pc: 9,
}
const LNE = { end_sequence: 1, set_address: 2 }

/** Rows of whole sequences, each in order of address and ended by a row that covers nothing; sequences in order of address. */
export interface LineRows {
  readonly count: number
  readonly address: Uint32Array
  readonly line: Uint32Array
  readonly file: Uint32Array
  readonly column: Uint16Array
  readonly isStatement: Uint8Array
  /** Row numbers: a sequence is [first, end), its row end - 1 says where it ends. */
  readonly sequences: readonly { readonly first: number; readonly end: number }[]
}

/** The state machine's registers. DWARF 5, 6.2.2. */
interface Registers {
  address: number
  file: number
  line: number
  column: number
  isStatement: boolean
}

class Rows {
  count = 0
  address = new Uint32Array(256)
  line = new Uint32Array(256)
  file = new Uint32Array(256)
  column = new Uint16Array(256)
  isStatement = new Uint8Array(256)

  push(row: Registers): void {
    const n = this.count++
    if (n === this.address.length) this.grow()
    this.address[n] = row.address
    this.line[n] = row.line
    this.file[n] = row.file
    this.column[n] = row.column
    this.isStatement[n] = row.isStatement ? 1 : 0
  }

  private grow(): void {
    const longer = <T extends Uint8Array | Uint16Array | Uint32Array>(Kind: new (length: number) => T, old: T): T => {
      const next = new Kind(2 * old.length)
      next.set(old)
      return next
    }
    this.address = longer(Uint32Array, this.address)
    this.line = longer(Uint32Array, this.line)
    this.file = longer(Uint32Array, this.file)
    this.column = longer(Uint16Array, this.column)
    this.isStatement = longer(Uint8Array, this.isStatement)
  }
}

/** isLoaded drops the sequences of code that the linker threw away. */
export function runLineProgram(
  section: Uint8Array,
  header: LineHeader,
  isLoaded: (address: number) => boolean,
): LineRows {
  const cursor = new Cursor(section, '.debug_line', header.programAt, header.end)
  const rows = new Rows()
  const sequences: { first: number; end: number }[] = []
  const start = (): Registers => ({ address: 0, file: 1, line: 1, column: 0, isStatement: header.defaultIsStatement })
  let state = start()
  let first = 0
  while (!cursor.done) {
    if (!step(cursor, header, state, rows)) continue
    if (isOrdered(rows, first) && isLoaded(rows.address[first])) sequences.push({ first, end: rows.count })
    else rows.count = first
    first = rows.count
    state = start()
  }
  rows.count = first
  sequences.sort((a, b) => rows.address[a.first] - rows.address[b.first])
  return { ...rows, count: rows.count, sequences }
}

/** Addresses of a sequence only grow, DWARF 5, 6.2.5; one that says otherwise cannot be searched. */
function isOrdered(rows: Rows, first: number): boolean {
  if (rows.count - first < 2) return false
  for (let n = first + 1; n < rows.count; n++) if (rows.address[n] < rows.address[n - 1]) return false
  return true
}

/** One opcode; true at the end of a sequence. */
function step(cursor: Cursor, header: LineHeader, state: Registers, rows: Rows): boolean {
  const opcode = cursor.u8()
  if (opcode >= header.opcodeBase) {
    const { lineRange } = header
    if (lineRange === 0) throw new DwarfError('.debug_line has a line range of 0')
    const adjusted = opcode - header.opcodeBase
    state.address += Math.trunc(adjusted / lineRange) * header.minimumInstructionLength
    state.line += header.lineBase + (adjusted % lineRange)
    rows.push(state)
    return false
  }
  if (opcode === 0) return extended(cursor, state, rows)
  standard(cursor, header, state, rows, opcode)
  return false
}

function standard(cursor: Cursor, header: LineHeader, state: Registers, rows: Rows, opcode: number): void {
  switch (opcode) {
    case LNS.copy:
      rows.push(state)
      return
    case LNS.advance_pc:
      state.address += cursor.uleb() * header.minimumInstructionLength
      return
    case LNS.advance_line:
      state.line += cursor.sleb()
      return
    case LNS.set_file:
      state.file = cursor.uleb()
      return
    case LNS.set_column:
      state.column = cursor.uleb()
      return
    case LNS.negate_stmt:
      state.isStatement = !state.isStatement
      return
    case LNS.const_add_pc:
      if (header.lineRange === 0) throw new DwarfError('.debug_line has a line range of 0')
      state.address += Math.trunc((255 - header.opcodeBase) / header.lineRange) * header.minimumInstructionLength
      return
    case LNS.fixed_advance_pc:
      state.address += cursor.u16()
      return
    default:
      // set_basic_block, set_prologue_end, set_isa ...: the header says how many operands to step over.
      for (let n = header.opcodeLengths[opcode - 1]; n > 0; n--) cursor.uleb()
  }
}

function extended(cursor: Cursor, state: Registers, rows: Rows): boolean {
  const length = cursor.uleb()
  const next = cursor.take(length) + length
  if (length === 0) return false
  cursor.at = next - length
  const opcode = cursor.u8()
  if (opcode === LNE.end_sequence) rows.push(state)
  if (opcode === LNE.set_address && length === 1 + ADDRESS_SIZE) state.address = cursor.u32()
  cursor.at = next
  return opcode === LNE.end_sequence
}
