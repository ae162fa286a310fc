// Interrupts of PCI devices: pins and their sources (reference: the board), messages; and requests to the disk as QEMU answers them.
import { describe, expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { type BlockStore, Machine } from '../../emulator/index.ts'
import { askForRandom, configure, legacyOf, PCI_HOST, placeDevices, randomQueue, swapped, tableOf } from './pciGuest.ts'

const PIC = 0xf_e004_0000
const ACTIVITY = 0x40000000
const PCSRBAR = 0xdff00000
const MSIIR = 0x41740
const [ISR, CONFIG_VECTOR, QUEUE_VECTOR] = [19, 20, 22]
const MSIX_ON = 0x80000000 | 0

const emptyDisk = (): BlockStore => ({ sectors: 8, isReadOnly: false, read: (_, count) => new Uint8Array(512 * count) })
/** The random device is in the slot behind the disks. */
const withDisks = (count: number) =>
  new Machine({ memoryBytes: 1 << 20, drives: Array.from({ length: count }, emptyDisk) })

describe('pins', () => {
  const asks = ({ bus }: Machine, source: number) => (bus.read(PIC + 0x10000 + 0x20 * source, 4) & ACTIVITY) !== 0
  const unmask = ({ bus }: Machine, source: number) => bus.write(PIC + 0x10000 + 0x20 * source, 4, 0x00480000)

  test.each([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 1],
    [5, 2],
  ])('slot %i asks at source %i, until its status is read', (slot, source) => {
    const machine = withDisks(slot - 1)
    for (const n of [1, 2, 3, 4]) unmask(machine, n)
    askForRandom(machine, slot)
    expect([1, 2, 3, 4].filter((n) => asks(machine, n))).toEqual([source])
    expect([machine.bus.read(legacyOf(slot) + ISR, 1), machine.bus.read(legacyOf(slot) + ISR, 1)]).toEqual([1, 0])
    expect(asks(machine, source)).toBe(false)
  })
  test('the command register keeps it from its pin', () => {
    const machine = withDisks(0)
    unmask(machine, 2)
    askForRandom(machine, 1)
    configure(machine, 1, 4, 0x407)
    expect(asks(machine, 2)).toBe(false)
    configure(machine, 1, 4, 7)
    expect(asks(machine, 2)).toBe(true)
  })
})

describe('messages', () => {
  /** The random device's queue has vector 0, whose message goes to a bus address. */
  function messageTo(address: number, data: number): Machine {
    const machine = withDisks(0)
    const { bus } = machine
    placeDevices(machine, [1])
    configure(machine, 0, 0x10, PCSRBAR)
    configure(machine, 1, 0x98, MSIX_ON)
    bus.write(legacyOf(1) + QUEUE_VECTOR, 2, 0)
    for (const [n, word] of [address, 0, data, 0].entries()) bus.write(tableOf(1) + 4 * n, 4, swapped(word))
    askForRandom(machine, 1)
    return machine
  }
  test('to MSIIR: message n sets bit n of its register', () => {
    const machine = messageTo(PCSRBAR + MSIIR, 0x25)
    expect(hex(machine.bus.read(PIC + 0x1610, 4))).toBe('0x00000020')
  })
  test('to RAM: a little-endian word', () => {
    expect(hex(messageTo(0x4000, 0x12345678).bus.read(0x4000, 4))).toBe('0x78563412')
  })
  test.each([0x7ffffffc, 0xfffffffc, PCSRBAR + 1, 0xdfe00000])(
    'to %s, where nothing is: nothing happens',
    (address) => {
      expect(messageTo(address, -1).bus.read(randomQueue.used + 8, 4)).toBe(32)
    },
  )
  test('vectors that the device does not have are not kept', () => {
    const machine = withDisks(0)
    placeDevices(machine, [1])
    configure(machine, 1, 0x98, MSIX_ON)
    const read = [0, 1, 2, 0xff].map((vector) => {
      machine.bus.write(legacyOf(1) + CONFIG_VECTOR, 2, vector << 8)
      return machine.bus.read(legacyOf(1) + CONFIG_VECTOR, 2)
    })
    expect(read).toEqual([0, 0x0100, 0xffff, 0xffff])
  })
})

test('a buffer that ends behind the window shows nothing of RAM', () => {
  const machine = withDisks(0)
  const PIWAR1 = PCI_HOST + 0xdf0
  askForRandom(machine, 1, () => {
    machine.bus.write(PIWAR1, 4, 0xa0f5500d | 0)
    machine.bus.write(randomQueue.descriptors + 4, 4, 0x3ff0)
  })
  expect([0x3ff0, 0x4000, randomQueue.used + 8].map((address) => machine.bus.read(address, 4))).toEqual([0, 0, 0])
})
