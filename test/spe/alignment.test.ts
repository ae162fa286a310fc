// SPE accesses at every place in a doubleword: Alignment unless EA is a multiple of the operand's length.
// The lengths are those of Linux, whose alignment handler emulates these instructions on the e500 (arch/powerpc/kernel/align.c, spe_aligninfo).
import { expect, test } from 'vitest'
import { STATE } from '../../emulator/isa/cpu.ts'
import { CODE, DATA, handler, machineFor } from '../core/machine.ts'

const MSR_SPE = 0x02000000
const LENGTHS: Readonly<Record<number, readonly string[]>> = {
  8: ['evldd', 'evldw', 'evldh', 'evstdd', 'evstdw', 'evstdh'],
  4: ['evlwhe', 'evlwhou', 'evlwhos', 'evlwwsplat', 'evlwhsplat', 'evstwhe', 'evstwho', 'evstwwe', 'evstwwo'],
  2: ['evlhhesplat', 'evlhhousplat', 'evlhhossplat'],
}
const cases = Object.entries(LENGTHS).flatMap(([length, mnemonics]) =>
  mnemonics.flatMap((mnemonic) => [
    [`${mnemonic} r3,0(r4)`, Number(length)] as const,
    [`${mnemonic}x r3,r4,r5`, Number(length)] as const,
  ]),
)

test.each(cases)('%s: a multiple of %i', (code, length) => {
  const interrupted = [...Array(8).keys()].filter((offset) => {
    const machine = machineFor({ code, MSR: MSR_SPE, gpr: { 4: DATA + offset } })
    machine.run(1)
    const { state } = machine.vcpu
    expect([CODE + 4, handler(5) & 0xffff]).toContain(state[STATE.NIA])
    return state[STATE.NIA] !== CODE + 4
  })
  expect(interrupted).toEqual([...Array(8).keys()].filter((offset) => offset % length !== 0))
})
