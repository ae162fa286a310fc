// The GPIO block (fsl,qoriq-gpio). Pin 0 as an output that is driven high powers the board off; nothing drives an input.
import type { AccessSize, SavedDevice } from './bus.ts'
import { CCSR, merged, partOf } from './registers.ts'

const DIR = 0
const DAT = 8
const IER = 0xc
const IMR = 0x10
const REGISTERS = 7
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
  read = (offset: number, size: AccessSize) => partOf(this.register(offset), offset, size)

  write(offset: number, size: AccessSize, value: number): void {
    const register = offset & ~3
    if (register >> 2 >= REGISTERS) return
    const word = merged(size === 4 ? 0 : this.register(offset), offset, size, value)
    // The event register: ones clear.
    this.state.registers[register >> 2] = register === IER ? this.register(IER) & ~word : word
    this.interrupt((this.register(IER) & this.register(IMR)) !== 0)
    if (this.register(DIR) & this.register(DAT) & PIN0) this.powerOff()
  }
}
