// Which unit covers an address: .debug_aranges where it says so (DWARF 5, 6.1.2), else the ranges of the unit's own entry.
import { Cursor } from './cursor.ts'
import { ADDRESS_SIZE } from './form.ts'
import type { Guarded } from './guard.ts'
import { type Info, initialLength, type Unit } from './info.ts'
import { rangesOf } from './ranges.ts'

/** Half-open intervals of addresses, each with a value; sorted, for search by halves. */
export class AddressMap<T> {
  private readonly starts: Float64Array
  private readonly items: readonly { readonly start: number; readonly end: number; readonly value: T }[]

  constructor(items: readonly { readonly start: number; readonly end: number; readonly value: T }[]) {
    this.items = [...items].sort((a, b) => a.start - b.start)
    this.starts = Float64Array.from(this.items, ({ start }) => start)
  }

  at(address: number): T | undefined {
    let [low, high] = [0, this.items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.starts[middle] <= address) low = middle + 1
      else high = middle
    }
    // Intervals of sane files do not overlap; a few looks back are enough where one lies within another.
    for (let n = low - 1; n >= 0 && n > low - 8; n--) if (address < this.items[n].end) return this.items[n].value
    return undefined
  }
}

/** isLoaded tells code that the linker kept from what it threw away, whose addresses begin at 0. */
export function unitRanges(info: Info, isLoaded: (address: number) => boolean, guarded: Guarded) {
  const items: { start: number; end: number; value: Unit }[] = []
  const listed = new Set<Unit>()
  const add = (unit: Unit, start: number, end: number) => {
    if (end > start && isLoaded(start)) items.push({ start, end, value: unit })
  }
  guarded(undefined, () => {
    const byOffset = new Map(info.units.map((unit) => [unit.offset, unit]))
    readAranges(info.sections.aranges, (offset, start, end) => {
      const unit = byOffset.get(offset)
      if (unit) listed.add(unit)
      if (unit) add(unit, start, end)
    })
  })
  for (const unit of info.units)
    if (!listed.has(unit))
      guarded(undefined, () => {
        for (const { start, end } of rangesOf(info, info.rootOf(unit))) add(unit, start, end)
      })
  return new AddressMap(items)
}

function readAranges(bytes: Uint8Array, add: (unit: number, start: number, end: number) => void): void {
  for (const section = new Cursor(bytes, '.debug_aranges'); !section.done; ) {
    const start = section.at
    const { length, offsetSize } = initialLength(section)
    const set = new Cursor(bytes, '.debug_aranges', section.at, section.at + length)
    section.take(length)
    set.u16()
    const unit = set.offset(offsetSize)
    const addressSize = set.u8()
    const segmentSize = set.u8()
    if (addressSize !== ADDRESS_SIZE || segmentSize !== 0) continue
    // Pairs are aligned to their own size, counted from the set's header.
    set.take((2 * ADDRESS_SIZE - ((set.at - start) % (2 * ADDRESS_SIZE))) % (2 * ADDRESS_SIZE))
    while (set.end - set.at >= 2 * ADDRESS_SIZE) {
      const address = set.u32()
      const bytesCovered = set.u32()
      if (address === 0 && bytesCovered === 0) break
      add(unit, address, address + bytesCovered)
    }
  }
}
