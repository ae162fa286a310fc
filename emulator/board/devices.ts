// UART and GPIO as far as a bare-metal guest writes a console and powers off (reference board: QEMU's ppce500).
import type { Device } from './bus.ts'

const CCSR = 0xf_e000_0000
const LSR = 5
/** LSR[THRE] and LSR[TEMT]: the transmitter is always ready. */
const TRANSMITTER_EMPTY = 0x60

export const uart = (transmit: (byte: number) => void): Device => ({
  base: CCSR + 0x4500,
  length: 8,
  read: (offset) => (offset === LSR ? TRANSMITTER_EMPTY : 0),
  write: (offset, _, value) => {
    if (offset === 0) transmit(value & 0xff)
  },
})

/** Pin 0 as an output that is driven high powers the board off. */
export function gpio(powerOff: () => void): Device {
  const PIN0 = 0x80000000 | 0
  let DIR = 0
  let DAT = 0
  return {
    base: CCSR + 0xff000,
    length: 0x1000,
    read: (offset) => (offset === 0 ? DIR : offset === 8 ? DAT : 0),
    write: (offset, _, value) => {
      if (offset === 0) DIR = value
      if (offset === 8) DAT = value
      if (DIR & DAT & PIN0) powerOff()
    },
  }
}
