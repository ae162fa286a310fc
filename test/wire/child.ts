// A small adapter on stdin and stdout, for transport.test.ts. What it logs must not get between its messages.

import type { Request } from '../../adapter/wire/protocolSession.ts'
import { serve } from '../../adapter/wire/serve.ts'

await serve(process.stdin, process.stdout, (session) => ({
  initialize: (_: object, request: Request) => request.afterResponse(() => session.send('initialized')),
  threads: () => ({ threads: [{ id: 1, name: 'x'.repeat(1 << 20) }] }),
  pause: () => {
    throw new TypeError('oops')
  },
  disconnect: (_: object, request: Request) => request.afterResponse(() => session.end()),
}))
// As in main.ts: the client need not close our stdin first.
process.exit()
