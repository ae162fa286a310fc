// The sections that hold debug information, as bytes. One that is absent is empty.
import { type ElfFile, type Inflate, sectionBytes, sectionNamed } from '../elf.ts'

export interface Sections {
  readonly info: Uint8Array
  readonly abbrev: Uint8Array
  readonly str: Uint8Array
  readonly lineStr: Uint8Array
  readonly strOffsets: Uint8Array
  readonly addr: Uint8Array
  readonly line: Uint8Array
  readonly aranges: Uint8Array
  readonly frame: Uint8Array
  readonly ranges: Uint8Array
  readonly rnglists: Uint8Array
  readonly loc: Uint8Array
  readonly loclists: Uint8Array
}

/** Inflated when first asked for, since a section may be large and a session may never look at it. */
export function debugSections(elf: ElfFile, inflate: Inflate | undefined, problem: (text: string) => void): Sections {
  const known = new Map<string, Uint8Array>()
  const bytesOf = (name: string): Uint8Array => {
    const read = known.get(name) ?? readSection(elf, name, inflate, problem)
    known.set(name, read)
    return read
  }
  return {
    get info() {
      return bytesOf('.debug_info')
    },
    get abbrev() {
      return bytesOf('.debug_abbrev')
    },
    get str() {
      return bytesOf('.debug_str')
    },
    get lineStr() {
      return bytesOf('.debug_line_str')
    },
    get strOffsets() {
      return bytesOf('.debug_str_offsets')
    },
    get addr() {
      return bytesOf('.debug_addr')
    },
    get line() {
      return bytesOf('.debug_line')
    },
    get aranges() {
      return bytesOf('.debug_aranges')
    },
    get frame() {
      return bytesOf('.debug_frame')
    },
    get ranges() {
      return bytesOf('.debug_ranges')
    },
    get rnglists() {
      return bytesOf('.debug_rnglists')
    },
    get loc() {
      return bytesOf('.debug_loc')
    },
    get loclists() {
      return bytesOf('.debug_loclists')
    },
  }
}

/** A section that cannot be inflated is as good as absent, and said so. */
function readSection(elf: ElfFile, name: string, inflate: Inflate | undefined, problem: (text: string) => void) {
  try {
    return sectionBytes(elf, sectionNamed(elf, name), inflate)
  } catch (error) {
    problem(`${name} cannot be read: ${error instanceof Error ? error.message : error}`)
    return new Uint8Array(0)
  }
}
