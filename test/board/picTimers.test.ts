// The controller's timers: register by register as U-Boot's `md` and `mw` showed them under QEMU, and TCR, which QEMU does not have.
import { describe, expect, test } from 'vitest'
import { PicTimers } from '../../emulator/board/picTimers.ts'
import { random } from '../support/random.ts'
import { CTPR, controller, EOI, IACK, TICKS_PER_COUNT } from './pic.ts'

// Also where the manual (MPC8544RM 10.3.2) leaves it open.
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

// MPC8544RM 10.3.2.6. Which bits it has, and that a timer counts the zeros of the one below it: also Linux' mpic_timer.c.
describe('TCR', () => {
  const TCR = 0x1300
  const GTBCR = [0x1110, 0x1150, 0x1190, 0x11d0] as const
  const GTCCR = [0x1100, 0x1140, 0x1180, 0x11c0] as const

  test('keeps roll-over, real time mode, clock ratio and cascade', () => {
    const { read, write } = controller()
    write(TCR, -1)
    expect(read(TCR)).toBe('0x07010307')
    write(0x1020, 0x80000000)
    expect(read(TCR)).toBe('0x00000000')
  })

  test.each([0, 1, 2, 3])('clock ratio %i divides by 8, 16, 32 or 64', (ratio) => {
    const { read, write, pass } = controller()
    write(TCR, ratio << 8)
    write(GTBCR[0], 0x1000)
    pass(0x100)
    expect(Number(read(GTCCR[0]))).toBe(0x1000 - 0x100 / 2 ** ratio)
  })

  test('in real time mode nothing counts: the board has no such clock', () => {
    const { pic, read, write, pass } = controller()
    write(GTBCR[0], 0x1000)
    pass(0x10)
    write(TCR, 0x10000)
    pass(0x2000)
    expect([read(GTCCR[0]), pic.ticksToEvent()]).toEqual(['0x00000ff0', Infinity])
    write(TCR, 0)
    pass(0x10)
    expect(read(GTCCR[0])).toBe('0x00000fe0')
  })

  test('roll-over: a cascaded timer begins anew with all ones, so that two of them are one long one', () => {
    const { pic, read, write, pass } = controller()
    write(TCR, 0x01000001)
    write(0x1160, 0x00080066)
    write(GTBCR[1], 2)
    write(GTBCR[0], 3)
    pass(3)
    expect([read(GTCCR[1]), read(GTCCR[0])]).toEqual(['0x00000001', '0xffffffff'])
    expect(pic.ticksToInterrupt(0)).toBe(0x7fffffff * TICKS_PER_COUNT)
    pass(0x7fffffff)
    expect([read(IACK), read(GTCCR[1])]).toEqual(['0x00000066', '0x80000002'])
  })

  test('a wait for a cascaded timer ends at its zero', () => {
    const { pic, write, pass } = controller()
    write(TCR, 7)
    for (const [n, count] of [5, 4, 3, 2].entries()) write(GTBCR[n]!, count)
    write(0x11e0, 0x00080066)
    expect(pic.ticksToInterrupt(0)).toBe(5 * 4 * 3 * 2 * TICKS_PER_COUNT)
    pass(5 * 4 * 3 * 2 - 1)
    pic.timersMayBeDue()
    expect([pic.pending(0), pic.ticksToInterrupt(0)]).toEqual([false, TICKS_PER_COUNT])
    pass(1)
    pic.timersMayBeDue()
    expect(pic.pending(0)).toBe(true)
  })

  /** The manual's sentences, one clock after the other. Ratio 0: all counts begin together. */
  class Slow {
    readonly TCR: number
    readonly timers
    constructor(TCR: number, bases: readonly number[]) {
      this.TCR = TCR
      this.timers = bases.map((base) => ({ base, count: base, toggle: false, zeros: 0 }))
    }
    clock(): void {
      let carry = false
      for (const [n, timer] of this.timers.entries()) {
        const isFed = n > 0 && (this.TCR >> (n - 1)) & 1
        const counts: boolean = isFed ? carry : true
        carry = counts && timer.count > 0 && --timer.count === 0
        if (!carry) continue
        timer.toggle = !timer.toggle
        timer.zeros++
        timer.count = timer.base
      }
    }
  }

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('cascade %i: as a model that counts clock by clock', (cascade) => {
    const word = random(cascade + 1)
    const below = (limit: number) => (word() >>> 0) % limit
    for (let run = 0; run < 50; run++) {
      const clock = { ticks: 0 }
      const timers = new PicTimers({ now: () => clock.ticks, nextEventChanged: () => {} })
      const bases = [0, 1, 2, 3].map(() => below(9))
      const slow = new Slow(cascade, bases)
      timers.setTcr(cascade)
      for (const [n, base] of bases.entries()) timers.setBaseCount(n, base)
      for (let round = 0; round < 20; round++) {
        const clocks = below(12)
        const before = slow.timers.map(({ zeros }) => zeros)
        for (let n = 0; n < clocks; n++) slow.clock()
        clock.ticks += clocks * TICKS_PER_COUNT
        const due = [0, 1, 2, 3].filter((n) => slow.timers[n]!.zeros > before[n]!)
        expect(timers.due()).toEqual(due)
        const counts = slow.timers.map(({ count, toggle }) => count | (toggle ? 0x80000000 : 0))
        expect([0, 1, 2, 3].map((n) => timers.register(n, 0))).toEqual(counts)
      }
    }
  })
})
