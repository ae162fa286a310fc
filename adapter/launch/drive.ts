// A file as the guest's disk: written to, only read, or left as it is while the machine keeps what the guest writes.
import type { BlockStore } from '../../emulator/index.ts'
import type { Host } from '../host.ts'
import { UserError } from '../userError.ts'

export type DriveMode = 'readwrite' | 'readonly' | 'snapshot'

const SECTOR = 512

export function guestDrive(file: string, mode: DriveMode, host: Host): BlockStore {
  const path = host.absolute(file)
  const blocks = host.openBlocks(path, mode === 'readwrite')
  const sectors = Math.floor(blocks.bytes / SECTOR)
  if (sectors === 0) throw new UserError(`${path} has ${blocks.bytes} bytes: a disk needs at least one sector of 512.`)
  return {
    sectors,
    isReadOnly: mode === 'readonly',
    read: (sector, count) => blocks.read(sector * SECTOR, count * SECTOR),
    version: () => blocks.version(),
    ...(mode === 'readwrite' && { write: (sector, bytes) => blocks.write(sector * SECTOR, bytes) }),
  }
}
