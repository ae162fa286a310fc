// The spin table (ePAPR 5.5.2): where each secondary core waits to be told an address. As QEMU's it is no memory but watches what is written.
import type { AccessSize, SavedDevice } from './bus.ts'
import { merged, partOf } from './registers.ts'

const SPIN_TABLE = 0xf_ef00_0000
export const SPIN_ENTRY_BYTES = 0x20
/** Words of an entry: the address, r3 (each 64 bits, the upper word first), reserved, PIR. */
const WORDS = SPIN_ENTRY_BYTES / 4
const ADDRESS = 1
const R3 = 3
const PIR = 5
/** Bit 63 of the address: not released. */
const WAITS = 1

/** Starts a core at a physical address. */
export type Release = (core: number, address: number, r3: number) => void

export class SpinTable implements SavedDevice<readonly number[]> {
  readonly name = 'spin table'
  readonly base = SPIN_TABLE
  readonly length = 0x400
  private readonly cores: number
  private readonly release: Release
  private words: number[]

  constructor(cores: number, release: Release) {
    this.cores = cores
    this.release = release
    this.words = this.initial()
  }
  private initial(): number[] {
    const words = Array.from({ length: this.length / 4 }, () => 0)
    for (let core = 0; core < this.length / SPIN_ENTRY_BYTES; core++) {
      words[core * WORDS + ADDRESS] = WAITS
      words[core * WORDS + R3] = words[core * WORDS + PIR] = core
    }
    return words
  }

  reset(): void {
    this.words = this.initial()
  }
  save = () => [...this.words]
  restore(saved: readonly number[]): void {
    this.words = [...saved]
  }

  read = (offset: number, size: AccessSize) => partOf(this.words[offset >> 2]!, offset, size)

  /** The low word of the address comes last: with bit 0 clear it releases the core. */
  write(offset: number, size: AccessSize, value: number): void {
    const word = offset >> 2
    this.words[word] = merged(this.words[word]!, offset, size, value)
    const core = Math.floor(word / WORDS)
    if (word % WORDS !== ADDRESS || core >= this.cores) return
    const address = this.words[word]!
    if ((address & WAITS) === 0) this.release(core, address, this.words[core * WORDS + R3]!)
  }
}
