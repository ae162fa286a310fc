// The debugger's reads: RAM and devices by effective address, without any effect on the guest.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { codeImage } from '../support/board.ts'

/** Maps the devices at 0xe0000000 by TLB1[1] (1 MB) and waits in a loop. */
const MAPS_DEVICES = codeImage(`
  addis r5,r0,0x1001
  mtspr MAS0,r5
  addis r5,r0,0x8000
  ori r5,r5,0x500
  mtspr MAS1,r5
  addis r5,r0,0xe000
  mtspr MAS2,r5
  ori r6,r5,0x3f
  mtspr MAS3,r6
  addi r6,r0,0xf
  mtspr MAS7,r6
  tlbwe
  lbz r7,0x4505(r5)
  here:
  b here`)

test('a device is read as the guest would find it, and nothing of it changes', () => {
  const machine = new Machine({ memoryBytes: 64 << 20 })
  machine.load(MAPS_DEVICES)
  machine.uartInput(0, [0x41, 0x42])
  machine.run(100)
  expect(machine.vcpu.register('r7')).toBe(0x61)
  const before = machine.hash()
  const registers = machine.peek(0, 0xe0004500, 8)
  expect(registers).toEqual(Uint8Array.of(0x41, 0, 1, 0, 0, 0x61, 0xb0, 0))
  expect(machine.peek(0, 0xe0004500, 8)).toEqual(registers)
  expect(machine.peek(0, 0xe0040000, 8)).toEqual(Uint8Array.of(0x00, 0x40, 0x04, 0x02, 0xff, 0xff, 0xff, 0xff))
  expect(machine.peek(0, 0xe0005000, 4)).toEqual(new Uint8Array(4))
  expect(machine.peekPhysical(0xf_e004_1000, 4)).toEqual(Uint8Array.of(0x00, 0xc3, 0x00, 0x02))
  expect(machine.hash()).toBe(before)
})

test('what is not mapped, and where nothing is, is undefined; devices are not poked', () => {
  const machine = new Machine({ memoryBytes: 64 << 20 })
  machine.load(MAPS_DEVICES)
  machine.run(100)
  expect(machine.peek(0, 0xc0000000, 4)).toBeUndefined()
  expect(machine.peek(0, 0xe00ffffe, 4)).toBeUndefined()
  expect(machine.peekPhysical(0x8_0000_0000, 4)).toBeUndefined()
  expect(machine.poke(0, 0xe0004500, Uint8Array.of(1))).toBe(false)
  expect(machine.poke(0, 0x800, Uint8Array.of(1, 2, 3))).toBe(true)
  expect(machine.peek(0, 0x7ff, 5)).toEqual(Uint8Array.of(0, 1, 2, 3, 0))
})
