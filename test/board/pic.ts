// An interrupt controller by itself, with its cores' inputs and its time in the test's hands.
import { hex } from '../../emulator/bits.ts'
import { OpenPic } from '../../emulator/board/openPic.ts'

/** The time base has 400 MHz; U-Boot's `md` under QEMU found the timers to count with 25. */
export const TICKS_PER_COUNT = 16
export const [CTPR, IACK, EOI] = [0x20080, 0x200a0, 0x200b0]

export const still = { now: () => 0, nextEventChanged: () => {} }
export const unheard = { externalChanged: () => {}, critical: () => {} }

export function controller(cores = 1) {
  const changes: number[] = []
  const clock = { ticks: 0 }
  const time = { now: () => clock.ticks, nextEventChanged: () => {} }
  const critical: boolean[] = []
  const outputs = {
    externalChanged: (core: number) => void changes.push(core),
    critical: (core: number, level: boolean) => {
      critical[core] = level
    },
  }
  const pic = new OpenPic(cores, () => 0, outputs, time)
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
  return { pic, read, write, enable, changes, critical, pass }
}
