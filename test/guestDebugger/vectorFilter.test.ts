// T132. An ICMP that comes inside Linux' vectors is not the vectors': its filter in head_booke.h (Linux 6.1) clears DE and goes on. As
// published it forgets to restore r2 and r3, which then hold `current` and the frame's pt_regs (frame + 16); our -smp kernels do restore
// them (restore-r2-r3.patch).
import { expect, test } from 'vitest'
import { startSession } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { BOOT_ARGS } from './ptraceSession.ts'

/** Linux: pt_regs begins with r0 to r31. */
const savedGpr = (pointer: number, register: number) => `*(unsigned *)${pointer + 4 * register}`
const CURRENT = '(unsigned)$sprg3 - (unsigned)&((struct task_struct *)0)->thread'

/** Stops at the first instruction of a TLB miss' vector with ICMP and DE set there, and after the filter has had its event. */
async function filtered(cpu: 'e500v2' | 'e500mc', kernel: string) {
  const session = startSession()
  const program = kernelFile(kernel)
  const initrd = guestFile('linux', 'initramfs-bb-sf.cpio.gz')
  await session.launch({ program, cpu, initrd, bootArgs: BOOT_ARGS, runToEntryPoint: 'run_init_process' })
  await session.start()
  await session.catchInterrupts({ filterId: 'Data TLB error', condition: '$srr1 & 0x4000' })
  await session.run('continue')
  await session.catchInterrupts()
  const number = async (expression: string) => Number(await session.evaluate(expression))
  const registers = async () => ({ r2: await number('$r2'), r3: await number('$r3') })
  const [vector, before] = [await number('(unsigned)$pc'), await registers()]
  // IDM and ICMP.
  await session.request('setExpression', { expression: '$dbcr0', value: '0x48000000' })
  await session.request('setExpression', { expression: '$msr.DE', value: '1' })
  await session.setInstructionBreakpoints(`0x${(vector + 4).toString(16)}`)
  await session.run('continue')
  const { events } = await session.request<{ events: object[] }>('e500/debugEvents', { count: 3 })
  const after = await registers()
  const saved = {
    r2: await session.evaluate(savedGpr(after.r3, 2)).then(Number, () => undefined),
    r3: await session.evaluate(savedGpr(after.r3, 3)).then(Number, () => undefined),
  }
  const state = {
    pc: (await number('(unsigned)$pc')) - vector,
    DE: await number('$msr.DE'),
    current: await number(CURRENT),
  }
  await session.finish()
  return { before, after, saved, state, events }
}
const BEFORE_THE_SECOND_INSTRUCTION = { pc: 4, DE: 0 }
const icmp = expect.objectContaining({ event: 'ICMP', to: 'guest' })

test.skipIf(!guests).each(['e500v2', 'e500mc'] as const)(
  'T132 %s: the filter as published returns with r2 = current and r3 = frame + 16',
  async (cpu) => {
    const { before, after, saved, state, events } = await filtered(cpu, `vmlinux-${cpu}`)
    expect(state).toMatchObject(BEFORE_THE_SECOND_INSTRUCTION)
    expect(events).toContainEqual(icmp)
    expect(after.r2).toBe(state.current)
    // The frame's pt_regs: what the filter should have restored stands in it.
    expect(saved).toEqual(before)
  },
)

test.skipIf(!guests).each(['e500v2', 'e500mc'] as const)(
  'T132 %s: with the two lines r2 and r3 are as they were',
  async (cpu) => {
    const { before, after, state, events } = await filtered(cpu, `vmlinux-${cpu}-smp`)
    expect(state).toMatchObject(BEFORE_THE_SECOND_INSTRUCTION)
    expect(events).toContainEqual(icmp)
    expect(after).toEqual(before)
  },
)
