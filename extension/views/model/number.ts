// A register's value as people read and write it. Values travel as text with all their digits, so 64 bits are no special case.

export const FORMATS = ['hex', 'decimal', 'signed', 'binary', 'characters'] as const
export type Format = (typeof FORMATS)[number]

const digitsOf = (value: string) => value.replace(/^0x/, '').toLowerCase()
const widthOf = (value: string) => digitsOf(value).length * 4

export function formatted(value: string, format: Format): string {
  switch (format) {
    case 'hex':
      return digitsOf(value)
    case 'decimal':
      return BigInt(value).toString()
    case 'signed':
      return BigInt.asIntN(widthOf(value), BigInt(value)).toString()
    case 'binary':
      return BigInt(value)
        .toString(2)
        .padStart(widthOf(value), '0')
        .replace(/.{8}(?=.)/g, '$& ')
    case 'characters':
      return digitsOf(value).replace(/../g, (byte) => printable(Number.parseInt(byte, 16)))
  }
}

const printable = (code: number) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·')

/** What the user typed as an expression of the debug console: bare digits are meant as they are shown. */
export function expressionOf(typed: string, format: Format): string {
  const text = typed.trim()
  if (format === 'hex' && /^[0-9a-f_ ]+$/i.test(text)) return `0x${text.replace(/[_ ]/g, '')}`
  if (format === 'binary' && /^[01_ ]+$/.test(text)) return `0x${BigInt(`0b${text.replace(/[_ ]/g, '')}`).toString(16)}`
  return text
}

/** The bits `from` to `to` of the value; bit 0 is the most significant. */
export function bitsOf(value: string, from: number, to: number): number {
  return Number(BigInt.asUintN(to - from + 1, BigInt(value) >> shiftOf(value, to)))
}

/** The whole register with other bits `from` to `to`. */
export function withBits(value: string, from: number, to: number, bits: number): string {
  const shift = shiftOf(value, to)
  const mask = ((1n << BigInt(to - from + 1)) - 1n) << shift
  const changed = (BigInt(value) & ~mask) | ((BigInt(bits) << shift) & mask)
  return `0x${changed.toString(16).padStart(digitsOf(value).length, '0')}`
}

export function maskOf(value: string, from: number, to: number): string {
  return withBits(value.replace(/[0-9a-f]/gi, '0').replace(/^00/, '0x'), from, to, 2 ** (to - from + 1) - 1)
}

const shiftOf = (value: string, to: number) => BigInt(widthOf(value) - 1 - to)

/** Which characters of `shown` are not those of `other`. */
export const differences = (shown: string, other: string) => [...shown].map((digit, index) => digit !== other[index])
