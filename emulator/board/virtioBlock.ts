// A disk as a virtio block device (Virtual I/O Device 1.2, 5.2), with what QEMU's offers: a queue for each core, discard and zeroes.
import { type BlockStore, Disk, type SavedDisk, SECTOR_BYTES } from './disk.ts'
import type { VirtioModel } from './virtioDevice.ts'
import { BadQueue, type Chain } from './virtqueue.ts'

const FEATURE = {
  segments: 1 << 2,
  geometry: 1 << 4,
  readOnly: 1 << 5,
  blockSize: 1 << 6,
  flush: 1 << 9,
  topology: 1 << 10,
  writeback: 1 << 11,
  queues: 1 << 12,
  discard: 1 << 13,
  zeroes: 1 << 14,
} as const
/** As QEMU takes them apart: the type without the bit that says that data goes out, and without the one of the barriers of old. */
const REQUEST = { data: 0, flush: 4, id: 8, discard: 10, zeroes: 12 } as const
const OUT = 1
const BARRIER = 0x80000000 | 0
const STATUS = { ok: 0, ioError: 1, unsupported: 2 } as const
const HEADER_BYTES = 16
const RANGE_BYTES = 16
const QUEUE_SIZE = 256
const CONFIG_BYTES = 57
const WRITEBACK = 32
/** Sectors of a discard or of zeroes. */
const MOST_SECTORS = 0x3fffff
const SECTORS_AT_ONCE = 2048
const HEADS = 16
const SECTORS_OF_A_TRACK = 63

export class VirtioBlock implements VirtioModel {
  readonly deviceId = 0x1001
  readonly virtioId = 2
  readonly classCode = 0x010000
  readonly legacyBytes = 128
  readonly queueSize = QUEUE_SIZE
  readonly queues: number
  readonly features: number
  private readonly disk: Disk
  /** Changes nothing: what is written is written. */
  private isWriteback = true

  constructor(store: BlockStore, queues: number) {
    this.disk = new Disk(store)
    this.queues = queues
    const { segments, geometry, blockSize, flush, topology, writeback, discard, zeroes } = FEATURE
    this.features = segments | geometry | blockSize | flush | topology | writeback | discard | zeroes
    if (queues > 1) this.features |= FEATURE.queues
    if (store.isReadOnly) this.features |= FEATURE.readOnly
  }
  /** The disk keeps what was written to it. */
  reset(): void {}
  driverReset(): void {
    this.isWriteback = true
  }
  save = () => ({ disk: this.disk.save(), isWriteback: this.isWriteback })
  restore(saved: unknown): void {
    const { disk, isWriteback } = saved as { readonly disk: SavedDisk; readonly isWriteback: boolean }
    this.disk.restore(disk)
    this.isWriteback = isWriteback
  }

  config(isLittle: boolean): Uint8Array {
    const view = new DataView(new ArrayBuffer(CONFIG_BYTES))
    view.setBigUint64(0, BigInt(this.disk.sectors), isLittle)
    view.setUint32(12, QUEUE_SIZE - 2, isLittle)
    view.setUint16(16, cylinders(this.disk.sectors), isLittle)
    view.setUint8(18, HEADS)
    view.setUint8(19, SECTORS_OF_A_TRACK)
    view.setUint32(20, SECTOR_BYTES, isLittle)
    view.setUint8(WRITEBACK, this.isWriteback ? 1 : 0)
    view.setUint16(34, this.queues, isLittle)
    // Of a discard and of zeroes: sectors, segments; then the alignment, and that zeroes may unmap.
    view.setUint32(36, MOST_SECTORS, isLittle)
    view.setUint32(40, 1, isLittle)
    view.setUint32(44, 1, isLittle)
    view.setUint32(48, MOST_SECTORS, isLittle)
    view.setUint32(52, 1, isLittle)
    view.setUint8(56, 1)
    return new Uint8Array(view.buffer)
  }
  setConfig(offset: number, value: number): void {
    if (offset === WRITEBACK) this.isWriteback = (value & 0xff) !== 0
  }

  /** The last byte of the room is the request's status: so all of the room counts as written, as with QEMU's. */
  serve(chain: Chain, isLittle: boolean): number {
    if (chain.inputBytes < HEADER_BYTES || chain.room === 0) throw new BadQueue('A request has no header or no status.')
    const view = new DataView(chain.input(0, HEADER_BYTES).buffer)
    const sector = Number(view.getBigUint64(8, isLittle))
    const status = this.execute(view.getUint32(0, isLittle), sector, chain, isLittle)
    chain.answer(Uint8Array.of(status), chain.room - 1)
    return chain.room
  }
  private execute(type: number, sector: number, chain: Chain, isLittle: boolean): number {
    const isOut = (type & OUT) !== 0
    const request = type & ~(OUT | BARRIER)
    switch (request) {
      case REQUEST.data:
        return isOut ? this.write(sector, chain) : this.read(sector, chain)
      case REQUEST.flush:
        return STATUS.ok
      case REQUEST.id:
        // A text: it has none.
        chain.answer(Uint8Array.of(0))
        return STATUS.ok
      case REQUEST.discard:
      case REQUEST.zeroes:
        return isOut ? this.clear(request === REQUEST.discard, chain, isLittle) : STATUS.unsupported
      default:
        return STATUS.unsupported
    }
  }
  private has = (sector: number, bytes: number) =>
    bytes % SECTOR_BYTES === 0 && sector + bytes / SECTOR_BYTES <= this.disk.sectors

  private read(sector: number, chain: Chain): number {
    const bytes = chain.room - 1
    if (!this.has(sector, bytes)) return STATUS.ioError
    chain.answer(this.disk.read(sector, bytes / SECTOR_BYTES))
    return STATUS.ok
  }
  private write(sector: number, chain: Chain): number {
    const bytes = chain.inputBytes - HEADER_BYTES
    if (!this.has(sector, bytes) || this.disk.isReadOnly) return STATUS.ioError
    this.disk.write(sector, chain.input(HEADER_BYTES, bytes))
    return STATUS.ok
  }
  /** One range. What is discarded stays as it is, as where QEMU's disk is a file. */
  private clear(isDiscard: boolean, chain: Chain, isLittle: boolean): number {
    const bytes = chain.inputBytes - HEADER_BYTES
    if (bytes < RANGE_BYTES) throw new BadQueue('A discard or zeroes name no range.')
    const view = new DataView(chain.input(HEADER_BYTES, RANGE_BYTES).buffer)
    const sector = Number(view.getBigUint64(0, isLittle))
    const count = view.getUint32(8, isLittle)
    const mayUnmap = view.getUint32(12, isLittle)
    if (bytes > RANGE_BYTES) return STATUS.unsupported
    if (count > MOST_SECTORS || !this.has(sector, count * SECTOR_BYTES)) return STATUS.ioError
    if (mayUnmap > (isDiscard ? 0 : 1)) return STATUS.unsupported
    if (isDiscard) return STATUS.ok
    if (this.disk.isReadOnly) return STATUS.ioError
    for (let at = 0; at < count; at += SECTORS_AT_ONCE)
      this.disk.write(sector + at, new Uint8Array(Math.min(SECTORS_AT_ONCE, count - at) * SECTOR_BYTES))
    return STATUS.ok
  }
}

/** What QEMU tells of a disk without a partition table. */
const cylinders = (sectors: number) => Math.min(16383, Math.max(2, Math.floor(sectors / (HEADS * SECTORS_OF_A_TRACK))))
