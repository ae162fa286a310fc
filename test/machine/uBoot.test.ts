// U-Boot as an image of its own: it relocates itself, reads the clock over I2C, and resets the board.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

test.skipIf(!guests)('U-Boot reaches its prompt, tells the configured time and resets', { timeout: 60_000 }, () => {
  let text = ''
  // 2031-05-06T07:08:09Z, a Tuesday (date -u -d @1935817689).
  const machine = new Machine({
    memoryBytes: 256 << 20,
    rtc: 1935817689,
    onUart: (_, byte) => {
      text += String.fromCharCode(byte)
    },
  })
  machine.load(elfImage(readGuest('u-boot', 'u-boot-debug.elf')))
  machine.uartInput(0, Buffer.from(' '))
  const answer = (command: string) => {
    if (command) machine.uartInput(0, Buffer.from(`${command}\n`))
    const before = text.length
    let exit = machine.run(0)
    while (exit.kind === 'budget' && !text.slice(before).endsWith('=> ') && machine.instructions() < 400_000_000)
      exit = machine.run(100_000)
    return { exit, text: text.slice(before) }
  }
  expect(answer('').text).toContain('Core:  e500v2, Version: 2.2, (0x80210022)')
  expect(answer('date').text).toMatch(/Date: 2031-05-06 \(Tuesday\) {4}Time: {2}7:08:(09|1\d)/)
  expect(answer('md.l e0041000 1').text).toContain('e0041000: 00c30002')
  expect(answer('reset').exit).toEqual({ kind: 'reset' })
})
