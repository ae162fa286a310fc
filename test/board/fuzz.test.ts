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
