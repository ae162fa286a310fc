// The configuration space of a transitional virtio device (Virtual I/O Device 1.2, 4.1.2 and 4.1.4), word for word QEMU's: BAR0 is the
// legacy interface in I/O space, BAR1 holds the MSI-X table, BAR4 the modern registers, to which the capabilities lead.
import type { PciIdentity } from './pciFunction.ts'

export const BAR = { legacy: 0, msix: 1, modern: 4 } as const
/** Where the structures stand in BAR4, behind the common one. */
export const ISR = 0x1000
export const DEVICE = 0x2000
export const NOTIFY = 0x3000
export const NOTIFY_STRIDE = 4
export const MSIX_CAPABILITY = 0x98 / 4

const VENDOR = 0x1af4
const PENDING_BITS = 0x800

/** What the device says that it is. */
export interface VirtioIds {
  readonly deviceId: number
  readonly virtioId: number
  /** Class, subclass and interface, as in the configuration space. */
  readonly classCode: number
  readonly legacyBytes: number
  /** MSI-X has a vector for each, and one for changes of the configuration. */
  readonly queues: number
}

export const virtioIdentity = ({ deviceId, virtioId, classCode, legacyBytes, queues }: VirtioIds): PciIdentity => ({
  words: {
    0: VENDOR | (deviceId << 16),
    1: 0x00100000,
    2: classCode << 8,
    11: VENDOR | (virtioId << 16),
    13: MSIX_CAPABILITY * 4,
    15: 0x100,
    ...capabilities(queues + 1),
  },
  writable: { [MSIX_CAPABILITY]: 0xc0000000 | 0 },
  bars: [
    { number: BAR.legacy, bytes: legacyBytes, space: 'io' },
    { number: BAR.msix, bytes: 0x1000, space: 'memory' },
    { number: BAR.modern, bytes: 0x4000, space: 'memory64' },
  ],
})

/** Common, ISR, device, notify, access: capabilities of vendor kind, then MSI-X; a chain from 0x98 down to 0x40. */
function capabilities(vectors: number): Record<number, number> {
  const structure = (at: number, next: number, length: number, type: number, offset: number, bytes: number) => ({
    [at / 4]: 9 | (next << 8) | (length << 16) | (type << 24),
    [at / 4 + 1]: BAR.modern,
    [at / 4 + 2]: offset,
    [at / 4 + 3]: bytes,
  })
  return {
    [MSIX_CAPABILITY]: 0x11 | (0x84 << 8) | ((vectors - 1) << 16),
    [MSIX_CAPABILITY + 1]: BAR.msix,
    [MSIX_CAPABILITY + 2]: BAR.msix | PENDING_BITS,
    ...{ ...structure(0x84, 0x70, 20, 5, 0, 0), [0x84 / 4 + 1]: 0 },
    ...structure(0x70, 0x60, 20, 2, NOTIFY, 0x1000),
    [0x80 / 4]: NOTIFY_STRIDE,
    ...structure(0x60, 0x50, 16, 4, DEVICE, 0x1000),
    ...structure(0x50, 0x40, 16, 3, ISR, 0x1000),
    ...structure(0x40, 0, 16, 1, 0, 0x1000),
  }
}
