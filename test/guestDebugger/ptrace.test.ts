// The guest's own debugger: Linux's ptrace with hardware watchpoints, hardware breakpoints and single steps, in each ownership.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kernelFile } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'
import { HOST, QEMU, WORKING } from './expected.ts'
import { BOOT_ARGS, type Core, consoleOf, linesOf, withInitramfs, withPtrace } from './ptraceSession.ts'

const CORES = ['e500v2', 'e500mc'] as const satisfies readonly Core[]
const FOLDER = join(import.meta.dirname, '../guest/ptrace')

test.skipIf(missingProgram('powerpc-linux-gnu-gcc'))('ptrace.elf is what its sources make', () => {
  const folder = mkdtempSync(join(tmpdir(), 'e500-ptrace-'))
  execFileSync('bash', [join(FOLDER, 'build.sh'), join(folder, 'ptrace.elf')])
  expect(readFileSync(join(folder, 'ptrace.elf')).equals(readFileSync(join(FOLDER, 'ptrace.elf')))).toBe(true)
  rmSync(folder, { recursive: true })
})

describe.skipIf(!guests).each(CORES)('ptrace on %s', (cpu) => {
  test.each([
    ['guest', WORKING],
    ['shared', WORKING],
    ['host', HOST],
  ] as const)('ownership %s', { timeout: 60_000 }, async (debugOwnership, expected) => {
    await withPtrace(cpu, { debugOwnership }, async (session) => {
      await session.configurationDone()
      await session.printed('reboot: Power down')
      expect(linesOf(consoleOf(session))).toEqual(expected)
      expect(consoleOf(session)).not.toMatch(/Oops|BUG|WARNING|panic/)
    })
  })
})

describe.skipIf(!guests).each(CORES)('ptrace on two cores of %s', (cpu) => {
  test('each core has a debug facility of its own: the same lines', { timeout: 60_000 }, async () => {
    await withPtrace(cpu, { debugOwnership: 'shared', cpus: 2 }, async (session) => {
      await session.configurationDone()
      await session.printed('reboot: Power down')
      expect(linesOf(consoleOf(session))).toEqual(WORKING)
    })
  })
})

/** The kernel's functions that the program's lines went through: our breakpoints there must stop once for each. */
const wayOf = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    if (line.includes(': slot ')) return ['ppc_set_hwdebug']
    return line.includes(' code 4 ') ? ['do_send_trap'] : []
  })

describe.skipIf(!guests).each(CORES)('beside our IACs in the kernel, on %s', (cpu) => {
  test.each([[['ppc_set_hwdebug']], [['ppc_set_hwdebug', 'do_send_trap']]])(
    'in %j',
    { timeout: 60_000 },
    async (functions) => {
      const more = { debugOwnership: 'shared', breakpointPlacement: 'iac' }
      await withPtrace(cpu, more, async (session) => {
        const set = await session.setFunctionBreakpoints(...functions)
        expect(set.map(({ message }) => message)).toEqual(['In IAC1', 'In IAC2'].slice(0, functions.length))
        await session.configurationDone()
        const expected = wayOf(WORKING).filter((name) => functions.includes(name))
        const hits: string[] = []
        for (const _ of expected) {
          const { description } = await session.stopped()
          hits.push(`${(await session.top()).name} ${description!.replace(/ at 0xc.*/, '')}`)
          await session.request('continue', { threadId: 1 })
        }
        // The guest's first breakpoint takes IAC1 while we stand in the second call: from then on our first is laid over the code.
        let armed = 0
        const placement = (name: string) => {
          if (name === 'do_send_trap') return 'IAC2 hit'
          return armed++ < 2 ? 'IAC1 hit' : 'Breakpoint'
        }
        expect(hits).toEqual(expected.map((name) => `${name} ${placement(name)}`))
        await session.printed('reboot: Power down')
        expect(linesOf(consoleOf(session))).toEqual(WORKING)
      })
    },
  )
})

describe.skipIf(!guests || missingProgram('qemu-system-ppc')).each(CORES)('for comparison, QEMU on %s', (cpu) => {
  test('grants every request, and no watchpoint or breakpoint ever fires', { timeout: 60_000 }, async () => {
    await withInitramfs(async (initrd) => {
      const board = ['-M', 'ppce500', '-cpu', cpu, '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
      const guest = ['-kernel', kernelFile(`vmlinux-${cpu}-smp`), '-initrd', initrd, '-append', BOOT_ARGS]
      const console = execFileSync('qemu-system-ppc', [...board, ...guest], { stdio: ['ignore', 'pipe', 'inherit'] })
      expect(linesOf(console.toString('latin1'))).toEqual(QEMU)
    })
  })
})
