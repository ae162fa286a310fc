// QEMU's ppce500 as far as it is here: which devices there are, where their interrupts go, and their state as one.
import type { Bus } from './bus.ts'
import type { BlockStore } from './disk.ts'
import { Gpio } from './gpio.ts'
import { guts } from './guts.ts'
import { I2c } from './i2c.ts'
import { OpenPic, type PicOutputs } from './openPic.ts'
import { PciHost } from './pciHost.ts'
import type { PicTime } from './picTimers.ts'
import { CCSR } from './registers.ts'
import { Rtc } from './rtc.ts'
import { Uart16550 } from './uart16550.ts'
import { VirtioBlock } from './virtioBlock.ts'
import type { VirtioModel } from './virtioDevice.ts'
import { VirtioPci } from './virtioPci.ts'
import { VirtioRandom } from './virtioRandom.ts'
import type { QueueMemory } from './virtqueue.ts'

const SOURCE = { uart: 42, i2c: 43, gpio: 47 } as const

/** What the devices ask of the machine. */
export interface BoardMachine {
  readonly cores: number
  readonly PVR: number
  readonly SVR: number
  /** Seconds since 1970 at which the RTC starts. */
  readonly rtc: number
  currentCore(): number
  readonly time: PicTime
  /** Since the guest was started. */
  seconds(): number
  /** What the interrupt controller tells the cores. */
  readonly interrupts: PicOutputs
  /** One, or two: QEMU's board has the second where somebody listens to it. */
  readonly uarts: number
  /** Slots 1 and on; behind them the random device. */
  readonly drives: readonly BlockStore[]
  /** Of the random device. */
  readonly seed: number
  /** What a device loads from RAM: the guest's own words. */
  deviceLoads(physical: number, length: number): Uint8Array
  /** Before a device stores to RAM. */
  deviceStores(physical: number, length: number): void
  sent(uart: number, byte: number): void
  powerOff(): void
  reset(): void
}

/** They share one interrupt line: it is high while either asks. */
function uarts({ uarts, sent }: BoardMachine, line: (level: boolean) => void): Uart16550[] {
  const levels: boolean[] = []
  return Array.from({ length: uarts }, (_, n) => {
    const changed = (level: boolean) => {
      levels[n] = level
      line(levels.includes(true))
    }
    return new Uart16550(`uart${n}`, CCSR + 0x4500 + 0x100 * n, (byte) => sent(n, byte), changed)
  })
}

/** Pin A of slot n goes to one of four sources, which slots share: high while any of them asks. */
function plugAll(
  models: readonly VirtioModel[],
  pci: PciHost,
  target: QueueMemory,
  line: (source: number) => (level: boolean) => void,
): void {
  const asking = new Set<number>()
  const sourceOf = (slot: number) => 1 + (slot % 4)
  for (const [n, model] of models.entries()) {
    const slot = n + 1
    const interrupt = (level: boolean) => {
      if (level) asking.add(slot)
      else asking.delete(slot)
      line(sourceOf(slot))([...asking].some((other) => sourceOf(other) === sourceOf(slot)))
    }
    pci.plug(new VirtioPci(model, pci, target, interrupt))
  }
}

export class Board {
  readonly pic: OpenPic
  readonly uarts: readonly Uart16550[]
  readonly drives: readonly BlockStore[]
  private readonly gpio: Gpio
  private readonly rtc: Rtc
  private readonly i2c: I2c
  private readonly pci: PciHost

  constructor(bus: Bus, machine: BoardMachine) {
    this.pic = new OpenPic(machine.cores, machine.currentCore, machine.interrupts, machine.time)
    const line = (source: number) => (level: boolean) => this.pic.setLine(source, level)
    this.uarts = uarts(machine, line(SOURCE.uart))
    this.gpio = new Gpio(machine.powerOff, line(SOURCE.gpio))
    this.rtc = new Rtc(machine.rtc, machine.seconds)
    this.i2c = new I2c([this.rtc], line(SOURCE.i2c))
    this.drives = machine.drives
    this.pci = new PciHost(bus)
    const models = [
      ...machine.drives.map((store) => new VirtioBlock(store, machine.cores)),
      new VirtioRandom(machine.seed),
    ]
    const target: QueueMemory = {
      memory: bus.memory,
      ram: (address, length) => this.pci.ram(address, length),
      loads: machine.deviceLoads,
      stores: machine.deviceStores,
    }
    plugAll(models, this.pci, target, line)
    bus.attach(
      ...this.uarts,
      this.pic,
      this.i2c,
      this.pci,
      this.gpio,
      guts(machine, machine.reset),
      ...this.pci.windows,
    )
  }

  /** isByGuest: it asked for it, and the power stays on. */
  reset(isByGuest: boolean): void {
    for (const owner of [this.pic, ...this.uarts, this.gpio, this.i2c, this.pci]) owner.reset()
    if (isByGuest) this.rtc.boardReset()
    else this.rtc.reset()
  }
  save = () => ({
    uarts: this.uarts.map((uart) => uart.save()),
    gpio: this.gpio.save(),
    rtc: this.rtc.save(),
    i2c: this.i2c.save(),
    pci: this.pci.save(),
    pic: this.pic.save(),
  })
  restore(saved: ReturnType<Board['save']>): void {
    for (const [n, uart] of this.uarts.entries()) uart.restore(saved.uarts[n]!)
    this.gpio.restore(saved.gpio)
    this.rtc.restore(saved.rtc)
    this.i2c.restore(saved.i2c)
    this.pci.restore(saved.pci)
    // Last: its lines are saved with it, whatever the devices said meanwhile.
    this.pic.restore(saved.pic)
  }
}
