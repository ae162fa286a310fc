// Guests that run wild: whatever they execute, run() comes back after its budget, nothing of ours is thrown, and the same seed is the same run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Machine, type MachineConfiguration } from '../../emulator/index.ts'
import { codeImage } from '../support/board.ts'
import { startSession } from '../support/dap/session.ts'
import { random } from '../support/random.ts'

const MEGABYTE = 1 << 20

/** Random words everywhere in the first megabyte, random vectors, some of MSR. */
function wildMachine(seed: number, configuration: Partial<MachineConfiguration>): Machine {
  const machine = new Machine({ memoryBytes: 64 * MEGABYTE, ...configuration })
  const word = random(seed)
  const bytes = new Uint8Array(MEGABYTE)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < MEGABYTE; at += 4) view.setInt32(at, word())
  machine.load({ entry: 0, segments: [{ physical: 0, bytes, memoryBytes: MEGABYTE }] })
  const { vcpu } = machine
  for (let n = 0; n < 16; n++) vcpu.setRegister(`IVOR${n}`, word() & 0xfff0)
  vcpu.setRegister('IVPR', word() & 0xf0000)
  for (let n = 0; n < 32; n++) vcpu.setRegister(`r${n}`, word() & (n & 1 ? -1 : 0xfffff))
  return machine
}

function runWild(machine: Machine): string {
  const kinds = new Set<string>()
  for (let n = 0; n < 12; n++) {
    const before = machine.instructions()
    const exit = machine.run(5000, 4_000_000)
    kinds.add(exit.kind)
    expect(machine.instructions() - before).toBeLessThanOrEqual(5000)
    if (exit.kind === 'lost') expect(exit.reason).not.toBe('')
    // What a debugger then asks is answered, wherever the guest stands.
    machine.peek(0, machine.vcpu.register('pc')!, 4)
    machine.tlb(0)
    if (exit.kind === 'lost' || exit.kind === 'idle') machine.vcpu.setRegister('pc', (n * 4096) & 0xffffc)
  }
  return `${[...kinds].sort()} ${machine.hash()}`
}

const MACHINES = [
  ['e500v2', 1],
  ['e500mc', 1],
  ['e500v2', 3],
  ['e500mc', 2],
] as const

test.each(MACHINES)('%s, %i cores: 3 seeds of random words', (cpu, cores) => {
  for (let seed = 1; seed <= 3; seed++) {
    const first = runWild(wildMachine(seed, { cpu, cores }))
    if (seed === 1) expect(runWild(wildMachine(seed, { cpu, cores }))).toBe(first)
  }
})

/** A handler at 0x100 that returns at once; `setUp` makes the storm. */
const storm = (setUp: string) => {
  const head = `
  addi r5,r0,0x100
  mtspr IVOR10,r5
  mtspr IVOR11,r5
  mtspr IVOR13,r5
  mtspr IVOR14,r5
  mtspr IVOR6,r5
  ${setUp}
  here:
  addi r9,r9,1
  b here`
  const length = codeImage(head).segments[0]!.bytes.length
  return codeImage(`${head}\n${'ori r0,r0,0\n'.repeat((0x100 - length) / 4)}\n addi r8,r8,1\n rfi`)
}
const STORMS: readonly (readonly [what: string, setUp: string])[] = [
  [
    'the decrementer reloads itself with 1',
    'addi r5,r0,1\n mtspr DECAR,r5\n mtspr DEC,r5\n addis r5,r0,0x0440\n mtspr TCR,r5\n wrteei 1',
  ],
  ['the fixed-interval timer at its shortest', 'addis r5,r0,0x0381\n ori r5,r5,0xe000\n mtspr TCR,r5\n wrteei 1'],
  ['a load from nowhere, again and again', 'addis r5,r0,0x7fff\n again:\n lwz r6,0(r5)\n b again'],
  ['an illegal word, again and again', '.long 0'],
  ['a jump to nowhere', 'addis r5,r0,0x7fff\n mtspr CTR,r5\n bcctr 20,0'],
]

describe.each(STORMS)('%s', (_, setUp) => {
  test('the run goes on by its budget and repeats', () => {
    const run = () => {
      const machine = new Machine({ memoryBytes: 64 * MEGABYTE })
      machine.load(storm(setUp))
      for (let n = 0; n < 10; n++) expect(machine.run(20_000, 400_000).kind).toBe('budget')
      return machine
    }
    const first = run()
    expect(first.instructions()).toBe(200_000)
    expect(first.vcpu.register('r8')).toBeGreaterThan(1000)
    expect(run().hash()).toBe(first.hash())
  })

  test('a debugger pauses it, looks, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'e500-wild-'))
    const program = join(folder, 'wild.elf')
    writeFileSync(program, elfOf(storm(setUp).segments[0]!.bytes))
    const session = startSession()
    await session.launch({ program })
    await session.configurationDone()
    for (let n = 0; n < 3; n++) {
      expect(await session.pause()).toMatchObject({ reason: 'pause' })
      expect((await session.stack()).length).toBeGreaterThan(0)
      await session.request('continue', { threadId: 1 })
    }
    await session.finish()
    rmSync(folder, { recursive: true })
  })
})

/** A big-endian ELF of one segment at 0 (System V ABI, PowerPC supplement). */
function elfOf(code: Uint8Array): Uint8Array {
  const head = 52 + 32
  const bytes = new Uint8Array(head + code.length)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  bytes.set(code, head)
  const view = new DataView(bytes.buffer)
  const halves: readonly (readonly [number, number])[] = [
    [16, 2],
    [18, 20],
    [40, 52],
    [42, 32],
    [44, 1],
  ]
  for (const [at, value] of halves) view.setUint16(at, value)
  const words: readonly (readonly [number, number])[] = [
    [20, 1],
    [28, 52],
    [52, 1],
    [56, head],
    [68, code.length],
    [72, code.length],
    [76, 7],
  ]
  for (const [at, value] of words) view.setUint32(at, value)
  return bytes
}
