// GPIO, global utilities and the PCI host bridge. Values: QEMU's ppce500 (reference: the board; `pci header 0` of its U-Boot).
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { Bus } from '../../emulator/board/bus.ts'
import { Gpio } from '../../emulator/board/gpio.ts'
import { guts } from '../../emulator/board/guts.ts'
import { PciHost } from '../../emulator/board/pciHost.ts'
import { Memory } from '../../emulator/core/memory.ts'

function gpio() {
  const seen = { off: 0, level: false }
  const device = new Gpio(
    () => seen.off++,
    (level) => {
      seen.level = level
    },
  )
  return { device, seen }
}

test('pin 0 powers the board off when it is an output and high', () => {
  const { device, seen } = gpio()
  device.write(8, 4, 0x80000000)
  expect(seen.off).toBe(0)
  device.write(0, 4, 0x40000000)
  expect(seen.off).toBe(0)
  device.write(0, 4, 0x80000000)
  expect(seen.off).toBe(1)
})

test('GPIO registers: the event register is cleared by ones, the others keep what is written', () => {
  const { device, seen } = gpio()
  device.write(0x10, 4, -1)
  device.write(0xc, 4, -1)
  device.write(0x14, 4, 0x12345678)
  device.write(0x18, 4, -1)
  expect([0xc, 0x10, 0x14, 0x18].map((offset) => hex(device.read(offset, 4)))).toEqual([
    '0x00000000',
    '0xffffffff',
    '0x12345678',
    '0x00000000',
  ])
  expect([seen.level, device.read(0x15, 1)]).toEqual([false, 0])
})

test('RSTCR: bit 30 resets, nothing else does', () => {
  let resets = 0
  const device = guts({ PVR: 0x80210022 | 0, SVR: 0 }, () => resets++)
  device.write(0xb0, 4, 1)
  expect(resets).toBe(0)
  device.write(0xb0, 4, 2)
  expect([resets, device.read(0xb0, 4), hex(device.read(0xa0, 4))]).toEqual([1, 0, '0x80210022'])
})

function pci() {
  const host = new PciHost(new Bus(new Memory(1 << 20, 1)))
  const select = (device: number, register: number, bus = 0) =>
    host.write(0, 4, 0x80000000 | (bus << 16) | (device << 11) | (register & 0xfc))
  return { host, select }
}

test('configuration space of the bridge is little-endian, by bytes and halves too', () => {
  const { host, select } = pci()
  select(0, 0)
  expect(hex(host.read(4, 4))).toBe('0x57193000')
  expect([hex(host.read(4, 2), 4), hex(host.read(6, 2), 4), host.read(4, 1)]).toEqual(['0x5719', '0x3000', 0x57])
  select(0, 8)
  expect(hex(host.read(4, 4))).toBe('0x0000200b')
  select(0, 0x2c)
  expect(hex(host.read(4, 4))).toBe('0xf41a0011')
})

test('absent devices and other busses read ones and swallow writes', () => {
  const { host, select } = pci()
  select(1, 0)
  expect(hex(host.read(4, 4))).toBe('0xffffffff')
  host.write(4, 4, 0)
  select(0, 0, 1)
  expect([hex(host.read(4, 2), 4), host.read(4, 1)]).toEqual(['0xffff', 0xff])
  host.write(0, 4, 0)
  expect(hex(host.read(4, 4))).toBe('0xffffffff')
})

test('BAR0 has the size of the CCSR block; the identification cannot be written', () => {
  const { host, select } = pci()
  select(0, 0x10)
  host.write(4, 4, -1)
  expect(hex(host.read(4, 4))).toBe('0x0000f0ff')
  select(0, 0)
  host.write(4, 4, 0)
  expect(hex(host.read(4, 4))).toBe('0x57193000')
  select(0, 4)
  host.write(4, 2, 0x0600)
  expect([hex(host.read(4, 2), 4), hex(host.read(6, 2), 4)]).toEqual(['0x0600', '0x0000'])
})

test('ATMU registers keep what is written, and are saved', () => {
  const { host } = pci()
  host.write(0xc30, 4, 0x8004401c | 0)
  const other = new PciHost(new Bus(new Memory(1 << 20, 1)))
  other.restore(structuredClone(host.save()))
  expect(hex(other.read(0xc30, 4))).toBe('0x8004401c')
  other.reset()
  expect(other.read(0xc30, 4)).toBe(0)
})
