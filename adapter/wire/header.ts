// The header of a DAP message: lines of `Name: value`, of which only Content-Length has a meaning, ended by an empty line
// (DAP overview, "Base protocol"). A line's end may lack its carriage return: clients written by hand forget it.

/** Longest header, and longest `Content-Length: value`. */
const headerLimit = 4096
const lengthLineLimit = 64

type Header =
  | { readonly kind: 'header'; readonly contentLength: number; readonly length: number }
  | { readonly kind: 'torn' }
  | { readonly kind: 'garbage' }

const name = 'content-length'
const colon = 0x3a
const newline = 0x0a

/** How many bytes `Content-Length:` has. */
export const nameLength = name.length + 1

/** Where the first `Content-Length:` begins, or -1. Searches for the colon, so that each byte is looked at once. */
export function findContentLength(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(colon, name.length); at !== -1; at = bytes.indexOf(colon, at + 1)) {
    if (isName(bytes, at - name.length)) return at - name.length
  }
  return -1
}

function isName(bytes: Uint8Array, start: number): boolean {
  for (let k = 0; k < name.length; k++) {
    // 0x20 makes a letter small and leaves the hyphen as it is.
    if ((bytes[start + k]! | 0x20) !== name.charCodeAt(k)) return false
  }
  return true
}

/**
 * Reads the header that the bytes begin with. It is garbage from the first line that cannot stand there; a second
 * `Content-Length:` is such a line, which also keeps the time linear where every line begins a header.
 */
export function readHeader(bytes: Uint8Array): Header {
  const first = lineAt(bytes, 0, lengthLineLimit)
  if (!/^[^:]+:[ \t]*\d*[ \t]*$/.test(first.text)) return { kind: 'garbage' }
  if (!first.isWhole) return { kind: bytes.length < lengthLineLimit ? 'torn' : 'garbage' }
  if (!/\d/.test(first.text)) return { kind: 'garbage' }
  const contentLength = Number(first.text.slice(nameLength))
  for (let at = first.end; ; ) {
    const line = lineAt(bytes, at, headerLimit)
    if (!/^([\w-]*$|[\w-]+:)/.test(line.text) || line.text.toLowerCase().includes(`${name}:`))
      return { kind: 'garbage' }
    if (!line.isWhole) return { kind: bytes.length < headerLimit ? 'torn' : 'garbage' }
    if (line.text === '') return { kind: 'header', contentLength, length: line.end }
    if (!line.text.includes(':')) return { kind: 'garbage' }
    at = line.end
  }
}

/** The line at `start`, read no further than `limit`, without the characters that end it. */
function lineAt(bytes: Uint8Array, start: number, limit: number) {
  const rest = bytes.subarray(start, limit)
  const length = rest.indexOf(newline)
  const isWhole = length !== -1
  const text = latin1(isWhole ? rest.subarray(0, length) : rest).replace(/\r$/, '')
  return { text, isWhole, end: start + length + 1 }
}

/** Bytes as the characters of the same numbers: headers are ASCII. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
