// A device that stores to RAM ends the reservations it meets (Book II 1.7.3.1), and no other one.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'

const PCI = 0xf_e000_8000
const LEGACY = 0xf_e100_1000
const QUEUE = 0x1000
const USED = 0x2000
const BUFFER = 0x3000
const [PFN, NOTIFY, STATUS] = [8, 16, 18]
/** I/O window 2 and RAM's inbound window as U-Boot writes them (reference: the board). */
const WINDOWS = { 3136: 0, 3144: 0xfe1000, 3152: 0x8008800f, 3552: 0, 3560: 0, 3568: 0xa0f5501b }
/** Little-endian words of slot 1's configuration: BAR0 at 0x1000, I/O, memory and bus master. */
const CONFIGURATION = { 16: 0x00100000, 4: 0x07000000 }

/** The random device asked once for 32 bytes; its queue is in the core's byte order, as a legacy driver's. */
function askForRandom(machine: Machine, beforeNotice = () => {}): void {
  const { bus } = machine
  for (const [offset, value] of Object.entries(WINDOWS)) bus.write(PCI + Number(offset), 4, value | 0)
  for (const [register, value] of Object.entries(CONFIGURATION)) {
    bus.write(PCI, 4, 0x80000800 | Number(register))
    bus.write(PCI + 4, 4, value)
  }
  bus.write(LEGACY + PFN, 4, (QUEUE >> 12) << 24)
  bus.write(LEGACY + STATUS, 1, 7)
  const DEVICE_WRITES = 2
  for (const [n, word] of [0, BUFFER, 32, DEVICE_WRITES << 16].entries()) bus.write(QUEUE + 4 * n, 4, word)
  bus.write(QUEUE + 8 * 16 + 2, 2, 1)
  beforeNotice()
  bus.write(LEGACY + NOTIFY, 2, 0)
}

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
  askForRandom(machine)
  expect(machine.bus.read(USED + 8, 4)).toBe(32)
  expect(machine.vcpu.reservation.isHeld()).toBe(isKept)
})

test('a device neither sees a trap word of the debugger’s nor leaves one in what it stores', () => {
  const run = (traps: readonly number[]) => {
    const machine = new Machine({ memoryBytes: 1 << 20 })
    machine.boot(0, 1 << 20)
    const moved: number[] = []
    machine.hostDebug.onMoved = (id) => moved.push(id)
    askForRandom(machine, () => {
      for (const address of traps) machine.hostDebug.place(address, { kind: 'instruction', placement: 'trap', address })
    })
    expect(machine.bus.read(USED + 8, 4)).toBe(32)
    return { hash: machine.hash(), moved }
  }
  // The buffer's address in its descriptor, and the buffer.
  const trapped = run([QUEUE + 4, BUFFER + 8])
  expect(trapped).toEqual({ hash: run([]).hash, moved: [BUFFER + 8] })
})
