// T111: Linux sets DBCR0[IDM] at boot and leaves it there with DE=0, U-Boot sets DE and never writes DBCR0: no debug interrupt comes of either.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { DBCR0, MSR } from './rig.ts'

const CORES = ['e500v2', 'e500mc'] as const

/** Runs until it ends, or until it has printed this. */
function boot(cpu: (typeof CORES)[number], file: string, until?: string) {
  let text = ''
  const onUart = (_: number, byte: number) => {
    text += String.fromCharCode(byte)
  }
  const machine = new Machine({ cpu, memoryBytes: 256 << 20, onUart })
  machine.load(elfImage(readFileSync(file)), { bootArgs: 'console=ttyS0,115200 panic=-1' })
  machine.hostDebug.catchInterrupts(new Set(['Debug']))
  let exit = machine.run(0)
  while (exit.kind === 'budget' && machine.instructions() < 400_000_000 && !(until && text.includes(until)))
    exit = machine.run(100_000, 4_000_000)
  return { machine, exit, text, reg: (name: string) => machine.vcpu.register(name)! }
}

test.skipIf(!guests).each(CORES)(
  'T111 %s: a kernel boots to its first user process without a debug interrupt',
  (cpu) => {
    const { exit, text, reg } = boot(cpu, kernelFile(`vmlinux-${cpu}`))
    expect(exit.kind).toBe('reset')
    expect(text).toContain('Kernel panic - not syncing: VFS')
    expect(reg('DBCR0') & DBCR0.IDM).toBe(DBCR0.IDM)
    expect(reg('MSR') & MSR.DE).toBe(0)
  },
)

test.skipIf(!guests).each(CORES)('T111 %s: U-Boot comes to autoboot with DE=1', (cpu) => {
  const { exit, text, reg } = boot(cpu, guestFile('u-boot', 'u-boot-debug.elf'), 'Hit any key to stop autoboot')
  expect([exit.kind, text.includes('autoboot')]).toEqual(['budget', true])
  expect([reg('MSR') & MSR.DE, reg('DBCR0')]).toEqual([MSR.DE, 0])
})
