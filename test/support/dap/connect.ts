// The three ways to an adapter: in this process, a child process on stdin and stdout, a TCP port.
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import type { MakeHandlers } from '../../../adapter/wire/protocolSession.ts'
import { serve } from '../../../adapter/wire/serve.ts'
import { DapClient } from './client.ts'

interface ConnectOptions {
  readonly timeoutMs?: number
}

export function connectInProcess(makeHandlers: MakeHandlers, { timeoutMs }: ConnectOptions = {}): DapClient {
  const toAdapter = new PassThrough()
  const fromAdapter = new PassThrough()
  const bugs: unknown[] = []
  void serve(toAdapter, fromAdapter, makeHandlers, { onBug: (error) => bugs.push(error) })
  return new DapClient({ toAdapter, fromAdapter, bugs }, timeoutMs)
}

interface ChildOptions extends ConnectOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

export function connectToChild(
  program: string,
  args: readonly string[],
  { timeoutMs, ...options }: ChildOptions = {},
): DapClient {
  const child = spawn(program, args, { ...options, stdio: 'pipe' })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return new DapClient({ toAdapter: child.stdin, fromAdapter: child.stdout, stderr: () => stderr, exited }, timeoutMs)
}

export async function connectToPort(
  port: number,
  host = '127.0.0.1',
  { timeoutMs }: ConnectOptions = {},
): Promise<DapClient> {
  const socket = connect({ port, host, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('error', reject).once('connect', resolve))
  return new DapClient({ toAdapter: socket, fromAdapter: socket }, timeoutMs)
}
