// GPIO and I2C in our board and in QEMU's ppce500: random stores and loads of their registers. And the core's registers where a guest begins.
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { Gpio } from '../../emulator/board/gpio.ts'
import { I2c } from '../../emulator/board/i2c.ts'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'
import { qemuBoard } from './qemuBoard.ts'

const CCSR = 0xf_e000_0000
const isMissing = missingProgram('qemu-system-ppc')

async function qemu(options: readonly string[] = []) {
  const board = await qemuBoard(options)
  onTestFinished(board.end)
  return board
}

test.skipIf(isMissing)('GPIO: 1,000 stores and loads of each size, pin 0 but an input', async () => {
  const theirs = await qemu()
  const ours = new Gpio(
    () => {},
    () => {},
  )
  const word = random(1)
  for (let n = 0; n < 1000; n++) {
    const size = ([1, 2, 4, 4] as const)[word() & 3]!
    const offset = word() & 0x1f & -size
    const value = (word() & (offset === 0 ? 0x7fffffff : -1)) >>> (32 - 8 * size)
    ours.write(offset, size, value)
    await theirs.write(CCSR + 0xff000 + offset, size, value)
    const at = ((word() >>> 0) % 8) * 4
    expect([n, at, hex(ours.read(at, 4))]).toEqual([n, at, hex(await theirs.read(CCSR + 0xff000 + at, 4))])
  }
})

test.skipIf(isMissing)(
  'I2C, enabled and no master: 1,000 stores of bytes to address, divider and control',
  async () => {
    const theirs = await qemu()
    const ours = new I2c([], () => {})
    const word = random(2)
    const [ADR, FDR, CR] = [0, 4, 8]
    const [MEN, MSTA, RSTA] = [0x80, 0x20, 4]
    for (let n = 0; n < 1000; n++) {
      const offset = [ADR, FDR, CR][(word() >>> 0) % 3]!
      const value = offset === CR ? (word() & 0xff & ~(MSTA | RSTA)) | MEN : word() & 0xff
      ours.write(offset, 1, value)
      await theirs.write(CCSR + 0x3000 + offset, 1, value)
      expect([n, offset, hex(ours.read(offset, 1))]).toEqual([
        n,
        offset,
        hex(await theirs.read(CCSR + 0x3000 + offset, 1)),
      ])
    }
  },
)

test.skipIf(isMissing).each(['e500v2', 'e500mc'] as const)(
  '%s at the first instruction: every register of gdb',
  async (cpu) => {
    const theirs = await qemu(['-cpu', cpu])
    const machine = new Machine({ cpu, memoryBytes: 64 << 20 })
    machine.load(elfImage(readFileSync('test/guest/sample/sample.elf')))
    const numbers = [
      ...Array.from({ length: 32 }, (_, n) => [`r${n}`, n] as const),
      ...Object.entries({ pc: 64, msr: 65, cr: 66, lr: 67, ctr: 68, xer: 69 }),
    ]
    for (const [name, number] of numbers)
      expect([name, hex(machine.vcpu.register(name)!)]).toEqual([name, hex(await theirs.register(number))])
  },
)
