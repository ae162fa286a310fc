// Breakpoints across a restart, and breakpoints that follow the guest's TLB1.
import { expect, test } from 'vitest'
import { type GuestImage, Machine } from '../../emulator/index.ts'
import { codeImage } from '../support/board.ts'

const COUNT = codeImage(`
  addi r5,r0,1
  addi r5,r5,1
  loop:
  addi r5,r5,1
  b loop`)
function machineWith(image: GuestImage) {
  const machine = new Machine({ memoryBytes: 64 << 20 })
  machine.load(image)
  return machine
}

test.each(['auto', 'iac', 'trap'] as const)('an %s breakpoint hits again after a restart', (placement) => {
  const machine = machineWith(COUNT)
  expect(machine.hostDebug.place(1, { kind: 'instruction', placement, address: 4 }).verified).toBe(true)
  const first = machine.run(100)
  expect(first).toMatchObject({ kind: 'breakpoint', address: 4, ids: [1] })
  machine.run(100)
  machine.load(COUNT)
  expect(machine.run(100)).toEqual(first)
  expect(machine.vcpu.register('r5')).toBe(1)
})

test('a trap is hidden after a restart too, and gone when it is removed', () => {
  const machine = machineWith(COUNT)
  const fresh = machine.hash()
  const word = machine.peek(0, 8, 4)
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'trap', address: 8 })
  machine.load(COUNT)
  expect([machine.hash(), machine.peek(0, 8, 4)]).toEqual([fresh, word])
  machine.hostDebug.remove(1)
  expect(machine.run(100)).toEqual({ kind: 'budget' })
})

/** Maps 0xc0000000 to 0 by TLB1[1] (64 MB) and jumps there. */
const MAPS = codeImage(`
  addis r5,r0,0x1001
  mtspr MAS0,r5
  addis r5,r0,0x8000
  ori r5,r5,0x800
  mtspr MAS1,r5
  addis r5,r0,0xc000
  mtspr MAS2,r5
  addi r6,r0,0x3f
  mtspr MAS3,r6
  tlbwe
  ori r5,r5,0x34
  mtspr CTR,r5
  bcctr 20,0
  here:
  b here`)

test('onTlb1Changed: a breakpoint placed in it is exact before the next instruction', () => {
  const machine = machineWith(MAPS)
  let calls = 0
  machine.onTlb1Changed = () => {
    calls++
    expect(machine.translate(0, 0xc0000000, 'execute')).toBe(0)
    machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: 40 })
    machine.hostDebug.place(2, { kind: 'instruction', placement: 'auto', address: 0xc0000034 })
  }
  expect(machine.run(100)).toMatchObject({ kind: 'breakpoint', address: 40, ids: [1] })
  expect(machine.run(100)).toMatchObject({ kind: 'breakpoint', address: 0xc0000034 | 0, ids: [2] })
  expect(calls).toBe(1)
})

test('a trap at an address that the start does not map stays where it was, in the image', () => {
  const machine = machineWith(MAPS)
  machine.run(100)
  expect(machine.hostDebug.place(1, { kind: 'instruction', placement: 'trap', address: 0xc0000034 | 0 }).verified).toBe(
    true,
  )
  machine.load(MAPS)
  expect(machine.run(100)).toMatchObject({ kind: 'breakpoint', address: 0xc0000034 | 0 })
})

test('a trap that the new image has no code for moves to auto and says so', () => {
  const machine = machineWith(MAPS)
  machine.run(100)
  const moved: string[] = []
  machine.hostDebug.onMoved = (id, message) => moved.push(`${id}: ${message}`)
  machine.hostDebug.place(7, { kind: 'instruction', placement: 'trap', address: 0xc0000800 | 0 })
  machine.load(COUNT)
  expect(moved).toEqual([
    '7: The guest was started anew and has no code there yet; this breakpoint is now laid over the code ("auto").',
  ])
})
