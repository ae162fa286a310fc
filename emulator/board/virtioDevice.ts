// A virtio device apart from its registers (Virtual I/O Device 1.2, chapter 2): status, features, queues. Requests are served at once,
// within the guest's notification. What a driver does wrong stops the device until it is reset.
import { NO_VECTOR } from './msix.ts'
import type { VirtioIds } from './virtioIdentity.ts'
import { BadQueue, type Chain, type QueueMemory, type QueueState, Ring } from './virtqueue.ts'

const STATUS = { driverOk: 4, featuresOk: 8, needsReset: 0x40 } as const
/** Bits 24 to 41. Of the legacy ones the last is QEMU's, for drivers that take all that is offered. */
const NOTIFY_ON_EMPTY = 1 << 24
const LEGACY_FEATURES = NOTIFY_ON_EMPTY | (1 << 27) | (1 << 30)
const EVENT_INDEX = 1 << 29
const RING_FEATURES = (1 << 28) | EVENT_INDEX
const VERSION_1 = 1
const RING_RESET = 1 << 8

const LEGACY_PAGE = 4096

/** What makes it a device of one kind. */
export interface VirtioModel extends VirtioIds {
  readonly queueSize: number
  /** Feature bits 0 to 23. */
  readonly features: number
  /** Registers of its own, in the driver's order. */
  config(isLittle: boolean): Uint8Array
  /** A driver writes one of them; absent: it has none to write. */
  setConfig?(offset: number, value: number): void
  /** Serves a chain; how many bytes it has written. */
  serve(chain: Chain, isLittle: boolean): number
  /** As a driver resets the device; absent: nothing of the model's is meant. */
  driverReset?(): void
  /** As it is switched on. */
  reset(): void
  save(): unknown
  restore(saved: unknown): void
}

/** Of a queue, or of the configuration. */
export interface VirtioSignals {
  queue(vector: number): void
  configuration(vector: number): void
  /** It may reach memory: it is master on the bus. */
  mayReachMemory(): boolean
}

const newQueue = (size: number): QueueState => ({
  size,
  isEnabled: false,
  vector: NO_VECTOR,
  pageNumber: 0,
  descriptors: 0,
  available: 0,
  used: 0,
  takes: 0,
  gives: 0,
})

const initial = ({ queues, queueSize }: VirtioModel) => ({
  status: 0,
  isBroken: false,
  driverFeatures: [0, 0],
  queueSelect: 0,
  configVector: NO_VECTOR,
  configGeneration: 0,
  queues: Array.from({ length: queues }, () => newQueue(queueSize)),
})

export class VirtioDevice {
  readonly model: VirtioModel
  state
  private readonly target: QueueMemory
  private readonly signals: VirtioSignals

  constructor(model: VirtioModel, target: QueueMemory, signals: VirtioSignals) {
    this.model = model
    this.target = target
    this.signals = signals
    this.state = initial(model)
  }

  reset(): void {
    this.state = initial(this.model)
    this.model.driverReset?.()
  }
  setStatus(value: number): void {
    this.state.status = value | (this.state.status & STATUS.needsReset)
  }

  // ---- features ----
  features = (word: number) =>
    word === 0 ? this.model.features | RING_FEATURES : word === 1 ? VERSION_1 | RING_RESET : 0
  legacyFeatures = () => this.features(0) | LEGACY_FEATURES
  /** Once the driver has said that this is all, nothing changes any more. */
  acceptFeatures(word: number, value: number): void {
    if (this.state.status & STATUS.featuresOk) return
    this.state.driverFeatures[word] = value
  }
  private isModern = () => (this.state.driverFeatures[1]! & VERSION_1) !== 0
  private has = (feature: number) => (this.state.driverFeatures[0]! & feature) !== 0

  // ---- queues ----
  selected = (): QueueState | undefined => this.state.queues[this.state.queueSelect]
  setSize(queue: QueueState, size: number): void {
    const isPowerOfTwo = size > 0 && (size & (size - 1)) === 0
    if (isPowerOfTwo && size <= this.model.queueSize) queue.size = size
  }
  resetQueue(queue: QueueState): void {
    Object.assign(queue, newQueue(this.model.queueSize))
  }
  /** The rings of a legacy queue stand one behind the other. */
  setPageNumber(queue: QueueState, pageNumber: number): void {
    queue.pageNumber = pageNumber
    queue.isEnabled = true
    queue.descriptors = pageNumber * LEGACY_PAGE
    queue.available = queue.descriptors + 16 * queue.size
    queue.used = Math.ceil((queue.available + 6 + 2 * queue.size) / LEGACY_PAGE) * LEGACY_PAGE
  }

  // ---- requests ----
  notify(n: number): void {
    const { status, isBroken, queues } = this.state
    const queue = queues[n]
    if (!queue?.isEnabled || isBroken || (status & STATUS.driverOk) === 0 || !this.signals.mayReachMemory()) return
    try {
      this.serveAll(queue)
    } catch (error) {
      if (!(error instanceof BadQueue)) throw error
      this.breakDown()
    }
  }
  private serveAll(queue: QueueState): void {
    const isLittle = this.isModern()
    const ring = new Ring(queue, this.target, { isLittle, hasEventIndex: this.has(EVENT_INDEX) })
    const before = queue.gives
    for (let n = 0; n < queue.size; n++) {
      const chain = ring.take()
      if (!chain) break
      ring.give(chain, this.model.serve(chain, isLittle))
    }
    ring.awaitMore()
    const mustTell = queue.gives !== before && this.has(NOTIFY_ON_EMPTY) && ring.isEmpty()
    if (mustTell || ring.wantsInterrupt(before)) this.signals.queue(queue.vector)
  }
  /** Virtual I/O Device 2.1.2: it says that it cannot go on until it is reset, which a legacy driver does not know of. */
  private breakDown(): void {
    const { state } = this
    state.isBroken = true
    if (!this.isModern()) return
    state.status |= STATUS.needsReset
    state.configGeneration = (state.configGeneration + 1) & 0xff
    this.signals.configuration(state.configVector)
  }
}
