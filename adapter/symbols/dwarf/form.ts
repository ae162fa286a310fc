// How attribute values are laid out: their sizes, and how to step over them without reading them. DWARF 5, 7.5.6.
import { FORM } from './constants.ts'
import type { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'

/** What the sizes of some forms depend on; a unit's header says it. */
export interface Encoding {
  readonly version: number
  readonly offsetSize: number
}

export const ADDRESS_SIZE = 4
/** The size is in the value itself. */
export const VARIABLE = -1

/** By form. */
const SIZES: readonly (number | undefined)[] = Object.assign(new Array(0x2d).fill(undefined), {
  [FORM.addr]: ADDRESS_SIZE,
  [FORM.data1]: 1,
  [FORM.data2]: 2,
  [FORM.data4]: 4,
  [FORM.data8]: 8,
  [FORM.data16]: 16,
  [FORM.flag]: 1,
  [FORM.flag_present]: 0,
  [FORM.implicit_const]: 0,
  [FORM.ref1]: 1,
  [FORM.ref2]: 2,
  [FORM.ref4]: 4,
  [FORM.ref8]: 8,
  [FORM.ref_sig8]: 8,
  [FORM.ref_sup4]: 4,
  [FORM.ref_sup8]: 8,
  [FORM.strx1]: 1,
  [FORM.strx2]: 2,
  [FORM.strx3]: 3,
  [FORM.strx4]: 4,
  [FORM.addrx1]: 1,
  [FORM.addrx2]: 2,
  [FORM.addrx3]: 3,
  [FORM.addrx4]: 4,
})

const OFFSETS = new Set<number>([
  FORM.strp,
  FORM.line_strp,
  FORM.sec_offset,
  FORM.strp_sup,
  FORM.GNU_ref_alt,
  FORM.GNU_strp_alt,
])

const VARIABLES = new Set<number>([
  FORM.block,
  FORM.block1,
  FORM.block2,
  FORM.block4,
  FORM.exprloc,
  FORM.string,
  FORM.sdata,
  FORM.udata,
  FORM.ref_udata,
  FORM.strx,
  FORM.addrx,
  FORM.loclistx,
  FORM.rnglistx,
  FORM.indirect,
])

/** Bytes of a value of that form, or VARIABLE. */
export function formSize(form: number, { version, offsetSize }: Encoding): number {
  const size = SIZES[form]
  if (size !== undefined) return size
  if (OFFSETS.has(form)) return offsetSize
  if (form === FORM.ref_addr) return version <= 2 ? ADDRESS_SIZE : offsetSize
  if (VARIABLES.has(form)) return VARIABLE
  throw new DwarfError(`unknown form 0x${form.toString(16)}`)
}

export function skipForm(cursor: Cursor, form: number, encoding: Encoding): void {
  switch (form) {
    case FORM.exprloc:
    case FORM.block:
      cursor.take(cursor.uleb())
      return
    case FORM.block1:
      cursor.take(cursor.u8())
      return
    case FORM.block2:
      cursor.take(cursor.u16())
      return
    case FORM.block4:
      cursor.take(cursor.u32())
      return
    case FORM.string:
      cursor.skipString()
      return
    case FORM.indirect:
      skipForm(cursor, directForm(cursor), encoding)
      return
    default: {
      const size = formSize(form, encoding)
      if (size === VARIABLE) cursor.uleb()
      else cursor.take(size)
    }
  }
}

/** The form that DW_FORM_indirect names in the value. */
export function directForm(cursor: Cursor): number {
  const form = cursor.uleb()
  if (form === FORM.indirect || form === FORM.implicit_const) throw new DwarfError('a form that leads to nothing')
  return form
}
