// .debug_frame: how each function's frame is unwound, as rows of rules. DWARF 5, 6.4.
import type { UnwindRow } from '../model.ts'
import { AddressMap } from './aranges.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { ADDRESS_SIZE } from './form.ts'
import { type FrameProgram, runFrameProgram } from './frameProgram.ts'
import type { Guarded } from './guard.ts'
import { initialLength } from './info.ts'

const CIE_ID = 0xffffffff

/** Common information of many entries: a CIE. */
interface Common extends Omit<FrameProgram, 'instructions'> {
  readonly isSignalFrame: boolean
  readonly initial: Uint8Array
}

/** A function's entry: an FDE. */
interface FrameEntry {
  readonly common: number
  readonly start: number
  readonly instructions: Uint8Array
}

export class Frames {
  private readonly section: Uint8Array
  private readonly entries: AddressMap<FrameEntry>
  private readonly commons = new Map<number, Common>()

  constructor(section: Uint8Array, isLoaded: (address: number) => boolean, guarded: Guarded) {
    this.section = section
    const items: { start: number; end: number; value: FrameEntry }[] = []
    guarded(undefined, () => {
      for (const cursor = new Cursor(section, '.debug_frame'); !cursor.done; ) {
        const item = readEntry(cursor)
        if (item && isLoaded(item.start)) items.push(item)
      }
    })
    this.entries = new AddressMap(items)
  }

  rowAt(address: number): UnwindRow | undefined {
    const entry = this.entries.at(address)
    if (!entry) return undefined
    const common = this.commonAt(entry.common)
    const initial = runFrameProgram({ ...common, instructions: common.initial }, 0, Number.POSITIVE_INFINITY)
    const { cfa, registers } = runFrameProgram({ ...common, ...entry }, entry.start, address, initial)
    if (!cfa) throw new DwarfError(`.debug_frame does not say where the frame at 0x${address.toString(16)} begins`)
    return { cfa, registers, returnAddress: common.returnAddress, isSignalFrame: common.isSignalFrame }
  }

  private commonAt(offset: number): Common {
    const known = this.commons.get(offset)
    if (known) return known
    const common = readCommon(this.section, offset)
    this.commons.set(offset, common)
    return common
  }
}

/** Undefined: a CIE, or an entry that covers nothing. */
function readEntry(cursor: Cursor): { start: number; end: number; value: FrameEntry } | undefined {
  const { length, offsetSize } = initialLength(cursor)
  const entry = new Cursor(cursor.bytes, '.debug_frame', cursor.at, cursor.at + length)
  cursor.take(length)
  if (length === 0) return undefined
  const common = offsetSize === 8 ? Number(BigInt.asUintN(32, entry.u64())) : entry.u32()
  if (common === CIE_ID) return undefined
  const start = entry.u32()
  const bytes = entry.u32()
  if (bytes === 0) return undefined
  return { start, end: start + bytes, value: { common, start, instructions: entry.block(entry.end - entry.at) } }
}

function readCommon(section: Uint8Array, offset: number): Common {
  const whole = new Cursor(section, '.debug_frame', offset)
  const { length, offsetSize } = initialLength(whole)
  const cursor = new Cursor(section, '.debug_frame', whole.at, whole.at + length)
  cursor.take(offsetSize)
  const version = cursor.u8()
  const augmentation = cursor.string()
  // "S" is what .cfi_signal_frame writes. Other letters come with data that is not known how to skip.
  if (augmentation !== '' && augmentation !== 'S')
    throw new DwarfError(`.debug_frame has the unknown augmentation "${augmentation}"`)
  if (version >= 4 && (cursor.u8() !== ADDRESS_SIZE || cursor.u8() !== 0))
    throw new DwarfError('.debug_frame has addresses of another size')
  const codeAlignment = cursor.uleb()
  const dataAlignment = cursor.sleb()
  const returnAddress = version === 1 ? cursor.u8() : cursor.uleb()
  const initial = cursor.block(cursor.end - cursor.at)
  return { codeAlignment, dataAlignment, returnAddress, isSignalFrame: augmentation === 'S', initial }
}
