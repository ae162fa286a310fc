// The real kernel: its console equals QEMU's, runs repeat to the bit, a saved run goes on as if it had not been interrupted.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type BootOptions, Machine, type MachineState } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { kernelFile, readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const MEGABYTE = 1 << 20
const PROMPT = 'e500# '

function linux(options: BootOptions, state?: MachineState) {
  const console = { text: '' }
  const onUart = (_: number, byte: number) => {
    console.text += String.fromCharCode(byte)
  }
  const machine = new Machine({ memoryBytes: 256 * MEGABYTE, onUart })
  if (state) machine.restore(state)
  else
    machine.load(elfImage(readFileSync(kernelFile('vmlinux-e500v2'))), {
      bootArgs: 'console=ttyS0,115200 panic=-1',
      ...options,
    })
  return { machine, console }
}

/** In slices, until the console ends in a text or the guest stops. */
function runUntil({ machine, console }: ReturnType<typeof linux>, text: string, limit = 200_000_000) {
  let exit = machine.run(0)
  while (exit.kind === 'budget' && !console.text.endsWith(text) && machine.instructions() < limit)
    exit = machine.run(100_000, 4_000_000)
  return exit
}

describe.skipIf(!guests)('vmlinux-e500v2', () => {
  test('without a root it panics with the lines of QEMU, and asks for a reset', () => {
    const guest = linux({})
    const exit = runUntil(guest, 'never')
    const lines = guest.console.text.replaceAll('\r', '').split('\n')
    const messages = lines.map((line) => line.replace(/^\[ *[\d.]+\] /, ''))
    expect(messages.slice(0, 3)).toEqual([
      'Memory CAM mapping: 256 Mb, residual: 0Mb',
      'Activating Kernel Userspace Execution Prevention',
      expect.stringMatching(/^Linux version 6\.1\.192-e500emu /),
    ])
    expect(messages).toEqual(
      expect.arrayContaining([
        'Hardware name: QEMU ppce500 e500v2 0x80210022 QEMU e500',
        'Memory: 253684K/262144K available (3616K kernel code, 544K rwdata, 596K rodata, 152K init, 202K bss, 8460K reserved, 0K cma-reserved)',
        'mpic: Setting up MPIC " OpenPIC  " version 1.2 at fe0040000, max 1 CPUs',
        'pci 0000:00:00.0: [1957:0030] type 00 class 0x0b2000',
        'pci 0000:00:00.0: BAR 0 [mem 0xdff00000-0xdfffffff]',
        'serial8250.0: ttyS0 at MMIO 0xfe0004500 (irq = 42, base_baud = 25000000) is a 16550A',
        'rtc-ds1307 0-0068: registered as rtc0',
        'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
      ]),
    )
    expect(exit).toEqual({ kind: 'reset' })
  })

  test('a shell in its initrd echoes, looks at the PCI bridge, and powers off', () => {
    const guest = linux({ initrd: readGuest('linux', 'initramfs-bb-sf.cpio.gz') })
    runUntil(guest, PROMPT)
    expect(guest.console.text).toContain('Run /init as init process')
    const answer = (line: string) => {
      const before = guest.console.text.length
      guest.machine.uartInput(0, Buffer.from(`${line}\n`))
      guest.machine.run(1_000_000, 40_000_000)
      const exit = runUntil(guest, PROMPT)
      return { exit, text: guest.console.text.slice(before) }
    }
    expect(answer('echo hi $((6 * 7))').text).toBe('echo hi $((6 * 7))\r\nhi 42\r\ne500# ')
    // od of the bridge's configuration space under QEMU.
    expect(
      answer('od -t x1 /sys/bus/pci/devices/0000:00:00.0/config').text.replaceAll('\r', '').split('\n').slice(1, 5),
    ).toEqual([
      '0000000 57 19 30 00 07 01 00 00 00 00 20 0b 00 00 00 00',
      '0000020 00 00 f0 df 00 00 00 00 00 00 00 00 00 00 00 00',
      '0000040 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11',
      '0000060 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
    ])
    expect(answer('poweroff -f').exit).toEqual({ kind: 'powerOff' })
  })

  test('two runs are one; saved in the middle and restored elsewhere, it goes on the same way', () => {
    const end = 12_000_000
    const whole = linux({})
    whole.machine.run(end)
    expect(whole.console.text).toContain('Linux version')

    // In small and uneven slices: how a run is cut changes nothing.
    const cut = linux({})
    for (let slice = 1; cut.machine.instructions() < end / 2; slice = (slice * 7919) % 99_991)
      cut.machine.run(Math.min(slice, end / 2 - cut.machine.instructions()))
    // And so does what a debugger does meanwhile.
    cut.machine.hostDebug.place(1, {
      kind: 'data',
      placement: 'auto',
      address: 0xc0000000 | 0,
      length: 64 << 20,
      access: 'both',
    })
    for (let step = 0; step < 1000; step++) cut.machine.run(100)
    cut.machine.hostDebug.remove(1)
    for (let step = 0; step < 1000; step++) {
      cut.machine.hostDebug.step(0)
      expect(cut.machine.run(1)).toMatchObject({ kind: 'step' })
    }
    const state = structuredClone(cut.machine.save())
    const restored = linux({}, state)
    expect(restored.machine.hash()).toBe(cut.machine.hash())
    restored.machine.run(end - restored.machine.instructions())
    cut.machine.run(end - cut.machine.instructions())

    expect(restored.machine.instructions()).toBe(whole.machine.instructions())
    expect(cut.machine.hash()).toBe(whole.machine.hash())
    expect(restored.machine.hash()).toBe(whole.machine.hash())
    expect(whole.console.text.endsWith(restored.console.text)).toBe(true)
    expect(cut.console.text).toBe(whole.console.text)
  })
})

test('a state of another machine or version is refused with a sentence', () => {
  const machine = new Machine({ memoryBytes: 16 * MEGABYTE })
  const state = machine.save()
  expect(() => new Machine({ memoryBytes: 32 * MEGABYTE }).restore(state)).toThrow(
    'The saved state is of another machine (1 e500v2, 16 MB of memory, 1 serial port, no disk, 4 ticks per instruction); this one has 1 e500v2, 32 MB of memory, 1 serial port, no disk, 4 ticks per instruction.',
  )
  expect(() => machine.restore({ ...state, version: 99 })).toThrow(
    'The saved state is of version 99; this emulator reads version 6. Save it anew.',
  )
})
