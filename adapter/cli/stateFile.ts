// A saved machine as bytes: a JSON text in which each typed array is a place in the block behind it. What it does not do: compress.
import type { MachineState } from '../../emulator/index.ts'
import { UserError } from '../userError.ts'

const MAGIC = 'e500-debug state 1\n'
const ALIGNMENT = 8

interface ArrayPlace {
  readonly $int32: readonly [offset: number, length: number]
}
const isPlace = (value: unknown): value is ArrayPlace =>
  typeof value === 'object' && value !== null && '$int32' in value

export function encodeState(state: MachineState): Uint8Array {
  const arrays: Int32Array[] = []
  let size = 0
  const json = JSON.stringify(state, (_, value: unknown) => {
    if (!(value instanceof Int32Array)) return value
    arrays.push(value)
    size += value.byteLength
    return { $int32: [size - value.byteLength, value.length] } satisfies ArrayPlace
  })
  const head = new TextEncoder().encode(`${MAGIC}${json}\n`)
  const start = Math.ceil(head.length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(start + size)
  bytes.fill(0x0a)
  bytes.set(head)
  const view = new DataView(bytes.buffer)
  let at = start
  for (const array of arrays) {
    for (const word of array) {
      view.setInt32(at, word)
      at += 4
    }
  }
  return bytes
}

/** name: of the file, for the sentence about what is wrong with it. */
export function decodeState(bytes: Uint8Array, name: string): MachineState {
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to))
  if (text(0, MAGIC.length) !== MAGIC)
    throw new UserError(`${name} is no saved machine of this version of e500 Debug. Save it anew with --save-at.`)
  const end = bytes.indexOf(0x0a, MAGIC.length)
  const start = Math.ceil((end + 1) / ALIGNMENT) * ALIGNMENT
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  try {
    const state: unknown = JSON.parse(text(MAGIC.length, end), (_, value: unknown) => {
      if (!isPlace(value)) return value
      const [offset, length] = value.$int32
      return Int32Array.from({ length }, (_unused, n) => view.getInt32(start + offset + 4 * n))
    })
    if (typeof state !== 'object' || state === null) throw new TypeError('no machine')
    return state as MachineState
  } catch {
    throw new UserError(`${name} is torn: it ends before the machine that it describes. Save it anew with --save-at.`)
  }
}
