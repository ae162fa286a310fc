// QEMU's ppce500 as far as it is here: which devices there are, where their interrupts go, and their state as one.
import type { Bus } from './bus.ts'
import { Gpio } from './gpio.ts'
import { guts } from './guts.ts'
import { I2c } from './i2c.ts'
import { OpenPic } from './openPic.ts'
import { PciHost } from './pciHost.ts'
import { CCSR } from './registers.ts'
import { Rtc } from './rtc.ts'
import { Uart16550 } from './uart16550.ts'

const SOURCE = { uart: 42, i2c: 43, gpio: 47 } as const

/** What the devices ask of the machine. */
export interface BoardMachine {
  readonly cores: number
  readonly PVR: number
  readonly SVR: number
  /** Seconds since 1970 at which the RTC starts. */
  readonly rtc: number
  currentCore(): number
  /** Since the guest was started. */
  seconds(): number
  /** The interrupt line into a core changed. */
  interruptChanged(core: number): void
  /** One, or two: QEMU's board has the second where somebody listens to it. */
  readonly uarts: number
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

export class Board {
  readonly pic: OpenPic
  readonly uarts: readonly Uart16550[]
  private readonly gpio: Gpio
  private readonly rtc: Rtc
  private readonly i2c: I2c
  private readonly pci = new PciHost()

  constructor(bus: Bus, machine: BoardMachine) {
    this.pic = new OpenPic(machine.cores, machine.currentCore, machine.interruptChanged)
    const line = (source: number) => (level: boolean) => this.pic.setLine(source, level)
    this.uarts = uarts(machine, line(SOURCE.uart))
    this.gpio = new Gpio(machine.powerOff, line(SOURCE.gpio))
    this.rtc = new Rtc(machine.rtc, machine.seconds)
    this.i2c = new I2c([this.rtc], line(SOURCE.i2c))
    bus.attach(...this.uarts, this.pic, this.i2c, this.pci, this.gpio, guts(machine, machine.reset))
  }

  private owners = () => [this.pic, ...this.uarts, this.gpio, this.rtc, this.i2c, this.pci]

  reset(): void {
    for (const owner of this.owners()) owner.reset()
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
