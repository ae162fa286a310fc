// A session on Linux with a shell, for the kernel's own debuggers: commands typed at its prompt, and the same dialogue under QEMU.
import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { type Session, startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { consoleOf } from './ptraceSession.ts'

export type Ownership = 'guest' | 'shared' | 'host'
const KERNEL = 'vmlinux-e500v2-smp'
const BOOT_ARGS = 'console=ttyS0,115200 quiet xmon=rw'
/** The shell's, and xmon's. */
const PROMPT = /e500# $|\d:mon> $/
export const SHELL = 'e500# '

export async function shellSession(debugOwnership: Ownership): Promise<Session> {
  const session = startSession()
  await session.launch({
    program: kernelFile(KERNEL),
    initrd: guestFile('linux', 'initramfs-bb-sf.cpio.gz'),
    bootArgs: BOOT_ARGS,
    debugOwnership,
    uarts: [{ index: 0, view: 'terminal' }],
  })
  await session.configurationDone()
  await session.printed(SHELL)
  return session
}

export const setOwnership = (session: Session, debugOwnership: Ownership) =>
  session.request('e500/setOwnership', { debugOwnership })

/** Where the kernel's function runs. Once it runs at all: before, a breakpoint stands where it is loaded. */
export async function addressOf(session: Session, name: string): Promise<number> {
  const [breakpoint] = await session.setFunctionBreakpoints(name)
  await session.setFunctionBreakpoints()
  return Number.parseInt(breakpoint!.instructionReference!, 16)
}
export const referenceTo = (address: number) => `0x${address.toString(16)}`

/** Types a line; what is printed from then on. */
export async function begin(session: Session, line: string): Promise<() => string> {
  const start = consoleOf(session).length
  await session.type(`${line}\n`)
  return () => consoleOf(session).slice(start)
}

/** True at a stop that nobody has had yet, false at the prompt. */
export async function atStop(session: Session, printed: () => string, prompt = SHELL): Promise<boolean> {
  for (let tries = 0; tries < 40_000; tries++) {
    if (isStopped(session)) {
      await session.stopped()
      return true
    }
    if (printed().endsWith(prompt)) return false
    await setTimeout(5)
  }
  throw new Error(`Neither a stop nor ${prompt}: ${printed()}`)
}
/** No request to run has come since the last stop. */
function isStopped({ client }: Session): boolean {
  const messages = client.log.map(({ message }) => message as { event?: string; command?: string; type?: string })
  const stop = messages.findLastIndex(({ event }) => event === 'stopped')
  return (
    stop >
    messages.findLastIndex(({ type, command }) => type === 'request' && /^(continue|stepIn|next)$/.test(command!))
  )
}

/** What a command prints. */
export async function answer(session: Session, line: string, prompt = SHELL): Promise<string[]> {
  const printed = await begin(session, line)
  if (await atStop(session, printed, prompt)) throw new Error(`A stop while ${line} ran`)
  return linesIn(printed())
}
/** Without the echo and the prompt. */
export const linesIn = (text: string) => text.replaceAll('\r', '').split('\n').slice(1, -1)

/** Types each line when a prompt has come; resolves with what each printed. */
export function underQemu(lines: readonly string[]): Promise<string[][]> {
  const board = ['-M', 'ppce500', '-cpu', 'e500v2', '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
  const initrd = guestFile('linux', 'initramfs-bb-sf.cpio.gz')
  const guest = ['-kernel', kernelFile(KERNEL), '-initrd', initrd, '-append', BOOT_ARGS]
  const process = spawn('qemu-system-ppc', [...board, ...guest], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers: string[][] = []
  let text = ''
  process.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    if (!PROMPT.test(text)) return
    answers.push(linesIn(text))
    text = ''
    if (answers.length > lines.length) process.kill('SIGKILL')
    else process.stdin.write(`${lines[answers.length - 1]}\n`)
  })
  return new Promise((resolve, reject) => {
    process.on('error', reject)
    process.on('close', () => resolve(answers.slice(1)))
  })
}
