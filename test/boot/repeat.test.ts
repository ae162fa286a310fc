// A run repeats to the bit: with the same typed input, with a debugger whose breakpoints are never hit, and saved anywhere and restored
// in a fresh process. With SAVES=100 it is saved at a hundred points instead of a few.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeState } from '../../adapter/cli/stateFile.ts'
import { readElf } from '../../adapter/symbols/elf.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'
import type { Breakpoint, DebugOwnership } from '../../emulator/index.ts'
import { kernelFile } from '../support/guests.ts'
import { random } from '../support/random.ts'
import { guests } from '../support/tools.ts'
import { Linux } from './linux.ts'

const BOARDS = [
  ['e500v2', 'vmlinux-e500v2', 1],
  ['e500mc', 'vmlinux-e500mc', 1],
  ['e500v2', 'vmlinux-e500v2-smp', 2],
  ['e500mc', 'vmlinux-e500mc-smp', 4],
] as const
const COMMANDS = ['ls -l /', 'cat /proc/cpuinfo | wc -l', 'echo $((6 * 7)) &']

/** Of each kind and placement, where a kernel that neither panics nor restarts never comes. One that is hit ends the run before its end. */
function arm({ machine }: Linux, kernel: string): void {
  const symbols = symbolStore(readElf(readFileSync(kernelFile(kernel)), kernel))
  const at = (name: string) => symbols.symbolNamed(name)!.address | 0
  const breakpoints: readonly Breakpoint[] = [
    { kind: 'instruction', placement: 'iac', address: at('panic') },
    { kind: 'instruction', placement: 'iac', address: at('do_syslog') },
    { kind: 'instruction', placement: 'auto', address: at('machine_restart') },
    // The trap word is laid where the loader put the code.
    { kind: 'instruction', placement: 'trap', address: at('emergency_restart') & 0x0fffffff },
    { kind: 'data', placement: 'dac', address: at('panic_cpu'), length: 4, access: 'store' },
    { kind: 'data', placement: 'auto', address: at('panic_cpu'), length: 4, access: 'store' },
  ]
  for (const [id, breakpoint] of breakpoints.entries())
    expect(machine.hostDebug.place(id, breakpoint)).toMatchObject({ verified: true })
}

describe.skipIf(!guests)('a boot and three commands', () => {
  test.each(BOARDS)(
    '%s, %s, %i cores: twice, and in shared ownership with breakpoints that are never hit, with one hash',
    (cpu, kernel, cores) => {
      const run = (debugOwnership: DebugOwnership, isArmed = false) => {
        const linux = new Linux({ cpu, cores, debugOwnership }).load(kernel)
        if (isArmed) arm(linux, kernel)
        linux.toPrompt()
        for (const command of COMMANDS) linux.type(command)
        return linux.machine.hash()
      }
      const first = run('guest')
      expect(run('guest')).toBe(first)
      expect(run('shared', true)).toBe(first)
    },
  )
})

const SAVES = Number(process.env.SAVES ?? 2)
const CLI = join(import.meta.dirname, '../../dist/cli.js')

/** Goes on from a saved state in a process of its own; its hash. */
function restored(file: string, options: readonly string[]): string {
  const args = ['run', '--restore', file, '--max-instructions', `${END}`, '--hash', '--serial', 'none', ...options]
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' }).stdout.trim()
}

/** Shortly before the prompt of each board. */
const END = 75_000_000

function runTo({ machine }: Linux, instructions: number): void {
  while (machine.instructions() < instructions) machine.run(Math.min(1_000_000, instructions - machine.instructions()))
}

describe.skipIf(!guests)(`saved at ${SAVES} random points of a boot`, () => {
  test.each([BOARDS[0], BOARDS[3]])(
    '%s, %s, %i cores: the rest of the run, in a fresh process, ends with the same hash',
    {
      timeout: 300_000 + SAVES * 30_000,
    },
    (cpu, kernel, cores) => {
      const whole = new Linux({ cpu, cores }).load(kernel)
      runTo(whole, END)
      const word = random(20261125 + cores)
      const points = Array.from({ length: SAVES }, () => (word() >>> 0) % END).sort((a, b) => a - b)
      const folder = mkdtempSync(join(tmpdir(), 'e500-save-'))
      const file = join(folder, 'state.e500')
      const saved = new Linux({ cpu, cores }).load(kernel)
      const hashes = points.map((point) => {
        runTo(saved, point)
        writeFileSync(file, gzipSync(encodeState(saved.machine.save()), { level: 1 }))
        return restored(file, ['--cpu', cpu, '--smp', `${cores}`, kernelFile(kernel)])
      })
      rmSync(folder, { recursive: true })
      expect(hashes).toEqual(points.map(() => whole.machine.hash()))
    },
  )
})
