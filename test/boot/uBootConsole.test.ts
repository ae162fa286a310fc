// U-Boot under QEMU and here: each of its commands that says something of the board answers the same, and it starts Linux the same way.
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { elfImage } from '../support/board.ts'
import { guestFile, readGuest } from '../support/guests.ts'
import { AGAIN, guests, missingProgram } from '../support/tools.ts'
import { comparable } from './compare.ts'
import { bothConsoles, ourConsole, qemuConsole } from './console.ts'
import { ext2Disk } from './disk.ts'

const cannot = !guests || missingProgram('qemu-system-ppc') || missingProgram('mke2fs')
const elf = (name: string) => guestFile('u-boot', `u-boot-${name}.elf`)

const COMMANDS = [
  ...['version', 'bdinfo', 'md 0 8', 'mw 1000000 12345678 2', 'md 1000000 4', 'help', 'pci', 'pci 0', 'dm tree'],
  ...['virtio scan', 'virtio info', 'virtio device 0', 'virtio read 1000000 2 2', 'md.b 1000000 80'],
  ...['ext2ls virtio 0', 'ext2load virtio 0 1000000 hello.txt', 'md.b 1000000 b', 'date'],
]
const script = (...last: readonly string[]) => ({
  first: { at: 'Hit any key', keys: '\n' },
  prompt: /\n(=>|e500#) /,
  commands: [...COMMANDS, ...last],
})

describe.skipIf(cannot)('U-Boot', AGAIN, () => {
  test.each([
    ['e500v2', 'debug', 'poweroff'],
    ['e500v2', 'debian-stripped', 'reset'],
    ['e500mc', 'debug', 'reset'],
    ['e500mc', 'debian-stripped', 'poweroff'],
  ] as const)('%s: the commands of u-boot-%s.elf, then %s', async (cpu, name, end) => {
    const [ours, theirs] = await bothConsoles({ cpu, firmware: elf(name), disk: ext2Disk() }, script(end))
    expect(comparable(ours)).toEqual(comparable(theirs))
  })

  // Debian's u-boot.bin is the one segment of its uboot.elf. QEMU refuses it.
  test.each([
    ['e500v2', 'reset'],
    ['e500mc', 'poweroff'],
  ] as const)("%s: the raw image answers as QEMU's ELF file does, then %s", async (cpu, end) => {
    const disk = ext2Disk()
    const raw = `${disk}.u-boot.bin`
    const { segments } = elfImage(readGuest('u-boot', 'u-boot-debian-stripped.elf'))
    writeFileSync(raw, segments[0]!.bytes)
    const [ours, theirs] = await Promise.all([
      ourConsole({ cpu, firmware: raw, disk }, script(end)),
      qemuConsole({ cpu, firmware: elf('debian-stripped'), disk }, script(end)),
    ])
    expect(comparable(ours)).toEqual(comparable(theirs))
  })

  test.each(['e500v2', 'e500mc'] as const)('%s: starts the Linux uImage, with its disk', async (cpu) => {
    const guest = {
      cpu,
      firmware: elf('debug'),
      kernel: guestFile('linux', `uImage-${cpu}`),
      initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz'),
      disk: ext2Disk(),
    }
    const linux = ['boot', 'cat /proc/cpuinfo', 'md5sum /dev/vda', 'poweroff -f']
    const [ours, theirs] = await bothConsoles(guest, { ...script(), commands: linux })
    expect(ours).toContain('## Booting kernel from Legacy Image at 02000000')
    expect(comparable(ours)).toEqual(comparable(theirs))
  })
})
