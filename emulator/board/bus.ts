// The physical address map: RAM at 0 and devices by region (36 bits).
import type { Memory } from '../core/memory.ts'
import { CCSR, CCSR_BYTES } from './registers.ts'

export type AccessSize = 1 | 2 | 4

/** Registers at physical addresses. Offsets are naturally aligned; values are as the big-endian core sees them. */
export interface Device {
  readonly name: string
  readonly base: number
  readonly length: number
  read(offset: number, size: AccessSize): number
  write(offset: number, size: AccessSize, value: number): void
  /** What read would give, without its effects; absent: reads have none. */
  peek?(offset: number, size: AccessSize): number
  /** A read of this register would change nothing and give the same again, until input comes from outside. */
  awaitsInput?(offset: number): boolean
}

/** Knows of words in RAM that are not the guest's own. */
export interface TrapWords {
  holdsTraps(physicalPage: number): boolean
  /** Before it. */
  guestStores(physical: number, bytes: number): void
}

/** A device with state of its own: plain data, as structuredClone and JSON know it. */
export interface SavedDevice<State> extends Device {
  /** As the board is switched on. */
  reset(): void
  save(): State
  restore(saved: State): void
}

export class Bus {
  readonly memory: Memory
  /** Before an access to a device. awaitsInput: it reads what changes only with input from outside. */
  onAccess: ((awaitsInput: boolean) => void) | undefined
  traps: TrapWords | undefined
  private readonly devices: Device[] = []
  /** The device of the last access: polling loops ask the same one over and over. */
  private last: Device | undefined

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
    if (!device) return 0
    const offset = address - device.base
    this.onAccess?.(device.awaitsInput?.(offset) === true)
    return device.read(offset, size)
  }
  /** What read gives until input comes from outside; undefined: it may change before, or changes something. */
  awaited(address: number, size: AccessSize): number | undefined {
    const device = this.memory.isRam(address) ? undefined : this.deviceAt(address)
    return device?.awaitsInput?.(address - device.base) ? device.read(address - device.base, size) : undefined
  }

  write(address: number, size: AccessSize, value: number): void {
    if (this.memory.isRam(address)) {
      this.traps?.guestStores(address, size)
      this.memory.write(address, size, value)
      return
    }
    this.onAccess?.(false)
    const device = this.deviceAt(address)
    device?.write(address - device.base, size, value)
  }

  /** For the debugger: as read, but nothing changes. Undefined: neither RAM nor among the devices' registers. */
  peek(address: number, size: AccessSize): number | undefined {
    if (this.memory.isRam(address)) return this.memory.read(address, size)
    const device = this.devices.find((candidate) => covers(candidate, address))
    if (!device) return address >= CCSR && address < CCSR + CCSR_BYTES ? 0 : undefined
    const offset = address - device.base
    return device.peek ? device.peek(offset, size) : device.read(offset, size)
  }

  private deviceAt(address: number): Device | undefined {
    if (this.last && covers(this.last, address)) return this.last
    const found = this.devices.find((device) => covers(device, address))
    if (found) this.last = found
    return found
  }
}

const covers = ({ base, length }: Device, address: number) => address >= base && address < base + length
