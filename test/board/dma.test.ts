// A device that stores to RAM ends the reservations it meets (Book II 1.7.3.1), and no other one.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { askForRandom, randomQueue } from './pciGuest.ts'

const { descriptors: QUEUE, used: USED, buffer: BUFFER } = randomQueue

test.each([
  ['in the first granule stored to', BUFFER, false],
  ['in its last byte', BUFFER + 31, false],
  ['in the ring of used buffers', USED + 4, false],
  ['behind what was stored', BUFFER + 32, true],
  ['before it', BUFFER - 1, true],
  ['where the device only reads', QUEUE, true],
])('a reservation %s', (_, address, isKept) => {
  const machine = new Machine({ memoryBytes: 1 << 20 })
  machine.vcpu.reservation.set(address)
  askForRandom(machine, 1)
  expect(machine.bus.read(USED + 8, 4)).toBe(32)
  expect(machine.vcpu.reservation.isHeld()).toBe(isKept)
})

test('a device neither sees a trap word of the debugger’s nor leaves one in what it stores', () => {
  const run = (traps: readonly number[]) => {
    const machine = new Machine({ memoryBytes: 1 << 20 })
    machine.boot(0, 1 << 20)
    const moved: number[] = []
    machine.hostDebug.onMoved = (id) => moved.push(id)
    askForRandom(machine, 1, () => {
      for (const address of traps) machine.hostDebug.place(address, { kind: 'instruction', placement: 'trap', address })
    })
    expect(machine.bus.read(USED + 8, 4)).toBe(32)
    return { hash: machine.hash(), moved }
  }
  // The buffer's address in its descriptor, and the buffer.
  const trapped = run([QUEUE + 4, BUFFER + 8])
  expect(trapped).toEqual({ hash: run([]).hash, moved: [BUFFER + 8] })
})
