// Types and memory for tests, written as a compiler's debug information would give them.
import type { CType, Member } from '../../adapter/symbols/model.ts'
import type { ValueMemory } from '../../adapter/values/value.ts'

export const member = (name: string | undefined, type: CType, offset: number): Member => ({ name, type, offset })

/** bit: from the start of the struct, as DW_AT_data_bit_offset has it. */
export const bits = (name: string, type: CType, bit: number, width: number): Member => ({
  name,
  type,
  offset: 0,
  bitField: { offset: bit, width },
})

export const struct = (name: string | undefined, size: number, ...members: Member[]): CType => ({
  kind: 'struct',
  name,
  size,
  incomplete: false,
  members: () => members,
})

export const union = (name: string | undefined, size: number, ...members: Member[]): CType => ({
  kind: 'union',
  name,
  size,
  incomplete: false,
  members: () => members,
})

export const enumeration = (name: string, values: Record<string, number>, signed = false): CType => ({
  kind: 'enum',
  name,
  size: 4,
  signed,
  values: () => Object.entries(values).map(([name, value]) => ({ name, value })),
})

export const typedef = (name: string, target: CType): CType => ({ kind: 'typedef', name, target: () => target })

export const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'))

/** Mapped is what was given, nothing else; registers that were not given are not known. */
export function fakeMemory(
  regions: Record<number, Uint8Array>,
  registers: Record<number, number> = {},
): ValueMemory & { readonly registers: Record<number, number> } {
  const find = (address: number, length: number) => {
    for (const [start, bytes] of Object.entries(regions)) {
      const offset = address - Number(start)
      if (offset >= 0 && offset + length <= bytes.length) return bytes.subarray(offset, offset + length)
    }
    return undefined
  }
  return {
    registers,
    read: (address, length) => find(address, length)?.slice(),
    write: (address, bytes) => {
      const found = find(address, bytes.length)
      found?.set(bytes)
      return found !== undefined
    },
    register: (number) => registers[number],
    writeRegister: (number, value) => {
      if (registers[number] === undefined) return false
      registers[number] = value
      return true
    },
  }
}
