// MSI-X (PCI Local Bus 3.0, 6.8.2): a table of messages, each with a mask, and what waits behind the masks.
import type { AccessSize } from './bus.ts'

const VECTORS = 2
const TABLE_WORDS = VECTORS * 4
const MASKED = 1
const ENABLE = 0x80000000 | 0
const FUNCTION_MASK = 0x40000000
const PENDING = 0x800
const NO_VECTOR = 0xffff

const initial = () => ({
  table: Array.from({ length: TABLE_WORDS }, (_, n): number => (n % 4 === 3 ? MASKED : 0)),
  pending: 0,
})

export class Msix {
  private readonly control: () => number
  private readonly send: (address: number, data: number) => void
  private state = initial()

  /** control: the capability's first word. */
  constructor(control: () => number, send: (address: number, data: number) => void) {
    this.control = control
    this.send = send
  }
  reset(): void {
    this.state = initial()
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
  }

  isEnabled = () => (this.control() & ENABLE) !== 0
  /** What a vector register keeps of a value. */
  vector = (value: number) => ((value & 0xffff) < VECTORS ? value & 0xffff : NO_VECTOR)

  raise(vector: number): void {
    if (vector >= VECTORS) return
    this.state.pending |= 1 << vector
    this.flush()
  }
  /** Sends what waits and is not masked any more. */
  flush(): void {
    const { state } = this
    if (!this.isEnabled() || this.control() & FUNCTION_MASK) return
    for (let n = 0; n < VECTORS; n++) {
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
    const word = offset >> 2
    if (word >= TABLE_WORDS || size !== 4) return
    this.state.table[word] = word % 4 === 3 ? value & MASKED : value | 0
    this.flush()
  }
}
