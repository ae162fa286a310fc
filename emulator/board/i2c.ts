// The I2C controller (fsl-i2c; MPC8544 reference manual chapter 11) as the only master of its bus. A byte takes no time.
import type { AccessSize, SavedDevice } from './bus.ts'
import { CCSR } from './registers.ts'

const ADR = 0
const FDR = 4
const CR = 8
const SR = 0xc
const DR = 0x10
const I2CCR = { MEN: 0x80, MIEN: 0x40, MSTA: 0x20, MTX: 0x10, RSTA: 0x04 } as const
/** RSTA reads 0; the last two bits are none. */
const CR_KEPT = 0xf8
const I2CSR = { MCF: 0x80, MBB: 0x20, MAL: 0x10, MIF: 0x02, RXAK: 0x01 } as const

/** A chip on the bus. */
export interface I2cSlave {
  readonly address: number
  /** A transfer begins; it is written to until it says stop or is started for reading. */
  start(isRead: boolean): void
  write(byte: number): void
  read(): number
}

const initial = () => ({
  ADR: 0,
  FDR: 0,
  CR: 0,
  SR: I2CSR.MCF | I2CSR.RXAK,
  DR: 0,
  /** The next byte that is sent is an address. */
  addressing: false,
  /** The chip that is spoken to. */
  selected: undefined as number | undefined,
})

export class I2c implements SavedDevice<ReturnType<typeof initial>> {
  readonly name = 'i2c'
  readonly base = CCSR + 0x3000
  readonly length = 0x14
  private readonly slaves: readonly I2cSlave[]
  private readonly interrupt: (level: boolean) => void
  private state = initial()

  constructor(slaves: readonly I2cSlave[], interrupt: (level: boolean) => void) {
    this.slaves = slaves
    this.interrupt = interrupt
  }

  reset(): void {
    this.state = initial()
    this.update()
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
    this.update()
  }

  /** The registers are bytes, the first of their words. */
  peek = (offset: number, size: AccessSize) => (this.register(offset) << (8 * (size - 1))) | 0
  private register(offset: number): number {
    const { state } = this
    if (offset === ADR) return state.ADR
    if (offset === FDR) return state.FDR
    if (offset === CR) return state.CR
    if (offset === SR) return state.SR | (state.CR & I2CCR.MSTA ? I2CSR.MBB : 0)
    return offset === DR ? state.DR : 0
  }
  read(offset: number, size: AccessSize): number {
    const value = this.peek(offset, size)
    // As a receiving master, a read takes the byte that came and lets the next one come.
    if (offset === DR && this.isMaster() && (this.state.CR & I2CCR.MTX) === 0) this.transferred(this.receive())
    return value
  }

  write(offset: number, size: AccessSize, value: number): void {
    const byte = (value >>> (8 * (size - 1))) & 0xff
    const { state } = this
    if (offset === ADR) state.ADR = byte & 0xfe
    else if (offset === FDR) state.FDR = byte & 0x3f
    else if (offset === CR) this.setControl(byte)
    // Zeros clear MIF and MAL; the others only read.
    else if (offset === SR) state.SR &= byte | ~(I2CSR.MIF | I2CSR.MAL)
    else if (offset === DR) this.send(byte)
    this.update()
  }

  private isMaster = () => (this.state.CR & (I2CCR.MEN | I2CCR.MSTA)) === (I2CCR.MEN | I2CCR.MSTA)

  private setControl(value: number): void {
    const { state } = this
    const started = value & ~state.CR & I2CCR.MSTA
    if ((value & I2CCR.MEN) === 0) this.state.SR = I2CSR.MCF | I2CSR.RXAK
    if (started || value & I2CCR.RSTA) state.addressing = true
    if ((value & I2CCR.MSTA) === 0) state.selected = undefined
    state.CR = value & CR_KEPT
  }

  private send(byte: number): void {
    const { state } = this
    state.DR = byte
    if (!this.isMaster()) return
    if (state.addressing) this.address(byte)
    else if (state.selected !== undefined) this.slave(state.selected)?.write(byte)
    state.SR = (state.SR & ~I2CSR.RXAK) | (state.selected === undefined ? I2CSR.RXAK : 0)
    this.transferred(byte)
  }
  private address(byte: number): void {
    this.state.addressing = false
    const slave = this.slave(byte >> 1)
    this.state.selected = slave?.address
    slave?.start((byte & 1) === 1)
  }
  private slave = (address: number) => this.slaves.find((slave) => slave.address === address)

  private receive = () => (this.state.selected === undefined ? 0xff : (this.slave(this.state.selected)?.read() ?? 0xff))
  private transferred(byte: number): void {
    this.state.DR = byte
    this.state.SR |= I2CSR.MCF | I2CSR.MIF
    this.update()
  }

  private update(): void {
    this.interrupt(
      (this.state.SR & I2CSR.MIF) !== 0 && (this.state.CR & (I2CCR.MEN | I2CCR.MIEN)) === (I2CCR.MEN | I2CCR.MIEN),
    )
  }
}
