// A session on Linux whose /init is test/guest/ptrace: the guest debugs its own child while we debug the guest.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initramfs } from '../support/cpio.ts'
import { type Session, startSession } from '../support/dap/session.ts'
import { kernelFile } from '../support/guests.ts'

export type Core = 'e500v2' | 'e500mc'
export const BOOT_ARGS = 'console=ttyS0,115200 quiet panic=-1'
const PROGRAM = join(import.meta.dirname, '../guest/ptrace/ptrace.elf')

/** Calls it with the initramfs as a file. */
export async function withInitramfs<Result>(body: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'e500-ptrace-'))
  const file = join(folder, 'ptrace.cpio')
  writeFileSync(file, initramfs(readFileSync(PROGRAM)))
  try {
    return await body(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Starts the kernel's session, lets the body set breakpoints and run, and finishes it. */
export const withPtrace = (cpu: Core, more: object, body: (session: Session) => Promise<void>) =>
  withInitramfs(async (initrd) => {
    const session = startSession()
    await session.launch({
      program: kernelFile(`vmlinux-${cpu}-smp`),
      cpu,
      initrd,
      bootArgs: BOOT_ARGS,
      uarts: [{ index: 0, view: 'terminal' }],
      ...more,
    })
    await body(session)
    await session.finish()
  })

/** Everything that UART 0 sent so far. */
export const consoleOf = ({ client }: Session): string =>
  client.log
    .map(({ message }) => message as { event?: string; body?: { data?: string } })
    .filter(({ event }) => event === 'e500/uartOutput')
    .map(({ body }) => Buffer.from(body!.data!, 'base64').toString('latin1'))
    .join('')

/** The program's lines, out of the whole console: from its first to `done`. */
export function linesOf(console: string): string[] {
  const lines = console.replaceAll('\r', '').split('\n')
  const first = lines.findIndex((line) => line.startsWith('info:'))
  return lines.slice(first, lines.indexOf('done'))
}
