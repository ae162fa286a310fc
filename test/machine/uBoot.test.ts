// U-Boot as an image of its own: it relocates itself, reads the clock over I2C, and resets the board.
import { expect, test } from 'vitest'
import { type BootOptions, Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

const FIRMWARE = ['u-boot', 'u-boot-debug.elf'] as const

function uBoot(options: BootOptions = {}, rtc?: number) {
  let text = ''
  const onUart = (_: number, byte: number) => {
    text += String.fromCharCode(byte)
  }
  const machine = new Machine({ memoryBytes: 256 << 20, onUart, ...(rtc !== undefined && { rtc }) })
  machine.load(elfImage(readGuest(...FIRMWARE)), options)
  /** Types a line and waits for a prompt, or for the guest's end. */
  function answer(line: string, prompt = '=> ') {
    machine.uartInput(0, Buffer.from(line))
    const before = text.length
    let exit = machine.run(0)
    while (exit.kind === 'budget' && !text.slice(before).endsWith(prompt) && machine.instructions() < 600_000_000)
      exit = machine.run(100_000, 4_000_000)
    return { exit, text: text.slice(before) }
  }
  return { answer }
}

test.skipIf(!guests)('U-Boot reaches its prompt, tells the configured time and resets', { timeout: 60_000 }, () => {
  // 2031-05-06T07:08:09Z, a Tuesday (date -u -d @1935817689).
  const { answer } = uBoot({}, 1935817689)
  expect(answer(' ').text).toContain('Core:  e500v2, Version: 2.2, (0x80210022)')
  expect(answer('date\n').text).toMatch(/Date: 2031-05-06 \(Tuesday\) {4}Time: {2}7:08:(09|1\d)/)
  expect(answer('md.l e0041000 1\n').text).toContain('e0041000: 00c30002')
  expect(answer('reset\n').exit).toEqual({ kind: 'reset' })
})

test.skipIf(!guests)(
  'U-Boot starts the kernel that it was given, which reaches its shell',
  { timeout: 120_000 },
  () => {
    const { answer } = uBoot({
      bootKernel: readGuest('linux', 'uImage-e500v2'),
      initrd: readGuest('linux', 'initramfs-bb-sf.cpio.gz'),
      bootArgs: 'console=ttyS0,115200',
    })
    answer(' ')
    const { text } = answer('boot\n', 'e500# ')
    expect(text).toContain('## Booting kernel from Legacy Image at 02000000 ...')
    expect(text).toContain('Run /init as init process')
    expect(answer('poweroff -f\n', 'never').exit).toEqual({ kind: 'powerOff' })
  },
)
