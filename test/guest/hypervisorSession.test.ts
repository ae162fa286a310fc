// A hypervisor's developer at work: the small hypervisor and its guest in one debug session. What is expected follows from their sources and
// from what the architecture says of a debug interrupt out of guest state (reference T78 to T83).
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Session, startSession } from '../support/dap/session.ts'

const folder = join(import.meta.dirname, 'hypervisor')
/** As the session's helper finds sources: from the sample's folder. */
const HYPERVISOR = '../hypervisor/hypervisor.c'

async function hypervisorSession(): Promise<Session> {
  const session = startSession()
  const uarts = [{ index: 0, view: 'terminal' }]
  await session.launch({ program: join(folder, 'hypervisor.elf'), cpu: 'e500mc', memory: '64M', uarts })
  return session
}

const functions = async (session: Session) => (await session.stack()).map(({ name }) => name.replace(/\+.*/, ''))
/** Of the registers panel: those fields of a register that are not 0, or an address by its symbol. */
async function registers(session: Session, ...names: readonly string[]) {
  const { groups } = await session.request<{ groups: { registers: Register[] }[] }>('e500/registers')
  const all = groups.flatMap((group) => group.registers)
  return names.map((name) => {
    const { fields = [], symbol, value } = all.find((register) => register.name === name)!
    return `${name} ${symbol ?? (fields.flatMap((field) => (field.value ? [field.name] : [])).join(' ') || value)}`
  })
}
interface Register {
  readonly name: string
  readonly value: string
  readonly symbol?: string
  readonly fields?: readonly { readonly name: string; readonly value: number }[]
}

const DEBUG = ['MSR', 'MSRP', 'EPCR', 'DBCR0', 'DBSR', 'DSRR0', 'DSRR1']

test('a stop in the guest, one in the debug handler that comes of it, steps there, and back into the guest', async () => {
  const session = await hypervisorSession()
  await session.setFunctionBreakpoints('counted')
  await session.setBreakpoints(HYPERVISOR, 'debug')
  await session.start()
  expect(await functions(session)).toEqual(['counted', 'under_the_hypervisor', 'guest_main', 'guest_start'])
  const owned = ['MSRP DEP', 'EPCR DUVD']
  expect(await registers(session, ...DEBUG)).toEqual([
    'MSR GS ME DE',
    ...owned,
    'DBCR0 IDM TRAP IAC1',
    'DBSR 0x00000000',
    'DSRR0 0x00000000',
    'DSRR1 0x00000000',
  ])
  // The hypervisor's own IAC1 is at this instruction too: ours was first.
  await session.run('continue')
  // `interrupted` calls as its last instruction: what it returns to is another function's.
  expect(await functions(session)).toEqual(['debug_interrupt', 'hypervisor_interrupt', 'interrupted'])
  const inHandler = ['MSR ME', ...owned, 'DBCR0 IDM TRAP IAC1', 'DBSR IAC1', 'DSRR0 counted', 'DSRR1 GS ME DE']
  expect(await registers(session, ...DEBUG)).toEqual(inHandler)
  expect(await session.evaluate('context.pc == (unsigned)counted && (context.msr & 0x10000000) != 0')).toBe('1')

  await session.run('stepIn')
  await session.run('stepIn')
  expect((await functions(session))[0]).toBe('own_event')
  expect(await session.evaluate('dbsr == 0x00800000')).toBe('1')
  await session.run('stepOut')
  await session.run('stepOut')
  expect((await functions(session))[0]).toBe('hypervisor_interrupt')
  const after = ['MSR ME', ...owned, 'DBCR0 IDM ICMP TRAP', 'DBSR 0x00000000', 'DSRR0 counted', 'DSRR1 GS ME DE']
  expect(await registers(session, ...DEBUG)).toEqual(after)
  // By lines to the rfi, and over it: the guest, where our breakpoint is.
  for (let lines = 0; lines < 40 && (await session.evaluate('$msr.GS')) === '0'; lines++) await session.run('next')
  expect((await functions(session))[0]).toBe('counted')
  expect(await registers(session, 'MSR', 'SRR0', 'GSRR1')).toEqual(['MSR GS ME DE', 'SRR0 counted', 'GSRR1 GS ME'])
  await session.finish()
})

test('steps by lines in the guest, whose every instruction the hypervisor steps too', async () => {
  const session = await hypervisorSession()
  await session.setFunctionBreakpoints('counted')
  await session.start()
  await session.setFunctionBreakpoints()
  const places: string[] = []
  for (let lines = 0; lines < 4; lines++) {
    await session.run('next')
    const { name } = await session.top()
    places.push(`${name}, GS ${await session.evaluate('$msr.GS')}`)
  }
  expect(places).toEqual(['counted+0x4, GS 1', 'counted+0x8, GS 1', 'counted+0xc, GS 1', 'under_the_hypervisor, GS 1'])
  const said = ['IAC1 at counted+0', 'a step to counted+4', 'a step to counted+8']
  for (const words of said) await session.printed(`hypervisor: ${words}, in the guest\n`)
  await session.finish()
})

test('a breakpoint for one state alone, and a bit of the hypervisor’s changed from outside', async () => {
  const session = await hypervisorSession()
  const breakpoints = [
    { name: 'counted', condition: '$msr.GS == 0' },
    { name: 'debug_interrupt', condition: '$msr.GS' },
  ]
  await session.request('setFunctionBreakpoints', { breakpoints: [...breakpoints, { name: 'watches_data' }] })
  await session.start()
  expect((await session.top()).name).toBe('watches_data')
  // Without DUVD the load that the hypervisor does for its guest is an event, and its DE is 0: DAC1R with IDE.
  const { id: frameId } = await session.top()
  await session.request('setExpression', { expression: '$epcr.DUVD', value: '0', frameId })
  await session.request('continue', { threadId: 1 })
  await session.printed('guest:   which is no event, DBSR 80080000')
  await session.finish()
})
