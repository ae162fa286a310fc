// U-Boot's legacy image (include/image.h): a header of 64 bytes with checksums, then the kernel, compressed or not.
// What it does not do: images of several files, device tree images (FIT).
import type { GuestImage } from '../../emulator/index.ts'
import type { Host } from '../host.ts'
import { UserError } from '../userError.ts'

const MAGIC = 0x27051956
const HEADER_BYTES = 64
const HEADER_CHECKSUM = 4
const POWERPC = 7
/** Types that are run by themselves: standalone programs, kernels, firmware. */
const RUNNABLE = [1, 2, 5]
const UNCOMPRESSED = 0
const GZIP = 1

export const isUImage = (bytes: Uint8Array) => bytes.length >= 4 && viewOf(bytes).getUint32(0) === MAGIC

/** Its content at its load address, as the boot loader would put it there. */
export function uImage(bytes: Uint8Array, name: string, host: Pick<Host, 'gunzip'>): GuestImage {
  const view = viewOf(bytes)
  if (bytes.length < HEADER_BYTES) throw damaged(name, `it has ${bytes.length} bytes, less than its header`)
  checkHeader(bytes, name)
  const size = view.getUint32(12)
  const data = bytes.subarray(HEADER_BYTES, HEADER_BYTES + size)
  if (data.length < size) throw damaged(name, `its header says ${size} bytes, but only ${data.length} follow`)
  if (crc32(data) !== view.getUint32(24)) throw damaged(name, 'the checksum of its content is wrong')
  const [, architecture = 0, type = 0, compression = 0] = bytes.subarray(28, 32)
  if (architecture !== POWERPC) throw new UserError(`${name} is a uImage for another processor, not for PowerPC.`)
  if (!RUNNABLE.includes(type))
    throw new UserError(`${name} is a uImage of type ${type}, which is no kernel and no program. Give a kernel image.`)
  const content = contentOf(data, compression, name, host)
  const [load, entry] = [view.getUint32(16), view.getUint32(20)]
  return { entry, segments: [{ physical: load, bytes: content, memoryBytes: content.length }] }
}

function contentOf(data: Uint8Array, compression: number, name: string, host: Pick<Host, 'gunzip'>): Uint8Array {
  if (compression === UNCOMPRESSED) return data
  if (compression !== GZIP)
    throw new UserError(
      `${name} is compressed in a way that cannot be read here. Make it with mkimage -C gzip or none.`,
    )
  try {
    return host.gunzip(data)
  } catch {
    throw damaged(name, 'its content cannot be decompressed')
  }
}

function checkHeader(bytes: Uint8Array, name: string): void {
  const header = bytes.slice(0, HEADER_BYTES)
  const checksum = viewOf(header).getUint32(HEADER_CHECKSUM)
  header.fill(0, HEADER_CHECKSUM, HEADER_CHECKSUM + 4)
  if (crc32(header) !== checksum) throw damaged(name, 'the checksum of its header is wrong')
}

const damaged = (name: string, why: string) =>
  new UserError(`${name} is a damaged uImage: ${why}. Build or copy it again.`)

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** CRC-32 as in gzip (RFC 1952 8): reflected, polynomial 0xedb88320. */
function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!
  return ~crc >>> 0
}
const TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})
