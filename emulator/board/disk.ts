// A disk: what is outside of the machine (a block store) under what the guest has written, which belongs to the machine's state.
// So a store that cannot be written is a copy-on-write disk. A saved state has what was written, not what the store held below it:
// it is whole where it is restored over the same content.

export const SECTOR_BYTES = 512

/** The adapter's: a file, or anything else that has sectors of 512 bytes. */
export interface BlockStore {
  readonly sectors: number
  readonly isReadOnly: boolean
  read(sector: number, count: number): Uint8Array
  /** Absent: what the guest writes stays in the machine. */
  write?(sector: number, bytes: Uint8Array): void
  /** Another one after each change of the content, whoever makes it. Absent: nobody else can change it. */
  version?(): string
}

/** The numbers of written sectors, and their content one after the other. */
export interface SavedDisk {
  readonly sectors: readonly number[]
  readonly content: Int32Array
}

export class Disk {
  readonly sectors: number
  readonly isReadOnly: boolean
  private readonly store: BlockStore
  private readonly written = new Map<number, Uint8Array>()
  /** What the store held where it has been written to: an earlier state that is restored finds it again. */
  private readonly originals = new Map<number, Uint8Array>()

  constructor(store: BlockStore) {
    this.store = store
    this.sectors = store.sectors
    this.isReadOnly = store.isReadOnly
  }

  /** Both: whole sectors within the disk. */
  read(sector: number, count: number): Uint8Array {
    const bytes = this.store.read(sector, count)
    for (let n = 0; this.written.size + this.originals.size > 0 && n < count; n++) {
      const own = this.written.get(sector + n) ?? this.originals.get(sector + n)
      if (own) bytes.set(own, n * SECTOR_BYTES)
    }
    return bytes
  }
  write(sector: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
      const n = sector + at / SECTOR_BYTES
      if (this.store.write && !this.originals.has(n)) this.originals.set(n, kept(this.store.read(n, 1)))
      this.written.set(n, kept(bytes.subarray(at, at + SECTOR_BYTES)))
    }
    this.store.write?.(sector, bytes)
  }

  save(): SavedDisk {
    const sectors = [...this.written.keys()].sort((a, b) => a - b)
    const content = new Int32Array((sectors.length * SECTOR_BYTES) / 4)
    const bytes = new Uint8Array(content.buffer)
    for (const [n, sector] of sectors.entries()) bytes.set(this.written.get(sector)!, n * SECTOR_BYTES)
    return { sectors, content }
  }
  restore({ sectors, content }: SavedDisk): void {
    this.written.clear()
    const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    for (const [n, sector] of sectors.entries())
      this.written.set(sector, kept(bytes.subarray(n * SECTOR_BYTES, (n + 1) * SECTOR_BYTES)))
  }
}

/** All sectors of zeroes are one: guests clear by the megabyte. */
const ZEROES = new Uint8Array(SECTOR_BYTES)
const kept = (bytes: Uint8Array) => (bytes.every((byte) => byte === 0) ? ZEROES : bytes.slice())
