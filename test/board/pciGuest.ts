// What a guest's PCI driver writes, of use to more than one test: windows as U-Boot opens them, and where the devices stand.
import type { Machine } from '../../emulator/index.ts'

export const PCI_HOST = 0xf_e000_8000
const MEMORY_WINDOW = 0xc_0000_0000
const IO_WINDOW = 0xf_e100_0000
/** Outbound: memory from bus address 0xe0000000 on, I/O from 0 on. */
export const OUTBOUND: Readonly<Record<number, number>> = {
  3104: 0xe0000,
  3112: 0xc00000,
  3120: 0x8004401c,
  3136: 0,
  3144: 0xfe1000,
  3152: 0x8008800f,
}
/** Inbound: 256 MB of RAM at bus address 0. */
export const INBOUND: Readonly<Record<number, number>> = { 3552: 0, 3560: 0, 3568: 0xa0f5501b }

/** Little-endian, as the bus is. */
export const swapped = (value: number) => Buffer.from(Int32Array.of(value).buffer).readInt32BE()

/** Bus addresses of a device's base address registers, by register. */
export const barsOf = (slot: number): Readonly<Record<number, number>> => ({
  16: 0x1000 * slot,
  20: 0xe0000000 + 0x10000 * slot,
  32: 0xe0008000 + 0x10000 * slot,
})
/** Where the core finds them. */
export const legacyOf = (slot: number) => IO_WINDOW + 0x1000 * slot
export const tableOf = (slot: number) => MEMORY_WINDOW + 0x10000 * slot
export const modernOf = (slot: number) => MEMORY_WINDOW + 0x8000 + 0x10000 * slot

export function configure({ bus }: Machine, slot: number, register: number, value: number): void {
  bus.write(PCI_HOST, 4, 0x80000000 | (slot << 11) | register)
  bus.write(PCI_HOST + 4, 4, swapped(value))
}

/** I/O, memory and bus master on. */
export function placeDevices(machine: Machine, slots: readonly number[]): void {
  for (const [offset, value] of Object.entries({ ...OUTBOUND, ...INBOUND }))
    machine.bus.write(PCI_HOST + Number(offset), 4, value | 0)
  for (const slot of slots) {
    for (const [register, value] of Object.entries(barsOf(slot))) configure(machine, slot, Number(register), value)
    configure(machine, slot, 4, 7)
  }
}

const QUEUE = 0x1000
const BUFFER = 0x3000
const [PFN, NOTIFY, STATUS] = [8, 16, 18]
const DEVICE_WRITES = 2
/** Where the random device's ring of used buffers and what it has written are. */
export const randomQueue = { descriptors: QUEUE, used: 0x2000, buffer: BUFFER }

/** The random device asked once for 32 bytes through its legacy queue, which is in the core's byte order. */
export function askForRandom(machine: Machine, slot: number, beforeNotice = () => {}): void {
  const { bus } = machine
  placeDevices(machine, [slot])
  const legacy = legacyOf(slot)
  bus.write(legacy + PFN, 4, (QUEUE >> 12) << 24)
  bus.write(legacy + STATUS, 1, 7)
  for (const [n, word] of [0, BUFFER, 32, DEVICE_WRITES << 16].entries()) bus.write(QUEUE + 4 * n, 4, word)
  bus.write(QUEUE + 8 * 16 + 2, 2, 1)
  beforeNotice()
  bus.write(legacy + NOTIFY, 2, 0)
}
