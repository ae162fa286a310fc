// An ELF file for a big-endian 32-bit PowerPC: header, sections, segments. System V ABI, chapter 4 and 5; its PowerPC supplement.
// What it does not do: read debug information (dwarf/), or symbols (elfSymbols.ts).
import type { GuestImage } from '../../emulator/index.ts'
import { UserError } from '../userError.ts'
import { text } from './dwarf/cursor.ts'

const EM_PPC = 20
const ET_REL = 1
const PT_LOAD = 1
const SHT_NOBITS = 8
const SHF_ALLOC = 2
const SHF_EXECINSTR = 4
const SHF_COMPRESSED = 0x800
const ELFCOMPRESS_ZLIB = 1
const HEADER_BYTES = 52
const SEGMENT_BYTES = 32
const SECTION_BYTES = 40

export interface Section {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly address: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly info: number
}

export interface Segment {
  readonly virtual: number
  readonly physical: number
  /** What the file has of it; the rest up to memoryBytes is zero. */
  readonly bytes: Uint8Array
  readonly memoryBytes: number
}

export interface ElfFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly relocatable: boolean
  /** As linked, which is an effective address. */
  readonly entry: number
  readonly sections: readonly Section[]
  /** Those that are loaded. */
  readonly segments: readonly Segment[]
}

/** zlib's inflate; the length is what the file says that comes out. */
export type Inflate = (bytes: Uint8Array, length: number) => Uint8Array

export function readElf(bytes: Uint8Array, name: string): ElfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkIdentity(bytes, view, name)
  return {
    name,
    bytes,
    relocatable: view.getUint16(16) === ET_REL,
    entry: view.getUint32(24),
    sections: readSections(view, bytes, name),
    segments: readSegments(view, bytes, name),
  }
}

function checkIdentity(bytes: Uint8Array, view: DataView, name: string): void {
  const magic = bytes.length >= 4 && view.getUint32(0) === 0x7f454c46
  if (!magic)
    throw new UserError(`${name} is not an ELF file. Give the linked ELF file of the guest (for Linux: vmlinux).`)
  if (bytes.length < HEADER_BYTES) throw torn(name, 'its ELF header', HEADER_BYTES, bytes.length)
  if (bytes[4] !== 1)
    throw new UserError(`${name} is a 64-bit ELF file. The e500v2 and the e500mc run 32-bit programs.`)
  if (bytes[5] !== 2) throw new UserError(`${name} is a little-endian ELF file. The guest is big endian.`)
  const machine = view.getUint16(18)
  if (machine !== EM_PPC)
    throw new UserError(
      `${name} is an ELF file for another processor (machine ${machine}), not for PowerPC (${EM_PPC}).`,
    )
}

function readSegments(view: DataView, bytes: Uint8Array, name: string): Segment[] {
  const [table, count] = [view.getUint32(28), view.getUint16(44)]
  within(name, 'its program headers', table, count * SEGMENT_BYTES, bytes.length)
  if (count > 0) checkEntrySize(name, 'program header', view.getUint16(42), SEGMENT_BYTES)
  const segments: Segment[] = []
  for (let n = 0; n < count; n++) {
    const at = table + n * SEGMENT_BYTES
    if (view.getUint32(at) !== PT_LOAD) continue
    const [offset, length] = [view.getUint32(at + 4), view.getUint32(at + 16)]
    within(name, `segment ${n}`, offset, length, bytes.length)
    segments.push({
      virtual: view.getUint32(at + 8),
      physical: view.getUint32(at + 12),
      bytes: bytes.subarray(offset, offset + length),
      memoryBytes: Math.max(length, view.getUint32(at + 20)),
    })
  }
  return segments
}

function readSections(view: DataView, bytes: Uint8Array, name: string): Section[] {
  const table = view.getUint32(32)
  if (table === 0) return []
  within(name, 'its section headers', table, SECTION_BYTES, bytes.length)
  checkEntrySize(name, 'section header', view.getUint16(46), SECTION_BYTES)
  // Section 0 holds the count and the index of the names where they do not fit into the header.
  const count = view.getUint16(48) || view.getUint32(table + 20)
  within(name, 'its section headers', table, count * SECTION_BYTES, bytes.length)
  const headers = Array.from({ length: count }, (_, index) => readSection(view, table + index * SECTION_BYTES, index))
  const namesIndex = view.getUint16(50) === 0xffff ? view.getUint32(table + 24) : view.getUint16(50)
  const names = headers[namesIndex]
  return headers.map(({ nameOffset, ...section }) => {
    const sectionName = names ? stringAt(bytes, names, nameOffset) : ''
    if (section.type !== SHT_NOBITS)
      within(name, `section ${sectionName || section.index}`, section.offset, section.size, bytes.length)
    return { ...section, name: sectionName }
  })
}

const readSection = (view: DataView, at: number, index: number) => ({
  index,
  nameOffset: view.getUint32(at),
  type: view.getUint32(at + 4),
  flags: view.getUint32(at + 8),
  address: view.getUint32(at + 12),
  offset: view.getUint32(at + 16),
  size: view.getUint32(at + 20),
  link: view.getUint32(at + 24),
  info: view.getUint32(at + 28),
})

/** A string of a string table; cut where the table ends. */
export function stringAt(bytes: Uint8Array, { offset, size }: { offset: number; size: number }, at: number): string {
  const end = Math.min(offset + size, bytes.length)
  const zero = bytes.indexOf(0, offset + at)
  return text(bytes, Math.min(offset + at, end), zero < 0 || zero > end ? end : zero)
}

export function sectionNamed(elf: ElfFile, name: string): Section | undefined {
  return elf.sections.find((section) => section.name === name)
}

/** A section's content, inflated where it is compressed. Empty where there is no such section. */
export function sectionBytes(elf: ElfFile, section: Section | undefined, inflate: Inflate | undefined): Uint8Array {
  if (!section || section.type === SHT_NOBITS) return new Uint8Array(0)
  const bytes = elf.bytes.subarray(section.offset, section.offset + section.size)
  if (!(section.flags & SHF_COMPRESSED)) return bytes
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12) throw torn(elf.name, `section ${section.name}`, 12, bytes.length)
  if (header.getUint32(0) !== ELFCOMPRESS_ZLIB || !inflate)
    throw new UserError(
      `${elf.name}: section ${section.name} is compressed in a way that cannot be read here. ` +
        'Link it with --compress-debug-sections=zlib or none.',
    )
  const inflated = inflate(bytes.subarray(12), header.getUint32(4))
  if (inflated.length === header.getUint32(4)) return inflated
  throw torn(elf.name, `section ${section.name}`, header.getUint32(4), inflated.length)
}

/** Whether the program's code or data is linked to be there: what a linker threw away keeps debug information at address 0. */
export function isLoaded(elf: ElfFile, address: number): boolean {
  if (elf.relocatable) return true
  return elf.segments.some(({ virtual, memoryBytes }) => address >= virtual && address - virtual < memoryBytes)
}

export function isCode(elf: ElfFile, section: number): boolean {
  return ((elf.sections[section]?.flags ?? 0) & SHF_EXECINSTR) !== 0
}

export function isAllocated(elf: ElfFile, section: number): boolean {
  return ((elf.sections[section]?.flags ?? 0) & SHF_ALLOC) !== 0
}

/** The physical address of a linked one, by its segment's p_paddr. */
export function physicalOf(elf: ElfFile, address: number): number | undefined {
  const segment = elf.segments.find(({ virtual, memoryBytes }) => address >= virtual && address - virtual < memoryBytes)
  return segment && (address - segment.virtual + segment.physical) >>> 0
}

/** The guest as the board loads it. An entry outside every segment is taken as physical, as QEMU does. */
export function guestImage(elf: ElfFile): GuestImage {
  if (elf.relocatable)
    throw new UserError(
      `${elf.name} is not linked: it is an object file or a kernel module. Give an executable ELF file.`,
    )
  if (elf.segments.length === 0) throw new UserError(`${elf.name} has nothing to load: no segment of type LOAD.`)
  return {
    entry: physicalOf(elf, elf.entry) ?? elf.entry,
    segments: elf.segments.map(({ physical, bytes, memoryBytes }) => ({ physical, bytes, memoryBytes })),
  }
}

function within(name: string, part: string, offset: number, length: number, available: number): void {
  if (offset + length > available) throw torn(name, part, offset + length, available)
}

function checkEntrySize(name: string, what: string, size: number, expected: number): void {
  if (size !== expected)
    throw new UserError(`${name} is damaged: a ${what} of ${size} bytes, where 32-bit ELF has ${expected}.`)
}

function torn(name: string, part: string, needed: number, available: number): UserError {
  return new UserError(
    `${name} is torn: ${part} would end at byte ${needed}, but there are only ${available}. Copy or build the file again.`,
  )
}
