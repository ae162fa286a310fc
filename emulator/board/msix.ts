// MSI-X (PCI Local Bus 3.0, 6.8.2): a table of messages, each with a mask, and what waits behind the masks.
import type { AccessSize } from './bus.ts'

const MASKED = 1
const ENABLE = 0x80000000 | 0
const FUNCTION_MASK = 0x40000000
const PENDING = 0x800
export const NO_VECTOR = 0xffff

const initial = (vectors: number) => ({
  table: Array.from({ length: 4 * vectors }, (_, n): number => (n % 4 === 3 ? MASKED : 0)),
  /** A bit each. */
  pending: 0,
})

export class Msix {
  private readonly vectors: number
  private readonly control: () => number
  private readonly send: (address: number, data: number) => void
  private state

  /** At most 32 vectors. control: the capability's first word. */
  constructor(vectors: number, control: () => number, send: (address: number, data: number) => void) {
    this.vectors = vectors
    this.state = initial(vectors)
    this.control = control
    this.send = send
  }
  reset(): void {
    this.state = initial(this.vectors)
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
  }

  isEnabled = () => (this.control() & ENABLE) !== 0
  /** What a vector register keeps of a value. */
  vector = (value: number) => ((value & 0xffff) < this.vectors ? value & 0xffff : NO_VECTOR)

  raise(vector: number): void {
    if (vector >= this.vectors) return
    this.state.pending |= 1 << vector
    this.flush()
  }
  /** Sends what waits and is not masked any more. */
  flush(): void {
    const { state } = this
    if (!this.isEnabled() || this.control() & FUNCTION_MASK) return
    for (let n = 0; n < this.vectors; n++) {
      const [low = 0, high = 0, data = 0, mask = 0] = state.table.slice(4 * n, 4 * n + 4)
      if ((state.pending & (1 << n)) === 0 || mask & MASKED) continue
      state.pending &= ~(1 << n)
      this.send((high >>> 0) * 2 ** 32 + (low >>> 0), data)
    }
  }

  read(offset: number): number {
    return offset === PENDING ? this.state.pending : (this.state.table[offset >> 2] ?? 0) >> (8 * (offset & 3))
  }
  write(offset: number, size: AccessSize, value: number): void {
    const { state } = this
    const word = offset >> 2
    if (word >= state.table.length || size !== 4) return
    state.table[word] = word % 4 === 3 ? value & MASKED : value | 0
    this.flush()
  }
}
