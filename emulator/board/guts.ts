// Global utilities (fsl,mpc8544-guts): which processor this is, and RSTCR, whose bit 30 asks for a hard reset.
import type { Device } from './bus.ts'
import { CCSR, partOf } from './registers.ts'

const PVR = 0xa0
const SVR = 0xa4
const RSTCR = 0xb0
const HRESET_REQ = 2

/** It has no state: a reset is done as it is asked for. */
export function guts(values: { readonly PVR: number; readonly SVR: number }, reset: () => void): Device {
  const register = (offset: number) => (offset === PVR ? values.PVR : offset === SVR ? values.SVR : 0)
  return {
    name: 'guts',
    base: CCSR + 0xe0000,
    length: 0x1000,
    read: (offset, size) => partOf(register(offset & ~3), offset, size),
    write: (offset, size, value) => {
      if (offset === RSTCR && size === 4 && value & HRESET_REQ) reset()
    },
  }
}
