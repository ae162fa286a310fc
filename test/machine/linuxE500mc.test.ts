// The real kernel of the e500mc, to its shell.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { kernelFile, readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const PROMPT = 'e500# '

test.skipIf(!guests)(
  'vmlinux-e500mc boots to a shell in its initrd, which says what core it is and powers off',
  { timeout: 120_000 },
  () => {
    let console = ''
    const onUart = (_: number, byte: number) => {
      console += String.fromCharCode(byte)
    }
    const machine = new Machine({ memoryBytes: 256 << 20, cpu: 'e500mc', onUart })
    machine.load(elfImage(readFileSync(kernelFile('vmlinux-e500mc'))), {
      bootArgs: 'console=ttyS0,115200 panic=-1',
      initrd: readGuest('linux', 'initramfs-bb-sf.cpio.gz'),
    })
    const runToPrompt = () => {
      let exit = machine.run(1_000_000, 40_000_000)
      while (exit.kind === 'budget' && !console.endsWith(PROMPT) && machine.instructions() < 200_000_000)
        exit = machine.run(100_000, 4_000_000)
      return exit
    }
    const answer = (line: string) => {
      console = ''
      machine.uartInput(0, Buffer.from(`${line}\n`))
      const exit = runToPrompt()
      return { exit, lines: console.replaceAll('\r', '').split('\n').slice(1, -1) }
    }
    runToPrompt()
    // The line of QEMU's console.
    expect(console).toContain('Hardware name: QEMU ppce500 e500mc 0x80230020 QEMU e500')
    expect(answer('grep -e cpu -e revision /proc/cpuinfo').lines).toEqual([
      'cpu\t\t: e500mc',
      'revision\t: 2.0 (pvr 8023 0020)',
    ])
    expect(answer('echo $((6 * 7))').lines).toEqual(['42'])
    expect(answer('poweroff -f').exit).toEqual({ kind: 'powerOff' })
  },
)
