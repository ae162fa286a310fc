// The 16550A (National Semiconductor's data sheet), without errors and modem lines: what is sent has gone at once.
// The receive FIFO is as long as its input: a byte waits until the guest reads it, and no reset of the FIFO throws it away.
import type { AccessSize, SavedDevice } from './bus.ts'

const REGISTER = { RBR: 0, IER: 1, IIR: 2, LCR: 3, MCR: 4, LSR: 5, MSR: 6, SCR: 7 } as const
const IER = { receive: 1, transmit: 2, modem: 8 } as const
const IIR = { none: 1, modem: 0, transmit: 2, receive: 4, timeout: 0xc, fifos: 0xc0 } as const
const DLAB = 0x80
const LOOP = 0x10
const DATA_READY = 1
/** LSR[THRE] and LSR[TEMT]: the transmitter is always empty. */
const TRANSMITTER_EMPTY = 0x60
/** MSR[DCD, DSR, CTS]: somebody is there. */
const CONNECTED = 0xb0
const TRIGGER = [1, 4, 8, 14]
const FIFO_LENGTH = 16

const initial = () => ({
  IER: 0,
  FCR: 0,
  LCR: 0,
  MCR: 0,
  SCR: 0,
  DLL: 0,
  DLM: 0,
  /** The transmit interrupt: asked for and not yet seen. */
  transmitPending: false,
  /** The modem lines when MSR was last read: what differs shows in its delta bits. */
  linesSeen: CONNECTED,
  input: [] as number[],
  looped: [] as number[],
})

export class Uart16550 implements SavedDevice<ReturnType<typeof initial>> {
  readonly name: string
  readonly base: number
  readonly length = 8
  private readonly transmit: (byte: number) => void
  private readonly interrupt: (level: boolean) => void
  private state = initial()

  constructor(name: string, base: number, transmit: (byte: number) => void, interrupt: (level: boolean) => void) {
    this.name = name
    this.base = base
    this.transmit = transmit
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

  /** From outside: what somebody types. */
  receive(bytes: Iterable<number>): void {
    for (const byte of bytes) this.state.input.push(byte & 0xff)
    this.update()
  }

  read(offset: number, size: AccessSize): number {
    const value = this.peek(offset, size)
    const { state } = this
    if (offset === REGISTER.RBR && (state.LCR & DLAB) === 0) this.received().shift()
    if (offset === REGISTER.IIR && (value & 0xf) === IIR.transmit) state.transmitPending = false
    if (offset === REGISTER.MSR) state.linesSeen = this.lines()
    this.update()
    return value
  }

  awaitsInput = (offset: number) => offset === REGISTER.LSR && this.received().length === 0

  peek(offset: number, _: AccessSize): number {
    const { state } = this
    switch (offset) {
      case REGISTER.RBR:
        return state.LCR & DLAB ? state.DLL : (this.received()[0] ?? 0)
      case REGISTER.IER:
        return state.LCR & DLAB ? state.DLM : state.IER
      case REGISTER.IIR:
        return this.identification() | (state.FCR & 1 ? IIR.fifos : 0)
      case REGISTER.LCR:
        return state.LCR
      case REGISTER.MCR:
        return state.MCR
      case REGISTER.LSR:
        return TRANSMITTER_EMPTY | (this.received().length > 0 ? DATA_READY : 0)
      case REGISTER.MSR:
        return this.modemStatus()
      default:
        return offset === REGISTER.SCR ? state.SCR : 0
    }
  }

  write(offset: number, _: AccessSize, value: number): void {
    const byte = value & 0xff
    const { state } = this
    if (offset === REGISTER.RBR) {
      if (state.LCR & DLAB) state.DLL = byte
      else this.send(byte)
    } else if (offset === REGISTER.IER) {
      if (state.LCR & DLAB) state.DLM = byte
      else this.enableInterrupts(byte & 0xf)
    } else if (offset === REGISTER.IIR) this.setFifoControl(byte)
    else if (offset === REGISTER.LCR) state.LCR = byte
    else if (offset === REGISTER.MCR) state.MCR = byte & 0x1f
    else if (offset === REGISTER.SCR) state.SCR = byte
    this.update()
  }

  private send(byte: number): void {
    const { state } = this
    state.transmitPending = true
    if ((state.MCR & LOOP) === 0) this.transmit(byte)
    else if (state.looped.length < FIFO_LENGTH) state.looped.push(byte)
  }
  private setFifoControl(value: number): void {
    this.state.FCR = value & 0xc9
    if (value & 2) this.state.looped = []
  }
  /** Enabling the transmit interrupt while the transmitter is empty raises it. */
  private enableInterrupts(value: number): void {
    if (value & ~this.state.IER & IER.transmit) this.state.transmitPending = true
    this.state.IER = value
  }

  /** In loopback the receiver hears the transmitter; what is typed meanwhile waits. */
  private received = () => (this.state.MCR & LOOP ? this.state.looped : this.state.input)

  /** The most urgent of the enabled conditions. A FIFO below its trigger level reports a timeout at once. */
  private identification(): number {
    const { IER: enabled, FCR, transmitPending } = this.state
    const count = this.received().length
    if (enabled & IER.receive && count > 0) return FCR & 1 && count < TRIGGER[FCR >> 6]! ? IIR.timeout : IIR.receive
    if (enabled & IER.transmit && transmitPending) return IIR.transmit
    return enabled & IER.modem && this.modemStatus() & 0xf ? IIR.modem : IIR.none
  }

  /** Loopback joins RTS to CTS, DTR to DSR, OUT1 to RI and OUT2 to DCD. */
  private lines(): number {
    const { MCR } = this.state
    if ((MCR & LOOP) === 0) return CONNECTED
    return ((MCR & 2) << 3) | ((MCR & 1) << 5) | ((MCR & 0xc) << 4)
  }
  private modemStatus = () => this.lines() | ((this.lines() ^ this.state.linesSeen) >> 4)

  private update(): void {
    this.interrupt(this.identification() !== IIR.none)
  }
}
