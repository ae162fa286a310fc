// The 16550A's data sheet, and what Linux' 8250 driver probes (reference: the board).
import { expect, test } from 'vitest'
import { Uart16550 } from '../../emulator/board/uart16550.ts'

const [DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 3, 4, 5, 6, 7] as const

function uart() {
  const sent: number[] = []
  const line = { level: false }
  const device = new Uart16550(
    'uart0',
    0,
    (byte) => sent.push(byte),
    (level) => {
      line.level = level
    },
  )
  const read = (offset: number) => device.read(offset, 1)
  const write = (offset: number, value: number) => device.write(offset, 1, value)
  return { device, read, write, sent, line }
}

test('sends at once; the transmitter is always empty', () => {
  const { read, write, sent } = uart()
  expect(read(LSR)).toBe(0x60)
  write(DATA, 0x41)
  expect(sent).toEqual([0x41])
  expect(read(LSR)).toBe(0x60)
})

test('the divisor stands behind DLAB', () => {
  const { read, write, sent } = uart()
  write(LCR, 0x83)
  write(DATA, 0xd9)
  write(IER, 0)
  expect([read(DATA), read(IER)]).toEqual([0xd9, 0])
  write(LCR, 3)
  expect([read(IER), sent.length]).toEqual([0, 0])
})

test("Linux' probe: FIFO bits in IIR, no EFR behind LCR 0xBF, no bit 6 in IER, a scratch register", () => {
  const { read, write } = uart()
  write(IIR, 1)
  expect(read(IIR)).toBe(0xc1)
  write(LCR, 0xbf)
  expect(read(IIR)).not.toBe(0)
  write(LCR, 0)
  write(IER, 0x40)
  expect(read(IER)).toBe(0)
  write(SCR, 0xa5)
  expect(read(SCR)).toBe(0xa5)
  write(IIR, 0)
  expect(read(IIR)).toBe(0x01)
})

test('loopback: modem outputs come back as inputs, sent bytes are received', () => {
  const { device, read, write, sent } = uart()
  expect(read(MSR)).toBe(0xb0)
  device.receive([0x30])
  write(MCR, 0x1a)
  expect(read(MSR) & 0xf0).toBe(0x90)
  write(DATA, 0x55)
  expect([read(LSR), read(DATA), read(LSR), sent.length]).toEqual([0x61, 0x55, 0x60, 0])
  write(MCR, 0)
  expect([read(LSR), read(DATA)]).toEqual([0x61, 0x30])
})

test('receive interrupt: at the trigger level, as a timeout below it', () => {
  const { device, read, write, line } = uart()
  write(IIR, 0x41)
  write(IER, 1)
  expect(line.level).toBe(false)
  device.receive([1, 2, 3])
  expect([line.level, read(IIR)]).toEqual([true, 0xcc])
  device.receive([4])
  expect(read(IIR)).toBe(0xc4)
  for (const byte of [1, 2, 3, 4]) expect(read(DATA)).toBe(byte)
  expect([line.level, read(IIR)]).toEqual([false, 0xc1])
})

test('transmit interrupt: on enabling and after each byte, seen by a read of IIR', () => {
  const { read, write, line } = uart()
  write(IER, 2)
  expect([line.level, read(IIR), line.level]).toEqual([true, 2, false])
  write(DATA, 0x41)
  expect([line.level, read(IIR), read(IIR)]).toEqual([true, 2, 1])
})

test('nothing typed is lost: neither by a FIFO reset nor by its length', () => {
  const { device, read, write } = uart()
  device.receive(Array.from({ length: 100 }, (_, n) => n))
  write(IIR, 7)
  expect(Array.from({ length: 100 }, () => read(DATA))).toEqual(Array.from({ length: 100 }, (_, n) => n))
})

test('peek takes nothing', () => {
  const { device, read, write } = uart()
  device.receive([0x41])
  write(IER, 3)
  expect([device.peek(DATA, 1), device.peek(LSR, 1), device.peek(IIR, 1)]).toEqual([0x41, 0x61, 4])
  expect(read(DATA)).toBe(0x41)
  expect([device.peek(IIR, 1), device.peek(IIR, 1), read(IIR), read(IIR)]).toEqual([2, 2, 2, 1])
})

test('saved and restored with what waits in it', () => {
  const { device, write } = uart()
  write(IER, 1)
  device.receive([0x41, 0x42])
  const other = uart()
  other.device.restore(structuredClone(device.save()))
  expect([other.line.level, other.read(DATA), other.read(DATA), other.line.level]).toEqual([true, 0x41, 0x42, false])
})
