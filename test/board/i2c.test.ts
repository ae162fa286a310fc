// Transfers as Linux' i2c-mpc drives them (control register values from its trace), with the RTC as the chip.
import { expect, test } from 'vitest'
import { I2c } from '../../emulator/board/i2c.ts'
import { Rtc } from '../../emulator/board/rtc.ts'

const [CR, SR, DR] = [8, 12, 16] as const
const [MEN, MIEN, MSTA, MTX, TXAK, RSTA] = [0x80, 0x40, 0x20, 0x10, 0x08, 0x04] as const
/** Friday 2024-02-23 23:59:58 (date -u -d @1708732798). */
const BEFORE_MIDNIGHT = 1708732798

function bus(start = BEFORE_MIDNIGHT) {
  const clock = { seconds: 0 }
  const line = { level: false }
  const rtc = new Rtc(start, () => clock.seconds)
  const i2c = new I2c([rtc], (level) => {
    line.level = level
  })
  const read = (offset: number) => i2c.read(offset, 1)
  const write = (offset: number, value: number) => i2c.write(offset, 1, value)
  const send = (byte: number) => {
    write(DR, byte)
    const status = read(SR)
    write(SR, 0)
    return status
  }
  function readRegisters(from: number, count: number): number[] {
    write(CR, MEN | MSTA | MTX)
    send(0xd0)
    send(from)
    write(CR, MEN | MSTA | MTX | RSTA)
    send(0xd1)
    write(CR, MEN | MSTA)
    read(DR)
    const bytes = Array.from({ length: count }, (_, n) => {
      if (n === count - 2) write(CR, MEN | MSTA | TXAK)
      if (n === count - 1) write(CR, MEN)
      return read(DR)
    })
    return bytes
  }
  function writeRegisters(from: number, ...bytes: number[]): void {
    write(CR, MEN | MSTA | MTX)
    for (const byte of [0xd0, from, ...bytes]) send(byte)
    write(CR, MEN)
  }
  return { i2c, rtc, clock, line, read, write, send, readRegisters, writeRegisters }
}

const hexes = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

test('an address that somebody has is acknowledged, another is not', () => {
  const { write, send } = bus()
  write(CR, MEN | MSTA | MTX)
  expect(send(0xd0) & 0x23).toBe(0x22)
  write(CR, MEN)
  write(CR, MEN | MSTA | MTX)
  expect(send(0xa0) & 0x23).toBe(0x23)
})

test('the interrupt stands from the byte until SR is cleared', () => {
  const { write, read, line } = bus()
  write(CR, MEN | MIEN | MSTA | MTX)
  write(DR, 0xd0)
  expect([line.level, read(SR)]).toEqual([true, 0xa2])
  write(SR, 0)
  expect([line.level, read(SR)]).toEqual([false, 0xa0])
})

test('the time in BCD: leap February, and a day later', () => {
  const { readRegisters, clock } = bus()
  expect(hexes(readRegisters(0, 7))).toBe('58 59 23 06 23 02 24')
  clock.seconds = 2 + 4 * 86400
  expect(hexes(readRegisters(0, 7))).toBe('00 00 00 04 28 02 24')
  clock.seconds += 86400
  expect(hexes(readRegisters(3, 4))).toBe('05 29 02 24')
  clock.seconds += 86400
  expect(hexes(readRegisters(3, 4))).toBe('06 01 03 24')
})

test('a time that is set goes on from there', () => {
  const { readRegisters, writeRegisters, clock } = bus()
  writeRegisters(0, 0x30, 0x59, 0x23, 0x01, 0x31, 0x12, 0x99)
  clock.seconds = 31
  // 2100-01-01 was a Friday (date -u -d 2100-01-01 +%a).
  expect(hexes(readRegisters(0, 7))).toBe('01 00 00 06 01 01 00')
})

test('a halted oscillator stands still', () => {
  const { readRegisters, writeRegisters, clock } = bus()
  writeRegisters(0, 0x80)
  clock.seconds = 100
  expect(hexes(readRegisters(0, 3))).toBe('80 59 23')
  writeRegisters(0, 0x10)
  clock.seconds = 105
  expect(hexes(readRegisters(0, 3))).toBe('15 59 23')
})

test('RAM behind the time; the pointer wraps at 64 bytes', () => {
  const { readRegisters, writeRegisters } = bus()
  writeRegisters(8, 0x12, 0x34)
  writeRegisters(63, 0x56)
  expect(hexes(readRegisters(8, 2))).toBe('12 34')
  expect(hexes(readRegisters(63, 2))).toBe('56 58')
})

test('a wider access means the byte at its address', () => {
  const { i2c, read } = bus()
  i2c.write(CR, 4, 0x80ffffff)
  i2c.write(4, 2, 0x12ff)
  expect([read(CR), read(4), i2c.read(CR, 4), i2c.read(4, 2)]).toEqual([0x80, 0x12, 0x80000000 | 0, 0x1200])
})

test('clearing MEN resets the transfer; the divider stays for the next (Linux sets it once and clears MEN to free the bus)', () => {
  const { read, write } = bus()
  write(4, 0x31)
  write(CR, MEN | MSTA | MTX)
  write(DR, 0xd0)
  write(CR, 0)
  expect([read(4), read(SR)]).toEqual([0x31, 0x81])
})

test('saved in the middle of a transfer', () => {
  const { i2c, rtc, write, send } = bus()
  write(CR, MEN | MSTA | MTX)
  send(0xd0)
  send(4)
  const other = bus(0)
  other.i2c.restore(structuredClone(i2c.save()))
  other.rtc.restore(structuredClone(rtc.save()))
  other.write(CR, MEN | MSTA | MTX | RSTA)
  other.send(0xd1)
  other.write(CR, MEN | MSTA)
  other.read(DR)
  expect(hexes([other.read(DR), other.read(DR)])).toBe('23 02')
})

// A PT7C4338 or DS1338 has a battery, and no pin for a reset; QEMU's goes on too, by the host's clock.
test('a reset of the board stops no clock and clears no RAM; a cold start does', () => {
  const { clock, rtc, readRegisters, writeRegisters } = bus()
  writeRegisters(8, 0x5a)
  clock.seconds = 2
  rtc.boardReset()
  clock.seconds = 1
  expect(hexes([...readRegisters(0, 3), ...readRegisters(8, 1)])).toBe('01 00 00 5a')
  rtc.reset()
  expect(hexes([...readRegisters(0, 3), ...readRegisters(8, 1)])).toBe('59 59 23 00')
})
