// A session's state, and what happens to it when the guest or the client goes.
import type { Host } from '../host.ts'
import { stepContext } from '../requests/execution.ts'
import { reload, sayEnded } from '../requests/lifecycle.ts'
import type { SessionState } from '../state.ts'
import { resume } from '../stepping/stepPlan.ts'
import type { Ended } from '../stop.ts'
import type { ProtocolSession } from '../wire/protocolSession.ts'
import { Lines } from './lines.ts'

export function createState(host: Host, session: ProtocolSession): SessionState {
  const lines = new Lines(host, (output) => session.send('output', { category: 'console', output }))
  const state: SessionState = {
    host,
    send: (event, body) => {
      for (const flush of state.gathered) flush()
      session.send(event, body)
    },
    gathered: [() => lines.flush()],
    print: (line) => lines.add(line),
    onBug: (error) => session.bug(error),
    ended: (how) => guestEnded(state, how),
    end: () => session.end(),
    client: { linesStartAt1: true, columnsStartAt1: true, supportsMemoryEvent: false, supportsInvalidatedEvent: false },
    debuggee: undefined,
    isConfigured: false,
    hasEnded: false,
  }
  // However it ends: by disconnect, by a failure of ours, by a lost connection.
  session.atEnd(() => {
    state.debuggee?.runner.dispose()
    state.debuggee?.machine.hostDebug.release()
  })
  return state
}

function guestEnded(state: SessionState, { kind }: Ended): void {
  const { debuggee } = state
  if (kind === 'reset' && debuggee) {
    state.send('output', { category: 'console', output: 'The guest reset itself and starts again.\n' })
    reload(debuggee, true)
    debuggee.runner.run(resume(stepContext(debuggee, 0)))
    return
  }
  state.send('output', { category: 'console', output: 'The guest powered off.\n' })
  sayEnded(state)
}
