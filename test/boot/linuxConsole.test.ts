// Linux under QEMU and here, as a person starts and uses it: what the console shows is the same, line by line, but for the kinds in
// compare.ts. Every kernel of the real guests, as ELF file and as uImage, with every number of cores it is said to run on.
import { describe, expect, test } from 'vitest'
import { guestFile, kernelFile } from '../support/guests.ts'
import { AGAIN, guests, missingProgram } from '../support/tools.ts'
import { comparable, KINDS } from './compare.ts'
import { bothConsoles } from './console.ts'
import { ext2Disk } from './disk.ts'

const cannot = !guests || missingProgram('qemu-system-ppc') || missingProgram('mke2fs')

const BOARDS = [
  ['vmlinux-e500v2', 1, 'bb-sf'],
  ['uImage-e500v2', 1, 'bb-hf'],
  ['vmlinux-e500mc', 1, 'bb-hf'],
  ['uImage-e500mc', 1, 'bb-sf'],
  ['vmlinux-e500v2-smp', 2, 'bb-sf-module'],
  ['uImage-e500v2-smp', 4, 'bb-sf-module'],
  ['vmlinux-e500v2-smp', 8, 'bb-sf-module'],
  ['uImage-e500mc-smp', 2, 'bb-hf'],
  ['vmlinux-e500mc-smp', 4, 'bb-sf-module'],
] as const

const COMMANDS = [
  ...['mkdir -p /mnt', 'cat /proc/cpuinfo', 'nproc; cat /sys/devices/system/cpu/online', 'ls -l /'],
  'mount -t ext2 /dev/vda /mnt; ls -l /mnt; cat /mnt/hello.txt; md5sum /mnt/*.txt; umount /mnt',
  'dd if=/dev/vda of=/dev/null bs=4k',
  'dd if=/dev/zero of=/dev/vda bs=1k seek=1500 count=100; sync; dd if=/dev/vda bs=1k skip=1500 count=548 2>/dev/null | md5sum',
  'sleep 1; echo slept',
  'seq 1 100 | grep 7 | wc -l',
  "awk 'BEGIN { print 3.14 * 2, sqrt(2), 1 / 3 }'",
  // Jobs: waited for, joined by a pipe with a name, ended by a signal, seen in the list.
  'sleep 1 & wait; echo waited',
  'sh -c "exit 3" & wait $!; echo $?',
  'mkfifo /tmp/f; cat /tmp/f & echo through > /tmp/f; wait; echo joined',
  '(read x < /tmp/f; echo got $x) & (echo a; echo b) | sed s/a/A/ > /tmp/f; wait; jobs',
  'read -t 1 x <> /tmp/f; echo $?',
  // A job that waits until it is ended, and says when it is there. (Not `sleep`: these kernels lack the call that a short one takes, and it
  // returns at once. Not `kill $!` alone as soon as it is started: until it is `sh` it ignores SIGTERM as its parent does.)
  'mkfifo /tmp/g; sh -c "echo up > /tmp/g; exec cat /tmp/f" & read x < /tmp/g; echo $x; jobs',
  // Whether the shell also says "Terminated" depends on who comes first, the job's end or `wait`.
  'kill $!; wait $! 2> /dev/null; echo $?',
  'cat /tmp/f & kill -9 $!; wait $! 2> /dev/null; echo $?',
  // Where the kernel has no modules the answer is that it has not.
  'insmod /dummy.ko; cat /proc/modules | cut -d " " -f 1-4; ls /sys/module/dummy; rmmod dummy; echo $?',
  // On how many cores the clock has ticked, and whether one has interrupted another.
  "awk '/^LOC:.*event/ { for (n = 2; n < 10; n++) if ($n + 0 > 0) ticking++; print ticking }' /proc/interrupts",
  "awk '/^DBL:|ipi/ { for (n = 2; n < 10; n++) if ($n + 0 > 0) sent = 1 } END { print sent }' /proc/interrupts",
  'poweroff -f',
]

test('at most 20 kinds of differences, each with a reason', () => {
  expect(KINDS.length).toBeLessThanOrEqual(20)
  expect(KINDS.every(({ reason }) => reason.length > 3)).toBe(true)
})

const cpuOf = (kernel: string) => (kernel.includes('e500mc') ? 'e500mc' : 'e500v2')
const fileOf = (kernel: string) => (kernel.startsWith('uImage') ? guestFile('linux', kernel) : kernelFile(kernel))

describe.skipIf(cannot)('Linux and its shell', AGAIN, () => {
  test.each(BOARDS)('%s, cores: %i, %s', async (kernel, cores, userland) => {
    const [ours, theirs] = await bothConsoles(
      {
        cpu: cpuOf(kernel),
        cores,
        kernel: fileOf(kernel),
        initrd: guestFile('linux', `initramfs-${userland}.cpio.gz`),
        disk: ext2Disk(),
      },
      { prompt: /\ne500# /, commands: COMMANDS },
    )
    expect(comparable(ours)).toEqual(comparable(theirs))
  })

  test.each(['e500v2', 'e500mc'] as const)('%s: the smallest userland', async (cpu) => {
    const [ours, theirs] = await bothConsoles(
      { cpu, kernel: kernelFile(`vmlinux-${cpu}`), initrd: guestFile('linux', 'initramfs-finit.cpio.gz') },
      { prompt: /\nfinit# /, commands: ['ls /sys', 'cat /proc/version', 'hello', 'poweroff'] },
    )
    expect(comparable(ours)).toEqual(comparable(theirs))
  })
})
