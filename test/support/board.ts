// A machine with its console as text, and ELF files put into it.
import { Machine } from '../../emulator/machine.ts'

export function machineWithConsole(ramBytes = 256 << 20) {
  const console = { text: '' }
  const onConsole = (byte: number) => {
    console.text += String.fromCharCode(byte)
  }
  return { machine: new Machine({ ramBytes, onConsole }), console }
}

/** Loads the segments of a big-endian 32-bit ELF at their physical addresses; returns its physical entry. */
export function loadElf({ bus }: Machine, file: Buffer): number {
  const table = file.readUInt32BE(28)
  let entry = file.readUInt32BE(24)
  for (let n = 0; n < file.readUInt16BE(44); n++) {
    const header = table + 32 * n
    if (file.readUInt32BE(header) !== 1) continue
    const [offset, virtual, address, length] = [4, 8, 12, 16].map((field) => file.readUInt32BE(header + field)) as [
      number,
      number,
      number,
      number,
    ]
    for (let k = 0; k < length; k++) bus.write(address + k, 1, file[offset + k]!)
    if (entry >= virtual && entry < virtual + length) entry += address - virtual
  }
  return entry
}
