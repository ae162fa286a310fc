// .debug_str, .debug_line_str and .debug_str_offsets: names by offset and by index. DWARF 5, 7.26.
import { Cursor } from './cursor.ts'

export class Strings {
  private readonly strings: Uint8Array
  private readonly lineStrings: Uint8Array
  private readonly offsets: Uint8Array
  private readonly known = new Map<number, string>()
  private searchable: string | undefined

  constructor(strings: Uint8Array, lineStrings: Uint8Array, offsets: Uint8Array) {
    this.strings = strings
    this.lineStrings = lineStrings
    this.offsets = offsets
  }

  at(offset: number): string {
    const known = this.known.get(offset)
    if (known !== undefined) return known
    const string = new Cursor(this.strings, '.debug_str', offset).string()
    this.known.set(offset, string)
    return string
  }

  lineStringAt(offset: number): string {
    return new Cursor(this.lineStrings, '.debug_line_str', offset).string()
  }

  /** Offset in .debug_str of a unit's string number index. */
  offsetOf(index: number, base: number, offsetSize: number): number {
    return new Cursor(this.offsets, '.debug_str_offsets', base + index * offsetSize).offset(offsetSize)
  }

  /** Every offset at which the string stands, as a whole or as the end of a longer one that the linker merged it with. */
  offsetsOf(string: string): readonly number[] {
    // One character for each byte, so that an index is an offset.
    const bytes = new TextDecoder('latin1')
    this.searchable ??= bytes.decode(this.strings)
    const wanted = `${bytes.decode(new TextEncoder().encode(string))}\0`
    const offsets: number[] = []
    for (let at = this.searchable.indexOf(wanted); at >= 0; at = this.searchable.indexOf(wanted, at + 1))
      offsets.push(at)
    return offsets
  }
}
