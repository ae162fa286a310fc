// Linux on several cores: all of them come up, share the work, send each other interrupts, and go down together.
import { describe, expect, test } from 'vitest'
import { guests } from '../support/tools.ts'
import { Linux } from './linux.ts'

const BOARDS = [
  ['e500v2', 'vmlinux-e500v2-smp', 2],
  ['e500v2', 'vmlinux-e500v2-smp', 4],
  ['e500v2', 'vmlinux-e500v2-smp', 8],
  ['e500mc', 'vmlinux-e500mc-smp', 2],
  ['e500mc', 'vmlinux-e500mc-smp', 4],
] as const

describe.skipIf(!guests)('several cores', () => {
  test.each(BOARDS)('%s: %s with %i cores has all of them online', { timeout: 240_000 }, (cpu, kernel, cores) => {
    const linux = new Linux({ cpu, cores }).load(kernel)
    linux.toPrompt()
    expect(linux.console).toContain(`smp: Brought up 1 node, ${cores} CPUs`)
    expect(linux.answer('nproc')).toEqual([`${cores}`])
    expect(linux.answer('grep ^processor /proc/cpuinfo')).toEqual(
      Array.from({ length: cores }, (_, n) => `processor\t: ${n}`),
    )
    expect(linux.answer('cat /sys/devices/system/cpu/online')).toEqual([`0-${cores - 1}`])
    // Each core has its own ticks, and is sent interrupts: by the MPIC, or by doorbells.
    const interrupts = linux.answer('cat /proc/interrupts')
    const counts = (name: RegExp) =>
      interrupts
        .find((line) => name.test(line))!
        .trim()
        .split(/\s+/)
        .slice(1, cores + 1)
    expect(counts(/^LOC:.*event device/).every((count) => Number(count) > 0)).toBe(true)
    const sent = cpu === 'e500mc' ? /^DBL:/ : /ipi call function/
    expect(counts(sent).filter((count) => Number(count) > 0).length).toBeGreaterThan(cores / 2)
    expect(linux.type('poweroff -f')).toEqual({ kind: 'powerOff' })
  })
})
