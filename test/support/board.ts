// A machine with its console as text, and ELF files put into it.
import type { GuestImage } from '../../emulator/board/image.ts'
import { Machine } from '../../emulator/machine.ts'
import { assemble } from './assemble.ts'

export function machineWithConsole(memoryBytes = 256 << 20) {
  const console = { text: '' }
  const onUart = (_: number, byte: number) => {
    console.text += String.fromCharCode(byte)
  }
  return { machine: new Machine({ memoryBytes, onUart }), console }
}

/** Assembly at an address; the segment has so many bytes, zero behind the code. */
export function codeImage(source: string, physical = 0, memoryBytes = 0x1000): GuestImage {
  const { words } = assemble(source, physical)
  const bytes = Uint8Array.from(words.flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word]))
  return { entry: physical, segments: [{ physical, bytes, memoryBytes }] }
}

/** The segments of a big-endian 32-bit ELF at their physical addresses, and its physical entry. */
export function elfImage(file: Buffer): GuestImage {
  const table = file.readUInt32BE(28)
  const segments = []
  let entry = file.readUInt32BE(24)
  for (let n = 0; n < file.readUInt16BE(44); n++) {
    const header = table + 32 * n
    if (file.readUInt32BE(header) !== 1) continue
    const word = (field: number) => file.readUInt32BE(header + field)
    const [offset, virtual, physical, length, memoryBytes] = [word(4), word(8), word(12), word(16), word(20)]
    segments.push({ physical, bytes: file.subarray(offset, offset + length), memoryBytes })
    if (entry >= virtual && entry < virtual + length) entry += physical - virtual
  }
  return { entry, segments }
}
