// Whatever a guest does to the devices' registers, none of them throws, and each saves what it is.
import { expect, test } from 'vitest'
import { decodeState, encodeState } from '../../adapter/cli/stateFile.ts'
import { Machine } from '../../emulator/index.ts'
import { random } from '../support/random.ts'
import { legacyOf, modernOf, placeDevices, tableOf } from './pciGuest.ts'

/** E500_FUZZ_SEEDS: how many. */
const SEEDS = Array.from({ length: Number(process.env.E500_FUZZ_SEEDS ?? 2) }, (_, n) => n + 1)
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

function expectSaves(machine: Machine, other: Machine): void {
  const saved = machine.save()
  const read = decodeState(encodeState(saved), '')
  expect(read).toEqual(saved)
  other.restore(read)
  expect(other.hash()).toBe(machine.hash())
}

test.each(SEEDS)('10,000 random accesses of each device, seed %i', (seed) => {
  const word = random(seed)
  const machine = new Machine({ memoryBytes: 1 << 20 })
  const below = (limit: number) => (word() >>> 0) % limit
  for (let n = 0; n < 10_000 * BLOCKS.length; n++) {
    const [base, length] = BLOCKS[below(BLOCKS.length)]!
    const size = ([1, 2, 4] as const)[below(3)]!
    const address = CCSR + base + below(length / size) * size
    const value = size === 4 ? word() : below(1 << (8 * size))
    if (below(2) === 0) machine.bus.write(address, size, value)
    else if (!Number.isInteger(machine.bus.read(address, size))) throw new Error(`No number at ${address}.`)
    if (below(50) === 0) machine.uartInput(0, [below(256)])
    if (below(50) === 0 && machine.vcpu.pendingInterrupt()) machine.vcpu.takePending()
  }
  expectSaves(machine, new Machine({ memoryBytes: 1 << 20 }))
})

const ramDisk = () => ({
  sectors: 64,
  isReadOnly: false,
  read: (_: number, count: number) => new Uint8Array(count * 512),
})
const DRIVEN = { memoryBytes: 1 << 20, cores: 2, drives: [ramDisk()] }

const SLOTS = [1, 2].flatMap((slot) => SEEDS.map((seed) => [slot, seed] as const))
test.each(SLOTS)('virtio in slot %i, seed %i: 10,000 random accesses of each block of registers', (slot, seed) => {
  const machine = new Machine(DRIVEN)
  placeDevices(machine, [1, 2])
  const { bus } = machine
  const word = random(seed)
  const below = (limit: number) => (word() >>> 0) % limit
  const blocks = [
    [legacyOf(slot), slot === 1 ? 128 : 32],
    [tableOf(slot), 0x900],
    [modernOf(slot), 64],
    [modernOf(slot) + 0x1000, 8],
    [modernOf(slot) + 0x2000, 64],
    [modernOf(slot) + 0x3000, 16],
  ] as const
  for (let page = 0; page < 1 << 20; page += 4) bus.write(page, 4, below(4) === 0 ? word() : below(0x10000))
  for (const [base, length] of blocks) {
    for (let n = 0; n < 10_000; n++) {
      const size = ([1, 2, 4] as const)[below(3)]!
      const address = base + below(length / size) * size
      // Small values and the status a driver ends with come often: so queues really run.
      const value = [word(), below(256), 0x0f000000, 0x000f][below(4)]! & (size === 4 ? -1 : (1 << (8 * size)) - 1)
      if (below(2) === 0) bus.write(address, size, value)
      else if (!Number.isInteger(bus.read(address, size))) throw new Error(`No number at ${address}.`)
    }
  }
  expectSaves(machine, new Machine(DRIVEN))
})
