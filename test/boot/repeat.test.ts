// A run repeats to the bit: with the same typed input, with a debugger whose breakpoints are never hit, and saved anywhere and restored
// in a fresh process. With SAVES=100 it is saved at a hundred points instead of a few.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeState } from '../../adapter/cli/stateFile.ts'
import type { DebugOwnership } from '../../emulator/index.ts'
import { kernelFile } from '../support/guests.ts'
import { random } from '../support/random.ts'
import { guests } from '../support/tools.ts'
import { Linux } from './linux.ts'

const BOARDS = [
  ['e500v2', 'vmlinux-e500v2', 1],
  ['e500mc', 'vmlinux-e500mc-smp', 4],
] as const
const COMMANDS = ['ls -l /', 'cat /proc/cpuinfo | wc -l', 'echo $((6 * 7)) &']

describe.skipIf(!guests)('a boot and three commands', () => {
  test.each(BOARDS)(
    '%s, %s, %i cores: twice, and with breakpoints that are never hit, with one hash',
    {
      timeout: 240_000,
    },
    (cpu, kernel, cores) => {
      const run = (debugOwnership: DebugOwnership, prepare: (linux: Linux) => void) => {
        const linux = new Linux({ cpu, cores, debugOwnership }).load(kernel)
        prepare(linux)
        linux.toPrompt()
        for (const command of COMMANDS) linux.type(command)
        return linux.machine.hash()
      }
      const first = run('guest', () => {})
      expect(run('guest', () => {})).toBe(first)
      const armed = run('shared', ({ machine }) => {
        // In pages that the kernel runs and writes, where it never comes: the middle of an instruction's page of zeros, and another task's stack.
        for (const [id, address] of [0xc0000004, 0xc00a0ffc, 0x10000ffc].entries())
          machine.hostDebug.place(id, {
            kind: 'instruction',
            placement: id === 0 ? 'iac' : 'auto',
            address: address | 0,
          })
        machine.hostDebug.condition = () => false
        machine.hostDebug.place(9, { kind: 'data', placement: 'auto', address: 16, length: 4, access: 'store' })
      })
      expect(armed).toBe(first)
    },
  )
})

const SAVES = Number(process.env.SAVES ?? 2)
const CLI = join(import.meta.dirname, '../../dist/cli.js')

/** Goes on from a saved state in a process of its own; its hash. */
function restored(file: string, end: number, options: readonly string[]): string {
  const args = ['run', '--restore', file, '--max-instructions', `${end}`, '--hash', '--serial', 'none', ...options]
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' }).stdout.trim()
}

/** To shortly before the prompt, where no core waits: there a number of instructions is one moment. */
function lengthOfBoot(cpu: 'e500v2' | 'e500mc', kernel: string, cores: number): number {
  const linux = new Linux({ cpu, cores }).load(kernel)
  linux.toPrompt()
  return linux.machine.instructions() - 50_000
}
function runTo({ machine }: Linux, instructions: number): void {
  while (machine.instructions() < instructions) machine.run(Math.min(1_000_000, instructions - machine.instructions()))
}

describe.skipIf(!guests)(`saved at ${SAVES} random points of a boot`, () => {
  test.each(BOARDS)(
    '%s, %s, %i cores: the rest of the run, in a fresh process, ends with the same hash',
    {
      timeout: 60_000 + SAVES * 30_000,
    },
    (cpu, kernel, cores) => {
      const end = lengthOfBoot(cpu, kernel, cores)
      const whole = new Linux({ cpu, cores }).load(kernel)
      runTo(whole, end)
      const word = random(20261125 + cores)
      const points = Array.from({ length: SAVES }, () => (word() >>> 0) % end).sort((a, b) => a - b)
      const folder = mkdtempSync(join(tmpdir(), 'e500-save-'))
      const file = join(folder, 'state.e500')
      const saved = new Linux({ cpu, cores }).load(kernel)
      const hashes = points.map((point) => {
        runTo(saved, point)
        writeFileSync(file, gzipSync(encodeState(saved.machine.save()), { level: 1 }))
        return restored(file, end, ['--cpu', cpu, '--smp', `${cores}`, kernelFile(kernel)])
      })
      rmSync(folder, { recursive: true })
      expect(hashes).toEqual(points.map(() => whole.machine.hash()))
    },
  )
})
