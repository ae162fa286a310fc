// A disk over a store: what the guest has written belongs to the machine's state, whether the store takes it or not.
import { expect, test } from 'vitest'
import { type BlockStore, Disk, SECTOR_BYTES } from '../../emulator/board/disk.ts'

const filled = (byte: number) => new Uint8Array(SECTOR_BYTES).fill(byte)

function storeOf(isWritable: boolean) {
  const content = new Uint8Array(4 * SECTOR_BYTES).fill(1)
  const store: BlockStore = {
    sectors: 4,
    isReadOnly: false,
    read: (sector, count) => content.slice(sector * SECTOR_BYTES, (sector + count) * SECTOR_BYTES),
    ...(isWritable && { write: (sector: number, bytes: Uint8Array) => content.set(bytes, sector * SECTOR_BYTES) }),
  }
  return { content, disk: new Disk(store) }
}
const firstBytes = (disk: Disk) => [0, 1, 2, 3].map((sector) => disk.read(sector, 1)[0])

test.each([true, false])('an earlier state finds what the disk held then (store written to: %s)', (isWritable) => {
  const { content, disk } = storeOf(isWritable)
  disk.write(1, filled(2))
  const saved = disk.save()
  disk.write(1, new Uint8Array([...filled(3), ...filled(3)]))
  expect([firstBytes(disk), content[2 * SECTOR_BYTES]]).toEqual([[1, 3, 3, 1], isWritable ? 3 : 1])
  disk.restore(saved)
  expect(firstBytes(disk)).toEqual([1, 2, 1, 1])
  expect(disk.save()).toEqual(saved)
})
