// Linux's kprobes beside us, in one boot whose ownership changes while it runs. An instruction that the kernel can neither emulate nor replace
// by a jump (arch/powerpc/lib/sstep.c: of mfspr it knows XER, LR and CTR alone) makes each hit a trap and then a single step by DBCR0[ICMP].
import { expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { AGAIN, guests, missingProgram } from '../support/tools.ts'
import {
  addressOf,
  answer,
  atStop,
  begin,
  linesIn,
  type Ownership,
  referenceTo,
  setOwnership,
  shellSession,
  underQemu,
} from './shellSession.ts'

/** `_tlbil_pid` as the kernel has patched it for this core: +0 li, +4 mtspr, +8 mfspr of MMUCSR0, +12 andi., +16 bne (which it emulates). */
const STEPPED = 8
const EMULATED = 16
const MOUNT = 'mount -t debugfs debugfs /sys/kernel/debug; cd /sys/kernel/debug/tracing'
const probeAt = (offset: number) => [
  `echo p:mine _tlbil_pid+${offset} > kprobe_events`,
  'echo 1 > events/kprobes/mine/enable',
]
const REMOVE = 'echo 0 > events/kprobes/mine/enable; echo > kprobe_events'
/** A fork, an exec and an exit call `_tlbil_pid`. The profile's line is `mine`, hits, misses; `read` is a builtin. */
const WORK = 'read a < kprobe_profile; sh -c :; read b < kprobe_profile; echo $a $b'
/** The kernel's function that writes that line. A part of it is inlined in itself, so it stops twice. */
const PROFILE = 'probes_profile_seq_show'
const TRACED = 'tail -1 trace'
const LIST = 'grep _tlbil_pid ../kprobes/list'

/** `d`: interrupts are off, as they are behind a trap and not behind a jump. `n` beside it: a tick came meanwhile. */
const traceLine = (offset: number) =>
  new RegExp(`d[Nnp.]\\.+ +[\\d.]+: mine: \\(_tlbil_pid\\+0x${offset.toString(16)}/0x2c\\)$`)
/** A probe that became a jump would be [OPTIMIZED]. */
const listed = (offset: number) => new RegExp(`^[0-9a-f]{8}  k  _tlbil_pid\\+0x${offset.toString(16)} *$`)
function hitsIn(answer: readonly string[]): number {
  const [, before, after] = /^mine (\d+) 0 mine (\d+) 0$/.exec(answer.at(-1)!)!
  return Number(after) - Number(before)
}

/**
 * Runs a line that is stopped before each call and before each probed instruction, with a step at both, and where the kernel reads the hits.
 * Returns the calls, and those of them between the two readings.
 */
async function withStops(session: Session, line: string, [entry, probed]: readonly number[]) {
  const next = () => session.run('next', { granularity: 'instruction' })
  const printed = await begin(session, line)
  const readings: number[] = []
  const places: number[] = []
  let calls = 0
  while (await atStop(session, printed)) {
    const { name, instructionPointerReference } = await session.top()
    const at = Number(instructionPointerReference)
    if (name === PROFILE) {
      if (readings.at(-1) !== calls) readings.push(calls)
    } else {
      places.push(at)
      await next()
      places.push(Number((await session.top()).instructionPointerReference))
      if (at === entry) calls++
    }
    await session.request('continue', { threadId: 1 })
  }
  // One step for us over the probed instruction, in which the guest takes its trap, runs its handler and single-steps a copy.
  const ofEachCall = [entry!, entry! + 4, probed!, probed! + 4]
  expect(places).toEqual(Array(calls).fill(ofEachCall).flat())
  expect(readings).toHaveLength(2)
  return { calls, between: readings[1]! - readings[0]!, answer: linesIn(printed()) }
}
interface Event {
  readonly instructions: number
  readonly event: string
  readonly to: string
  readonly symbol?: string
}
const debugEvents = async (session: Session) =>
  (await session.request<{ events: Event[] }>('e500/debugEvents', { threadId: 1, count: 256 })).events
/**
 * The guest's own single steps of copies: a copy stands where no function is. Its page may miss in the TLB; then the first instruction of that
 * handler completes with ICMP as well, which the kernel's filter lets go (reference T55; head_booke.h).
 */
const copiesStepped = (events: readonly Event[]) =>
  events.filter(({ event, to, symbol }) => event === 'ICMP' && to === 'guest' && symbol === undefined).length

async function probe(session: Session, offset: number): Promise<void> {
  for (const line of probeAt(offset)) expect(await answer(session, line)).toEqual([])
  expect((await answer(session, LIST))[0]).toMatch(listed(offset))
}

/** Puts a probe, compares its hits with our stops at the function's entry and at the probed instruction itself, and takes it away. */
async function compareHits(session: Session, ownership: Ownership, mode: string, offset: number): Promise<void> {
  const where = `ownership ${ownership}, our breakpoints by ${mode}`
  await setOwnership(session, ownership)
  await probe(session, offset)
  const entry = await addressOf(session, '_tlbil_pid')
  const places = [entry, entry + offset]
  const breakpoints = places.map((place) => ({ instructionReference: referenceTo(place), mode }))
  const set = await session.setInstructionBreakpoints(...breakpoints)
  expect(
    set.map(({ verified }) => verified),
    where,
  ).toEqual([true, true])
  await session.setFunctionBreakpoints(PROFILE)
  const before = (await debugEvents(session)).at(-1)!.instructions
  const { calls, between, answer: profile } = await withStops(session, WORK, places)
  const events = (await debugEvents(session)).filter(({ instructions }) => instructions > before)
  await session.setInstructionBreakpoints()
  await session.setFunctionBreakpoints()
  expect(between, where).toBeGreaterThan(0)
  expect(hitsIn(profile), where).toBe(between)
  expect(copiesStepped(events), where).toBe(offset === STEPPED ? calls : 0)
  expect((await answer(session, TRACED))[0]).toMatch(traceLine(offset))
  expect(await answer(session, REMOVE)).toEqual([])
}

/** Steps by lines through the caller, over its call. */
async function overTheCall(session: Session): Promise<void> {
  await probe(session, STEPPED)
  await session.setFunctionBreakpoints('flush_tlb_mm', PROFILE)
  const printed = await begin(session, WORK)
  const steps: string[][] = []
  const readings: number[] = []
  while (await atStop(session, printed)) {
    const names = [(await session.top()).name]
    if (names[0] === PROFILE) {
      if (readings.at(-1) !== steps.length) readings.push(steps.length)
    } else {
      while (names.at(-1) === 'flush_tlb_mm') {
        await session.run('next')
        names.push((await session.top()).name)
      }
      steps.push(names)
    }
    await session.request('continue', { threadId: 1 })
  }
  await session.setFunctionBreakpoints()
  expect(steps.flat()).not.toContainEqual(expect.stringMatching(/^_tlbil_pid/))
  expect(hitsIn(linesIn(printed()))).toBe(readings[1]! - readings[0]!)
  expect(await answer(session, REMOVE)).toEqual([])
}

test.skipIf(!guests)('kprobes', async () => {
  const session = await shellSession('shared')
  expect(await answer(session, MOUNT)).toEqual([])
  await overTheCall(session)
  for (const mode of ['auto', 'trap', 'iac']) await compareHits(session, 'shared', mode, STEPPED)
  for (const mode of ['auto', 'trap']) await compareHits(session, 'guest', mode, STEPPED)
  // What the kernel emulates needs no debug facility.
  for (const mode of ['auto', 'trap', 'iac']) await compareHits(session, 'host', mode, EMULATED)
  // Linux does not ask DBCR0[EDM]: its step never ends, and it runs on into what stands behind the copy.
  const [define, enable] = probeAt(STEPPED)
  expect(await answer(session, define!)).toEqual([])
  const trouble = await answer(session, `${enable}; sh -c :`, '0:mon> ')
  expect(trouble.slice(0, 3).join('\n')).toMatch(
    /Vector: 700 \(Program Check\).*\n {4}pc: [0-9a-f]{8}\n {4}lr: [0-9a-f]{8}: flush_tlb_mm/,
  )
  await session.finish()
})

test.skipIf(!guests || missingProgram('qemu-system-ppc'))('kprobes under QEMU, for comparison', AGAIN, async () => {
  const perProbe = (offset: number) => [...probeAt(offset), LIST, WORK, TRACED, REMOVE]
  const answers = await underQemu([MOUNT, ...perProbe(STEPPED), ...perProbe(EMULATED)])
  for (const [n, offset] of [STEPPED, EMULATED].entries()) {
    const [list, work, traced] = answers.slice(3 + 6 * n)
    expect(list![0]).toMatch(listed(offset))
    expect(hitsIn(work!)).toBeGreaterThan(0)
    expect(traced![0]).toMatch(traceLine(offset))
  }
})
