// Register values: what QEMU's ppce500 showed to U-Boot's `md` and to its MMIO trace (reference: the board), else the MPC8544 manual.
import { describe, expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { OpenPic } from '../../emulator/board/openPic.ts'

const UART = 0x10000 + 42 * 0x20
const EXTERNAL1 = 0x10000 + 1 * 0x20
/** The time base has 400 MHz; U-Boot's `md` under QEMU found the timers to count with 25. */
const TICKS_PER_COUNT = 16
const [CTPR, IACK, EOI] = [0x20080, 0x200a0, 0x200b0]

const still = { now: () => 0, nextEventChanged: () => {} }

function controller() {
  const changes: number[] = []
  const clock = { ticks: 0 }
  const time = { now: () => clock.ticks, nextEventChanged: () => {} }
  const changed = (core: number) => changes.push(core)
  const pic = new OpenPic(1, () => 0, changed, time)
  /** So many counts of the timers. */
  const pass = (counts: number) => {
    clock.ticks += counts * TICKS_PER_COUNT
  }
  const read = (offset: number) => hex(pic.read(offset, 4))
  const write = (offset: number, value: number) => pic.write(offset, 4, value)
  /** Unmasked with a priority; its vector is its number. */
  const enable = (source: number, priority: number, extra = 0) =>
    write(0x10000 + source * 0x20, (priority << 16) | source | extra)
  write(CTPR, 0)
  return { pic, read, write, enable, changes, pass }
}

describe('registers as they are after a reset', () => {
  test.each([
    [0x0, '0x00400402'],
    [0x4, '0xffffffff'],
    [0x1000, '0x00c30002'],
    [0x1020, '0x00000000'],
    [0x1080, '0x00000000'],
    [0x10a0, '0x80000000'],
    [0x10d0, '0x80000000'],
    [0x10e0, '0x0000ffff'],
    [0x1100, '0x00000000'],
    [0x1110, '0x80000000'],
    [0x1120, '0x80000000'],
    [0x11f0, '0x00000001'],
    [0x1600, '0x00000000'],
    [0x1740, '0x00000000'],
    [0x10000, '0x80000000'],
    [0x10010, '0x00000001'],
    [0x10018, '0x00000000'],
    [0x1001c, '0xffffffff'],
    [0x10200, '0x80800000'],
    [0x11c00, '0x80800000'],
    [0x20090, '0x00000000'],
    [0x200a0, '0x0000ffff'],
    [0x200b0, '0x00000000'],
    [0x21080, '0xffffffff'],
    [0x4000, '0x00000000'],
  ])('at %s', (offset, value) => {
    expect(controller().read(offset)).toBe(value)
  })
  test('the task priority keeps everything off', () => {
    const pic = new OpenPic(
      1,
      () => 0,
      () => {},
      still,
    )
    expect(hex(pic.read(CTPR, 4))).toBe('0x0000000f')
  })
})

test('an internal source is a level: its sense bit does not stick', () => {
  const { read, write } = controller()
  write(UART, 0x80c8002a)
  expect(read(UART)).toBe('0x8088002a')
  write(EXTERNAL1, 0x00c50011)
  expect(read(EXTERNAL1)).toBe('0x00c50011')
})

test('a level is acknowledged, served, and asks again after its end if it still stands', () => {
  const { pic, read, enable, write } = controller()
  enable(42, 8)
  expect(pic.pending(0)).toBe(false)
  pic.setLine(42, true)
  expect(pic.pending(0)).toBe(true)
  expect(read(UART)).toBe('0x4008002a')
  expect(read(IACK)).toBe('0x0000002a')
  expect(pic.pending(0)).toBe(false)
  write(EOI, 0)
  expect(pic.pending(0)).toBe(true)
  pic.setLine(42, false)
  expect(pic.pending(0)).toBe(false)
  expect(read(IACK)).toBe('0x0000ffff')
})

test('an edge asks once, even when its line has fallen', () => {
  const { pic, read, enable, write } = controller()
  enable(3, 5)
  pic.setLine(3, true)
  pic.setLine(3, false)
  expect(read(IACK)).toBe('0x00000003')
  write(EOI, 0)
  expect(pic.pending(0)).toBe(false)
})

test('only what stands above the task priority and above what is served gets through', () => {
  const { pic, read, enable, write } = controller()
  enable(42, 8)
  enable(43, 4)
  enable(47, 12)
  write(CTPR, 4)
  pic.setLine(43, true)
  expect(pic.pending(0)).toBe(false)
  pic.setLine(42, true)
  expect(read(IACK)).toBe('0x0000002a')
  pic.setLine(47, true)
  expect(read(IACK)).toBe('0x0000002f')
  pic.setLine(47, false)
  write(EOI, 0)
  expect(pic.pending(0)).toBe(false)
  pic.setLine(42, false)
  write(EOI, 0)
  write(CTPR, 3)
  expect(read(IACK)).toBe('0x0000002b')
})

test('of equal priorities the lowest source comes first', () => {
  const { pic, read, enable } = controller()
  enable(43, 8)
  enable(42, 8)
  pic.setLine(43, true)
  pic.setLine(42, true)
  expect(read(IACK)).toBe('0x0000002a')
})

test('a masked source and one of another core stay away', () => {
  const { pic, enable, write } = controller()
  enable(42, 8, 0x80000000)
  pic.setLine(42, true)
  expect(pic.pending(0)).toBe(false)
  enable(42, 8)
  write(UART + 0x10, 0)
  expect(pic.pending(0)).toBe(false)
  write(UART + 0x10, 1)
  expect(pic.pending(0)).toBe(true)
})

test('external proxy: the core acknowledges only while GCR says so', () => {
  const { pic, enable, write } = controller()
  enable(42, 8)
  pic.setLine(42, true)
  expect(pic.proxyAcknowledge(0)).toBeUndefined()
  write(0x1020, 0x60000000)
  expect(pic.proxyAcknowledge(0)).toBe(42)
  expect(pic.pending(0)).toBe(false)
})

test('a message raises its source until its register is read', () => {
  const { pic, read, enable, write } = controller()
  enable(225, 8)
  write(0x1740, 0x21000000)
  expect(read(0x1720)).toBe('0x00000002')
  expect(pic.pending(0)).toBe(true)
  expect(hex(pic.peek(0x1610, 4))).toBe('0x00000002')
  expect(read(0x1610)).toBe('0x00000002')
  expect(read(0x1610)).toBe('0x00000000')
  expect(pic.pending(0)).toBe(false)
})

test('an interprocessor interrupt to itself', () => {
  const { pic, read, write } = controller()
  write(0x10b0, 0x000a0077)
  write(0x50, 1)
  expect(read(0xa0)).toBe('0x00000077')
  write(0xb0, 0)
  expect(pic.pending(0)).toBe(false)
})

test('GCR reset: registers as at power-on, the devices still hold their lines', () => {
  const { pic, read, write, enable } = controller()
  enable(42, 8)
  pic.setLine(42, true)
  write(0x1020, 0x80000000)
  expect([read(0x1020), read(CTPR), read(UART)]).toEqual(['0x00000000', '0x0000000f', '0x80800000'])
  write(CTPR, 0)
  enable(42, 8)
  expect(pic.pending(0)).toBe(true)
})

test('saved and restored', () => {
  const { pic, enable, read } = controller()
  enable(42, 8)
  pic.setLine(42, true)
  read(IACK)
  const other = new OpenPic(
    1,
    () => 0,
    () => {},
    still,
  )
  other.restore(structuredClone(pic.save()))
  expect(other.pending(0)).toBe(false)
  other.write(EOI, 4, 0)
  expect(other.pending(0)).toBe(true)
  expect(other.read(IACK, 4)).toBe(42)
})

test('its output is told when it changes, not more often', () => {
  const { pic, enable, changes } = controller()
  enable(42, 8)
  pic.setLine(42, true)
  pic.setLine(42, true)
  pic.setLine(42, false)
  expect(changes).toEqual([0, 0])
})

// What U-Boot's `md` and `mw` showed under QEMU, where the manual (MPC8544RM 10.3.2) leaves it open too.
describe('timers', () => {
  const [count, base, VPR, TFRR] = [0x1140, 0x1150, 0x1160, 0x10f0]

  test('the count begins as count inhibit ends, turns the toggle bit at zero and begins again', () => {
    const { read, write, pass } = controller()
    write(base, 0x05000000)
    expect(read(count)).toBe('0x05000000')
    pass(0x20)
    expect([read(count), read(base)]).toEqual(['0x04ffffe0', '0x05000000'])
    pass(0x05000000)
    expect(read(count)).toBe('0x84ffffe0')
    pass(0x05000000)
    expect(read(count)).toBe('0x04ffffe0')
    pass(3 * 0x05000000)
    expect(read(count)).toBe('0x84ffffe0')
    write(count, 0x55)
    expect(read(count)).toBe('0x84ffffe0')
    write(base, 0x85000000)
    expect(read(count)).toBe('0x00000000')
    write(base, 0x05000000)
    expect(read(count)).toBe('0x05000000')
  })

  test('a base count written meanwhile is taken at the next zero; one of 0 ends it', () => {
    const { read, write, pass } = controller()
    write(base, 0x400)
    pass(0x300)
    write(base, 0x200)
    expect(read(count)).toBe('0x00000100')
    pass(0x180)
    expect(read(count)).toBe('0x80000180')
    write(base, 0)
    pass(0x200)
    expect(read(count)).toBe('0x00000000')
  })

  test('its interrupt has its vector, and waits while it is masked', () => {
    const { pic, read, write, pass } = controller()
    write(base, 0x100)
    pass(0x101)
    expect([read(VPR), pic.pending(0)]).toEqual(['0x80000000', false])
    write(VPR, 0x00080055)
    expect([read(VPR), pic.pending(0)]).toEqual(['0x40080055', true])
    expect(read(IACK)).toBe('0x00000055')
    write(EOI, 0)
    expect(pic.pending(0)).toBe(false)
    pass(0x100)
    pic.timersMayBeDue()
    expect(pic.pending(0)).toBe(true)
  })

  test('the next event; the next one that gets through', () => {
    const { pic, write, pass } = controller()
    expect([pic.ticksToEvent(), pic.ticksToInterrupt(0)]).toEqual([Infinity, Infinity])
    write(base, 0x100)
    pass(0x40)
    expect([pic.ticksToEvent(), pic.ticksToInterrupt(0)]).toEqual([0xc0 * TICKS_PER_COUNT, Infinity])
    write(VPR, 0x00080055)
    expect(pic.ticksToInterrupt(0)).toBe(0xc0 * TICKS_PER_COUNT)
    write(CTPR, 8)
    expect(pic.ticksToInterrupt(0)).toBe(Infinity)
  })

  test('TFRR holds what is written; a reset of the controller stops them', () => {
    const { pic, read, write } = controller()
    write(TFRR, 0x12345678)
    write(base, 0x100)
    expect(read(TFRR)).toBe('0x12345678')
    write(0x1020, 0x80000000)
    expect([read(TFRR), read(base), pic.ticksToEvent()]).toEqual(['0x00000000', '0x80000000', Infinity])
  })

  test('saved and restored', () => {
    const { pic, read, write, pass } = controller()
    write(base, 0x100)
    pass(0x140)
    expect(read(count)).toBe('0x800000c0')
    const saved = structuredClone(pic.save())
    write(base, 0x80000000)
    pic.restore(saved)
    expect(read(count)).toBe('0x800000c0')
  })
})
