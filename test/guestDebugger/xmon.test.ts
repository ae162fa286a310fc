// The kernel's own debugger beside us, in one boot whose ownership changes while it runs: entered by sysrq, with its breakpoint, its registers
// and its single steps (DBCR0[ICMP]), while we have breakpoints at that same instruction and at the next.
import { expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { AGAIN, guests, missingProgram } from '../support/tools.ts'
import {
  addressOf,
  atStop,
  begin,
  linesIn,
  type Ownership,
  referenceTo,
  SHELL,
  setOwnership,
  shellSession,
  underQemu,
} from './shellSession.ts'

const MON = '0:mon> '

/** What is typed, where xmon then says that it stands, by which interrupt, and our stops and steps on the way. */
interface Exchange {
  readonly type: string
  readonly stands?: string
  readonly stops?: readonly string[]
}
const ENTER: Exchange = { type: 'echo x > /proc/sysrq-trigger', stands: 'xmon+0x54 0' }
/** Set while no breakpoint of ours is there: xmon copies the instruction that it finds. */
const SET: readonly Exchange[] = [ENTER, { type: 'b $sys_sync', stands: 'no more' }, { type: 'x' }]
/** We stop first; our step ends in the trap's interrupt (reference T107, T129). */
const HIT = { stands: 'sys_sync+0x0 700', stops: ['sys_sync+0', '> Program+0'] }
/** Without its breakpoint ours stops alone, and its step ends at our next, which has then been seen. */
const OURS = { stops: ['sys_sync+0', '> sys_sync+4'] }
const END: readonly Exchange[] = [
  { type: 'sync', ...HIT },
  { type: 'bc', stands: 'no more' },
  { type: 'x', ...OURS },
  { type: 'sync', ...OURS },
]
/** On Book E `x` alone leaves into the same trap; `s` steps a copy of the instruction (arch/powerpc/xmon/xmon.c, xmon_core, MSR_DE). */
const BREAK: readonly Exchange[] = [
  { type: 'sync', ...HIT },
  { type: 'x', ...HIT },
  { type: 'r', stands: 'sys_sync+0x0 700' },
]
const WORKING: readonly Exchange[] = [
  ...BREAK,
  { type: 's', stands: 'sys_sync+0x4 7d2' },
  { type: 's', stands: 'sys_sync+0x8 7d2', stops: ['sys_sync+4', '> sys_sync+8'] },
  { type: 'x' },
  ...END,
]
/** No step ends. Behind the copy is a trap of xmon's own, which brings it back from the first one; the second one runs on. */
const HOST: readonly Exchange[] = [
  ...BREAK,
  { type: 's', stands: 'sys_sync+0x4 700' },
  { type: 's', stops: ['sys_sync+4', '> sys_sync+8'] },
  ...END,
]

/** `pc: c02015d0: sys_sync+0x0/0x24` and `Vector: 700` of a stop; `pc  = c02015d0 sys_sync…` and `trap =  700` of r. */
function standsIn(lines: readonly string[]): string | undefined {
  const text = lines.join('\n')
  const place = /^\s*pc\s*[:=] [0-9a-f]+:? (\w+\+0x[0-9a-f]+)/m.exec(text)?.[1]
  const vector = /(?:Vector: |trap = +)([0-9a-f]+)/.exec(text)?.[1]
  return place && `${place} ${vector}`
}

async function registersOf(session: Session): Promise<ReadonlyMap<string, string>> {
  const { groups } = await session.request<{ groups: { registers: { name: string; value: string }[] }[] }>(
    'e500/registers',
  )
  return new Map(groups.flatMap(({ registers }) => registers.map(({ name, value }) => [name.toLowerCase(), value])))
}
/** `R00 = 00000024   R16 = …`, `lr  = c00130e8 ret_from_syscall…`. */
const registersIn = (lines: readonly string[]) =>
  [...lines.join('\n').matchAll(/(\w+) *= ([0-9a-f]{8})\b/g)].map(
    ([, name, value]) => [name!.toLowerCase().replace(/^r0/, 'r'), `0x${value}`] as const,
  )

/** Types one line and lets the guest run through our stops, with a step at each; the registers are those of the last stop. */
async function exchange(session: Session, { type, stands }: Exchange, at: number) {
  const place = async () => {
    const { name, instructionPointerReference } = await session.top()
    return name.startsWith('sys_sync') ? `sys_sync+${Number(instructionPointerReference) - at}` : `${name}+0`
  }
  const printed = await begin(session, type)
  const stops: string[] = []
  let registers: ReadonlyMap<string, string> | undefined
  while (await atStop(session, printed, stands ? MON : SHELL)) {
    stops.push(await place())
    registers = await registersOf(session)
    await session.run('stepIn', { granularity: 'instruction' })
    stops.push(`> ${await place()}`)
    await session.request('continue', { threadId: 1 })
  }
  return { lines: linesIn(printed()), stops, registers }
}

async function talk(session: Session, dialogue: readonly Exchange[], at: number, where: string): Promise<void> {
  let atLastStop: ReadonlyMap<string, string> | undefined
  for (const line of dialogue) {
    const { lines, stops, registers } = await exchange(session, line, at)
    const { type, stands } = line
    expect([type, standsIn(lines) ?? (stands && 'no more'), stops], where).toEqual([type, stands, line.stops ?? []])
    atLastStop = registers ?? atLastStop
    if (type !== 'r') continue
    const shown = registersIn(lines)
    expect(shown).toHaveLength(32 + ['pc', 'lr', 'msr', 'cr', 'ctr', 'xer'].length)
    for (const [name, value] of shown) expect([name, atLastStop!.get(name)], where).toEqual([name, value])
  }
}

test.skipIf(!guests)('xmon', async () => {
  const session = await shellSession('shared')
  const at = await addressOf(session, 'sys_sync')
  const variants: readonly (readonly [Ownership, string])[] = [
    ['guest', 'auto'],
    ['guest', 'trap'],
    ['shared', 'auto'],
    ['shared', 'trap'],
    ['shared', 'iac'],
    ['host', 'auto'],
    ['host', 'trap'],
    ['host', 'iac'],
  ]
  for (const [ownership, mode] of variants) {
    const where = `ownership ${ownership}, our breakpoints by ${mode}`
    await setOwnership(session, ownership)
    await talk(session, SET, at, where)
    const breakpoints = [at, at + 4].map((address) => ({ instructionReference: referenceTo(address), mode }))
    const set = await session.setInstructionBreakpoints(...breakpoints)
    expect(
      set.map(({ verified }) => verified),
      where,
    ).toEqual([true, true])
    await talk(session, ownership === 'host' ? HOST : WORKING, at, where)
    await session.setInstructionBreakpoints()
  }
  await session.finish()
})

test.skipIf(!guests || missingProgram('qemu-system-ppc'))('xmon under QEMU, for comparison', AGAIN, async () => {
  const dialogue = [...SET, ...WORKING]
  const answers = await underQemu(dialogue.map(({ type }) => type))
  expect(answers.map(standsIn)).toEqual(dialogue.map(({ stands }) => (stands === 'no more' ? undefined : stands)))
})
