// Requests to the disk, right ones and wrong ones, from queue to queue: status, data and the disk itself are what QEMU's gives.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AccessSize } from '../../emulator/board/bus.ts'
import { writeBytes } from '../../emulator/core/memoryBlocks.ts'
import { type BlockStore, Machine } from '../../emulator/index.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'
import { barsOf, INBOUND, modernOf, OUTBOUND, PCI_HOST, swapped } from './pciGuest.ts'
import { type QemuBoard, qemuBoard } from './qemuBoard.ts'

const SECTORS = 64
const CORES = 2
const SIZE = 16
const rings = (queue: number) => {
  const base = 0x10000 + 0x4000 * queue
  return { descriptors: base, available: base + 0x1000, used: base + 0x2000 }
}
const [HEADER, DATA, ROOM] = [0x30000, 0x31000, 0x40000]
const MOST_BYTES = 3000
const FLAG = { next: 1, write: 2 } as const
const NEEDS_RESET = 0x40

type Board = Omit<QemuBoard, 'end' | 'register'>
type Piece = readonly [address: number, length: number, flag: number]

const content = () => Uint8Array.from({ length: 512 * SECTORS }, (_, n) => (n * 7 + (n >> 9)) & 0xff)

function ourBoard(isReadOnly: boolean) {
  const disk = content()
  const store: BlockStore = {
    sectors: SECTORS,
    isReadOnly,
    read: (sector, count) => disk.slice(512 * sector, 512 * (sector + count)),
    write: (sector, bytes) => disk.set(bytes, 512 * sector),
  }
  const { bus, memory, peekPhysical } = new Machine({ memoryBytes: 64 << 20, cores: CORES, drives: [store] })
  const board: Board = {
    load: async (address, bytes) => peekPhysical(address, bytes)!,
    store: async (address, bytes) => writeBytes(memory, address, bytes),
    read: async (address, bytes) => bus.read(address, bytes as AccessSize) >>> 0,
    write: async (address, bytes, value) => bus.write(address, bytes as AccessSize, value | 0),
  }
  return { board, disk: () => disk }
}

async function qemusBoard(isReadOnly: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'e500-disk-'))
  const file = join(folder, 'disk.img')
  writeFileSync(file, content())
  const drive = `file=${file},if=none,id=disk,format=raw,readonly=${isReadOnly ? 'on' : 'off'}`
  const board = await qemuBoard(['-smp', `${CORES}`, '-drive', drive, '-device', 'virtio-blk-pci,drive=disk,addr=1'])
  onTestFinished(async () => {
    await board.end()
    rmSync(folder, { recursive: true })
  })
  return { board, disk: () => new Uint8Array(readFileSync(file)) }
}

/** A modern driver of the disk in slot 1. */
function driver({ load, store, read, write }: Board) {
  const common = modernOf(1)
  const put = (offset: number, size: number, value: number) =>
    write(common + offset, size, size === 4 ? swapped(value) : size === 2 ? swapped(value) >>> 16 : value)
  const little = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const usedIndex = async (queue: number) =>
    little(Uint8Array.from(await load(rings(queue).used + 2, 2))).getUint16(0, true)
  const offered = [0, 0]

  async function start(): Promise<void> {
    for (const [offset, value] of Object.entries({ ...OUTBOUND, ...INBOUND }))
      await write(PCI_HOST + Number(offset), 4, value)
    for (const [register, value] of Object.entries({ ...barsOf(1), 4: 7 })) {
      await write(PCI_HOST, 4, 0x80000800 | Number(register))
      await write(PCI_HOST + 4, 4, swapped(value))
    }
    await restart()
  }
  async function restart(): Promise<void> {
    await put(20, 1, 0)
    await put(20, 1, 3)
    await put(8, 4, 1)
    await put(12, 4, 1)
    await put(20, 1, 11)
    for (const queue of [0, 1]) {
      offered[queue] = 0
      await store(rings(queue).descriptors, new Uint8Array(0x3000))
      await put(22, 2, queue)
      await put(24, 2, SIZE)
      for (const [n, address] of Object.values(rings(queue)).entries()) {
        await put(32 + 8 * n, 4, address)
        await put(36 + 8 * n, 4, 0)
      }
      await put(28, 2, 1)
    }
    await put(20, 1, 15)
  }
  /** The room that has been written, its length as the device tells it; undefined: the device needs a reset. */
  async function request(queue: number, buffers: readonly Piece[]) {
    const table = Buffer.alloc(16 * buffers.length)
    for (const [n, [address, length, flag]] of buffers.entries()) {
      table.writeBigUInt64LE(BigInt(address), 16 * n)
      table.writeUInt32LE(length, 16 * n + 8)
      table.writeUInt16LE(flag | (n + 1 < buffers.length ? FLAG.next : 0), 16 * n + 12)
      table.writeUInt16LE(n + 1, 16 * n + 14)
    }
    const { descriptors, available, used } = rings(queue)
    await store(descriptors, table)
    await store(ROOM, new Uint8Array(MOST_BYTES).fill(0xee))
    const index = ++offered[queue]!
    await store(available + 2, Uint8Array.of(index, index >> 8))
    await put(0x3000 + 4 * queue, 2, queue)
    while ((await usedIndex(queue)) !== index) if ((await read(common + 20, 1)) & NEEDS_RESET) return undefined
    const entry = little(Uint8Array.from(await load(used + 4 + 8 * ((index - 1) % SIZE), 8)))
    return { written: entry.getUint32(4, true), room: Buffer.from(await load(ROOM, MOST_BYTES)).toString('hex') }
  }
  return { start, restart, request, store }
}

/** Without SCSI commands (2 and 3), which are no part of version 1. */
const TYPES = [0, 0, 0, 1, 1, 1, 4, 5, 8, 9, 10, 11, 11, 13, 13, 16, 0x101]

/** Mostly right; each part of it is wrong now and then, and stands in one buffer or in two. */
function randomRequest(word: () => number) {
  const below = (limit: number) => (word() >>> 0) % limit
  const oneOf = <T>(values: readonly T[]) => values[below(values.length)]!
  const sector = () => BigInt(oneOf([0, 1, below(SECTORS), SECTORS - 1, SECTORS, 2 ** 40]))
  const pieces = (address: number, length: number, flag: number): Piece[] => {
    const first = oneOf([length, length, Math.min(length, 1 + below(length || 1))])
    const all: Piece[] = [
      [address, first, flag],
      [address + first, length - first, flag],
    ]
    return all.filter(([, bytes]) => bytes > 0)
  }
  const type = oneOf(TYPES)
  const header = Buffer.alloc(16)
  header.writeUInt32LE(type, 0)
  header.writeBigUInt64LE(sector(), 8)
  const data = Buffer.alloc(MOST_BYTES, below(256))
  if (type === 11 || type === 13) {
    data.writeBigUInt64LE(sector(), 0)
    data.writeUInt32LE(oneOf([0, 1, 8, SECTORS, 0x400000]), 8)
    data.writeUInt32LE(oneOf([0, 0, 1, 2]), 12)
  }
  const buffers = [
    ...pieces(HEADER, oneOf([16, 16, 16, 16, 16, 16, 16, 15]), 0),
    ...pieces(DATA, oneOf([0, 16, 16, 512, 512, 1024, 100]), 0),
    ...pieces(ROOM, oneOf([1, 1, 513, 1025, 21, 100, 0]), FLAG.write),
  ]
  return { queue: below(CORES), type, header, data, buffers }
}

const isMissing = missingProgram('qemu-system-ppc')
test.skipIf(isMissing).each([
  [1, false],
  [2, false],
  [3, true],
])('300 random requests, seed %i, a disk that cannot be written: %s', async (seed, isReadOnly) => {
  const [ours, theirs] = [ourBoard(isReadOnly), await qemusBoard(isReadOnly)]
  const both = [driver(ours.board), driver(theirs.board)]
  for (const { start } of both) await start()
  const word = random(seed)
  for (let n = 0; n < 300; n++) {
    const { queue, type, header, data, buffers } = randomRequest(word)
    const answers: unknown[] = []
    for (const { store, request, restart } of both) {
      await store(HEADER, header)
      await store(DATA, data)
      const answer = await request(queue, buffers)
      if (!answer) await restart()
      answers.push(answer)
    }
    expect([n, type, buffers, answers[0]]).toEqual([n, type, buffers, answers[1]])
  }
  expect(Buffer.from(ours.disk()).equals(theirs.disk())).toBe(true)
})
