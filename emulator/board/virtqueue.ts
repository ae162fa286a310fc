// A split virtqueue (Virtual I/O Device 1.2, 2.7): takes chains of buffers from the guest's memory and gives them back.
// The rings are little-endian, those of a legacy driver in the guest's own order. What a driver does wrong is a BadQueue: the device stops.
import type { Memory } from '../core/memory.ts'
import { writeBytes } from '../core/memoryBlocks.ts'

const NEXT = 1
const WRITE = 2
const INDIRECT = 4
const NO_INTERRUPT = 1
const DESCRIPTOR_BYTES = 16
const MOST_CHAIN_BYTES = 64 << 20
/** As QEMU's limit. */
const MOST_BUFFERS = 1024

export class BadQueue extends Error {}

export interface QueueState {
  size: number
  isEnabled: boolean
  vector: number
  /** Legacy: of the rings. */
  pageNumber: number
  /** Bus addresses. */
  descriptors: number
  available: number
  used: number
  /** Next entry of the ring of available chains, and of the used ones. */
  takes: number
  gives: number
}

/** Reaches RAM as the device does; undefined: that is no RAM. */
export interface QueueMemory {
  readonly memory: Memory
  ram(address: number, length: number): number | undefined
  /** What the guest has there; physical. */
  loads(physical: number, length: number): Uint8Array
  /** Before the device stores there; physical. */
  stores(physical: number, length: number): void
}

interface Buffer {
  readonly address: number
  readonly length: number
  readonly isForDevice: boolean
}

/** What the driver offers at once: bytes that the device reads, and room for its answer. */
export class Chain {
  readonly inputBytes: number
  readonly room: number
  readonly head: number
  private readonly inputs: readonly Buffer[]
  private readonly outputs: readonly Buffer[]
  private readonly ring: Ring

  constructor(head: number, buffers: readonly Buffer[], ring: Ring) {
    this.head = head
    this.ring = ring
    this.inputs = buffers.filter(({ isForDevice }) => isForDevice)
    this.outputs = buffers.filter(({ isForDevice }) => !isForDevice)
    this.inputBytes = bytesOf(this.inputs)
    this.room = bytesOf(this.outputs)
  }
  /** Of the input, from its byte `offset` on; all of it has to be there. */
  input(offset: number, length: number): Uint8Array {
    const whole = new Uint8Array(length)
    let start = -offset
    for (const { address, length: there } of this.inputs) {
      const from = Math.max(0, start)
      const to = Math.min(length, start + there)
      if (to > from) whole.set(this.ring.bytes(address + from - start, to - from), from)
      start += there
    }
    return whole
  }
  /** From the room's byte `offset` on. */
  answer(bytes: Uint8Array, offset = 0): void {
    let start = -offset
    for (const { address, length } of this.outputs) {
      const from = Math.max(0, start)
      const to = Math.min(bytes.length, start + length)
      if (to > from) this.ring.setBytes(address + from - start, bytes.subarray(from, to))
      start += length
    }
  }
}

const bytesOf = (buffers: readonly Buffer[]) => buffers.reduce((sum, { length }) => sum + length, 0)

export class Ring {
  private readonly queue: QueueState
  private readonly target: QueueMemory
  private readonly isLittle: boolean
  private readonly hasEventIndex: boolean

  constructor(
    queue: QueueState,
    target: QueueMemory,
    { isLittle, hasEventIndex }: { readonly isLittle: boolean; readonly hasEventIndex: boolean },
  ) {
    this.queue = queue
    this.target = target
    this.isLittle = isLittle
    this.hasEventIndex = hasEventIndex
  }

  bytes(address: number, length: number): Uint8Array {
    return this.target.loads(this.physical(address, length), length)
  }
  setBytes(address: number, bytes: Uint8Array): void {
    const physical = this.physical(address, bytes.length)
    this.target.stores(physical, bytes.length)
    writeBytes(this.target.memory, physical, bytes)
  }
  private physical(address: number, length: number): number {
    const physical = this.target.ram(address, length)
    if (physical === undefined) throw new BadQueue(`No RAM of ${length} bytes at bus address ${address}.`)
    return physical
  }
  private view = (address: number, length: number) => new DataView(this.bytes(address, length).buffer)
  private half = (address: number) => this.view(address, 2).getUint16(0, this.isLittle)
  private setHalf(address: number, value: number): void {
    const view = new DataView(new ArrayBuffer(2))
    view.setUint16(0, value, this.isLittle)
    this.setBytes(address, new Uint8Array(view.buffer))
  }

  private waiting = () => (this.half(this.queue.available + 2) - this.queue.takes) & 0xffff
  isEmpty = () => this.waiting() === 0
  /** The next chain, or undefined. */
  take(): Chain | undefined {
    const { queue } = this
    const waiting = this.waiting()
    if (waiting === 0) return undefined
    if (waiting > queue.size) throw new BadQueue('More chains are available than the queue is long.')
    const head = this.half(queue.available + 4 + 2 * (queue.takes % queue.size))
    queue.takes = (queue.takes + 1) & 0xffff
    return new Chain(head, this.buffers(head), this)
  }
  private buffers(head: number): Buffer[] {
    let table = this.queue.descriptors
    let count = this.queue.size
    let index = head
    let bytes = 0
    let isIndirect = false
    const found: Buffer[] = []
    for (;;) {
      if (index >= count) throw new BadQueue('A chain leaves its table.')
      const { address, length, flags, next } = this.descriptor(table, index)
      if (flags & INDIRECT) {
        if (isIndirect || length % DESCRIPTOR_BYTES !== 0 || length === 0)
          throw new BadQueue('An indirect table is no table.')
        isIndirect = true
        table = address
        count = length / DESCRIPTOR_BYTES
        index = 0
        continue
      }
      bytes += length
      if (bytes > MOST_CHAIN_BYTES || found.length === MOST_BUFFERS)
        throw new BadQueue('A chain is longer than a device takes.')
      const isForDevice = (flags & WRITE) === 0
      if (length === 0 || (isForDevice && found.at(-1)?.isForDevice === false))
        throw new BadQueue('A buffer is empty, or one for the device stands behind one for the driver.')
      found.push({ address, length, isForDevice })
      if ((flags & NEXT) === 0) return found
      index = next
    }
  }
  private descriptor(table: number, index: number) {
    const view = this.view(table + index * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES)
    const word = (at: number) => view.getUint32(at, this.isLittle)
    const [first, second] = [word(0), word(4)]
    const address = this.isLittle ? second * 2 ** 32 + first : first * 2 ** 32 + second
    return {
      address,
      length: word(8),
      flags: view.getUint16(12, this.isLittle),
      next: view.getUint16(14, this.isLittle),
    }
  }

  /** The device is done with a chain and has written so many bytes. */
  give({ head }: Chain, written: number): void {
    const { queue, isLittle } = this
    const entry = new DataView(new ArrayBuffer(8))
    entry.setUint32(0, head, isLittle)
    entry.setUint32(4, written, isLittle)
    this.setBytes(queue.used + 4 + 8 * (queue.gives % queue.size), new Uint8Array(entry.buffer))
    queue.gives = (queue.gives + 1) & 0xffff
    this.setHalf(queue.used + 2, queue.gives)
  }

  // ---- who has to be told (2.7.7 and 2.7.10) ----
  /** The driver is to notify of the next chain that it makes available. */
  awaitMore(): void {
    const { used, size, takes } = this.queue
    if (this.hasEventIndex) this.setHalf(used + 4 + 8 * size, takes)
  }
  /** before: the next entry of the used ring when the driver was told last. */
  wantsInterrupt(before: number): boolean {
    const { available, size, gives } = this.queue
    if (gives === before) return false
    if (!this.hasEventIndex) return (this.half(available) & NO_INTERRUPT) === 0
    const event = this.half(available + 4 + 2 * size)
    return ((gives - event - 1) & 0xffff) < ((gives - before) & 0xffff)
  }
}
