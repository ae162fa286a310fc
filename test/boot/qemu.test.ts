// The real guests under QEMU and here: what the console shows is the same, line by line, but for the kinds in compare.ts.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { guestDrive } from '../../adapter/launch/drive.ts'
import { guestFile } from '../../adapter/launch/guestFile.ts'
import { nodeHost } from '../../adapter/nodeHost.ts'
import { Machine, type MachineConfiguration } from '../../emulator/index.ts'
import { kernelFile, readGuest } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { comparable, KINDS } from './compare.ts'
import { qemuConsole } from './qemu.ts'

const cannot = !guests || missingProgram('qemu-system-ppc') || missingProgram('mke2fs')
const folder = mkdtempSync(join(tmpdir(), 'e500-boot-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An ext2 disk of 2 MB with two files; a copy for each of the two. */
function disks(): readonly [ours: string, theirs: string] {
  const content = join(folder, 'content')
  mkdirSync(content, { recursive: true })
  writeFileSync(join(content, 'hello.txt'), 'hello disk\n')
  writeFileSync(join(content, 'numbers.txt'), Array.from({ length: 9000 }, (_, n) => `${n}\n`).join(''))
  const [ours, theirs] = [join(folder, 'ours.img'), join(folder, 'theirs.img')]
  rmSync(ours, { force: true })
  spawnSync('mke2fs', ['-q', '-t', 'ext2', '-d', content, '-F', ours, '2M'])
  copyFileSync(ours, theirs)
  return [ours, theirs]
}
const devices = (file: string) => [
  ...['-drive', `file=${file},format=raw,if=none,id=d`],
  ...['-device', 'virtio-blk-pci,drive=d', '-device', 'virtio-rng-pci'],
]

/** Types when the prompt has come, until the guest has ended. */
function ourConsole(
  configuration: Partial<MachineConfiguration>,
  load: (machine: Machine) => void,
  script: Parameters<typeof qemuConsole>[1],
): string {
  let text = ''
  const machine = new Machine({
    memoryBytes: 256 << 20,
    ...configuration,
    onUart: (_, byte) => {
      text += String.fromCharCode(byte)
    },
  })
  load(machine)
  const commands = [...script.commands]
  let seen = 0
  let isFirst = script.first !== undefined
  for (;;) {
    const exit = machine.run(100_000, 4_000_000)
    if (exit.kind !== 'budget' && exit.kind !== 'idle') return text
    let keys: string | undefined
    if (isFirst && text.includes(script.first!.at)) {
      isFirst = false
      keys = script.first!.keys
    } else if (text.slice(seen).endsWith(script.prompt)) keys = `${commands.shift()}\n`
    if (keys !== undefined) {
      seen = text.length
      machine.uartInput(0, Buffer.from(keys))
    } else if (exit.kind === 'idle' || machine.instructions() > 3e9) return `${text}\n(stands)`
  }
}

const APPEND = 'console=ttyS0,115200'
const COMMANDS = [
  'cat /proc/cpuinfo',
  'ls -l /',
  'mount -t ext2 /dev/vda /mnt; ls -l /mnt; cat /mnt/hello.txt; md5sum /mnt/*.txt; umount /mnt',
  'dd if=/dev/vda of=/dev/null bs=4k',
  'dd if=/dev/zero of=/dev/vda bs=1k seek=1500 count=100; sync; dd if=/dev/vda bs=1k skip=1500 count=548 2>/dev/null | md5sum',
  'sleep 1; echo slept',
  'sleep 1 & wait; echo done',
  'seq 1 100 | grep 7 | wc -l',
  'poweroff -f',
]
const MORE = [
  'nproc; cat /proc/cpuinfo; cat /sys/devices/system/cpu/online',
  'insmod /dummy.ko; cat /proc/modules | cut -d " " -f 1-4; ls /sys/module/dummy; rmmod dummy; echo $?',
  // Without sleep: the busybox of these guests returns from it at once, under QEMU too.
  'echo job & wait; sh -c "exit 3" & wait $!; echo $?',
  'poweroff -f',
]
const SMP = { prompt: 'e500# ', commands: MORE }
const LINUX = { prompt: 'e500# ', commands: ['mkdir -p /mnt', ...COMMANDS] }
const KERNELS = [
  ['e500v2', 'vmlinux-e500v2', 1, 'initramfs-bb-sf.cpio.gz', LINUX],
  ['e500mc', 'uImage-e500mc', 1, 'initramfs-bb-sf.cpio.gz', LINUX],
  ['e500v2', 'vmlinux-e500v2-smp', 2, 'initramfs-bb-sf-module.cpio.gz', SMP],
] as const

test('at most 20 kinds of differences, each with a reason', () => {
  expect(KINDS.length).toBeLessThanOrEqual(20)
  expect(KINDS.every(({ reason }) => reason.length > 3)).toBe(true)
})

describe.skipIf(cannot)('Linux', () => {
  test.each(KERNELS)('%s: %s, cores: %i', { timeout: 120_000 }, async (cpu, kernel, cores, initramfs, script) => {
    const file = kernel.startsWith('uImage') ? join(guests!, 'linux', kernel) : kernelFile(kernel)
    const initrd = join(guests!, 'linux', initramfs)
    const [mine, theirs] = disks()
    const args = ['-cpu', cpu, '-smp', `${cores}`, '-kernel', file, '-initrd', initrd, '-append', APPEND]
    const qemu = await qemuConsole([...args, ...devices(theirs)], script)
    const drives = [guestDrive(mine, 'readwrite', nodeHost)]
    const load = (machine: Machine) =>
      machine.load(guestFile(file, nodeHost), { bootArgs: APPEND, initrd: readFileSync(initrd) })
    expect(comparable(ourConsole({ cpu, cores, drives }, load, script))).toEqual(comparable(qemu))
  })
})

const UBOOT = {
  first: { at: 'Hit any key', keys: '\n' },
  prompt: '=> ',
  commands: [
    ...['version', 'bdinfo', 'md 0 8', 'mw 1000000 12345678 2', 'md 1000000 4', 'help', 'pci', 'dm tree'],
    ...['virtio scan', 'virtio info', 'ext2ls virtio 0', 'date', 'poweroff'],
  ],
}
const FIRMWARE = join(guests ?? '', 'u-boot/u-boot-debug.elf')

describe.skipIf(cannot)('U-Boot', () => {
  test.each(['e500v2', 'e500mc'] as const)('%s: its commands', { timeout: 60_000 }, async (cpu) => {
    const [mine, theirs] = disks()
    const qemu = await qemuConsole(['-cpu', cpu, '-bios', FIRMWARE, ...devices(theirs)], UBOOT)
    const drives = [guestDrive(mine, 'readonly', nodeHost)]
    const load = (machine: Machine) => machine.load(guestFile(FIRMWARE, nodeHost))
    expect(comparable(ourConsole({ cpu, drives }, load, UBOOT))).toEqual(comparable(qemu))
  })

  test('reset ends both', { timeout: 60_000 }, async () => {
    const script = { ...UBOOT, commands: ['version', 'reset'] }
    const qemu = await qemuConsole(
      ['-no-reboot', '-cpu', 'e500v2', '-bios', FIRMWARE, '-device', 'virtio-rng-pci'],
      script,
    )
    const ours = ourConsole({}, (machine) => machine.load(guestFile(FIRMWARE, nodeHost)), script)
    expect(comparable(ours)).toEqual(comparable(qemu))
    expect(ours).toMatch(/=> reset\r\n$/)
  })

  test('starts the Linux uImage', { timeout: 60_000 }, () => {
    const load = (machine: Machine) =>
      machine.load(guestFile(FIRMWARE, nodeHost), {
        bootArgs: APPEND,
        bootKernel: readGuest('linux', 'uImage-e500v2'),
        initrd: readGuest('linux', 'initramfs-bb-sf.cpio.gz'),
      })
    const text = ourConsole({}, load, { prompt: 'e500# ', commands: ['uname -m', 'poweroff -f'] })
    expect(text).toContain('## Booting kernel from Legacy Image at 02000000')
    expect(text).toMatch(/uname -m\r\nppc\r\n/)
    expect(text).toContain('reboot: Power down')
  })
})
