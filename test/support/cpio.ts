// Archives that Linux unpacks as its first file system: cpio's newc format (the kernel's Documentation/driver-api/early-userspace/buffer-format).

export interface CpioEntry {
  readonly name: string
  /** File type and permissions, as in stat's st_mode. */
  readonly mode: number
  readonly data?: Uint8Array
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number]
}

const padded = (length: number) => (length + 3) & ~3

function record({ name, mode, data = new Uint8Array(), device = [0, 0] }: CpioEntry, inode: number): Uint8Array {
  const nameBytes = Buffer.from(`${name}\0`)
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, ...device, nameBytes.length, 0]
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  const dataAt = padded(head.length + nameBytes.length)
  const bytes = new Uint8Array(dataAt + padded(data.length))
  bytes.set(head)
  bytes.set(nameBytes, head.length)
  bytes.set(data, dataAt)
  return bytes
}

export const cpio = (entries: readonly CpioEntry[]): Uint8Array =>
  Buffer.concat([...entries, { name: 'TRAILER!!!', mode: 0 }].map(record))

/** An initramfs of one program, with a console to print on. */
export const initramfs = (init: Uint8Array): Uint8Array =>
  cpio([
    { name: 'dev', mode: 0o040755 },
    { name: 'dev/console', mode: 0o020600, device: [5, 1] },
    { name: 'init', mode: 0o100755, data: init },
  ])
