// A virtio device's registers behind PCI (Virtual I/O Device 1.2, 4.1): the modern ones and the legacy ones, and its interrupts.
import { writeBytes } from '../core/memoryBlocks.ts'
import type { AccessSize } from './bus.ts'
import { Msix, NO_VECTOR } from './msix.ts'
import { COMMAND, PciFunction } from './pciFunction.ts'
import type { PciDevice, PciHost } from './pciHost.ts'
import { VirtioDevice, type VirtioModel } from './virtioDevice.ts'
import { BAR, DEVICE, ISR, MSIX_CAPABILITY, NOTIFY, NOTIFY_STRIDE, virtioIdentity } from './virtioIdentity.ts'
import type { QueueMemory, QueueState } from './virtqueue.ts'

const COMMON_BYTES = 64
const QUEUE_ADDRESSES = ['descriptors', 'available', 'used'] as const
/** Queues that can be selected, whether they are there or not: as many as QEMU has room for. */
const MOST_QUEUES = 1024
const INTERRUPT = { queue: 1, configuration: 2 } as const

const initial = () => ({ ISR: 0, deviceFeatureSelect: 0, driverFeatureSelect: 0 })

export class VirtioPci implements PciDevice {
  readonly config: PciFunction
  private readonly host: PciHost
  private readonly target: QueueMemory
  private readonly interrupt: (level: boolean) => void
  private readonly msix: Msix
  private readonly device: VirtioDevice
  private state = initial()

  constructor(model: VirtioModel, host: PciHost, target: QueueMemory, interrupt: (level: boolean) => void) {
    this.host = host
    this.target = target
    this.interrupt = interrupt
    this.config = new PciFunction(virtioIdentity(model))
    const control = () => this.config.word(MSIX_CAPABILITY)
    this.msix = new Msix(model.queues + 1, control, (address, data) => this.send(address, data))
    this.device = new VirtioDevice(model, target, {
      queue: (vector) => this.raise(vector, INTERRUPT.queue),
      configuration: (vector) => this.raise(vector, INTERRUPT.queue | INTERRUPT.configuration),
      mayReachMemory: () => this.isMaster(),
    })
  }

  reset(): void {
    this.config.reset()
    this.msix.reset()
    this.device.model.reset()
    this.resetDevice()
  }
  private resetDevice(): void {
    this.state = initial()
    this.device.reset()
    this.updateLine()
  }
  save = () =>
    structuredClone({
      ...this.state,
      device: this.device.state,
      config: this.config.save(),
      msix: this.msix.save(),
      model: this.device.model.save(),
    })
  restore(saved: unknown): void {
    const { device, config, msix, model, ...state } = saved as ReturnType<VirtioPci['save']>
    this.state = state
    this.device.state = device
    this.config.restore(config)
    this.msix.restore(msix)
    this.device.model.restore(model)
    this.updateLine()
  }

  configured(): void {
    this.msix.flush()
    this.updateLine()
  }

  // ---- interrupts ----
  private isMaster = () => this.config.command(COMMAND.master)
  private updateLine(): void {
    const level = this.state.ISR !== 0 && !this.msix.isEnabled()
    this.config.setInterruptStatus(level)
    this.interrupt(level && !this.config.command(COMMAND.interruptDisable))
  }
  private raise(vector: number, cause: number): void {
    if (this.msix.isEnabled()) {
      this.msix.raise(vector)
      return
    }
    this.state.ISR |= cause
    this.updateLine()
  }
  /** A message is a store like any other: to the host bridge, or to RAM. */
  private send(address: number, data: number): void {
    if (!this.isMaster() || this.host.message(address, data)) return
    const physical = this.target.ram(address, 4)
    if (physical === undefined) return
    this.target.stores(physical, 4)
    writeBytes(this.target.memory, physical, littleEndian(data))
  }

  // ---- registers ----
  peek(bar: number, offset: number, size: AccessSize): number {
    if (bar === BAR.msix) return this.msix.read(offset)
    if (bar === BAR.legacy) return partOf(this.legacy(), offset, size, -1)
    if (offset < ISR) return partOf(this.common(), offset, size, 0)
    if (offset < DEVICE) return offset === ISR ? this.state.ISR : 0
    return offset < NOTIFY ? partOf(this.device.model.config(true), offset - DEVICE, size, -1) : 0
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
    else if (offset >= NOTIFY) this.device.notify(Math.floor((offset - NOTIFY) / NOTIFY_STRIDE))
    else if (offset >= DEVICE) this.device.model.setConfig?.(offset - DEVICE, value)
  }
  private setStatus(value: number): void {
    if ((value & 0xff) === 0) this.resetDevice()
    else this.device.setStatus(value & 0xff)
  }
  private select(value: number): void {
    if ((value & 0xffff) < MOST_QUEUES) this.device.state.queueSelect = value & 0xffff
  }

  /** Virtual I/O Device 4.1.4.3. */
  private common(): Uint8Array {
    const { state, device } = this
    const view = new DataView(new ArrayBuffer(COMMON_BYTES))
    const queue = device.selected()
    view.setUint32(0, state.deviceFeatureSelect, true)
    view.setUint32(4, device.features(state.deviceFeatureSelect), true)
    view.setUint32(8, state.driverFeatureSelect, true)
    view.setUint32(12, device.state.driverFeatures[state.driverFeatureSelect] ?? 0, true)
    view.setUint16(16, device.state.configVector, true)
    view.setUint16(18, device.model.queues, true)
    view.setUint8(20, device.state.status)
    view.setUint8(21, device.state.configGeneration)
    view.setUint16(22, device.state.queueSelect, true)
    view.setUint16(24, queue?.size ?? 0, true)
    view.setUint16(26, queue?.vector ?? NO_VECTOR, true)
    view.setUint16(28, queue?.isEnabled ? 1 : 0, true)
    view.setUint16(30, device.state.queueSelect, true)
    for (const [n, name] of QUEUE_ADDRESSES.entries()) {
      const address = queue?.[name] ?? 0
      view.setUint32(32 + 8 * n, address % 2 ** 32, true)
      view.setUint32(36 + 8 * n, Math.floor(address / 2 ** 32), true)
    }
    return new Uint8Array(view.buffer)
  }
  private writeCommon(offset: number, value: number): void {
    const { state, device } = this
    const word = state.driverFeatureSelect
    if (offset === 0) state.deviceFeatureSelect = value >>> 0
    else if (offset === 8) state.driverFeatureSelect = value >>> 0
    else if (offset === 12 && word < 2) device.acceptFeatures(word, value & device.features(word))
    else if (offset === 16) device.state.configVector = this.msix.vector(value)
    else if (offset === 20) this.setStatus(value)
    else if (offset === 22) this.select(value)
    else if (offset >= 24) this.writeQueue(offset, value)
  }
  private writeQueue(offset: number, value: number): void {
    const queue = this.device.selected()
    if (!queue) return
    if (offset === 24) this.device.setSize(queue, value & 0xffff)
    else if (offset === 26) queue.vector = this.msix.vector(value)
    else if (offset === 28 && (value & 0xffff) === 1) queue.isEnabled = true
    else if (offset === 58 && (value & 0xffff) === 1) this.device.resetQueue(queue)
    else if (offset >= 32 && offset < 56 && (offset & 3) === 0) setAddress(queue, offset, value >>> 0)
  }

  /** Virtual I/O Device 4.1.4.10; the vectors are there while MSI-X is on. */
  private legacy(): Uint8Array {
    const { device } = this
    const head = this.legacyHead()
    const own = device.model.config(false)
    const view = new DataView(new ArrayBuffer(head + own.length))
    const queue = device.selected()
    view.setUint32(0, device.legacyFeatures(), true)
    view.setUint32(4, device.state.driverFeatures[0]!, true)
    view.setUint32(8, queue?.pageNumber ?? 0, true)
    view.setUint16(12, queue?.size ?? 0, true)
    view.setUint16(14, device.state.queueSelect, true)
    view.setUint8(18, device.state.status)
    view.setUint8(19, this.state.ISR)
    if (this.msix.isEnabled()) {
      view.setUint16(20, device.state.configVector, true)
      view.setUint16(22, queue?.vector ?? NO_VECTOR, true)
    }
    const bytes = new Uint8Array(view.buffer)
    bytes.set(own, head)
    return bytes
  }
  private legacyHead = () => (this.msix.isEnabled() ? 24 : 20)
  private writeLegacy(offset: number, value: number): void {
    const { device } = this
    const queue = device.selected()
    if (offset === 4) device.acceptFeatures(0, value & device.legacyFeatures())
    else if (offset === 8 && value === 0) this.resetDevice()
    else if (offset === 8 && queue) device.setPageNumber(queue, value >>> 0)
    else if (offset === 14) this.select(value)
    else if (offset === 16) device.notify(value & 0xffff)
    else if (offset === 18) this.setStatus(value)
    else if (offset >= this.legacyHead()) device.model.setConfig?.(offset - this.legacyHead(), value)
    else if (offset === 20) device.state.configVector = this.msix.vector(value)
    else if (offset === 22 && queue) queue.vector = this.msix.vector(value)
  }
}

function setAddress(queue: QueueState, offset: number, word: number): void {
  const name = QUEUE_ADDRESSES[(offset - 32) >> 3]!
  const [low, high] = [queue[name] % 2 ** 32, Math.floor(queue[name] / 2 ** 32)]
  queue[name] = offset & 4 ? word * 2 ** 32 + low : high * 2 ** 32 + word
}

const littleEndian = (word: number) => Uint8Array.of(word, word >>> 8, word >>> 16, word >>> 24)

/** Little-endian registers as bytes. An access that reaches behind their end meets none of them. */
function partOf(bytes: Uint8Array, offset: number, size: AccessSize, behindTheEnd: number): number {
  if (offset + size > bytes.length) return behindTheEnd
  let value = 0
  for (let n = 0; n < size; n++) value |= bytes[offset + n]! << (8 * n)
  return value
}
