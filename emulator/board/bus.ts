// The physical address map: RAM at 0 and devices by region (36 bits).
import type { Memory } from '../core/memory.ts'

export type AccessSize = 1 | 2 | 4

export interface Device {
  readonly base: number
  readonly length: number
  read(offset: number, size: AccessSize): number
  write(offset: number, size: AccessSize, value: number): void
}

export class Bus {
  readonly memory: Memory
  private readonly devices: Device[] = []

  constructor(memory: Memory) {
    this.memory = memory
  }

  attach(...devices: readonly Device[]): void {
    this.devices.push(...devices)
  }

  /** Naturally aligned; an address without a device reads 0 and ignores writes, as the board's CCSR does. */
  read(address: number, size: AccessSize): number {
    if (this.memory.isRam(address)) return this.memory.read(address, size)
    const device = this.deviceAt(address)
    return device ? device.read(address - device.base, size) : 0
  }

  write(address: number, size: AccessSize, value: number): void {
    if (this.memory.isRam(address)) {
      this.memory.write(address, size, value)
      return
    }
    const device = this.deviceAt(address)
    device?.write(address - device.base, size, value)
  }

  private deviceAt = (address: number) =>
    this.devices.find(({ base, length }) => address >= base && address < base + length)
}
