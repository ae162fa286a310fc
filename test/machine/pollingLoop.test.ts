// A loop that polls the console is run through unexecuted: the same run, to the bit, at less cost.
import { describe, expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { executeEverything, expectSameRun, pairOf, skipped } from './polling.ts'

/** The UART at 0xfe004500 by TLB1[1] (4 KB at 0xfe004000); `body` follows, r5 is the page. */
const withUart = (body: string) => `
  addis r5,r0,0x1001
  mtspr MAS0,r5
  addis r5,r0,0x8000
  ori r5,r5,0x100
  mtspr MAS1,r5
  addis r5,r0,0xe000
  ori r5,r5,0x4000
  mtspr MAS2,r5
  ori r6,r5,0x3f
  mtspr MAS3,r6
  addi r6,r0,0xf
  mtspr MAS7,r6
  tlbwe
  addi r11,r0,0x2000
  ${body}`
const POLL = `
  lbz r6,0x505(r5)
  andi. r6,r6,1`

/** What each loop does, and whether it is a mere poll. */
const LOOPS: readonly (readonly [what: string, body: string, isPoll: boolean])[] = [
  ['polls', `here:${POLL}\n bc 12,2,here`, true],
  ['polls, storing the same again', `here:\n stw r11,0(r11)${POLL}\n bc 12,2,here`, true],
  ['counts in a register', `here:\n addi r7,r7,1${POLL}\n bc 12,2,here`, true],
  [
    'counts in memory',
    `here:\n lwz r7,0(r11)\n addi r7,r7,1\n stw r7,0(r11)\n addi r7,r0,0${POLL}\n bc 12,2,here`,
    true,
  ],
  [
    'gives up after a time',
    `mfspr r8,268\n here:${POLL}\n bc 4,2,come\n mfspr r7,268\n subf r7,r8,r7\n cmplw r7,r9\n bc 12,0,here\n come:\n stw r7,0(r11)\n b here`,
    true,
  ],
  ['squares in a register', `here:\n addi r7,r7,1\n mullw r8,r7,r7${POLL}\n bc 12,2,here`, false],
  ['sends', `here:\n stb r11,0x500(r5)${POLL}\n bc 12,2,here`, false],
  ['reads another register of the UART', `here:\n lbz r7,0x502(r5)${POLL}\n bc 12,2,here`, false],
]

test.each(LOOPS)('a loop that %s', (_, body, isPoll) => {
  const pair = pairOf(withUart(body), { r9: 400_000 })
  expectSameRun(pair, [123_457])
  for (const machine of [pair.quick, pair.slow]) machine.uartInput(0, [65])
  expectSameRun(pair, [1_000])
  expect(pair.quick.instructions()).toBe(124_457)
  if (isPoll) expect(skipped(pair.quick)).toBeGreaterThan(90_000)
  else expect(skipped(pair.quick)).toBe(0)
})

test('each hit of a breakpoint in the loop is asked for', () => {
  const machine = pairOf(withUart(`here:${POLL}\n bc 12,2,here`), {}).quick
  let hits = 0
  machine.hostDebug.condition = () => ++hits < 0
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: 14 * 4 })
  machine.run(14 + 3000)
  expect(hits).toBe(1000)
})

describe.skipIf(!guests)('U-Boot', () => {
  test('at its prompt it is the same run, most of it unexecuted', () => {
    const run = (isRecognised: boolean) => {
      const machine = new Machine({ memoryBytes: 256 << 20 })
      if (!isRecognised) executeEverything(machine)
      machine.load(elfImage(readGuest('u-boot', 'u-boot-debug.elf')))
      machine.uartInput(0, [32])
      machine.run(150_000_000)
      const atPrompt = skipped(machine)
      machine.run(20_000_000)
      const share = (skipped(machine) - atPrompt) / 20_000_000
      machine.uartInput(0, Buffer.from('version\n'))
      machine.run(5_000_000)
      return { hash: machine.hash(), share }
    }
    const [quick, slow] = [run(true), run(false)]
    expect(quick.hash).toBe(slow.hash)
    expect(quick.share).toBeGreaterThan(0.9)
  })
})
