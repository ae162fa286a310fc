// Sessions on a TCP port, one for each connection: for other editors, and for a debugger that attaches to a running guest.
import { createServer, type Server } from 'node:net'
import { UserError } from '../userError.ts'
import type { MakeHandlers } from './protocolSession.ts'
import { serve } from './serve.ts'

export interface Listening {
  readonly port: number
  /** Takes no more connections; sessions go on. */
  close(): void
}

/** Resolves when the port is open; port 0 means any. `onBug` as in serve. */
export async function listen(
  port: number,
  host: string,
  makeHandlers: MakeHandlers,
  onBug?: (error: unknown) => void,
): Promise<Listening> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    void serve(socket, socket, makeHandlers, { strictStart: true, ...(onBug && { onBug }) }).then(() =>
      socket.destroySoon(),
    )
  })
  await opened(server, port, host)
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : port, close: () => server.close() }
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new UserError(whyNot(error, port, host))))
    server.listen(port, host, resolve)
  })
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another with --port, or 0 for any that is free.`
  if (error.code === 'EACCES')
    return `Port ${port} may only be opened by the superuser. Choose one above 1023 with --port.`
  return `Cannot listen on ${host}, port ${port}: ${error.message}. Check --host and --port.`
}
