// Writes a flattened device tree (Devicetree Specification 0.4, chapter 5), version 17.

/** A cell, cells, text, several texts, bytes, or nothing at all. */
export type Property = number | readonly number[] | string | readonly string[] | Uint8Array | true
export interface TreeNode {
  readonly properties: Readonly<Record<string, Property>>
  readonly children?: Readonly<Record<string, TreeNode>>
}

const MAGIC = 0xd00dfeed
const VERSION = 17
const COMPATIBLE_VERSION = 16
const HEADER_BYTES = 40
/** One empty entry: no memory is reserved. */
const RESERVATION_BYTES = 16
const TOKEN = { beginNode: 1, endNode: 2, property: 3, end: 9 } as const

const ascii = (text: string) => Uint8Array.from(`${text}\0`, (character) => character.charCodeAt(0))

function propertyBytes(value: Property): Uint8Array {
  if (value === true) return new Uint8Array()
  if (typeof value === 'number') return cells([value])
  if (typeof value === 'string') return ascii(value)
  if (value instanceof Uint8Array) return value
  return isTexts(value) ? ascii(value.join('\0')) : cells(value)
}
const isTexts = (value: readonly (number | string)[]): value is readonly string[] => typeof value[0] === 'string'

function cells(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, n) => {
    view.setUint32(4 * n, value)
  })
  return bytes
}

/** totalBytes: with room behind it, as guests that add to their tree expect. */
export function flatten(root: TreeNode, totalBytes: number): Uint8Array {
  const strings = new Map<string, number>()
  let stringBytes = 0
  const nameOffset = (name: string) => {
    const known = strings.get(name)
    if (known !== undefined) return known
    const offset = stringBytes
    strings.set(name, offset)
    stringBytes += name.length + 1
    return offset
  }
  const structure: Uint8Array[] = []
  const say = (bytes: Uint8Array) => structure.push(bytes, new Uint8Array(-bytes.length & 3))
  const node = (name: string, { properties, children = {} }: TreeNode) => {
    say(cells([TOKEN.beginNode]))
    say(ascii(name))
    for (const [key, value] of Object.entries(properties)) {
      const bytes = propertyBytes(value)
      say(cells([TOKEN.property, bytes.length, nameOffset(key)]))
      say(bytes)
    }
    for (const [key, child] of Object.entries(children)) node(key, child)
    say(cells([TOKEN.endNode]))
  }
  node('', root)
  say(cells([TOKEN.end]))
  const names = [...strings.keys()].map(ascii)
  return assembleTree(joined(structure), joined(names), totalBytes)
}

function assembleTree(structure: Uint8Array, names: Uint8Array, totalBytes: number): Uint8Array {
  const structureOffset = HEADER_BYTES + RESERVATION_BYTES
  const namesOffset = structureOffset + structure.length
  const header = [
    MAGIC,
    totalBytes,
    structureOffset,
    namesOffset,
    HEADER_BYTES,
    VERSION,
    COMPATIBLE_VERSION,
    0,
    names.length,
    structure.length,
  ]
  const padding = new Uint8Array(totalBytes - namesOffset - names.length)
  return joined([cells(header), new Uint8Array(RESERVATION_BYTES), structure, names, padding])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
