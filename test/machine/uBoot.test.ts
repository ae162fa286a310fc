// U-Boot as an image of its own: it reads the clock over I2C and the interrupt controller, and resets the board.
import { expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

/** 2031-05-06T07:08:09Z, a Tuesday (date -u -d @1935817689). */
const RTC = 1935817689

test.skipIf(!guests)(
  'U-Boot reaches its prompt, tells the configured time and resets, over which the time goes on',
  () => {
    let text = ''
    const onUart = (_: number, byte: number) => {
      text += String.fromCharCode(byte)
    }
    const machine = new Machine({ memoryBytes: 256 << 20, onUart, rtc: RTC })
    const image = elfImage(readGuest('u-boot', 'u-boot-debug.elf'))
    machine.load(image)
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
    answer('date 010203042033.05\n')
    expect(answer('reset\n').exit).toEqual({ kind: 'reset' })
    machine.load(image, { isReset: true })
    answer(' ')
    expect(answer('date\n').text).toContain('Date: 2033-01-02 (Sunday)    Time:  3:04:')
    machine.load(image)
    answer(' ')
    expect(answer('date\n').text).toContain('Date: 2031-05-06 (Tuesday)    Time:  7:08:')
  },
)
