// A loop that polls a timer is run through unexecuted: the same run, to the bit, in hardly any work. Random ones: randomPolling.test.ts.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { executeEverything, expectSameRun, pairOf, skipped } from './polling.ts'

const COUNTS = [100_003, 50_001, 1, 7, 250_000]
/** So many ticks end within the last of them. */
const LIMIT = 1_200_000
const OVER = '\nover:\n addi r31,r31,1\n b over\n'

type Registers = Readonly<Record<string, number>>
const LOOPS: readonly (readonly [what: string, body: string, registers?: Registers])[] = [
  [
    'measures time by the lower half of TB, as __delay of Linux does',
    'mfspr r4,268\n here:\n mfspr r5,268\n subf r5,r4,r5\n cmplw r5,r3\n bc 12,0,here',
  ],
  [
    'measures it across the end of the lower half',
    'mfspr r4,268\n here:\n mfspr r5,268\n subf r5,r4,r5\n cmplw r5,r3\n bc 12,0,here',
    { TBL: -600_000 },
  ],
  ['waits for a moment, signed', 'here:\n mfspr r5,268\n cmpw r5,r3\n bc 12,0,here'],
  [
    'waits for a moment that lies on the other side of the sign',
    'add r3,r3,r6\n here:\n mfspr r5,268\n subf r5,r3,r5\n cmpwi r5,0\n bc 12,0,here',
    { TBL: 0x80000000 - 600_000, r6: 0x80000000 - 600_000 },
  ],
  ['waits until the lower half begins anew', 'here:\n mfspr r5,268\n cmplw r13,r5\n bc 12,0,here', { TBL: -LIMIT }],
  [
    'waits until its 24 bits begin anew',
    'here:\n mfspr r5,268\n rlwinm r5,r5,0,8,31\n cmplw r5,r13\n bc 12,1,here',
    { TBL: 2 ** 24 - LIMIT },
  ],
  [
    'halves the time, until the lower half begins anew',
    'here:\n mfspr r5,268\n srw r6,r5,r12\n cmplw r6,r13\n bc 12,1,here',
    { TBL: -LIMIT, r12: 1 },
  ],
  [
    'halves the time, until it is negative',
    'here:\n mfspr r5,268\n srawi r6,r5,1\n cmpw r6,r13\n bc 12,1,here',
    { TBL: 0x80000000 - LIMIT },
  ],
  [
    'reads the time from bytes and halves, until they change',
    `here:\n mfspr r5,268\n stw r5,0(r1)\n lhz r6,0(r1)\n lbz r7,1(r1)\n extsb r8,r7\n addi r7,r7,0x1200
     cmplw r7,r6\n bc 12,2,here`,
    { TBL: 0x12ffffff - LIMIT },
  ],
  [
    'reads 64 bits and compares them with carries',
    `mfspr r4,268\n mfspr r6,269\n addc r3,r3,r4\n addze r6,r6
     here:\n mfspr r7,269\n mfspr r8,268\n mfspr r9,269\n cmpw r7,r9\n bc 4,2,here
     subfc r8,r3,r8\n subfe. r7,r6,r7\n bc 12,0,here`,
    { TBL: -600_000 },
  ],
  [
    'calls a function for the time',
    'b begin\n get:\n mfspr r5,268\n bclr 20,0\n begin:\n here:\n bl get\n cmplw r5,r3\n bc 12,0,here',
  ],
  [
    'calls it twice a round',
    'b begin\n get:\n mfspr r5,268\n bclr 20,0\n begin:\n here:\n bl get\n or r6,r5,r5\n bl get\n cmplw r6,r3\n bc 12,0,here',
  ],
  ['waits for the decrementer', 'here:\n mfspr r5,22\n cmpwi r5,100\n bc 12,1,here', { DEC: LIMIT }],
  ['waits for the decrementer by TSR', 'here:\n mfspr r5,336\n andis. r5,r5,0x800\n bc 12,2,here', { DEC: LIMIT }],
  [
    'reads the alternate time base',
    'here:\n mfspr r7,527\n mfspr r5,526\n cmpwi r7,0\n bc 4,2,over\n cmplw r5,r3\n bc 12,0,here',
  ],
  [
    'keeps all in memory, as unoptimised code does',
    `mfspr r5,268\n stw r5,8(r1)\n here:\n mfspr r5,268\n stw r5,12(r1)
     lwz r6,12(r1)\n lwz r7,8(r1)\n subf r6,r7,r6\n stw r6,16(r1)\n lwz r6,16(r1)\n cmplw r6,r3\n bc 12,0,here`,
  ],
  [
    'counts its rounds in a register, in CTR and in memory',
    `here:\n addi r9,r9,3\n lwz r8,0(r1)\n addi r8,r8,-1\n stw r8,0(r1)\n mtspr 9,r8
     mfspr r5,268\n cmplw r5,r3\n bc 12,0,here`,
  ],
  ['ends by its count', 'mtspr 9,r10\n here:\n mfspr r5,268\n bc 16,0,here', { r10: 150_000 }],
  [
    'scales the time by powers of two',
    'srawi r3,r3,14\n here:\n mfspr r5,268\n rlwinm r6,r5,18,14,31\n cmplw r6,r3\n bc 12,0,here',
  ],
  ['looks at a bit of the time', 'here:\n mfspr r5,268\n andis. r5,r5,0x10\n bc 12,2,here'],
  [
    'goes by bits of CR and by isel',
    `here:\n mfspr r5,268\n cmplw 1,r5,r3\n cmpwi 2,r13,5\n crorc 0,4,9\n mfcr r7\n mcrf 3,1
     isel r6,r5,r13,4\n twi 4,r13,7\n bc 12,0,here`,
  ],
  [
    'saves registers on the stack',
    'here:\n stmw r20,-64(r1)\n mfspr r30,268\n cmplw r30,r3\n lmw r20,-64(r1)\n bc 12,0,here',
  ],
]

for (const [what, body, registers] of LOOPS)
  test(`a loop that ${what}`, () => {
    const pair = pairOf(body + OVER, { r1: 0x3000, r3: LIMIT, r13: 0x2000, ...registers })
    expectSameRun(pair, COUNTS)
    expect(pair.quick.vcpu.register('r31')).toBeGreaterThan(10_000)
    expect(skipped(pair.quick)).toBeGreaterThan(250_000)
  })

test('a loop without an end', () => {
  const pair = pairOf('here:\n mfspr r5,268\n cmpw r5,r5\n bc 12,2,here', {})
  expectSameRun(pair, COUNTS)
  expect(skipped(pair.quick)).toBeGreaterThan(399_000)
})

/** Core 0 maps the spin table (at 0xef000000, by TLB1[1]) and starts core 1 at the same loop. */
const ON_TWO_CORES = `
  addis r5,r0,0x1001
  mtspr 624,r5
  addis r5,r0,0x8000
  ori r5,r5,0x100
  mtspr 625,r5
  addis r5,r0,0xef00
  mtspr 626,r5
  ori r6,r5,0x3f
  mtspr 627,r6
  addi r6,r0,0xf
  mtspr 944,r6
  tlbwe
  addi r6,r0,64
  stw r6,0x24(r5)
  ori r0,r0,0
  ori r0,r0,0
  here:
  addi r9,r9,1
  mfspr r5,268
  andis. r5,r5,0x10
  bc 12,2,here
  stw r5,0x2000(r0)
  b here`
test('both of two cores poll, each in its turn', () => {
  const pair = pairOf(ON_TWO_CORES, {}, 2)
  expectSameRun(pair, [...COUNTS, 400_000])
  expect(pair.quick.vcpus[1]!.register('r9')).toBeGreaterThan(50_000)
  expect(skipped(pair.quick)).toBeGreaterThan((0.9 * 800_000) / 2)
})

test('ten seconds of the guest are not executed', () => {
  // The n-th instruction of a run reads 4 n ticks (ARCHITECTURE.md): the loop's read of round k stands at 2 + 4 k.
  const machine = pairOf(LOOPS[0]![1] + OVER, { r3: 4_000_000_000 }).quick
  const rounds = Math.ceil((4_000_000_000 - 4) / 16)
  machine.run(5 + 4 * rounds)
  expect(machine.vcpu.register('pc')).toBe(0x14)
  expect(machine.vcpu.register('r5')! >>> 0).toBe(4 + 16 * rounds)
  expect(machine.instructions() - skipped(machine)).toBeLessThan(100)
})

describe('what must not be left out', () => {
  const SPIN = 'here:\n lwz r6,0(r13)\n mfspr r5,268\n cmplw r5,r3\n bc 12,0,here'
  const registers = { r3: -1, r13: 0x2000 }

  test('a breakpoint', () => {
    const { quick } = pairOf(SPIN, registers)
    let hits = 0
    quick.hostDebug.condition = () => ++hits < 0
    quick.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address: 8 })
    quick.run(4000)
    expect(hits).toBe(1000)
  })
  test('a watched load', () => {
    const { quick } = pairOf(SPIN, registers)
    quick.run(1000)
    quick.hostDebug.place(1, { kind: 'data', placement: 'auto', address: 0x2000, length: 4, access: 'load' })
    expect(quick.run(4000).kind).toBe('watchpoint')
    expect(quick.run(4000).kind).toBe('watchpoint')
    expect(quick.instructions()).toBe(1005)
  })
  test('what somebody wrote into the memory of the loop', () => {
    const pair = pairOf(
      `here:\n mfspr r5,268\n lwz r6,4(r13)\n cmpwi r6,0\n bc 4,2,other\n stw r5,0(r13)\n b here
       other:\n ori r0,r0,0\n b here`,
      registers,
    )
    const poke = (address: number) => {
      for (const machine of [pair.quick, pair.slow]) machine.poke(0, address, Uint8Array.of(1, 2, 3, 4))
    }
    expectSameRun(pair, [4000])
    for (const address of [0x2000, 0x2004, 0x2000])
      for (const count of [4001, 4002, 4003, 4004, 4005, 4006]) {
        poke(address)
        expectSameRun(pair, [count])
      }
    expect(skipped(pair.quick)).toBeGreaterThan(50_000)
  })
  test('the one round in which the time is the one asked for', () => {
    // Every fifth instruction looks at TB. One of the first looks is where the loop is recognised.
    const source = `here:\n mfspr r5,268\n cmpw r5,r3\n bc 4,2,other\n addi r9,r9,1\n b here
      other:\n ori r0,r0,0\n b here`
    for (let look = 0; look < 10; look++) {
      const pair = pairOf(source, { r3: 4 + 20 * look })
      expectSameRun(pair, [4000])
      expect(pair.quick.vcpu.register('r9')).toBe(1)
      expect(skipped(pair.quick)).toBeGreaterThan(3900)
    }
  })
  const REWRITTEN = 'addi r6,r0,0\n add r9,r9,r6'
  test.each([
    ['before it is executed', `here:\n lwz r7,12(r0)\n addi r7,r7,1\n stw r7,12(r0)\n ${REWRITTEN}`],
    ['after it was executed', `here:\n ${REWRITTEN}\n lwz r7,0(r0)\n addi r7,r7,1\n stw r7,0(r0)`],
    ['and puts back', `here:\n stw r10,4(r0)\n ${REWRITTEN}\n stw r11,4(r0)`],
  ])('code that the loop changes %s', (_, body) => {
    // addi r6,r0,7 and what stands there.
    const pair = pairOf(`${body}\n mfspr r5,268\n b here`, { r10: 0x38c00007, r11: 0x38c00000 })
    expectSameRun(pair, [4000, 40_000])
    expect(pair.quick.vcpu.register('r9')).toBeGreaterThan(10_000)
    expect(skipped(pair.quick)).toBe(0)
  })
  test('a step', () => {
    const { quick } = pairOf(SPIN, registers)
    quick.run(1000)
    quick.hostDebug.step(0)
    expect(quick.run(4000).kind).toBe('step')
    expect(quick.instructions()).toBe(1001)
  })
})

test.skipIf(!guests)('Linux waits with mdelay before it reboots after a panic', () => {
  let text = ''
  const [quick, slow] = [1, 2].map(
    () =>
      new Machine({
        memoryBytes: 256 << 20,
        onUart: (_, byte) => {
          text += String.fromCharCode(byte)
        },
      }),
  ) as [Machine, Machine]
  executeEverything(slow)
  quick.load(elfImage(readFileSync(kernelFile('vmlinux-e500v2'))), { bootArgs: 'console=ttyS0,115200 panic=1' })
  while (!text.includes('Rebooting in 1 seconds')) quick.run(1_000_000)
  slow.restore(quick.save())
  const before = skipped(quick)
  expectSameRun({ quick, slow }, [1_234_567, 20_000_000, 5_000_001])
  expect(skipped(quick) - before).toBeGreaterThan(0.9 * 26_234_568)
})
