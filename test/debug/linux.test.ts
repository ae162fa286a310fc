// T111: Linux sets DBCR0[IDM] at boot and leaves it there with DE=0; no debug interrupt comes of it.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const IDM = 0x40000000

test.skipIf(!guests)(
  'T111: a kernel boots to its first user process without a debug interrupt',
  { timeout: 120_000 },
  () => {
    let text = ''
    const onUart = (_: number, byte: number) => {
      text += String.fromCharCode(byte)
    }
    const machine = new Machine({ memoryBytes: 256 << 20, onUart })
    machine.load(elfImage(readFileSync(kernelFile('vmlinux-e500v2'))), { bootArgs: 'console=ttyS0,115200 panic=-1' })
    machine.hostDebug.catchInterrupts(new Set(['Debug']))
    let exit = machine.run(0)
    while (exit.kind === 'budget' && machine.instructions() < 400_000_000) exit = machine.run(100_000, 4_000_000)
    expect(exit.kind).toBe('reset')
    expect(text).toContain('Kernel panic - not syncing: VFS')
    expect(machine.vcpu.register('DBCR0')! & IDM).toBe(IDM)
  },
)
