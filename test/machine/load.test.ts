// The boot protocol as QEMU's ppce500 shows it at the first instruction (reference: the board, "Boot protocol"), and what does not fit.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { flatten } from '../../emulator/board/flattenedTree.ts'
import { BootError, type BootOptions, type GuestImage, Machine } from '../../emulator/index.ts'
import { codeImage as image } from '../support/board.ts'

const MEGABYTE = 1 << 20

const LOOP = 'here:\nb here'
function loaded(guest: GuestImage, options: BootOptions = {}, memoryBytes = 256 * MEGABYTE) {
  const machine = new Machine({ memoryBytes })
  machine.load(guest, options)
  return machine
}
const registers = (machine: Machine, ...names: string[]) => names.map((name) => hex(machine.vcpu.register(name)!))

test('registers, MSR and TLB1[0] of vmlinux-e500v2 (it ends at 0x4fda18)', () => {
  const machine = loaded(image(LOOP, 0, 0x4fda18))
  expect(registers(machine, 'r1', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'pc', 'msr', 'DBCR0')).toEqual([
    '0x00fffff8',
    '0x01c00000',
    '0x00000000',
    '0x00000000',
    '0x45504150',
    '0x04000000',
    '0x00000000',
    '0x00000000',
    '0x00000000',
    '0x00000000',
  ])
  expect(machine.tlb(0).filter(({ valid }) => valid)).toEqual([
    {
      tlb: 1,
      index: 0,
      way: undefined,
      valid: true,
      IPROT: false,
      epn: 0,
      rpn: 0,
      pageBytes: 64 * MEGABYTE,
      TID: 0,
      TS: 0,
      permissions: 0x3f,
      WIMGE: 0,
    },
  ])
})

test.each([
  [0x1037c68, 0x2800000, 64],
  [0xf65e74, 0x2700000, 64],
  [0x5000000, 0x6800000, 256],
  [0x12000000, 0x13800000, 1024],
])('an image that ends at %s has its tree at %s, mapped with %s MB', (end, tree, mapped) => {
  const machine = loaded(image(LOOP, 0, end), {}, 512 * MEGABYTE)
  expect(registers(machine, 'r3', 'r7')).toEqual([hex(tree), hex(mapped * MEGABYTE)])
  expect(machine.tlb(0).find(({ valid }) => valid)?.pageBytes).toBe(mapped * MEGABYTE)
  expect(machine.peekPhysical(tree, 4)).toEqual(Uint8Array.of(0xd0, 0x0d, 0xfe, 0xed))
})

test('the initrd at 64 MB, files where they are told, a tree of one’s own', () => {
  const tree = flatten({ properties: { model: 'mine' } }, 128)
  const machine = loaded(image(LOOP), {
    initrd: Uint8Array.of(1, 2, 3),
    loadFiles: [{ physical: 0x2000001, bytes: Uint8Array.of(4, 5) }],
    deviceTree: tree,
  })
  expect(machine.peekPhysical(0x4000000, 4)).toEqual(Uint8Array.of(1, 2, 3, 0))
  expect(machine.peekPhysical(0x2000000, 4)).toEqual(Uint8Array.of(0, 4, 5, 0))
  expect(machine.peekPhysical(0x1800000, 128)).toEqual(tree)
  expect(machine.deviceTree).toEqual(tree)
})

test.each<[string, GuestImage, BootOptions]>([
  [
    'The image would end at 0x02001000, but the guest has 32 MB of memory. Give it 57M or more ("memory" in launch.json, --memory of e500 run).',
    image(LOOP, 0x2000000),
    {},
  ],
  [
    'The image would end at 0x02800000, but the guest has 32 MB of memory. Give it 65M or more ("memory" in launch.json, --memory of e500 run).',
    image(LOOP, 0x2000000, 0x800000),
    {},
  ],
  [
    'The image (0x00000000 to 0x00001000) and the file for 0x00000ffc (from 0x00000ffc) overlap.',
    image(LOOP),
    { loadFiles: [{ physical: 0xffc, bytes: new Uint8Array(4) }] },
  ],
  [
    'The initrd would end at 0x05000000, but the guest has 32 MB of memory. Give it 80M or more ("memory" in launch.json, --memory of e500 run).',
    image(LOOP),
    { initrd: new Uint8Array(16 * MEGABYTE) },
  ],
  ['The image has no segment to load: it is no program.', { entry: 0, segments: [] }, {}],
  ["The entry point 0x00100000 is in none of the image's segments.", { ...image(LOOP), entry: 0x100000 }, {}],
  [
    'The device tree has 2097152 bytes, more than the megabyte that the board has for it.',
    image(LOOP),
    { deviceTree: flatten({ properties: {} }, 2 * MEGABYTE) },
  ],
])('refused: %s', (sentence, guest, options) => {
  const machine = loaded(image(LOOP), {}, 32 * MEGABYTE)
  const before = machine.hash()
  const refusal = new BootError(sentence)
  expect(() => machine.load(guest, options)).toThrow(refusal)
  expect(machine.hash()).toBe(before)
})

test('loaded again: nothing of the first run is left', () => {
  const guest = image(`
    addi r5,r0,77
    stw r5,0x800(0)
    mtspr DEC,r5
    here:
    b here`)
  const machine = loaded(guest)
  const fresh = machine.hash()
  machine.uartInput(0, [65])
  machine.run(1000)
  expect(machine.hash()).not.toBe(fresh)
  machine.load(guest)
  expect([machine.hash(), machine.instructions()]).toEqual([fresh, 0])
})
