// A virtio device behind PCI (Virtual I/O Device 1.1, 4.1), transitional: BAR0 is the legacy interface in I/O space, BAR1 holds the
// MSI-X table, BAR4 the modern registers. Requests are served at once, within the guest's notification.
import type { AccessSize } from './bus.ts'
import { Msix } from './msix.ts'
import { COMMAND, PciFunction } from './pciFunction.ts'
import type { PciDevice, PciHost } from './pciHost.ts'
import { BadQueue, type Chain, type QueueMemory, type QueueState, Ring } from './virtqueue.ts'

const VENDOR = 0x1af4
const STATUS = { driverOk: 4, featuresOk: 8, needsReset: 0x40 } as const
const LEGACY_FEATURES = 0x3fffffff
const VERSION_1 = 1
const NO_VECTOR = 0xffff
const LEGACY_PAGE = 4096
const BAR = { legacy: 0, msix: 1, modern: 4 } as const
const ISR = 0x1000
const DEVICE = 0x2000
const NOTIFY = 0x3000
const NOTIFY_STRIDE = 4
const MSIX_CAPABILITY = 0x98 / 4
const QUEUE_ADDRESSES = ['descriptors', 'available', 'used'] as const

/** What makes a virtio device of one kind of the transport. */
export interface VirtioModel {
  readonly deviceId: number
  readonly virtioId: number
  /** Class, subclass and interface, as in the configuration space. */
  readonly classCode: number
  readonly legacyBytes: number
  readonly queueSize: number
  /** Feature bits 0 to 31. */
  readonly features: number
  /** Registers of its own, in the driver's order. */
  config(isLittle: boolean): Uint8Array
  /** Serves a chain; how many bytes it has written. */
  serve(chain: Chain, isLittle: boolean): number
  /** As it is switched on; what a driver resets is the transport's. */
  reset(): void
  save(): unknown
  restore(saved: unknown): void
}

const newQueue = (size: number): QueueState => ({
  size,
  isEnabled: false,
  vector: NO_VECTOR,
  descriptors: 0,
  available: 0,
  used: 0,
  takes: 0,
  gives: 0,
})

const initial = (queueSize: number) => ({
  status: 0,
  ISR: 0,
  deviceFeatureSelect: 0,
  driverFeatureSelect: 0,
  driverFeatures: [0, 0],
  queueSelect: 0,
  configVector: NO_VECTOR,
  queue: newQueue(queueSize),
  /** Legacy: page number of the rings. */
  pageNumber: 0,
})

/** Common, ISR, device, notify: capabilities of vendor kind that lead into BAR4, then MSI-X; a chain from 0x98 down to 0x40. */
function capabilities(): Record<number, number> {
  const structure = (at: number, next: number, length: number, type: number, offset: number, bytes: number) => ({
    [at / 4]: 9 | (next << 8) | (length << 16) | (type << 24),
    [at / 4 + 1]: BAR.modern,
    [at / 4 + 2]: offset,
    [at / 4 + 3]: bytes,
  })
  return {
    [MSIX_CAPABILITY]: 0x11 | (0x84 << 8) | (1 << 16),
    [MSIX_CAPABILITY + 1]: BAR.msix,
    [MSIX_CAPABILITY + 2]: BAR.msix | 0x800,
    ...{ ...structure(0x84, 0x70, 20, 5, 0, 0), [0x84 / 4 + 1]: 0 },
    ...structure(0x70, 0x60, 20, 2, NOTIFY, 0x1000),
    [0x80 / 4]: NOTIFY_STRIDE,
    ...structure(0x60, 0x50, 16, 4, DEVICE, 0x1000),
    ...structure(0x50, 0x40, 16, 3, ISR, 0x1000),
    ...structure(0x40, 0, 16, 1, 0, 0x1000),
  }
}

const identity = ({ deviceId, virtioId, classCode, legacyBytes }: VirtioModel) => ({
  words: {
    0: VENDOR | (deviceId << 16),
    1: 0x00100000,
    2: classCode << 8,
    11: VENDOR | (virtioId << 16),
    13: MSIX_CAPABILITY * 4,
    15: 0x100,
    ...capabilities(),
  },
  writable: { [MSIX_CAPABILITY]: 0xc0000000 | 0 },
  bars: [
    { number: BAR.legacy, bytes: legacyBytes, space: 'io' as const },
    { number: BAR.msix, bytes: 0x1000, space: 'memory' as const },
    { number: BAR.modern, bytes: 0x4000, space: 'memory64' as const },
  ],
})

export class VirtioPci implements PciDevice {
  readonly config: PciFunction
  private readonly model: VirtioModel
  private readonly target: QueueMemory
  private readonly interrupt: (level: boolean) => void
  private readonly msix: Msix
  private state

  constructor(model: VirtioModel, host: PciHost, target: QueueMemory, interrupt: (level: boolean) => void) {
    this.model = model
    this.target = target
    this.interrupt = interrupt
    this.config = new PciFunction(identity(model))
    const control = () => this.config.word(MSIX_CAPABILITY)
    this.msix = new Msix(control, (address, data) => {
      if (this.config.command(COMMAND.master)) host.message(address, data)
    })
    this.state = initial(model.queueSize)
  }

  reset(): void {
    this.config.reset()
    this.msix.reset()
    this.model.reset()
    this.resetDevice()
  }
  private resetDevice(): void {
    this.state = initial(this.model.queueSize)
    this.updateLine()
  }
  save = () =>
    structuredClone({
      ...this.state,
      config: this.config.save(),
      msix: this.msix.save(),
      model: this.model.save(),
    })
  restore(saved: unknown): void {
    const { config, msix, model, ...state } = saved as ReturnType<VirtioPci['save']>
    this.state = state
    this.config.restore(config)
    this.msix.restore(msix)
    this.model.restore(model)
    this.updateLine()
  }

  configured(): void {
    this.msix.flush()
    this.updateLine()
  }

  // ---- interrupts ----
  private updateLine(): void {
    const level = this.state.ISR !== 0 && !this.msix.isEnabled()
    this.config.setInterruptStatus(level)
    this.interrupt(level && !this.config.command(COMMAND.interruptDisable))
  }
  private raise(): void {
    if (this.msix.isEnabled()) this.msix.raise(this.state.queue.vector)
    else {
      this.state.ISR |= 1
      this.updateLine()
    }
  }

  // ---- registers ----
  peek(bar: number, offset: number, size: AccessSize): number {
    if (bar === BAR.msix) return this.msix.read(offset)
    if (bar === BAR.legacy) return partOf(this.legacy(), offset, size)
    if (offset < ISR) return partOf(this.common(), offset, size)
    if (offset < DEVICE) return offset === ISR ? this.state.ISR : 0
    return offset < NOTIFY ? partOf(this.model.config(true), offset - DEVICE, size) : 0
  }
  read(bar: number, offset: number, size: AccessSize): number {
    const value = this.peek(bar, offset, size)
    const isIsr = (bar === BAR.legacy && offset === 19) || (bar === BAR.modern && offset === ISR)
    if (isIsr && this.state.ISR !== 0) {
      this.state.ISR = 0
      this.updateLine()
    }
    return value
  }
  write(bar: number, offset: number, size: AccessSize, value: number): void {
    if (bar === BAR.msix) this.msix.write(offset, size, value)
    else if (bar === BAR.legacy) this.writeLegacy(offset, value)
    else if (offset < ISR) this.writeCommon(offset, value)
    else if (offset >= NOTIFY && offset - NOTIFY < NOTIFY_STRIDE) this.notify()
  }

  private features = (word: number) => (word === 0 ? this.model.features : word === 1 ? VERSION_1 : 0)
  /** Queue 0 is the only one. */
  private selected = () => (this.state.queueSelect === 0 ? this.state.queue : undefined)

  /** Virtual I/O Device 4.1.4.3. */
  private common(): Uint8Array {
    const { state } = this
    const view = new DataView(new ArrayBuffer(56))
    const queue = this.selected()
    view.setUint32(0, state.deviceFeatureSelect, true)
    view.setUint32(4, this.features(state.deviceFeatureSelect), true)
    view.setUint32(8, state.driverFeatureSelect, true)
    view.setUint32(12, state.driverFeatures[state.driverFeatureSelect] ?? 0, true)
    view.setUint16(16, state.configVector, true)
    view.setUint16(18, 1, true)
    view.setUint8(20, state.status)
    view.setUint16(22, state.queueSelect, true)
    if (!queue) return new Uint8Array(view.buffer)
    view.setUint16(24, queue.size, true)
    view.setUint16(26, queue.vector, true)
    view.setUint16(28, queue.isEnabled ? 1 : 0, true)
    for (const [n, name] of QUEUE_ADDRESSES.entries()) {
      view.setUint32(32 + 8 * n, queue[name] % 2 ** 32, true)
      view.setUint32(36 + 8 * n, Math.floor(queue[name] / 2 ** 32), true)
    }
    return new Uint8Array(view.buffer)
  }
  private writeCommon(offset: number, value: number): void {
    const { state } = this
    if (offset === 0) state.deviceFeatureSelect = value >>> 0
    else if (offset === 8) state.driverFeatureSelect = value >>> 0
    else if (offset === 12 && state.driverFeatureSelect < 2)
      state.driverFeatures[state.driverFeatureSelect] = value & this.features(state.driverFeatureSelect)
    else if (offset === 16) state.configVector = this.msix.vector(value)
    else if (offset === 20) this.setStatus(value)
    else if (offset === 22) state.queueSelect = value & 0xffff
    else if (offset >= 24) this.writeQueue(offset, value)
  }
  private writeQueue(offset: number, value: number): void {
    const queue = this.selected()
    if (!queue) return
    if (offset === 24) queue.size = isQueueSize(value & 0xffff, this.model.queueSize) ? value & 0xffff : queue.size
    else if (offset === 26) queue.vector = this.msix.vector(value)
    else if (offset === 28) queue.isEnabled = (value & 1) !== 0
    else if (offset >= 32 && offset < 56 && (offset & 3) === 0) {
      const name = QUEUE_ADDRESSES[(offset - 32) >> 3]!
      const [low, high] = [queue[name] % 2 ** 32, Math.floor(queue[name] / 2 ** 32)]
      queue[name] = offset & 4 ? (value >>> 0) * 2 ** 32 + low : high * 2 ** 32 + (value >>> 0)
    }
  }
  private setStatus(value: number): void {
    if ((value & 0xff) === 0) this.resetDevice()
    else this.state.status = (value & 0xff) | (this.state.status & STATUS.needsReset)
  }

  /** Virtual I/O Device 4.1.4.8; the vectors are there while MSI-X is on. */
  private legacy(): Uint8Array {
    const { state } = this
    const head = this.msix.isEnabled() ? 24 : 20
    const own = this.model.config(false)
    const view = new DataView(new ArrayBuffer(head + own.length))
    const queue = this.selected()
    view.setUint32(0, this.model.features, true)
    view.setUint32(4, state.driverFeatures[0]!, true)
    view.setUint32(8, queue ? state.pageNumber : 0, true)
    view.setUint16(12, queue ? this.model.queueSize : 0, true)
    view.setUint16(14, state.queueSelect, true)
    view.setUint8(18, state.status)
    view.setUint8(19, state.ISR)
    if (head === 24) {
      view.setUint16(20, state.configVector, true)
      view.setUint16(22, queue?.vector ?? NO_VECTOR, true)
    }
    const bytes = new Uint8Array(view.buffer)
    bytes.set(own, head)
    return bytes
  }
  private writeLegacy(offset: number, value: number): void {
    const { state } = this
    const queue = this.selected()
    if (offset === 4) state.driverFeatures[0] = value & this.model.features & LEGACY_FEATURES
    else if (offset === 8 && queue) this.setPageNumber(queue, value)
    else if (offset === 14) state.queueSelect = value & 0xffff
    else if (offset === 16 && (value & 0xffff) === 0) this.notify()
    else if (offset === 18) this.setStatus(value)
    else if (this.msix.isEnabled() && offset === 20) state.configVector = this.msix.vector(value)
    else if (this.msix.isEnabled() && offset === 22 && queue) queue.vector = this.msix.vector(value)
  }
  /** The rings of a legacy queue stand one behind the other; 0 resets the device. */
  private setPageNumber(queue: QueueState, value: number): void {
    if (value === 0) {
      this.resetDevice()
      return
    }
    this.state.pageNumber = value >>> 0
    queue.isEnabled = true
    queue.size = this.model.queueSize
    queue.descriptors = (value >>> 0) * LEGACY_PAGE
    queue.available = queue.descriptors + 16 * queue.size
    queue.used = Math.ceil((queue.available + 6 + 2 * queue.size) / LEGACY_PAGE) * LEGACY_PAGE
  }

  // ---- requests ----
  private isLittle = () => (this.state.driverFeatures[1]! & VERSION_1) !== 0
  private notify(): void {
    const { state } = this
    const isReady = (state.status & (STATUS.driverOk | STATUS.needsReset)) === STATUS.driverOk
    if (!isReady || !state.queue.isEnabled || !this.config.command(COMMAND.master)) return
    try {
      this.serveAll(new Ring(state.queue, this.target, this.isLittle()))
    } catch (error) {
      if (!(error instanceof BadQueue)) throw error
      // Virtual I/O Device 2.1.2: the device says that it cannot go on until it is reset.
      state.status |= STATUS.needsReset
    }
  }
  private serveAll(ring: Ring): void {
    let served = 0
    for (let chain = ring.take(); chain && served < this.model.queueSize; chain = ring.take()) {
      ring.give(chain, this.model.serve(chain, this.isLittle()))
      served++
    }
    if (served > 0 && ring.wantsInterrupt()) this.raise()
  }
}

const isQueueSize = (size: number, most: number) => size > 0 && size <= most && (size & (size - 1)) === 0

/** Little-endian registers as bytes; behind their end there is 0. */
function partOf(bytes: Uint8Array, offset: number, size: AccessSize): number {
  let value = 0
  for (let n = 0; n < size; n++) value |= (bytes[offset + n] ?? 0) << (8 * n)
  return value
}
