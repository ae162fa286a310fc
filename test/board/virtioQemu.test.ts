// What a driver finds of the disk and of the random device: each register equal to that of QEMU's, for as many cores.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import type { AccessSize } from '../../emulator/board/bus.ts'
import { type BlockStore, Machine } from '../../emulator/index.ts'
import { missingProgram } from '../support/tools.ts'
import { barsOf, PCI_HOST as HOST, legacyOf, modernOf, OUTBOUND, tableOf } from './pciGuest.ts'
import { type QemuBoard, qemuBoard } from './qemuBoard.ts'

/** Behind the header QEMU keeps whatever is written where there is no register. */
const DEVICES_OWN = 0x40
const MSIX = 0x98
const SECTORS = 5000

const swapped = (value: number, size: number) =>
  Number.parseInt(
    hex(value)
      .slice(2)
      .match(/../g)!
      .slice(4 - size)
      .reverse()
      .join(''),
    16,
  )

type Board = Pick<QemuBoard, 'read' | 'write'>

function ourBoard(cores: number, isReadOnly: boolean): Board {
  const store: BlockStore = { sectors: SECTORS, isReadOnly, read: (_, count) => new Uint8Array(512 * count) }
  const { bus } = new Machine({ memoryBytes: 1 << 20, cores, drives: [store] })
  return {
    read: async (address, bytes) => bus.read(address, bytes as AccessSize) >>> 0,
    write: async (address, bytes, value) => bus.write(address, bytes as AccessSize, value | 0),
  }
}

async function qemusBoard(cores: number, isReadOnly: boolean): Promise<Board> {
  const folder = mkdtempSync(join(tmpdir(), 'e500-disk-'))
  const file = join(folder, 'disk.img')
  writeFileSync(file, new Uint8Array(512 * SECTORS))
  const drive = `file=${file},if=none,id=disk,format=raw,readonly=${isReadOnly ? 'on' : 'off'}`
  const devices = ['-device', 'virtio-blk-pci,drive=disk,addr=1', '-device', 'virtio-rng-pci,addr=2']
  const qemu = await qemuBoard(['-smp', `${cores}`, '-drive', drive, ...devices])
  onTestFinished(async () => {
    await qemu.end()
    rmSync(folder, { recursive: true })
  })
  return qemu
}

/** A register's offset and its size. */
type Registers = Readonly<Record<number, number>>
const LEGACY: Registers = { 0: 4, 4: 4, 12: 2, 14: 2, 18: 1, 19: 1, 24: 4, 28: 4 }
const COMMON: Registers = { 16: 2, 18: 2, 20: 1, 21: 1, 22: 2 }
const QUEUE: Registers = { 24: 2, 26: 2, 28: 2, 30: 2, 32: 4, 36: 4, 56: 2, 58: 2, 60: 4 }
const words = (count: number): Registers => Object.fromEntries(Array.from({ length: count }, (_, n) => [4 * n, 4]))

/** What a driver sees that looks for its devices, in lines that say what they are. */
async function seen({ read, write }: Board): Promise<string[]> {
  const lines: string[] = []
  const get = async (address: number, size: number) => swapped(await read(address, size), size)
  const put = (address: number, size: number, value: number) => write(address, size, swapped(value, size))
  const select = (slot: number, register: number) => write(HOST, 4, 0x80000000 | (slot << 11) | register)
  const say = async (what: string, address: number, registers: Registers) => {
    for (const [offset, size] of Object.entries(registers))
      lines.push(`${what} ${offset}: ${hex(await get(address + Number(offset), size))}`)
  }
  async function configuration(slot: number): Promise<void> {
    for (let register = 0; register < 256; register += 4) {
      await select(slot, register)
      await say(`slot ${slot} configuration ${register}`, HOST + 4, { 0: 4 })
      if (register >= DEVICES_OWN && (slot === 0 || register !== MSIX)) continue
      await put(HOST + 4, 4, 0xffffffff)
      await say(`slot ${slot} configuration ${register}, written with ones`, HOST + 4, { 0: 4 })
      await put(HOST + 4, 4, 0)
    }
  }
  async function device(slot: number): Promise<void> {
    const [legacy, table, common] = [legacyOf(slot), tableOf(slot), modernOf(slot)]
    for (const [register, value] of Object.entries({ ...barsOf(slot), 4: 7 })) {
      await select(slot, Number(register))
      await put(HOST + 4, 4, value)
    }
    await say(`slot ${slot} legacy`, legacy, LEGACY)
    for (const word of [0, 1, 2]) {
      await put(common, 4, word)
      await say(`slot ${slot} features ${word}`, common, { 4: 4 })
    }
    // Version 1: the device's own registers are little-endian from here on.
    await put(common + 8, 4, 1)
    await put(common + 12, 4, 1)
    for (const queue of [0, 1, 2, 3, 4, 5, 8, 1023, 1024]) {
      await put(common + 22, 2, queue)
      await say(`slot ${slot} queue ${queue}`, common, { ...COMMON, ...QUEUE })
    }
    await say(`slot ${slot} device`, common + 0x2000, words(18))
    for (let vector = 0; vector < 10; vector++) {
      await put(common + 16, 2, vector)
      await say(`slot ${slot} vector ${vector}`, common, { 16: 2 })
    }
    await put(common + 22, 2, 0)
    for (const [offset, size, value] of [
      [24, 2, 8],
      [26, 2, 1],
      [32, 4, 0x10000],
      [28, 2, 1],
    ] as const)
      await put(common + offset, size, value)
    await say(`slot ${slot}, a queue that is set up`, common, QUEUE)
    await put(common + 58, 2, 1)
    // QEMU goes on showing the addresses of old.
    await say(`slot ${slot}, a queue that was reset`, common, { 24: 2, 26: 2, 28: 2, 58: 2 })
    await say(`slot ${slot} table`, table, words(44))
    await say(`slot ${slot} pending`, table + 0x800, { 0: 4 })
  }
  for (const [offset, value] of Object.entries(OUTBOUND)) await write(HOST + Number(offset), 4, value)
  for (const slot of [0, 1, 2]) await configuration(slot)
  for (const slot of [1, 2]) await device(slot)
  return lines
}

const isMissing = missingProgram('qemu-system-ppc')
test
  .skipIf(isMissing)
  .each([1, 2, 4, 8].flatMap((cores) => [false, true].map((isReadOnly) => [cores, isReadOnly] as const)))(
  "%i cores, a disk that cannot be written: %s; all registers equal QEMU's",
  async (cores, isReadOnly) => {
    const theirs = await seen(await qemusBoard(cores, isReadOnly))
    expect(await seen(ourBoard(cores, isReadOnly))).toEqual(theirs)
  },
)
