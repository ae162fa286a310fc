// Where the interrupt controller's registers stand (MPC8544 reference manual table 10-4), and how its sources are numbered:
// 16 external ones and 240 internal ones, then interprocessor interrupts and timers.

export const EXTERNAL_SOURCES = 16
const INTERNAL_SOURCES = 240
const IPIS = 4
export const FIRST_IPI = EXTERNAL_SOURCES + INTERNAL_SOURCES
export const FIRST_TIMER = FIRST_IPI + IPIS
const TIMERS = 4
export const ALL = FIRST_TIMER + TIMERS
/** The sources that the message registers raise. */
export const FIRST_MSI = 224
export const MSI_REGISTERS = 8

const FIRST_SOURCE_REGISTER = 0x10000
const SOURCE_BYTES = 0x20

/** These go to each core that they name, and each acknowledges for itself. */
export const isMulticast = (source: number) => source >= FIRST_IPI
export const isIpi = (source: number) => source >= FIRST_IPI && source < FIRST_TIMER

export const isMsir = (register: number) => register >= 0x1600 && register < 0x1680 && (register & 0xf) === 0
export const isTimer = (register: number) => register >= 0x1100 && register < 0x1200 && (register & 0xf) === 0
const isOfSource = (register: number) =>
  register >= FIRST_SOURCE_REGISTER && register < FIRST_SOURCE_REGISTER + FIRST_IPI * SOURCE_BYTES

/** A register of a source: vector and priority, destination, or which of the cores' inputs it goes to. */
export interface SourceRegister {
  readonly source: number
  readonly kind: 'VPR' | 'DR' | 'ILR'
}
const KINDS: Readonly<Record<number, SourceRegister['kind']>> = { 0: 'VPR', 16: 'DR', 24: 'ILR' }

export function sourceRegister(register: number): SourceRegister | undefined {
  if (isOfSource(register)) {
    const kind = KINDS[register % SOURCE_BYTES]
    return kind && { source: ((register - FIRST_SOURCE_REGISTER) / SOURCE_BYTES) | 0, kind }
  }
  if (register >= 0x10a0 && register <= 0x10d0 && (register & 0xf) === 0)
    return { source: FIRST_IPI + ((register - 0x10a0) >> 4), kind: 'VPR' }
  if (isTimer(register) && (register & 0x20) !== 0)
    return { source: FIRST_TIMER + ((register - 0x1100) >> 6), kind: register & 0x10 ? 'DR' : 'VPR' }
  return undefined
}

/** What is no register reads ones within the controller's blocks and 0 between them, as QEMU's does. */
export function reserved(register: number): number {
  const isMessage = register >= 0x1600 && register < 0x1800
  if (isMessage) return register & 0xf ? -1 : 0
  const isInBlock = register < 0x1200 || isOfSource(register) || register >= 0x20000
  return isInBlock ? -1 : 0
}
