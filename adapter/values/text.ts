// Characters, strings and numbers as C writes them (ISO C 6.4.4.4, 6.4.5), both ways. Bytes above 126 are written in octal, as gdb does.
import { UserError } from '../userError.ts'

export const hexAddress = (address: number) => `0x${(address >>> 0).toString(16).padStart(8, '0')}`

const NAMED: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
}
const NAMES = new Map(
  Object.entries(NAMED)
    .filter(([name]) => /[ntrabfv\\]/.test(name))
    .map(([name, byte]) => [byte, `\\${name}`]),
)

const isPrintable = (byte: number) => byte >= 32 && byte < 127

function escaped(byte: number, quote: string): string {
  const character = String.fromCharCode(byte)
  if (character === quote) return `\\${quote}`
  return NAMES.get(byte) ?? (isPrintable(byte) ? character : `\\${byte.toString(8).padStart(3, '0')}`)
}

export const quotedText = (bytes: Uint8Array) => `"${Array.from(bytes, (byte) => escaped(byte, '"')).join('')}"`

export const quotedCharacter = (code: number) => `'${escaped(code & 255, "'")}'`

/** Bytes of an `unsigned char` that a person would rather see as text. */
export function looksLikeText({ bytes, end }: { readonly bytes: Uint8Array; readonly end: string }): boolean {
  const ended = end === 'zero' || end === 'limit'
  return ended && bytes.length > 1 && bytes.every((byte) => isPrintable(byte) || NAMES.has(byte))
}

const ESCAPE = /\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|(.))|([^\\]+)|\\/gs

/** The bytes that stand between the quotes of a C string or character constant. Characters beyond ASCII are UTF-8. */
export function unescaped(body: string): number[] {
  return [...body.matchAll(ESCAPE)].flatMap(([whole, hex, octal, universal, name, plain]) => {
    if (plain !== undefined) return [...new TextEncoder().encode(plain)]
    if (hex !== undefined) return [Number.parseInt(hex, 16) & 255]
    if (octal !== undefined) return [Number.parseInt(octal, 8) & 255]
    if (universal !== undefined)
      return [...new TextEncoder().encode(String.fromCharCode(Number.parseInt(universal, 16)))]
    const byte = name === undefined ? undefined : NAMED[name]
    if (byte === undefined) throw new UserError(`${whole} is not an escape sequence of C. Write \\\\ for a backslash.`)
    return [byte]
  })
}

const INTEGER = /^([+-]?)(0x[0-9a-f]+|0b[01]+|0o?[0-7]+|[1-9]\d*|0)(?:u?l{0,2}|l{1,2}u)$/i

/** The integer that a text is: decimal, hex, octal or binary, with a sign, a suffix, or a character constant. */
export function parseInteger(text: string): bigint | undefined {
  const character = /^'(.+)'$/s.exec(text)
  if (character) {
    const bytes = unescaped(character[1]!)
    return bytes.length === 1 ? BigInt(bytes[0]!) : undefined
  }
  const match = INTEGER.exec(text)
  if (!match) return undefined
  const digits = match[2]!.replace(/^0o?(?=[0-7])/i, '0o')
  return match[1] === '-' ? -BigInt(digits) : BigInt(digits)
}
