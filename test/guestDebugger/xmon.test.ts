// The kernel's own debugger beside us: entered by sysrq, with its breakpoint, its registers and its single steps (DBCR0[ICMP]), while we
// have a breakpoint in the same function, and another that is hit on the way.
import { describe, expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { addressOf, atStop, begin, linesIn, referenceTo, SHELL, shellSession, underQemu } from './shellSession.ts'

const MON = '0:mon> '
const SYSRQ = 'echo x > /proc/sysrq-trigger'

/** What is typed, and whose prompt comes then. `x` alone leaves from the breakpoint into the same trap: on Book E `s` comes first. */
const DIALOGUE = [
  [SYSRQ, MON],
  ['b $sys_sync', MON],
  ['x', SHELL],
  ['sync', MON],
  ['x', MON],
  ['r', MON],
  ['s', MON],
  ['s', MON],
  ['x', SHELL],
  ['sync', MON],
  ['bc', MON],
  ['x', SHELL],
  ['sync', SHELL],
] as const

/** `pc: c02015d0: sys_sync+0x0/0x24` of a stop, `pc  = c02015d0 sys_sync…` of r. */
const pcIn = (lines: readonly string[]) =>
  lines.map((line) => /^\s*pc\s*[:=] [0-9a-f]+:? (\w+\+0x[0-9a-f]+)/.exec(line)?.[1]).find((place) => place)

/** Where xmon says that it stands. */
const PLACES = [
  'xmon+0x54',
  undefined,
  undefined,
  'sys_sync+0x0',
  'sys_sync+0x0',
  'sys_sync+0x0',
  'sys_sync+0x4',
  'sys_sync+0x8',
  undefined,
  'sys_sync+0x0',
  undefined,
  undefined,
  undefined,
]
/** Our own stops on the way, at sys_sync+4 and ksys_sync+16: xmon's first step ends before +4, its second goes over it. */
const STOPS = [
  [],
  [],
  [],
  [],
  [],
  [],
  [],
  ['sys_sync'],
  ['ksys_sync'],
  [],
  [],
  ['sys_sync', 'ksys_sync'],
  ['sys_sync', 'ksys_sync'],
]

/** Lets the guest run through each of our stops, with a step at each; returns the functions that they were in. */
async function through(session: Session, line: string, prompt: string) {
  const stops: string[] = []
  const printed = await begin(session, line)
  while (await atStop(session, printed, prompt)) {
    stops.push((await session.top()).name)
    await session.run('stepIn', { granularity: 'instruction' })
    await session.request('continue', { threadId: 1 })
  }
  return { place: pcIn(linesIn(printed())), stops }
}

describe.skipIf(!guests)('xmon', () => {
  test.each([
    ['guest', 'auto'],
    ['shared', 'auto'],
    ['shared', 'iac'],
  ] as const)('ownership %s, our breakpoints by %s', { timeout: 90_000 }, async (ownership, mode) => {
    const session = await shellSession(ownership)
    const answers: Awaited<ReturnType<typeof through>>[] = []
    const at = [(await addressOf(session, 'sys_sync')) + 4, (await addressOf(session, 'ksys_sync')) + 16]
    const breakpoints = at.map((address) => ({ instructionReference: referenceTo(address), mode }))
    const set = await session.setInstructionBreakpoints(...breakpoints)
    expect(set.map(({ verified }) => verified)).toEqual([true, true])
    for (const [line, prompt] of DIALOGUE) answers.push(await through(session, line, prompt))
    expect(answers.map(({ place }) => place)).toEqual(PLACES)
    expect(answers.map(({ stops }) => stops)).toEqual(STOPS)
    await session.finish()
  })

  test.skipIf(missingProgram('qemu-system-ppc'))('for comparison, QEMU', { timeout: 60_000 }, async () => {
    const answers = await underQemu(DIALOGUE.map(([line]) => line))
    expect(answers.map(pcIn)).toEqual(PLACES)
  })
})
