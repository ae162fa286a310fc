// The PCI host bridge (fsl,mpc8540-pci; MPC8544 reference manual chapter 16): configuration cycles, and the address translation (ATMU)
// both ways. Outbound windows show memory and I/O space to the cores; inbound ones show RAM to the devices, PCSRBAR the CCSR.
import type { AccessSize, Bus, Device, SavedDevice } from './bus.ts'
import { BootError } from './image.ts'
import { PciFunction } from './pciFunction.ts'
import { CCSR, CCSR_BYTES, merged, partOf } from './registers.ts'

const CONFIG_DATA = 4
const ENABLE = 0x80000000 | 0
const ATMU = 0xc00
const ATMU_WORDS = 0x100
const SLOTS = 32
const OUTBOUND = 4
const INBOUND = 3
const IO_WINDOW = 8
/** Windows stand in units of 4 KB. */
const UNIT = 4096

/** 1957:0030, a PowerPC processor, subsystem 1af4:1100; BAR0 is PCSRBAR, the CCSR block in PCI space. */
const PCSRBAR = { number: 0, bytes: CCSR_BYTES, space: 'memory' } as const
const IDENTITY = { words: { 0: 0x00301957, 2: 0x0b200000, 11: 0x11001af4 }, bars: [PCSRBAR] }

/** A device in a slot. Values are as on the bus: little-endian. */
export interface PciDevice {
  readonly config: PciFunction
  /** After a write of its configuration space. */
  configured(): void
  read(bar: number, offset: number, size: AccessSize): number
  peek(bar: number, offset: number, size: AccessSize): number
  write(bar: number, offset: number, size: AccessSize, value: number): void
  reset(): void
  save(): unknown
  restore(saved: unknown): void
}

const initial = () => ({
  address: 0,
  atmu: Array.from({ length: ATMU_WORDS }, () => 0),
})

export class PciHost implements SavedDevice<ReturnType<PciHost['save']>> {
  readonly name = 'pci'
  readonly base = CCSR + 0x8000
  readonly length = 0x1000
  readonly windows: readonly Device[]
  private readonly bus: Bus
  private readonly bridge = new PciFunction(IDENTITY)
  private readonly devices: PciDevice[] = []
  private state = initial()

  constructor(bus: Bus) {
    this.bus = bus
    this.windows = Array.from({ length: OUTBOUND }, (_, n) => new OutboundWindow(this, n + 1))
  }
  /** Into the next free slot, from 1 on. */
  plug(device: PciDevice): void {
    if (this.devices.length + 1 >= SLOTS)
      throw new BootError(`The PCI bus has ${SLOTS} slots, too few for all disks. Give fewer.`)
    this.devices.push(device)
  }

  reset(): void {
    this.state = initial()
    this.bridge.reset()
    for (const device of this.devices) device.reset()
  }
  save = () =>
    structuredClone({
      ...this.state,
      bridge: this.bridge.save(),
      devices: this.devices.map((device) => device.save()),
    })
  restore({ bridge, devices, ...state }: ReturnType<PciHost['save']>): void {
    this.state = structuredClone(state)
    this.bridge.restore(bridge)
    for (const [n, device] of this.devices.entries()) device.restore(structuredClone(devices[n]))
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

  /** Function 0 of a slot on bus 0; the bridge is in slot 0. */
  private selected(): { readonly config: PciFunction; readonly device?: PciDevice } | undefined {
    const { address } = this.state
    if ((address & ENABLE) === 0 || (address & 0x00ff0700) !== 0) return undefined
    const slot = (address >> 11) & (SLOTS - 1)
    if (slot === 0) return { config: this.bridge }
    const device = this.devices[slot - 1]
    return device && { config: device.config, device }
  }
  private wordNumber = () => (this.state.address & 0xfc) >> 2
  private configRead = () => this.selected()?.config.word(this.wordNumber()) ?? -1
  private configWrite(shift: number, size: AccessSize, value: number): void {
    const selected = this.selected()
    selected?.config.write(this.wordNumber(), shift, size, value)
    selected?.device?.configured()
  }

  // ---- outbound ----
  /** POTAR, POTEAR, POWBAR, -, POWAR of window 1 to 4. */
  outbound(n: number) {
    const at = (register: number) => this.state.atmu[(n * 0x20 + register) >> 2]!
    const POWAR = at(0x10)
    return {
      base: (at(8) & 0xffffff) * UNIT,
      length: POWAR & ENABLE ? 2 ** ((POWAR & 0x3f) + 1) : 0,
      space: ((POWAR >> 12) & 15) === IO_WINDOW ? ('io' as const) : ('memory' as const),
      target: (at(0) & 0xfffff) * UNIT,
    }
  }
  deviceAt(space: 'io' | 'memory', address: number) {
    for (const device of this.devices) {
      const hit = device.config.barAt(space, address)
      if (hit) return { device, bar: hit.bar.number, offset: hit.offset }
    }
    return undefined
  }

  // ---- inbound: what devices reach ----
  /** The physical address behind so many bytes of the bus; undefined: no window shows them all. */
  private inbound(address: number, length: number): number | undefined {
    for (let n = 1; n <= INBOUND; n++) {
      const at = (register: number) => this.state.atmu[(0x1a0 + (INBOUND - n) * 0x20 + register) >> 2]!
      const PIWAR = at(0x10)
      const offset = address - (at(8) & 0xfffff) * UNIT
      if (PIWAR & ENABLE && offset >= 0 && offset + length <= 2 ** ((PIWAR & 0x3f) + 1))
        return (at(0) & 0xffffff) * UNIT + offset
    }
    return undefined
  }
  /** The address of so many bytes of RAM; undefined: they are not all RAM, or the device may not ask. */
  ram(address: number, length: number): number | undefined {
    const physical = this.inbound(address, length)
    return physical !== undefined && physical + length <= this.bus.memory.ramBytes ? physical : undefined
  }
  /** A message-signalled interrupt: a little-endian word. False: it goes not to the bridge. */
  message(address: number, data: number): boolean {
    const offset = address - this.bridge.base(PCSRBAR)
    if (offset < 0 || offset >= CCSR_BYTES || (offset & 3) !== 0) return false
    this.bus.write(CCSR + offset, 4, swapped(data, 4))
    return true
  }
}

/** Its place and size are what the guest has written into the ATMU. */
class OutboundWindow implements Device {
  readonly name: string
  private readonly host: PciHost
  private readonly number: number

  constructor(host: PciHost, number: number) {
    this.name = `pci window ${number}`
    this.host = host
    this.number = number
  }
  get base(): number {
    return this.host.outbound(this.number).base
  }
  get length(): number {
    return this.host.outbound(this.number).length
  }

  private target(offset: number) {
    const { space, target } = this.host.outbound(this.number)
    return this.host.deviceAt(space, target + offset)
  }
  /** Where no device answers, reads give ones. */
  read(offset: number, size: AccessSize): number {
    const hit = this.target(offset)
    return swapped(hit ? hit.device.read(hit.bar, hit.offset, size) : -1, size)
  }
  peek(offset: number, size: AccessSize): number {
    const hit = this.target(offset)
    return swapped(hit ? hit.device.peek(hit.bar, hit.offset, size) : -1, size)
  }
  write(offset: number, size: AccessSize, value: number): void {
    const hit = this.target(offset)
    hit?.device.write(hit.bar, hit.offset, size, swapped(value, size))
  }
}

/** The bus is little-endian, the core big-endian. */
function swapped(value: number, size: AccessSize): number {
  if (size === 1) return value & 0xff
  const half = ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
  return size === 2 ? half : (half << 16) | ((value >>> 24) & 0xff) | ((value >>> 8) & 0xff00)
}
