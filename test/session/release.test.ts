// A session's end gives the guest its code and its slots back, whichever way it ends.
import { afterEach, expect, test, vi } from 'vitest'
import { HostDebug } from '../../emulator/debug/hostDebug.ts'
import { Machine } from '../../emulator/machine.ts'
import { type Session, sampleSession } from '../support/dap/session.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const ENDINGS: readonly (readonly [how: string, end: (session: Session) => Promise<unknown>])[] = [
  ['disconnect that leaves the guest', (session) => session.request('disconnect', { terminateDebuggee: false })],
  ['the connection lost', async ({ client }) => client.hangUp()],
  [
    'a failure of ours',
    async (session) => {
      vi.spyOn(Machine.prototype, 'run').mockImplementation(() => {
        throw new Error('ours')
      })
      await session.type('ticks\r')
    },
  ],
]

test.each(ENDINGS)('%s', async (_, end) => {
  const released = vi.spyOn(HostDebug.prototype, 'release')
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  const [set] = await session.setBreakpoints('shell.c', { marker: 'watch', mode: 'trap' })
  expect(set!.verified).toBe(true)
  await end(session)
  await vi.waitFor(() => expect(released).toHaveBeenCalledOnce(), { timeout: 60_000 })
  expect((released.mock.contexts[0] as HostDebug).breakpoints()).toEqual([])
})
