// Reads numbers and strings of one section, big endian, and never beyond its end. DWARF 5, 7.
import { DwarfError } from './error.ts'

const utf8 = new TextDecoder()

export class Cursor {
  readonly bytes: Uint8Array
  at: number
  readonly end: number
  /** The section's name, for messages. */
  readonly section: string

  constructor(bytes: Uint8Array, section: string, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.section = section
    this.at = at
    this.end = end
    if (!(at >= 0 && at <= end && end <= bytes.length)) throw this.torn(at)
  }

  get done(): boolean {
    return this.at >= this.end
  }

  u8(): number {
    return this.bytes[this.take(1)]
  }

  s8(): number {
    return (this.u8() << 24) >> 24
  }

  u16(): number {
    const at = this.take(2)
    return (this.bytes[at] << 8) | this.bytes[at + 1]
  }

  u24(): number {
    const at = this.take(3)
    return (this.bytes[at] << 16) | (this.bytes[at + 1] << 8) | this.bytes[at + 2]
  }

  u32(): number {
    const at = this.take(4)
    const { bytes } = this
    return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
  }

  u64(): bigint {
    const high = this.u32()
    return (BigInt(high) << 32n) | BigInt(this.u32())
  }

  /** An offset of 32-bit or 64-bit DWARF. No section of a file that we can hold is longer than 4 GB. */
  offset(size: number): number {
    if (size === 8 && this.u32() !== 0) throw this.torn(this.at)
    return this.u32()
  }

  unsigned(size: number): number {
    switch (size) {
      case 1:
        return this.u8()
      case 2:
        return this.u16()
      case 3:
        return this.u24()
      case 4:
        return this.u32()
      case 8:
        return Number(this.u64())
      default:
        throw new DwarfError(`${this.section} has a number of ${size} bytes at offset ${this.at}`)
    }
  }

  /** Exact below 2^53. */
  uleb(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  sleb(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return byte & 0x40 ? value - scale * 128 : value
    }
  }

  take(length: number): number {
    const { at } = this
    if (!(length >= 0 && at + length <= this.end)) throw this.torn(at)
    this.at = at + length
    return at
  }

  block(length: number): Uint8Array {
    const at = this.take(length)
    return this.bytes.subarray(at, this.at)
  }

  /** Steps over a string that ends with a zero byte; returns the position of that zero. */
  skipString(): number {
    const zero = this.bytes.indexOf(0, this.at)
    if (zero < 0 || zero >= this.end) throw this.torn(this.at)
    this.at = zero + 1
    return zero
  }

  string(): string {
    const start = this.at
    return text(this.bytes, start, this.skipString())
  }

  torn(at: number): DwarfError {
    return new DwarfError(`${this.section} is torn at offset 0x${Math.max(0, at).toString(16)}`)
  }
}

/** UTF-8; names are short and ASCII, where a loop is several times faster than a decoder. */
export function text(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 40) return utf8.decode(bytes.subarray(start, end))
  let result = ''
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end))
    result += String.fromCharCode(byte)
  }
  return result
}

export function u32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
}
