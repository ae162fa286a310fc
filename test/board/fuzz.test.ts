// Whatever a guest does to the devices' registers, none of them throws, and each saves what it is.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { random } from '../support/random.ts'

const CCSR = 0xf_e000_0000
const BLOCKS: readonly (readonly [base: number, length: number])[] = [
  [0x3000, 0x20],
  [0x4500, 0x10],
  [0x8000, 0x10],
  [0x8c00, 0x400],
  [0x40000, 0x100],
  [0x41000, 0x800],
  [0x50000, 0x2000],
  [0x60000, 0x2000],
  [0xe00a0, 0x20],
  [0xff000, 0x30],
]

test.each([1, 2, 3])('50,000 random accesses, seed %i', (seed) => {
  const word = random(seed)
  const machine = new Machine({ memoryBytes: 1 << 20 })
  const below = (limit: number) => (word() >>> 0) % limit
  for (let n = 0; n < 50_000; n++) {
    const [base, length] = BLOCKS[below(BLOCKS.length)]!
    const size = ([1, 2, 4] as const)[below(3)]!
    const address = CCSR + base + below(length / size) * size
    const value = size === 4 ? word() : below(1 << (8 * size))
    if (below(2) === 0) machine.bus.write(address, size, value)
    else expect(Number.isInteger(machine.bus.read(address, size))).toBe(true)
    if (below(50) === 0) machine.uartInput(0, [below(256)])
    if (below(50) === 0 && machine.vcpu.pendingInterrupt()) machine.vcpu.takePending()
  }
  const { board } = machine.save()
  expect(JSON.parse(JSON.stringify(board))).toEqual(board)
  const other = new Machine({ memoryBytes: 1 << 20 })
  other.restore(structuredClone(machine.save()))
  expect(other.hash()).toBe(machine.hash())
})

const MEMORY_WINDOW = 0xc_0000_0000
const IO_WINDOW = 0xf_e100_0000
const ramDisk = () => ({
  sectors: 64,
  isReadOnly: false,
  read: (_: number, count: number) => new Uint8Array(count * 512),
})
const DRIVEN = { memoryBytes: 1 << 20, drives: [ramDisk()] }

/** Windows opened and base addresses set as a guest does it: the disk (slot 1) and the random device (slot 2). */
function withWindows() {
  const machine = new Machine(DRIVEN)
  const host = CCSR + 0x8000
  const word = (offset: number, value: number) => machine.bus.write(host + offset, 4, value)
  for (const [offset, value] of [
    ...[
      [0xc20, 0xe0000],
      [0xc28, 0xc00000],
      [0xc30, 0x8004401c],
      [0xc40, 0],
      [0xc48, 0xfe1000],
      [0xc50, 0x8008800f],
    ],
    ...[
      [0xde0, 0],
      [0xde8, 0],
      [0xdf0, 0xa0f5501b],
    ],
  ] as const)
    word(offset!, value! | 0)
  const config = (slot: number, register: number, value: number) => {
    word(0, 0x80000000 | (slot << 11) | register)
    machine.bus.write(host + 4, 4, Buffer.from(Uint32Array.of(value).buffer).readUInt32BE() | 0)
  }
  for (const slot of [1, 2]) {
    config(slot, 0x10, 0x1000 * slot)
    config(slot, 0x14, 0xe0000000 + 0x10000 * slot)
    config(slot, 0x20, 0xe0008000 + 0x10000 * slot)
    config(slot, 4, 7)
  }
  return machine
}

test.each([1, 2])('virtio in slot %i: the base addresses answer, 10,000 random accesses of each are borne', (slot) => {
  const machine = withWindows()
  const { bus } = machine
  const modern = MEMORY_WINDOW + 0x8000 + 0x10000 * slot
  // One queue (offset 18 of the common registers), and the legacy queue's size: little-endian.
  expect(bus.read(modern + 18, 2)).toBe(0x0100)
  expect(bus.read(IO_WINDOW + 0x1000 * slot + 12, 2)).toBe(slot === 1 ? 0x0001 : 0x0800)
  const word = random(slot)
  const below = (limit: number) => (word() >>> 0) % limit
  const blocks = [
    [IO_WINDOW + 0x1000 * slot, slot === 1 ? 128 : 32],
    [MEMORY_WINDOW + 0x10000 * slot, 0x900],
    [modern, 64],
    [modern + 0x1000, 8],
    [modern + 0x2000, 64],
    [modern + 0x3000, 8],
  ] as const
  for (let page = 0; page < 1 << 20; page += 4) bus.write(page, 4, below(4) === 0 ? word() : below(0x10000))
  for (const [base, length] of blocks) {
    for (let n = 0; n < 10_000; n++) {
      const size = ([1, 2, 4] as const)[below(3)]!
      const address = base + below(length / size) * size
      // Small values and the status a driver ends with come often: so queues really run.
      const value = [word(), below(256), 0x0f000000, 0x000f][below(4)]! & (size === 4 ? -1 : (1 << (8 * size)) - 1)
      if (below(2) === 0) bus.write(address, size, value)
      else expect(Number.isInteger(bus.read(address, size))).toBe(true)
    }
  }
  const { board } = machine.save()
  expect(JSON.parse(JSON.stringify(board))).toEqual(board)
  const other = new Machine(DRIVEN)
  other.restore(structuredClone(machine.save()))
  expect(other.hash()).toBe(machine.hash())
})
