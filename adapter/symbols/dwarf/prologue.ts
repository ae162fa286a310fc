// Where a function's body begins, as gdb decides it (symtab.c, skip_prologue_using_sal), so that both stop at the same place.
import type { LineRow } from '../model.ts'
import { AT, FORM, TAG } from './constants.ts'
import type { DebugInformation } from './debugInformation.ts'
import type { Unit } from './info.ts'
import { rangesOf } from './ranges.ts'

/** The entry itself for optimised code: its variables are known from the first instruction on. */
export function afterPrologue(debug: DebugInformation, entry: number): number {
  const unit = debug.unitAt(entry)
  const first = unit && debug.lines.rowAt(unit, entry)
  if (!unit || !first || hasLocationLists(debug, unit)) return entry
  const end = functionEnd(debug, unit, entry)
  // A second row at the entry says that there is no prologue.
  if (end === undefined || first.end >= end || debug.lines.tableOf(unit)?.rowsAt(entry) !== 1) return entry
  let row = first
  while (row.end < end) {
    const next = debug.lines.rowAt(unit, row.end)
    if (!next || endsPrologue(debug, unit, row, next)) break
    row = next
  }
  return row.end < end ? row.end : row.address
}

/** A smaller line of the same function is an instruction that the compiler moved into the prologue. */
function endsPrologue(debug: DebugInformation, unit: Unit, row: LineRow, next: LineRow): boolean {
  if (next.line >= row.line || next.file !== row.file) return true
  const nest = debug.functions.nestAt(unit, row.end)
  return nest.some(({ abbreviation }) => abbreviation.tag === TAG.inlined_subroutine)
}

function functionEnd({ functions, info }: DebugInformation, unit: Unit, entry: number): number | undefined {
  const found = functions.at(unit, entry)
  return found && rangesOf(info, found).find(({ start, end }) => entry >= start && entry < end)?.end
}

/** GCC writes lists of locations only when it follows variables through optimised code. */
function hasLocationLists({ info }: DebugInformation, unit: Unit): boolean {
  return info
    .tableOf(unit)
    .all()
    .some((abbreviation) =>
      abbreviation?.attributes.some(
        (attribute, n) =>
          attribute === AT.location &&
          (abbreviation.forms[n] === FORM.sec_offset || abbreviation.forms[n] === FORM.loclistx),
      ),
    )
}
