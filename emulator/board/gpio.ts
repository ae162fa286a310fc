// The GPIO block (fsl,qoriq-gpio): registers of words, which bytes and halfwords do not reach. Pin 0 as an output that is driven high powers the
// board off, whether it became an output or high last (QEMU looks at writes of DAT alone); nothing drives an input.
import type { AccessSize, SavedDevice } from './bus.ts'
import { CCSR } from './registers.ts'

const DIR = 0
const DAT = 8
const IER = 0xc
const IMR = 0x10
const REGISTERS = 6
const PIN0 = 0x80000000 | 0

const initial = () => ({ registers: Array.from({ length: REGISTERS }, () => 0) })

export class Gpio implements SavedDevice<ReturnType<typeof initial>> {
  readonly name = 'gpio'
  readonly base = CCSR + 0xff000
  readonly length = 0x1000
  private readonly powerOff: () => void
  private readonly interrupt: (level: boolean) => void
  private state = initial()

  constructor(powerOff: () => void, interrupt: (level: boolean) => void) {
    this.powerOff = powerOff
    this.interrupt = interrupt
  }

  reset(): void {
    this.state = initial()
    this.interrupt(false)
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
  }

  private register = (offset: number) => this.state.registers[offset >> 2] ?? 0
  read = (offset: number, size: AccessSize) => (size === 4 ? this.register(offset) : 0)

  write(offset: number, size: AccessSize, value: number): void {
    if (size !== 4 || offset >> 2 >= REGISTERS) return
    // The event register: ones clear.
    this.state.registers[offset >> 2] = offset === IER ? this.register(IER) & ~value : value | 0
    this.interrupt((this.register(IER) & this.register(IMR)) !== 0)
    if (this.register(DIR) & this.register(DAT) & PIN0) this.powerOff()
  }
}
