// Linux from its first instruction to the shell's prompt: time, and millions of instructions a second, beside QEMU in the same run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOptions } from '../../adapter/cli/options.ts'
import { run } from '../../adapter/cli/run.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { hasProgram, QEMU, type Row, untilPrinted } from './measure.ts'

const BOOTS = [
  { cpu: 'e500v2', kernel: 'vmlinux-e500v2', initramfs: 'initramfs-bb-sf.cpio.gz', cores: 1 },
  { cpu: 'e500mc', kernel: 'vmlinux-e500mc', initramfs: 'initramfs-bb-hf.cpio.gz', cores: 1 },
  { cpu: 'e500v2', kernel: 'vmlinux-e500v2-smp', initramfs: 'initramfs-bb-sf.cpio.gz', cores: 2 },
  { cpu: 'e500mc', kernel: 'vmlinux-e500mc-smp', initramfs: 'initramfs-bb-hf.cpio.gz', cores: 2 },
] as const
const PROMPT = 'e500# '
const CONSOLE = 'console=ttyS0,115200'

export async function boot(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { cpu, kernel, initramfs, cores } of BOOTS) {
    const file = kernelFile(kernel)
    const initrd = guestFile('linux', initramfs)
    const { instructions, seconds } = await ours(file, cpu, cores, initrd)
    const options = ['-cpu', cpu, '-smp', `${cores}`, '-kernel', file, '-initrd', initrd, '-append', CONSOLE]
    const theirs = hasProgram('qemu-system-ppc')
      ? await untilPrinted('qemu-system-ppc', [...QEMU, ...options], PROMPT)
      : undefined
    rows.push(
      {
        what: `${kernel} to the prompt, ${cores === 1 ? 'one core' : `${cores} cores`}`,
        ours: seconds * 1000,
        theirs,
        unit: 'ms',
      },
      {
        what: '  instructions of our run a second',
        ours: instructions / 1e6 / seconds,
        theirs: theirs && instructions / 1000 / theirs,
        unit: 'MIPS',
      },
    )
  }
  return rows
}

/** `--stats` counts from the first instruction on, without the reading of files. */
async function ours(kernel: string, cpu: string, cores: number, initrd: string) {
  const folder = mkdtempSync(join(tmpdir(), 'e500-bench-'))
  const stats = join(folder, 'stats.json')
  const board = ['--cpu', cpu, '--smp', `${cores}`, '--initrd', initrd, '--append', CONSOLE]
  await run(runOptions([kernel, ...board, '--until', PROMPT, '--serial', 'none', '--stats', stats]))
  const measured = JSON.parse(readFileSync(stats, 'utf8')) as { instructions: number; seconds: number }
  rmSync(folder, { recursive: true })
  return measured
}
