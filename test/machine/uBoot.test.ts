// U-Boot as an image of its own: it reads the clock over I2C and the interrupt controller, and resets the board.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

/** 2031-05-06T07:08:09Z, a Tuesday (date -u -d @1935817689). */
const RTC = 1935817689

test.skipIf(!guests)('U-Boot reaches its prompt, tells the configured time and resets', () => {
  let text = ''
  const onUart = (_: number, byte: number) => {
    text += String.fromCharCode(byte)
  }
  const machine = new Machine({ memoryBytes: 256 << 20, onUart, rtc: RTC })
  machine.load(elfImage(readGuest('u-boot', 'u-boot-debug.elf')))
  /** Types a line and waits for a prompt, or for the guest's end. */
  function answer(line: string) {
    machine.uartInput(0, Buffer.from(line))
    text = ''
    let exit = machine.run(0)
    while (exit.kind === 'budget' && !text.endsWith('=> ') && machine.instructions() < 600_000_000)
      exit = machine.run(100_000, 4_000_000)
    return { exit, text }
  }
  expect(answer(' ').text).toContain('Core:  e500v2, Version: 2.2, (0x80210022)')
  expect(answer('date\n').text).toMatch(/Date: 2031-05-06 \(Tuesday\) {4}Time: {2}7:08:(09|1\d)/)
  expect(answer('md.l e0041000 1\n').text).toContain('e0041000: 00c30002')
  expect(answer('reset\n').exit).toEqual({ kind: 'reset' })
})
