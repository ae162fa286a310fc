// The guest's own debugger: Linux's ptrace with hardware watchpoints, hardware breakpoints and single steps, in each ownership.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Session } from '../support/dap/session.ts'
import { kernelFile } from '../support/guests.ts'
import { AGAIN, guests, missingProgram } from '../support/tools.ts'
import { HOST, QEMU, WORKING } from './expected.ts'
import { BOOT_ARGS, type Core, consoleOf, linesOf, withInitramfs, withPtrace } from './ptraceSession.ts'
import { atStop, setOwnership } from './shellSession.ts'

const CORES = ['e500v2', 'e500mc'] as const satisfies readonly Core[]
const FOLDER = join(import.meta.dirname, '../guest/ptrace')

test.skipIf(missingProgram('powerpc-linux-gnu-gcc'))('ptrace.elf is what its sources make', () => {
  const folder = mkdtempSync(join(tmpdir(), 'e500-ptrace-'))
  execFileSync('bash', [join(FOLDER, 'build.sh'), join(folder, 'ptrace.elf')])
  expect(readFileSync(join(folder, 'ptrace.elf')).equals(readFileSync(join(FOLDER, 'ptrace.elf')))).toBe(true)
  rmSync(folder, { recursive: true })
})

/** The guest's lines, to its end; it must not have crashed. */
async function linesToTheEnd(session: Session): Promise<string[]> {
  await session.printed('reboot: Power down')
  expect(consoleOf(session)).not.toMatch(/Oops|BUG|WARNING|panic/)
  return linesOf(consoleOf(session))
}

describe.skipIf(!guests).each(CORES)('ptrace on %s', (cpu) => {
  test.each([
    ['guest', 'none', WORKING],
    ['shared', 'none', WORKING],
    ['host', 'none', HOST],
    // Its rules let through what this kernel writes, and refuse in silence what the host owns.
    ['host', 'kvm', HOST],
  ] as const)('ownership %s, hypervisor %s', async (debugOwnership, hypervisor, expected) => {
    await withPtrace(cpu, { debugOwnership, hypervisor }, async (session) => {
      await session.configurationDone()
      expect(await linesToTheEnd(session)).toEqual(expected)
    })
  })

  test('the host takes it while a watchpoint is being armed, and gives it back', async () => {
    await withPtrace(cpu, { debugOwnership: 'guest' }, async (session) => {
      await session.setFunctionBreakpoints('ppc_set_hwdebug')
      await session.configurationDone()
      await session.stopped()
      await setOwnership(session, 'host')
      await session.run('continue')
      await setOwnership(session, 'shared')
      await session.setFunctionBreakpoints()
      await session.request('continue', { threadId: 1 })
      expect(await linesToTheEnd(session)).toEqual(WORKING.filter((line) => !line.startsWith('watch: signal')))
    })
  })
})

describe.skipIf(!guests)('ptrace on two cores', () => {
  test.each([
    ['e500v2', 'kvm'],
    ['e500mc', 'nxp'],
  ] as const)('of %s, hypervisor %s: each has a debug facility of its own, the same lines', async (cpu, hypervisor) => {
    await withPtrace(cpu, { debugOwnership: 'shared', hypervisor, cpus: 2 }, async (session) => {
      await session.configurationDone()
      expect(await linesToTheEnd(session)).toEqual(WORKING)
    })
  })
})

/** The kernel's functions that the program's lines went through: our breakpoints there must stop once for each. */
const wayOf = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    if (line.includes(': slot ')) return ['ppc_set_hwdebug']
    return line.includes(' code 4 ') ? ['do_send_trap'] : []
  })

const BESIDE = { debugOwnership: 'shared', breakpointPlacement: 'iac' }

describe.skipIf(!guests).each(CORES)('beside our IACs in the kernel, on %s', (cpu) => {
  test('where it arms and where it is told', async () => {
    await withPtrace(cpu, BESIDE, async (session) => {
      const set = await session.setFunctionBreakpoints('ppc_set_hwdebug', 'do_send_trap')
      expect(set.map(({ message }) => message)).toEqual(['In IAC1', 'In IAC2'])
      await session.configurationDone()
      const expected = wayOf(WORKING)
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
      expect(await linesToTheEnd(session)).toEqual(WORKING)
    })
  })

  test('at each of its single steps', async () => {
    await withPtrace(cpu, BESIDE, async (session) => {
      // The first gets IAC1, which the guest takes later.
      const breakpoints = [{ name: 'ppc_set_hwdebug' }, { name: 'user_enable_single_step', hitCondition: '%100' }]
      await session.request('setFunctionBreakpoints', { breakpoints })
      await session.configurationDone()
      const stops: string[] = []
      while (await atStop(session, () => consoleOf(session), 'reboot: Power down\r\n')) {
        stops.push((await session.top()).name)
        await session.request('continue', { threadId: 1 })
      }
      expect(linesOf(consoleOf(session))).toEqual(WORKING)
      const asked = Number(/single steps asked for: (\d+)/.exec(consoleOf(session))![1])
      expect(asked).toBeGreaterThan(1000)
      expect(stops.filter((name) => name === 'user_enable_single_step')).toHaveLength(Math.floor(asked / 100))
      const { slots } = await session.request<{ slots: object }>('e500/debugResources', { threadId: 1 })
      expect(slots).toMatchObject({ IAC2: { owner: 'host' } })
    })
  })
})

describe.skipIf(!guests || missingProgram('qemu-system-ppc')).each(CORES)('for comparison, QEMU on %s', (cpu) => {
  test('grants every request, and no watchpoint or breakpoint ever fires', AGAIN, async () => {
    await withInitramfs(async (initrd) => {
      const board = ['-M', 'ppce500', '-cpu', cpu, '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
      const guest = ['-kernel', kernelFile(`vmlinux-${cpu}-smp`), '-initrd', initrd, '-append', BOOT_ARGS]
      const console = execFileSync('qemu-system-ppc', [...board, ...guest], { stdio: ['ignore', 'pipe', 'inherit'] })
      expect(linesOf(console.toString('latin1'))).toEqual(QEMU)
    })
  })
})
