// Several cores: turns, the spin table, reservations, invalidations that reach all of them, steps and stops of one of them.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { codeImage } from '../support/board.ts'

/** Core 0 maps the spin table (TLB1[1], 4 KB, at 0xef000000) and releases core 1 at the label `second`, r3 = 7. Then it goes on at `first`. */
const program = (first: string, second: string, at = 0x100) => `
  addis r5,r0,0x1001
  mtspr MAS0,r5
  addis r5,r0,0x8000
  ori r5,r5,0x100
  mtspr MAS1,r5
  addis r5,r0,0xef00
  mtspr MAS2,r5
  ori r6,r5,0x3f
  mtspr MAS3,r6
  addi r6,r0,0xf
  mtspr MAS7,r6
  tlbwe
  addi r6,r0,7
  stw r6,0x2c(r5)
  addi r6,r0,${at}
  stw r6,0x24(r5)
  ${first}
  .org ${at}
  ${second}`

/** The assembler of the tests knows no .org: nops fill the gap. */
function image(source: string) {
  const [before, rest] = source.split(/\n\s*\.org \d+/)
  const at = Number(/\.org (\d+)/.exec(source)![1])
  const length = codeImage(before!).segments[0]!.bytes.length
  return codeImage(`${before}\n${'ori r0,r0,0\n'.repeat((at - length) / 4)}${rest}`)
}
function machineWith(first: string, second: string, cores = 2) {
  const machine = new Machine({ memoryBytes: 64 << 20, cores })
  machine.load(image(program(first, second)))
  return machine
}
const of = (machine: Machine, core: number, ...names: string[]) =>
  names.map((name) => machine.vcpus[core]!.register(name))

const COUNT = (register: string, label: string) => `${label}:\n addi ${register},${register},1\n b ${label}`

test('the spin table starts a core as QEMU does: r3 as given, r7 the size of the mapping, PIR, MSR 0', () => {
  const machine = machineWith(COUNT('r8', 'first'), COUNT('r8', 'second'))
  machine.run(16)
  expect(of(machine, 1, 'pc', 'r3', 'r4', 'r5', 'r6', 'r7', 'msr', 'PIR')).toEqual([0x100, 7, 0, 0, 0, 0x4000000, 0, 1])
  expect(machine.tlb(1).filter(({ valid }) => valid)).toMatchObject([{ tlb: 1, epn: 0, rpn: 0, pageBytes: 64 << 20 }])
})

// Its pc: gdb on QEMU shows the reset vector for a halted core.
test('before it is released a core does nothing; its entry says address 1, r3 and PIR its number', () => {
  const machine = machineWith(COUNT('r8', 'first'), COUNT('r8', 'second'), 3)
  machine.run(100_000)
  expect(of(machine, 2, 'pc', 'r8')).toEqual([0xfffffffc | 0, 0])
  const entry = machine.peekPhysical(0xf_ef00_0040, 0x18)!
  expect([...entry].map((byte, n) => (byte ? `${n}=${byte}` : '')).join('')).toBe('7=115=223=2')
})

test('cores run in turns; how the run is cut changes nothing', () => {
  const whole = machineWith(COUNT('r8', 'first'), COUNT('r9', 'second'))
  whole.run(100_000)
  const [first, second] = [of(whole, 0, 'r8')[0]!, of(whole, 1, 'r9')[0]!]
  expect(Math.abs(first - second)).toBeLessThan(5000)
  expect(whole.instructions()).toBe(100_000)
  const cut = machineWith(COUNT('r8', 'first'), COUNT('r9', 'second'))
  for (let slice = 1; cut.instructions() < 100_000; slice = (slice * 7919) % 9973)
    cut.run(Math.min(slice, 100_000 - cut.instructions()))
  expect(cut.hash()).toBe(whole.hash())
})

test('steps of a core leave the others their turns: the run stays the same', () => {
  const whole = machineWith(COUNT('r8', 'first'), COUNT('r9', 'second'))
  whole.run(60_000)
  const stepped = machineWith(COUNT('r8', 'first'), COUNT('r9', 'second'))
  stepped.run(16)
  for (let n = 0; n < 6000; n++) {
    const before = of(stepped, 1, 'pc')[0]!
    stepped.hostDebug.step(1)
    const exit = stepped.run(20_000)
    expect(exit).toEqual({ kind: 'step', vcpu: 1, address: before === 0x100 ? 0x104 : 0x100 })
  }
  stepped.run(60_000 - stepped.instructions())
  expect(stepped.hash()).toBe(whole.hash())
})

test('saved in the middle of a turn and restored elsewhere', () => {
  const machine = machineWith(COUNT('r8', 'first'), COUNT('r9', 'second'))
  machine.run(33_333)
  const other = new Machine({ memoryBytes: 64 << 20, cores: 2 })
  other.restore(structuredClone(machine.save()))
  machine.run(33_333)
  other.run(33_333)
  expect(other.hash()).toBe(machine.hash())
})

/** Adds 1 to the word at 0x2000 by lwarx and stwcx., so often, then stands. */
const adds = (label: string, times: number) => `
  addi r10,r0,${times}
  mtspr CTR,r10
  addi r11,r0,0x2000
  ${label}:
  lwarx r12,r0,r11
  addi r12,r12,1
  stwcx. r12,r0,r11
  bc 4,2,${label}
  bc 16,0,${label}
  ${label}end:
  b ${label}end`

test('lwarx and stwcx. of two cores on one word lose no addition', () => {
  const machine = machineWith(adds('first', 20_000), adds('second', 20_000))
  machine.run(400_000)
  expect([...machine.peekPhysical(0x2000, 4)!]).toEqual([0, 0, 40_000 >> 8, 40_000 & 0xff])
})

test('a plain store of another core between lwarx and stwcx. ends the reservation', () => {
  const store = 'addi r11,r0,0x2000\n addi r12,r0,5\n stw r12,0(r11)\n here:\n b here'
  const waits = `
    addi r11,r0,0x2000
    lwarx r12,r0,r11
    wait:
    lwz r13,0(r11)
    cmpwi r13,0
    bc 12,2,wait
    stwcx. r12,r0,r11
    mfcr r14
    stand:
    b stand`
  const machine = machineWith(waits, store)
  machine.run(50_000)
  expect([...machine.peekPhysical(0x2000, 4)!]).toEqual([0, 0, 0, 5])
  expect((of(machine, 0, 'r14')[0]! >>> 29) & 1).toBe(0)
})

test('a breakpoint stops each core that comes there, and says which', () => {
  const machine = machineWith('b 0xc0', COUNT('r9', 'second'))
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: 0x104 })
  const hits = [0, 0]
  for (let n = 0; n < 10_000; n++) {
    const exit = machine.run(1_000_000)
    expect(exit).toMatchObject({ kind: 'breakpoint', address: 0x104, ids: [1] })
    if (exit.kind === 'breakpoint') hits[exit.vcpu]!++
  }
  // A hit before each second instruction.
  expect(hits.map((count, core) => count - of(machine, core, 'r9')[0]!)).toEqual([0, 0])
  expect(hits[1]).toBeGreaterThan(4000)
})

test('a data breakpoint sees the stores of every core', () => {
  const store = (label: string, value: number) => `
    addi r11,r0,0x2000
    addi r12,r0,${value}
    stw r12,0(r11)
    ${label}:
    b ${label}`
  const machine = machineWith(store('first', 1), store('second', 2))
  machine.hostDebug.place(1, { kind: 'data', placement: 'auto', address: 0x2000, length: 4, access: 'store' })
  expect(machine.run(30_000)).toMatchObject({ kind: 'watchpoint', vcpu: 0, dataAddress: 0x2000 })
  expect(machine.run(30_000)).toMatchObject({ kind: 'watchpoint', vcpu: 1, dataAddress: 0x2000 })
  expect(machine.run(30_000)).toEqual({ kind: 'budget' })
})

test('the time base is one for all cores and never goes back from turn to turn', () => {
  // Each core takes turns in reading TBL and comparing it with what the other one left.
  const reads = (label: string) => `
    addi r11,r0,0x2000
    ${label}:
    lwz r12,0(r11)
    mfspr r13,268
    cmplw r13,r12
    bc 12,0,${label}bad
    stw r13,0(r11)
    b ${label}
    ${label}bad:
    addi r15,r0,1
    b ${label}bad`
  const machine = machineWith(reads('first'), reads('second'))
  machine.run(100_000)
  expect([of(machine, 0, 'r15'), of(machine, 1, 'r15')]).toEqual([[0], [0]])
})

test('more memory than the cores leave room for is refused', () => {
  expect(() => new Machine({ memoryBytes: 1984 * (1 << 20), cores: 8 })).toThrow(
    '8 cores leave room for 1895 MB of memory. Write "memory": "1895M" or less.',
  )
})
