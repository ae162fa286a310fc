// A disk as a virtio block device (Virtual I/O Device 1.1, 5.2).
import { type BlockStore, Disk, type SavedDisk, SECTOR_BYTES } from './disk.ts'
import type { VirtioModel } from './virtioPci.ts'
import type { Chain } from './virtqueue.ts'

const FEATURE = { segments: 1 << 2, readOnly: 1 << 5, blockSize: 1 << 6, flush: 1 << 9, indirect: 1 << 28 } as const
const REQUEST = { in: 0, out: 1, flush: 4, id: 8 } as const
const STATUS = { ok: 0, ioError: 1, unsupported: 2 } as const
const HEADER_BYTES = 16
const ID_BYTES = 20
const QUEUE_SIZE = 256
const CONFIG_BYTES = 60

export class VirtioBlock implements VirtioModel {
  readonly deviceId = 0x1001
  readonly virtioId = 2
  readonly classCode = 0x010000
  readonly legacyBytes = 128
  readonly queueSize = QUEUE_SIZE
  readonly features: number
  private readonly disk: Disk

  constructor(store: BlockStore) {
    this.disk = new Disk(store)
    const { segments, readOnly, blockSize, flush, indirect } = FEATURE
    this.features = segments | blockSize | flush | indirect | (store.isReadOnly ? readOnly : 0)
  }
  /** The disk keeps what was written to it. */
  reset(): void {}
  save = () => this.disk.save()
  restore(saved: unknown): void {
    this.disk.restore(saved as SavedDisk)
  }

  /** capacity, size_max, seg_max, geometry, blk_size … */
  config(isLittle: boolean): Uint8Array {
    const view = new DataView(new ArrayBuffer(CONFIG_BYTES))
    view.setBigUint64(0, BigInt(this.disk.sectors), isLittle)
    view.setUint32(12, QUEUE_SIZE - 2, isLittle)
    view.setUint32(20, SECTOR_BYTES, isLittle)
    return new Uint8Array(view.buffer)
  }

  /** The last byte of the answer is the request's status. */
  serve(chain: Chain, isLittle: boolean): number {
    const { input, room } = chain
    if (input.length < HEADER_BYTES || room === 0) return 0
    const view = new DataView(input.buffer, 0, HEADER_BYTES)
    const sector = Number(view.getBigUint64(8, isLittle))
    const [status, written] = this.execute(view.getUint32(0, isLittle), sector, chain)
    chain.answer(Uint8Array.of(status), room - 1)
    return written + 1
  }
  private execute(type: number, sector: number, chain: Chain): readonly [status: number, written: number] {
    const { disk } = this
    const data = chain.input.subarray(HEADER_BYTES)
    const wanted = chain.room - 1
    if (type === REQUEST.flush) return [STATUS.ok, 0]
    if (type === REQUEST.id) {
      chain.answer(new Uint8Array(Math.min(wanted, ID_BYTES)))
      return [STATUS.ok, Math.min(wanted, ID_BYTES)]
    }
    if (type !== REQUEST.in && type !== REQUEST.out) return [STATUS.unsupported, 0]
    const bytes = type === REQUEST.in ? wanted : data.length
    if (bytes % SECTOR_BYTES !== 0 || sector + bytes / SECTOR_BYTES > disk.sectors) return [STATUS.ioError, 0]
    if (type === REQUEST.in) {
      chain.answer(disk.read(sector, bytes / SECTOR_BYTES))
      return [STATUS.ok, bytes]
    }
    if (disk.isReadOnly) return [STATUS.ioError, 0]
    disk.write(sector, data)
    return [STATUS.ok, 0]
  }
}
