// A session's state, and what happens to it when the guest or the client goes.
import type { Host } from '../host.ts'
import { stepContext } from '../requests/execution.ts'
import { reload } from '../requests/lifecycle.ts'
import type { SessionState } from '../state.ts'
import { resume } from '../stepping/stepPlan.ts'
import type { Ended } from '../stop.ts'
import type { ProtocolSession } from '../wire/protocolSession.ts'

export function createState(host: Host, session: ProtocolSession): SessionState {
  const state: SessionState = {
    host,
    send: (event, body) => session.send(event, body),
    onBug: (error) => session.bug(error),
    ended: (how) => guestEnded(state, how),
    end: () => session.end(),
    client: { linesStartAt1: true, columnsStartAt1: true, supportsMemoryEvent: false, supportsInvalidatedEvent: false },
    debuggee: undefined,
  }
  session.atEnd(() => state.debuggee?.runner.dispose())
  return state
}

function guestEnded(state: SessionState, { kind }: Ended): void {
  const { debuggee } = state
  if (kind === 'reset' && debuggee) {
    state.send('output', { category: 'console', output: 'The guest reset itself and starts again.\n' })
    reload(debuggee)
    debuggee.runner.run(resume(stepContext(debuggee, 0)))
    return
  }
  state.send('output', { category: 'console', output: 'The guest powered off.\n' })
  // After what the guest wrote last.
  state.host.later(() => {
    state.send('exited', { exitCode: 0 })
    state.send('terminated')
  }, 20)
}
