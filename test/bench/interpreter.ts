// Millions of instructions a second on the bare-metal integer benchmark, beside QEMU in the same run.
import { readFileSync } from 'node:fs'
import { guestImage, readElf } from '../../adapter/symbols/elf.ts'
import { Machine } from '../../emulator/index.ts'
import { guestFile } from '../support/guests.ts'
import { hasProgram, QEMU, type Row, timed, untilPrinted } from './measure.ts'

export async function interpreter(): Promise<Row[]> {
  const file = guestFile('bench', 'bench-e500v2-x1.elf')
  const machine = new Machine({ memoryBytes: 256 << 20 })
  machine.load(guestImage(readElf(readFileSync(file), file)))
  const { ms } = await timed(() => {
    while (machine.run(10_000_000).kind === 'budget') {}
  })
  const instructions = machine.instructions()
  const theirs = hasProgram('qemu-system-ppc')
    ? instructions / 1000 / (await untilPrinted('qemu-system-ppc', [...QEMU, '-kernel', file], 'BENCH DONE'))
    : undefined
  return [
    {
      what: 'bench-e500v2-x1, interpreter',
      ours: instructions / 1000 / ms,
      theirs,
      unit: 'MIPS',
      note: 'QEMU with its start',
    },
  ]
}

export async function boot(): Promise<Row[]> {
  const kernel = (await import('../support/guests.ts')).kernelFile('vmlinux-e500v2')
  const initrd = guestFile('linux', 'initramfs-bb-sf.cpio.gz')
  const args = ['--initrd', initrd, '--append', 'console=ttyS0,115200', '--until', 'e500# ', '--serial', 'none']
  const { run } = await import('../../adapter/cli/run.ts')
  const { runOptions } = await import('../../adapter/cli/options.ts')
  const { ms } = await timed(() => run(runOptions([kernel, ...args])))
  const qemu = [...QEMU, '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0,115200']
  const theirs = hasProgram('qemu-system-ppc') ? await untilPrinted('qemu-system-ppc', qemu, 'e500# ') : undefined
  return [{ what: 'Linux boot to the shell prompt', ours: ms, theirs, unit: 'ms' }]
}
