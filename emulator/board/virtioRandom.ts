// The virtio entropy device (Virtual I/O Device 1.2, 5.4), from the configured seed: runs repeat.
import type { VirtioModel } from './virtioDevice.ts'
import type { Chain } from './virtqueue.ts'

const MOST_BYTES = 1 << 16

export class VirtioRandom implements VirtioModel {
  readonly deviceId = 0x1005
  readonly virtioId = 4
  readonly classCode = 0x00ff00
  readonly legacyBytes = 32
  readonly queueSize = 8
  readonly queues = 1
  readonly features = 0
  private readonly seed: number
  private state: number

  constructor(seed: number) {
    this.seed = seed
    this.state = seed
  }
  reset(): void {
    this.state = this.seed
  }
  save = () => this.state
  restore(saved: unknown): void {
    this.state = saved as number
  }

  config = () => new Uint8Array()
  serve(chain: Chain): number {
    const bytes = Uint8Array.from({ length: Math.min(chain.room, MOST_BYTES) }, () => this.next())
    chain.answer(bytes)
    return bytes.length
  }
  /** SplitMix32. */
  private next(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    let z = this.state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 8) & 0xff
  }
}
