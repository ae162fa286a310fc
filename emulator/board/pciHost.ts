// The PCI host bridge (fsl,mpc8540-pci): configuration cycles and the address translation registers (ATMU), which are stored.
// No device stands behind it yet: their configuration space reads ones.
import type { AccessSize, SavedDevice } from './bus.ts'
import { CCSR, CCSR_BYTES, merged, partOf } from './registers.ts'

const CONFIG_DATA = 4
const ENABLE = 0x80000000 | 0
const ATMU = 0xc00
/** PCSRBAR: the CCSR block in PCI space. */
const BAR0 = 4

/** Configuration space as little-endian words by number: 1957:0030, a PowerPC processor, subsystem 1af4:1100. */
const configuration = () => {
  const words = Array.from({ length: 64 }, () => 0)
  words[0] = 0x00301957
  words[2] = 0x0b200000
  words[11] = 0x11001af4
  return words
}
/** Bits that a guest can write, by word: command, cache line, BAR0, interrupt line. */
const WRITABLE: Readonly<Record<number, number>> = { 1: 0x0547, 3: 0xff, [BAR0]: -CCSR_BYTES, 15: 0xff }

const initial = () => ({
  address: 0,
  bridge: configuration(),
  atmu: Array.from({ length: 0x100 }, () => 0),
})

export class PciHost implements SavedDevice<ReturnType<typeof initial>> {
  readonly name = 'pci'
  readonly base = CCSR + 0x8000
  readonly length = 0x1000
  private state = initial()

  reset(): void {
    this.state = initial()
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
  }

  read(offset: number, size: AccessSize): number {
    if (offset < CONFIG_DATA) return partOf(this.state.address, offset, size)
    if (offset < CONFIG_DATA + 4) return swapped(this.configRead() >>> (8 * (offset & 3)), size)
    return offset >= ATMU ? partOf(this.state.atmu[(offset - ATMU) >> 2]!, offset, size) : 0
  }

  write(offset: number, size: AccessSize, value: number): void {
    const { state } = this
    if (offset < CONFIG_DATA) state.address = merged(state.address, offset, size, value)
    else if (offset < CONFIG_DATA + 4) this.configWrite(8 * (offset & 3), size, swapped(value, size))
    else if (offset >= ATMU) {
      const n = (offset - ATMU) >> 2
      state.atmu[n] = merged(state.atmu[n]!, offset, size, value)
    }
  }

  /** The bridge is device 0, function 0 of bus 0. */
  private selectsBridge = () => (this.state.address & ENABLE) !== 0 && (this.state.address & 0x00ffff00) === 0
  private wordNumber = () => (this.state.address & 0xfc) >> 2
  private configRead = () => (this.selectsBridge() ? this.state.bridge[this.wordNumber()]! : -1)

  private configWrite(shift: number, size: AccessSize, value: number): void {
    if (!this.selectsBridge()) return
    const n = this.wordNumber()
    const bytes = size === 4 ? -1 : ((1 << (8 * size)) - 1) << shift
    const writable = (WRITABLE[n] ?? 0) & bytes
    this.state.bridge[n] = (this.state.bridge[n]! & ~writable) | ((value << shift) & writable)
  }
}

/** CONFIG_DATA is little-endian. */
function swapped(value: number, size: AccessSize): number {
  if (size === 1) return value & 0xff
  const half = ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return size === 2 ? half : (half << 16) | ((value >>> 24) & 0xff) | ((value >>> 8) & 0xff00)
}
