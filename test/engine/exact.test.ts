// Counts, faults and code that changes, exact to the instruction however the run is cut into slices.
import { expect, test } from 'vitest'
import type { Machine } from '../../emulator/machine.ts'
import { CODE, handler, machineWith } from '../debug/machine.ts'
import { assemble } from '../support/assemble.ts'
import { elfImage, machineWithConsole } from '../support/board.ts'
import { readGuest } from '../support/guests.ts'
import { guests } from '../support/tools.ts'

function runInSlices(machine: Machine, instructions: number, slice: number): string {
  for (let left = instructions; left > 0; left -= slice) machine.run(Math.min(slice, left))
  return machine.hash()
}

function benchmark(): Machine {
  const { machine } = machineWithConsole(64 << 20)
  machine.load(elfImage(readGuest('bench', 'bench-e500v2-x1.elf')))
  return machine
}

test.skipIf(!guests)('the benchmark guest in slices of 1, 7 and 1000 is the benchmark guest in one run', () => {
  const whole = runInSlices(benchmark(), 200_000, 200_000)
  for (const slice of [1, 7, 1000]) expect(runInSlices(benchmark(), 200_000, slice), `${slice}`).toBe(whole)
})

/** Loops over two pages, a decrementer that interrupts every 1000 ticks, an access that misses the TLB in each round. */
function interruptedGuest() {
  const { machine, vcpu } = machineWith(
    `
  outer:
    addi r4,r0,100
  inner:
    lbzu r6,1(r5)
    add. r7,r7,r6
    stwx r7,r5,r8
    b far
  back:
    addic. r4,r4,-1
    bc 4,2,inner
    lwzu r10,4(r9)
    addi r5,r8,0
    b outer
    ${'ori r0,r0,0\n'.repeat(1022)}
  far:
    mullw r7,r7,r4
    bc 12,0,back
    xori r7,r7,0x55
    b back`,
    {
      gpr: { 5: 0x8000, 8: 0x8000, 9: 0x20000000 },
      spr: { TCR: 0x04000000, DEC: 1000 },
      MSR: 0x8000,
    },
  )
  const decrementer = 'addi r20,r20,1\naddi r21,r0,1000\nmtspr DEC,r21\naddis r21,r0,0x800\nmtspr TSR,r21\nrfi'
  const tlbMiss = 'addi r22,r22,1\nmfspr r23,SRR0\naddi r23,r23,4\nmtspr SRR0,r23\nrfi'
  for (const [IVOR, source] of [
    [10, decrementer],
    [13, tlbMiss],
  ] as const)
    for (const [n, word] of assemble(source).words.entries()) machine.memory.write(handler(IVOR) + 4 * n, 4, word)
  return { machine, vcpu }
}

test('interrupts and faults fall on the same instructions in slices of 1, 7 and 1000', () => {
  const { machine, vcpu } = interruptedGuest()
  const whole = runInSlices(machine, 50_000, 50_000)
  expect(vcpu.state[20]).toBeGreaterThan(100)
  expect(vcpu.state[22]).toBeGreaterThan(30)
  expect(machine.instructions()).toBe(50_000)
  for (const slice of [1, 7, 1000])
    expect(runInSlices(interruptedGuest().machine, 50_000, slice), `${slice}`).toBe(whole)
})

test('a store to an instruction is what runs next, as often as it comes', () => {
  const [seven, one] = assemble('addi r5,r0,7\nor r5,r11,r11').words as [number, number]
  const source = `
  target:
    or r5,r11,r11
    add r6,r6,r5
    stw r4,0(r3)
    add r7,r4,r8
    subf r4,r4,r9
    addic. r10,r10,-1
    bc 4,2,target
  end:
    b end`
  // Two different instructions take turns in r4: r9 is the sum of their words.
  const { machine, vcpu } = machineWith(source, { gpr: { 3: CODE, 4: seven, 9: (seven + one) | 0, 10: 1000, 11: 1 } })
  machine.run(7000)
  expect(vcpu.state[6]).toBe(1 + 500 * 7 + 499 * 1)
})

test('a load that faults in a loop leaves its base, the address and the count exact', () => {
  const source = `
  loop:
    addi r4,r4,1
    lwzu r5,0x1000(r3)
    b loop`
  // TLB1[0] maps 16 MB: the load from 0x01000000 misses.
  const { machine, vcpu } = machineWith(source, { gpr: { 3: 0x8000 } })
  const rounds = (0x01000000 - 0x8000) / 0x1000
  machine.run(3 * rounds - 1)
  expect(vcpu.register('pc')).toBe(handler(13))
  expect([vcpu.state[4], vcpu.state[3]]).toEqual([rounds, 0x00fff000])
  expect([vcpu.register('SRR0'), vcpu.register('DEAR')]).toEqual([CODE + 4, 0x01000000])
})
