// A file that the board can start: an ELF file, U-Boot's uImage, or a raw image, told apart by how they begin.
import { hex } from '../../emulator/bits.ts'
import type { GuestImage } from '../../emulator/index.ts'
import type { Host } from '../host.ts'
import { guestImage, readElf } from '../symbols/elf.ts'
import { UserError } from '../userError.ts'
import { isUImage, uImage } from './uImage.ts'

/** Where the board's firmware stands. */
const FIRMWARE_ADDRESS = 0x00f00000
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46]
const ENTRY_ALIGNMENT = 4

/** loadAddress: of a raw image, which is entered at its first byte. Undefined: a raw image is a mistake. */
export function guestFile(file: string, host: Host, loadAddress?: number): GuestImage {
  const name = host.absolute(file)
  const bytes = host.readFile(name)
  if (ELF_MAGIC.every((byte, n) => bytes[n] === byte)) return guestImage(readElf(bytes, name))
  if (isUImage(bytes)) return uImage(bytes, name, host)
  if (loadAddress === undefined)
    throw new UserError(
      `${name} is neither an ELF file nor a uImage. Give the linked ELF file of the guest, or say where the raw image is to stand: --load-address N`,
    )
  if (bytes.length === 0) throw new UserError(`${name} is empty: there is nothing to start.`)
  if (loadAddress % ENTRY_ALIGNMENT !== 0)
    throw new UserError(`The load address ${hex(loadAddress)} is no address of an instruction. Write a multiple of 4.`)
  return { entry: loadAddress, segments: [{ physical: loadAddress, bytes, memoryBytes: bytes.length }] }
}

export const firmwareFile = (file: string, host: Host, loadAddress = FIRMWARE_ADDRESS): GuestImage => ({
  ...guestFile(file, host, loadAddress),
  isFirmware: true,
})
