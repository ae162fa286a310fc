// Physical memory of the board: RAM at 0, kept as words in host order (byte address ^ 3, half ^ 2), and devices by region.

export interface Device {
  readonly base: number
  readonly length: number
  read(offset: number, size: 1 | 2 | 4): number
  write(offset: number, size: 1 | 2 | 4, value: number): void
}

export class Bus {
  readonly words: Int32Array
  readonly halves: Uint16Array
  readonly bytes: Uint8Array
  private readonly devices: readonly Device[]

  constructor(ramBytes: number, devices: readonly Device[]) {
    const { buffer } = new WebAssembly.Memory({ initial: ramBytes >>> 16 })
    this.words = new Int32Array(buffer)
    this.halves = new Uint16Array(buffer)
    this.bytes = new Uint8Array(buffer)
    this.devices = devices
  }

  isRam = (address: number) => address < this.bytes.length

  /** Naturally aligned; an address without a device reads 0 and ignores writes, as the board's CCSR does. */
  read(address: number, size: 1 | 2 | 4): number {
    if (this.isRam(address)) {
      if (size === 4) return this.words[address >>> 2]!
      return size === 2 ? this.halves[(address ^ 2) >>> 1]! : this.bytes[address ^ 3]!
    }
    const device = this.deviceAt(address)
    return device ? device.read(address - device.base, size) : 0
  }

  write(address: number, size: 1 | 2 | 4, value: number): void {
    if (!this.isRam(address)) {
      const device = this.deviceAt(address)
      device?.write(address - device.base, size, value)
      return
    }
    if (size === 4) this.words[address >>> 2] = value
    else if (size === 2) this.halves[(address ^ 2) >>> 1] = value
    else this.bytes[address ^ 3] = value
  }

  private deviceAt = (address: number) =>
    this.devices.find(({ base, length }) => address >= base && address < base + length)
}
