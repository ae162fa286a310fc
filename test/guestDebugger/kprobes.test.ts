// Linux's kprobes beside us: on an instruction that the kernel does not emulate (mfspr of MAS6; arch/powerpc/lib/sstep.c knows only XER, LR
// and CTR), so that each hit is a trap and then a single step by DBCR0[ICMP] of the kernel's own.
import { describe, expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { addressOf, answer, atStop, begin, linesIn, referenceTo, shellSession, underQemu } from './shellSession.ts'

/** `_tlbil_pid`: +0 slwi, +4 mfmsr, +8 wrteei 0, +0xc mfspr MAS6 (probed), +0x10 mtspr MAS6 … A fork, an exec and an exit call it. */
const PREPARE = [
  'mount -t tracefs tracefs /sys/kernel/tracing; cd /sys/kernel/tracing',
  "echo 'p:mine _tlbil_pid+0xc' > kprobe_events",
  'echo 1 > events/kprobes/mine/enable',
]
/** Builtins only; the shell itself flushes its translations for each line, always as often. The line is `mine`, hits, misses. */
const READ_HITS = 'read line < kprobe_profile; echo $line'
const WORK = 'sh -c :'
const TRACED = 'tail -1 trace'
const TRACE_LINE = /\d+: mine: \(_tlbil_pid\+0xc\/0x2c\)$/

function hitsIn(answer: readonly string[]): number {
  const [, hits, misses] = /^mine (\d+) (\d+)$/.exec(answer.at(-1)!)!
  expect(misses).toBe('0')
  return Number(hits)
}

/** Runs a line with stops at both sides of the probe; steps from the one to where the probe stands. */
async function withStops(session: Session, line: string, [before, after]: readonly string[]) {
  const stops = { before: 0, after: 0 }
  const printed = await begin(session, line)
  while (await atStop(session, printed)) {
    const { instructionPointerReference } = await session.top()
    stops[instructionPointerReference === before ? 'before' : 'after']++
    if (instructionPointerReference === before)
      for (let n = 0; n < 3; n++) await session.run('stepIn', { granularity: 'instruction' })
    else expect(instructionPointerReference).toBe(after)
    await session.request('continue', { threadId: 1 })
  }
  expect(stops.after).toBe(stops.before)
  return { stops: stops.before, answer: linesIn(printed()) }
}

describe.skipIf(!guests)('kprobes', () => {
  test.each([
    ['guest', 'auto'],
    ['shared', 'auto'],
    ['shared', 'iac'],
  ] as const)('ownership %s, our breakpoints by %s', { timeout: 90_000 }, async (ownership, mode) => {
    const session = await shellSession(ownership)
    const at = await addressOf(session, '_tlbil_pid')
    const places = [at, at + 0x10].map(referenceTo)
    for (const line of PREPARE) expect(await answer(session, line)).toEqual([])
    await session.setInstructionBreakpoints(...places.map((instructionReference) => ({ instructionReference, mode })))
    const first = await withStops(session, READ_HITS, places)
    const work = await withStops(session, WORK, places)
    const last = await withStops(session, READ_HITS, places)
    await session.setInstructionBreakpoints()
    // Every call stopped twice, and hit the probe in between. What a line's own calls before its `read` are, they are in both.
    expect(last.stops).toBe(first.stops)
    expect(work.stops).toBeGreaterThan(3)
    expect(hitsIn(last.answer) - hitsIn(first.answer)).toBe(work.stops + last.stops)
    expect((await answer(session, TRACED))[0]).toMatch(TRACE_LINE)
    await session.finish()
  })

  test.skipIf(missingProgram('qemu-system-ppc'))('for comparison, QEMU', { timeout: 60_000 }, async () => {
    const answers = await underQemu([...PREPARE, READ_HITS, WORK, READ_HITS, TRACED])
    const [first, , last, [traced]] = answers.slice(PREPARE.length) as [string[], string[], string[], string[]]
    expect(hitsIn(last) - hitsIn(first)).toBeGreaterThan(3)
    expect(traced).toMatch(TRACE_LINE)
  })
})
