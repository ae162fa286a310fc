// Register values: what QEMU's ppce500 showed to U-Boot's `md` and to its MMIO trace (reference: the board), else the MPC8544 manual.
import { describe, expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { OpenPic } from '../../emulator/board/openPic.ts'
import { CTPR, controller, EOI, IACK, still, unheard } from './pic.ts'

const UART = 0x10000 + 42 * 0x20
const EXTERNAL1 = 0x10000 + 1 * 0x20
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
    [0x1130, '0x00000001'],
    [0x11f0, '0x00000001'],
    [0x1600, '0x00000000'],
    [0x3910, '0x00000000'],
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
    const pic = new OpenPic(1, () => 0, unheard, still)
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
  const other = new OpenPic(1, () => 0, unheard, still)
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

test('GCR keeps the mode: mixed, or with the external proxy', () => {
  const { read, write } = controller()
  const modes = [0x20000000, 0x60000000, 0x7fffffff].map((mode) => {
    write(0x1020, mode)
    return read(0x1020)
  })
  expect(modes).toEqual(['0x20000000', '0x60000000', '0x60000000'])
})

describe('several cores', () => {
  test('the feature register counts them, each has its number, and the block at 0x40 is that of the one that asks', () => {
    const { read } = controller(2)
    expect([0x1000, 0x20090, 0x21090].map(read)).toEqual(['0x00c30102', '0x00000000', '0x00000001'])
    const asking = new OpenPic(2, () => 1, unheard, still)
    asking.write(0x80, 4, 5)
    expect([asking.read(0x90, 4), asking.read(0x21080, 4), asking.read(CTPR, 4)]).toEqual([1, 5, 15])
  })

  const iack = (core: number) => 0x200a0 + 0x1000 * core
  const eoi = (core: number) => 0x200b0 + 0x1000 * core
  function twoCores() {
    const all = controller(2)
    all.write(0x21080, 0)
    return { ...all, pending: () => [all.pic.pending(0), all.pic.pending(1)] }
  }

  // As QEMU's, which has no mode bit on this board: openPicQemu.test.ts.
  test('a level asks each core that its destination register names, until it falls', () => {
    const { pic, read, write, enable, pending } = twoCores()
    enable(42, 8)
    write(UART + 0x10, 3)
    pic.setLine(42, true)
    expect(pending()).toEqual([true, true])
    expect(read(iack(0))).toBe('0x0000002a')
    expect(pending()).toEqual([false, true])
    pic.setLine(42, false)
    expect(pending()).toEqual([false, false])
  })

  test('an edge is taken by the first that acknowledges it', () => {
    const { pic, read, write, enable, pending } = twoCores()
    enable(3, 5)
    write(0x10000 + 3 * 0x20 + 0x10, 3)
    pic.setLine(3, true)
    expect(pending()).toEqual([true, true])
    expect([read(iack(1)), read(iack(0))]).toEqual(['0x00000003', '0x0000ffff'])
  })

  test('an interprocessor interrupt is acknowledged by each core that it was sent to', () => {
    const { read, write, pending } = twoCores()
    write(0x10a0, 0x000a0077)
    write(0x21040, 3)
    expect(pending()).toEqual([true, true])
    expect([read(iack(0)), pending()]).toEqual(['0x00000077', [false, true]])
    expect([read(iack(1)), pending()]).toEqual(['0x00000077', [false, false]])
  })

  test('so is the zero of a timer (OpenPIC: timers are multicast)', () => {
    const { pic, read, write, pass, pending } = twoCores()
    write(0x1120, 0x000a0055)
    write(0x1130, 3)
    write(0x1110, 0x100)
    pass(0x100)
    pic.timersMayBeDue()
    expect([read(iack(0)), read(iack(1)), pending()]).toEqual(['0x00000055', '0x00000055', [false, false]])
    write(eoi(0), 0)
    write(eoi(1), 0)
    expect(pending()).toEqual([false, false])
  })
})

// QEMU's controller is of version 4.2: the register at +0x18 of a source chooses the core's input.
describe('a source for the critical input', () => {
  const ILR = UART + 0x18
  test('is not acknowledged, and stands as long as its line, whatever the task priority is', () => {
    const { pic, read, write, enable, critical } = controller()
    write(CTPR, 15)
    enable(42, 0)
    write(ILR, 1)
    pic.setLine(42, true)
    expect([critical[0], pic.pending(0), read(IACK)]).toEqual([true, false, '0x0000ffff'])
    pic.setLine(42, false)
    expect(critical[0]).toBe(false)
  })
  test('its mask and its destination are asked', () => {
    const { pic, write, enable, critical } = controller(2)
    enable(42, 8, 0x80000000)
    write(ILR, 1)
    write(UART + 0x10, 2)
    pic.setLine(42, true)
    expect(critical).toEqual([])
    enable(42, 8)
    expect(critical).toEqual([undefined, true])
  })
  test('machine check can be written and leads nowhere, what is none of the three is the external input', () => {
    const { pic, read, write, enable } = controller()
    enable(42, 8)
    pic.setLine(42, true)
    write(ILR, 2)
    expect([read(ILR), pic.pending(0)]).toEqual(['0x00000002', false])
    write(ILR, 3)
    expect([read(ILR), pic.pending(0)]).toEqual(['0x00000000', true])
  })
})

test('the end of an interrupt is that of the most urgent one in service (MPC8544RM 10.3.6.5), its priority read now', () => {
  const { pic, read, write, enable } = controller()
  enable(42, 4)
  enable(43, 8)
  pic.setLine(42, true)
  read(IACK)
  pic.setLine(43, true)
  read(IACK)
  pic.setLine(43, false)
  enable(42, 12)
  write(EOI, 0)
  expect(read(IACK)).toBe('0x0000002a')
})

test('GCR reset takes back a message', () => {
  const { pic, read, write, enable } = controller()
  write(0x1740, 0x21000000)
  write(0x1020, 0x80000000)
  write(CTPR, 0)
  enable(225, 8)
  expect([read(0x1610), pic.pending(0)]).toEqual(['0x00000000', false])
})
