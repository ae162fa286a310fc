// Both debuggers at one address: where the guest's ptrace has its watchpoint and its breakpoint, we have ours (reference 3.6, T107). Which
// addresses these are, the kernel's own function that arms them says.
import { describe, expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { guests } from '../support/tools.ts'
import { WORKING } from './expected.ts'
import { consoleOf, linesOf, withPtrace } from './ptraceSession.ts'
import { referenceTo } from './shellSession.ts'

const ARMS = 'ppc_set_hwdebug'
const STORE = 'DAC2 write'
const CALL = 'IAC2 hit'
/** test/guest/ptrace, stores(): three calls of `target`, each before a store to `word`. What the guest's event suppressed is executed anew. */
const WATCH = [STORE, STORE, STORE, STORE]
const BREAK = [CALL, CALL, STORE, CALL, STORE, CALL, STORE]
const BOTH = [CALL, CALL, STORE, STORE, CALL, STORE, CALL, STORE]
/** Armed by another function of the kernel. */
const DEBUGREG = [CALL, STORE, STORE, CALL, STORE, CALL, STORE]
/** The load after the loop is none of ours. */
const READ = [CALL, STORE, CALL, STORE, CALL, STORE]

const asked = async (session: Session) => Number(await session.evaluate('(unsigned)bp_info->addr'))

async function watch(session: Session, addresses: readonly number[]) {
  const breakpoints = await Promise.all(
    addresses.map(async (address) => {
      const wanted = { name: referenceTo(address), asAddress: true, bytes: 4, mode: 'dac' }
      return { dataId: (await session.dataBreakpointInfo(wanted)).dataId!, accessType: 'write' as const }
    }),
  )
  const set = await session.setDataBreakpoints(...breakpoints)
  expect(set.map(({ message }) => message)).toEqual(['In DAC1', 'In DAC2'])
}

async function stop(session: Session): Promise<string> {
  const { description } = await session.stopped()
  return /^[ID]AC2 \w+/.exec(description!)?.[0] ?? (await session.top()).name
}
async function onward(session: Session, expected: readonly string[]): Promise<void> {
  const stops: string[] = []
  for (const _ of expected) {
    await session.request('continue', { threadId: 1 })
    stops.push(await stop(session))
  }
  expect(stops).toEqual(expected)
}

describe.skipIf(!guests).each(['e500v2', 'e500mc'] as const)('both debuggers at one address, on %s', (cpu) => {
  test('ours first, then the guest’s as if alone', async () => {
    await withPtrace(cpu, { debugOwnership: 'shared', breakpointPlacement: 'iac' }, async (session) => {
      // It is in IAC1 until the guest takes that; so is the first watchpoint in DAC1, beside the word.
      await session.setFunctionBreakpoints(ARMS)
      await session.configurationDone()
      expect(await stop(session)).toBe(ARMS)
      const word = await asked(session)
      await watch(session, [word + 64, word])
      await onward(session, [...WATCH, ARMS])
      const instructionReference = referenceTo(await asked(session))
      const [set] = await session.setInstructionBreakpoints({ instructionReference, mode: 'iac' })
      expect(set!.message).toBe('In IAC2')
      await onward(session, [...BREAK, ARMS, ARMS, ...BOTH, ...DEBUGREG, ARMS, ...READ, ARMS])
      await session.setFunctionBreakpoints()
      await session.setInstructionBreakpoints()
      await session.setDataBreakpoints()
      await session.request('continue', { threadId: 1 })
      await session.printed('reboot: Power down')
      expect(linesOf(consoleOf(session))).toEqual(WORKING)
    })
  })
})
