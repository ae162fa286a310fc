// A PCI function's configuration space (PCI Local Bus 3.0, chapter 6): identity, command, base addresses, capabilities.
// Words are little-endian by number. What the function does behind its base addresses is its owner's.
import type { AccessSize } from './bus.ts'

export const COMMAND = { io: 1, memory: 2, master: 4, interruptDisable: 0x400 } as const
const STATUS_INTERRUPT = 1 << 19
const WORDS = 64
const FIRST_BAR = 4

export interface Bar {
  readonly number: number
  /** A power of two. */
  readonly bytes: number
  readonly space: 'io' | 'memory' | 'memory64'
}

/** What a function is when it is switched on, and which bits of it a guest can write, by word. */
export interface PciIdentity {
  readonly words: Readonly<Record<number, number>>
  readonly writable?: Readonly<Record<number, number>>
  readonly bars: readonly Bar[]
}

const ALWAYS_WRITABLE: Readonly<Record<number, number>> = { 1: 0x0507, 3: 0xff, 15: 0xff }
const flagsOf = ({ space }: Bar) => ({ io: 1, memory: 0, memory64: 0xc })[space]

export class PciFunction {
  private readonly identity: PciIdentity
  private words: number[] = []

  constructor(identity: PciIdentity) {
    this.identity = identity
    this.reset()
  }

  reset(): void {
    this.words = Array.from({ length: WORDS }, (_, n) => this.identity.words[n] ?? 0)
    for (const bar of this.identity.bars) this.words[FIRST_BAR + bar.number] = flagsOf(bar)
  }
  save = () => [...this.words]
  restore(saved: readonly number[]): void {
    this.words = [...saved]
  }

  word = (n: number) => this.words[n]!
  write(n: number, shift: number, size: AccessSize, value: number): void {
    const bytes = size === 4 ? -1 : ((1 << (8 * size)) - 1) << shift
    const writable = this.writable(n) & bytes
    this.words[n] = (this.words[n]! & ~writable) | ((value << shift) & writable)
  }
  private writable(n: number): number {
    const { bars, writable } = this.identity
    const bar = bars.find(({ number }) => number === n - FIRST_BAR)
    if (bar) return -bar.bytes
    if (bars.some(({ number, space }) => space === 'memory64' && number === n - FIRST_BAR - 1)) return -1
    return writable?.[n] ?? ALWAYS_WRITABLE[n] ?? 0
  }

  command = (bit: number) => (this.words[1]! & bit) !== 0
  setInterruptStatus(level: boolean): void {
    this.words[1] = level ? this.words[1]! | STATUS_INTERRUPT : this.words[1]! & ~STATUS_INTERRUPT
  }

  /** The base address that answers at an address of memory or I/O space. */
  barAt(space: 'io' | 'memory', address: number): { readonly bar: Bar; readonly offset: number } | undefined {
    if (!this.command(COMMAND[space])) return undefined
    for (const bar of this.identity.bars) {
      if ((bar.space === 'io') !== (space === 'io')) continue
      const offset = address - this.base(bar)
      if (offset >= 0 && offset < bar.bytes) return { bar, offset }
    }
    return undefined
  }
  base(bar: Bar): number {
    const low = (this.words[FIRST_BAR + bar.number]! & -bar.bytes) >>> 0
    return bar.space === 'memory64' ? (this.words[FIRST_BAR + bar.number + 1]! >>> 0) * 2 ** 32 + low : low
  }
}
