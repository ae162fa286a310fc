// The real time clock (pericom,pt7c4338, like a DS1338) at I2C address 0x68: time in BCD, then a control register and 56 bytes of RAM.
// Its time is a configured start plus what the guest's time base has counted: no clock of the host.
import type { I2cSlave } from './i2c.ts'

const BYTES = 64
const TIME_REGISTERS = 7
const HALTED = 0x80
const DAY = 86400

const initial = (start: number) => ({
  /** Seconds since 1970 at tick 0. */
  start,
  pointer: 0,
  /** Whether the guest stopped the oscillator: then the second at which it did. */
  haltedAt: undefined as number | undefined,
  /** The time as the present transfer sees it, and what it has written. */
  latched: [0, 0, 0, 0, 0, 0, 0],
  awaitsPointer: false,
  /** Register 7 and the RAM. */
  ram: Array.from({ length: BYTES }, () => 0),
})

export class Rtc implements I2cSlave {
  readonly name = 'rtc'
  readonly address = 0x68
  private readonly configuredStart: number
  private readonly secondsSinceReset: () => number
  private state

  constructor(start: number, secondsSinceReset: () => number) {
    this.configuredStart = start
    this.secondsSinceReset = secondsSinceReset
    this.state = initial(start)
  }

  reset(): void {
    this.state = initial(this.configuredStart)
  }
  /** The guest resets the board: the chip has a battery and no input for that. Asked for before the time base starts anew. */
  boardReset(): void {
    this.state.start += this.secondsSinceReset()
    this.state.awaitsPointer = false
  }
  save = () => structuredClone(this.state)
  restore(saved: ReturnType<typeof initial>): void {
    this.state = structuredClone(saved)
  }

  private now = () => this.state.haltedAt ?? this.state.start + this.secondsSinceReset()

  start(isRead: boolean): void {
    this.state.awaitsPointer = !isRead
    this.state.latched = toRegisters(this.now(), this.state.haltedAt !== undefined)
  }
  read(): number {
    const { state } = this
    const value = state.pointer < TIME_REGISTERS ? state.latched[state.pointer]! : state.ram[state.pointer]!
    this.advance()
    return value
  }
  write(byte: number): void {
    const { state } = this
    if (state.awaitsPointer) {
      state.pointer = byte & (BYTES - 1)
      state.awaitsPointer = false
      return
    }
    if (state.pointer < TIME_REGISTERS) this.setTime(byte)
    else state.ram[state.pointer] = byte
    this.advance()
  }
  private advance(): void {
    this.state.pointer = (this.state.pointer + 1) % BYTES
  }
  private setTime(byte: number): void {
    const { state } = this
    state.latched[state.pointer] = byte
    const seconds = fromRegisters(state.latched)
    state.start = seconds - this.secondsSinceReset()
    state.haltedAt = state.latched[0]! & HALTED ? seconds : undefined
  }
}

const bcd = (value: number) => (Math.floor(value / 10) << 4) | (value % 10)
const fromBcd = (value: number) => (value >> 4) * 10 + (value & 15)

/** Seconds, minutes, hours (24), day of the week (Sunday 1), day, month, year of the century. */
function toRegisters(seconds: number, isHalted: boolean): number[] {
  const days = Math.floor(seconds / DAY)
  const { year, month, day } = civil(days)
  const time = seconds - days * DAY
  return [
    bcd(time % 60) | (isHalted ? HALTED : 0),
    bcd(Math.floor(time / 60) % 60),
    bcd(Math.floor(time / 3600)),
    ((((days + 4) % 7) + 7) % 7) + 1,
    bcd(day),
    bcd(month),
    bcd(((year % 100) + 100) % 100),
  ]
}

function fromRegisters([second = 0, minute = 0, hour = 0, , day = 1, month = 1, year = 0]: readonly number[]): number {
  // Bit 6 of the hours: twelve-hour mode, bit 5 then says afternoon.
  const hours = hour & 0x40 ? (fromBcd(hour & 0x1f) % 12) + (hour & 0x20 ? 12 : 0) : fromBcd(hour & 0x3f)
  const days = daysFromCivil(2000 + fromBcd(year), fromBcd(month & 0x1f), fromBcd(day & 0x3f))
  return days * DAY + hours * 3600 + fromBcd(minute & 0x7f) * 60 + fromBcd(second & 0x7f)
}

/** Days since 1970-01-01 and back, by years that begin in March (an era has 400 years, 146097 days). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}
function civil(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36524) + Math.floor(dayOfEra / 146096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day }
}
