// Which files of a workspace may be a guest: executables for 32-bit big-endian PowerPC. Knows no vscode.
// Names first, since a kernel tree holds tens of thousands of object files; then the ELF header.
import { open } from 'node:fs/promises'

/** How kernels, boot loaders and bare-metal programs are usually called. */
export const PROGRAM_GLOB = '**/{*.elf,*.axf,*.out,vmlinux,u-boot,kernel}'

const ELFCLASS32 = 1
const ELFDATA2MSB = 2
const ET_EXEC = 2
const ET_DYN = 3
const EM_PPC = 20

/** The first 20 bytes of the file decide. */
export function isGuestProgram(header: Uint8Array): boolean {
  if (header.length < 20) return false
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  return (
    view.getUint32(0) === 0x7f454c46 &&
    header[4] === ELFCLASS32 &&
    header[5] === ELFDATA2MSB &&
    [ET_EXEC, ET_DYN].includes(view.getUint16(16)) &&
    view.getUint16(18) === EM_PPC
  )
}

/** The guests among the files, the one built last first. */
export async function guestProgramsAmong(paths: readonly string[]): Promise<string[]> {
  const looked = await Promise.all(paths.map(lookInto))
  return looked
    .filter(({ isGuest }) => isGuest)
    .sort((a, b) => b.modified - a.modified)
    .map(({ path }) => path)
}

async function lookInto(path: string) {
  const file = await open(path)
  try {
    const header = new Uint8Array(20)
    const { bytesRead } = await file.read(header, 0, 20, 0)
    return { path, isGuest: isGuestProgram(header.subarray(0, bytesRead)), modified: (await file.stat()).mtimeMs }
  } finally {
    await file.close()
  }
}
