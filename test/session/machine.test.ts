// The requests that only this machine has: e500/… on the sample guest.

import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { SAMPLE_ELF, type Session, sampleSession } from '../support/dap/session.ts'

const HYPERVISOR_ELF = join(import.meta.dirname, '../guest/hypervisor/hypervisor.elf')

interface Shown {
  readonly value: string
  readonly fields: Readonly<Record<string, number>>
}
interface Resources {
  readonly ownership: string
  readonly hypervisor: string
  readonly guest: Readonly<Record<string, Shown>>
  readonly host: {
    readonly request: {
      readonly enable: boolean
      readonly singleStep: boolean
      readonly swBreakpoints: readonly { breakpointId?: number; address: string }[]
      readonly hwBreakpoints: readonly { breakpointId?: number; address: string; type: string }[]
    }
    readonly registers: Readonly<Record<string, Shown>>
  }
  readonly hardware: Readonly<Record<string, Shown>>
  readonly slots: Readonly<Record<string, { owner: string | null; breakpointId?: number; address?: string }>>
  readonly overlays: readonly { breakpointId?: number; address: string; length: number }[]
}
interface Interrupts {
  readonly counts: Readonly<Record<string, number>>
  readonly last: readonly { name: string; to: string }[]
}
const resources = (session: Session) => session.request<Resources>('e500/debugResources', { threadId: 1 })

async function atPrompt(configuration: object = {}): Promise<Session> {
  const session = await sampleSession(configuration)
  await session.configurationDone()
  await session.printed('sample> ')
  return session
}

test('debugResources: an IAC, a DAC, an overlay and a trap of the host, with who holds which slot', async () => {
  const session = await atPrompt()
  const [iac, auto, trap] = await session.setBreakpoints(
    'user.c',
    { marker: 'longest', mode: 'iac', condition: '0' },
    { marker: 'collatz-end', mode: 'auto', condition: '0' },
    { marker: 'consumer-start', mode: 'trap' },
  )
  const dac = await session.watch('watched_counter', 'dac')
  const { ownership, hypervisor, guest, host, hardware, slots, overlays } = await resources(session)
  expect({ ownership, hypervisor }).toEqual({ ownership: 'shared', hypervisor: 'none' })
  expect(slots).toMatchObject({
    IAC1: { owner: 'host', breakpointId: iac!.id, address: '0x10000198' },
    IAC2: { owner: null },
    DAC1: { owner: 'host', breakpointId: dac.id },
    DAC2: { owner: null },
  })
  expect(host.request.hwBreakpoints).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ breakpointId: iac!.id, address: '0x10000198' }),
      expect.objectContaining({ breakpointId: dac.id }),
    ]),
  )
  expect(host.request.swBreakpoints).toEqual([{ breakpointId: trap!.id, address: trap!.instructionReference }])
  expect(overlays).toEqual([expect.objectContaining({ breakpointId: auto!.id, address: auto!.instructionReference })])
  // The guest has none of it; silicon would hold all of it. DBCR0[DAC1] = 1: stores (e500 RM 2.14.2).
  expect(guest.DBCR0!.value).toBe('0x00000000')
  expect(guest.IAC1!.value).toBe('0x00000000')
  expect(hardware.IAC1!.value).toBe('0x10000198')
  expect(hardware.DBCR0!.fields).toMatchObject({ IDM: 1, IAC1: 1, IAC2: 0, DAC1: 1 })
  await session.finish()
})

test('debugResources: the guest’s own IAC in the guest’s view, beside a host’s', async () => {
  const session = await atPrompt()
  await session.setBreakpoints('debugger.c', 'debug-call')
  const [held] = await session.setBreakpoints('user.c', { marker: 'longest', mode: 'iac', condition: '0' })
  await session.type('debug\r')
  await session.stopped()
  const { guest, hardware, slots } = await resources(session)
  expect(guest.IAC1!.value).toBe(await session.evaluate('/x (unsigned)debug_target'))
  expect(guest.DBCR0!.fields).toMatchObject({ IDM: 1, IAC1: 1 })
  expect(guest.MSR!.fields.DE).toBe(1)
  expect(slots.IAC1).toMatchObject({ owner: 'guest', address: guest.IAC1!.value })
  // The host's has moved to `auto` or to the other IAC.
  expect(held!.message).toBe('In IAC1')
  expect(hardware.IAC1!.value).toBe(guest.IAC1!.value)
  await session.finish()
})

test('debugResources: singleStep while a step is on its way, and not when the guest stands', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('shell.c', 'watch')
  await session.configurationDone()
  await session.printed('sample> ')
  await session.type('watch\r')
  await session.stopped()
  expect((await resources(session)).host.request.singleStep).toBe(false)
  // 0x48000000 is `b .`: a line that no step leaves.
  const pc = (await session.top()).instructionPointerReference
  await session.request('writeMemory', {
    memoryReference: pc,
    data: Buffer.from([0x48, 0, 0, 0]).toString('base64'),
    allowPartial: false,
  })
  await session.setBreakpoints('shell.c')
  await session.request('next', { threadId: 1 })
  // The first slice may still be to come.
  await vi.waitFor(async () => expect((await resources(session)).host.request.singleStep).toBe(true), {
    timeout: 60_000,
  })
  const shown = await resources(session)
  expect(shown.host.registers.DBCR0!.fields).toMatchObject({ IDM: 1, ICMP: 1 })
  expect(shown.hardware.DBCR0!.fields).toMatchObject({ IDM: 1, ICMP: 1 })
  expect(shown.guest.DBCR0!.value).toBe('0x00000000')
  await session.pause()
  expect((await resources(session)).host.request.singleStep).toBe(false)
  expect((await resources(session)).hardware.DBCR0!.fields.ICMP).toBe(0)
  await session.finish()
})

interface Events {
  readonly events: readonly {
    instructions: number
    address: string
    symbol?: string
    event: string
    to: string
    why: string
  }[]
}

test('debugEvents: what the guest wrote, what it got, and what it wrote then; in the order of time', async () => {
  const session = await atPrompt()
  await session.type('debug\r')
  await session.printed('CSRR0 is debug_target.')
  const { events } = await session.request<Events>('e500/debugEvents', { threadId: 1 })
  expect(events.map(({ event, to, symbol }) => `${event} ${to} ${symbol!.replace(/\+.*/, '')}`)).toEqual([
    'writes DBSR guest debugger_demonstrate',
    'writes IAC1 guest debugger_demonstrate',
    'writes DBCR1 guest debugger_demonstrate',
    'writes DBCR0 guest debugger_demonstrate',
    'IAC1 guest debug_target',
    'writes DBCR0 guest debugger_handle_event',
    'writes DBSR guest debugger_handle_event',
    'writes DBCR0 guest debugger_demonstrate',
  ])
  expect(events[4]).toMatchObject({ symbol: 'debug_target', why: 'MSR[DE] and DBCR0[IDM] are 1' })
  const counts = events.map(({ instructions }) => instructions)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(await session.client.refusal('e500/debugEvents', { count: 0 })).toMatch(/from 1 to 256/)
  await session.finish()
})

test('setOwnership while a breakpoint holds an IAC: it moves in "guest", and hits in all three', async () => {
  const session = await atPrompt()
  const [held] = await session.setBreakpoints('shell.c', { marker: 'watch', mode: 'iac' })
  const own = (debugOwnership: string) => session.request('e500/setOwnership', { debugOwnership })
  for (const [mode, description] of [
    ['shared', 'IAC1 hit'],
    ['host', 'IAC1 hit'],
    ['guest', expect.stringMatching(/^Breakpoint at/)],
  ] as const) {
    expect(await own(mode)).toEqual({ debugOwnership: mode })
    expect((await resources(session)).ownership).toBe(mode)
    await session.type('watch\r')
    expect(await session.stopped()).toMatchObject({ description, hitBreakpointIds: [held!.id] })
    await session.request('continue', { threadId: 1 })
    await session.printed('watched_counter is now')
  }
  expect(await session.client.waitFor('breakpoint')).toMatchObject({
    breakpoint: { id: held!.id, verified: true, message: expect.stringMatching(/The guest owns IAC1/) },
  })
  // With its slot back its registers are what they were.
  await own('shared')
  expect(await session.client.waitFor('breakpoint')).toMatchObject({
    breakpoint: { id: held!.id, verified: true, message: 'In IAC1' },
  })
  const { host, slots } = await resources(session)
  expect(slots.IAC1).toMatchObject({ owner: 'host', breakpointId: held!.id })
  expect(host.registers.IAC1!.value).toBe(held!.instructionReference)
  expect(await session.client.refusal('e500/setOwnership', { debugOwnership: 'me' })).toMatch(
    /"debugOwnership" is "me".*"shared", "host" or "guest"/,
  )
  await session.finish()
})

test('a breakpoint that "guest" refused its slot takes it as soon as the debugger may', async () => {
  const session = await atPrompt({ debugOwnership: 'guest' })
  const [refused] = await session.setBreakpoints('shell.c', { marker: 'watch', mode: 'iac' })
  expect(refused).toMatchObject({ verified: false, message: expect.stringMatching(/or the ownership "shared"\.$/) })
  await session.request('e500/setOwnership', { debugOwnership: 'shared' })
  expect(await session.client.waitFor('breakpoint')).toMatchObject({
    breakpoint: { id: refused!.id, verified: true, message: 'In IAC1' },
  })
  await session.type('watch\r')
  expect(await session.stopped()).toMatchObject({ description: 'IAC1 hit', hitBreakpointIds: [refused!.id] })
  await session.finish()
})

test('host-owned: the guest’s own debugger finds nothing that works', async () => {
  const session = await atPrompt({ debugOwnership: 'host' })
  await session.type('debug\r')
  await session.printed('No debug interrupt came: this machine has no working IAC1.')
  // EDM, bit 0 of DBCR0, tells it why.
  await session.type('regs\r')
  await session.printed('DBCR0 80000000')
  await session.finish()
})

interface Register {
  readonly name: string
  readonly value: string
  readonly title: string
  readonly privilege: string
  readonly writable: boolean
  readonly changed: boolean
  readonly fields: readonly { name: string; from: number; to: number; value: number; title: string }[]
}
interface Groups {
  readonly groups: readonly { readonly name: string; readonly registers: readonly Register[] }[]
}

test('registers: groups with titles, privilege and fields; what changed since the last stop', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', 'longest')
  await session.start()
  const { groups } = await session.request<Groups>('e500/registers', { threadId: 1 })
  expect(groups.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Registers', 'MSR', 'Debug resources', 'MMU SPRs', 'Timer SPRs']),
  )
  const msr = groups.find(({ name }) => name === 'MSR')!.registers[0]!
  expect(msr).toMatchObject({ name: 'MSR', privilege: 'supervisor', writable: true })
  // Bit numbers are those of 32-bit registers: PR is bit 17 (49 of 64), e500 RM 2.5.1.
  expect(msr.fields.find(({ name }) => name === 'PR')).toMatchObject({ from: 17, to: 17, value: 1 })
  // A register that holds an address of the program says which.
  const pc = groups.find(({ name }) => name === 'Registers')!.registers.find(({ name }) => name === 'PC')!
  expect(pc).toMatchObject({ symbol: expect.stringMatching(/^summarize\+0x/) })
  await session.run('stepIn', { granularity: 'instruction' })
  const after = await session.request<Groups>('e500/registers', { threadId: 1, group: 'Registers' })
  expect(after.groups).toHaveLength(1)
  // stw changes nothing but the address of the next instruction.
  expect(after.groups[0]!.registers.filter(({ changed }) => changed).map(({ name }) => name)).toEqual(['PC'])
  expect(await session.client.refusal('e500/registers', { threadId: 1, group: 'Vector' })).toMatch(
    /no group "Vector". There are: Registers,/,
  )
  await session.finish()
})

interface Tlb {
  readonly tlb0: readonly object[]
  readonly tlb1: readonly {
    index: number
    epn: string
    rpn: string
    pageBytes: number
    TID: number
    permissions: string
  }[]
}

test.each([
  ['e500v2', SAMPLE_ELF, 'supervisor'],
  ['e500mc', HYPERVISOR_ELF, 'hypervisor'],
])('registers: on the %s a debug register is for the %3$s', async (cpu, program, privilege) => {
  const session = await sampleSession({ cpu, program, stopOnEntry: true })
  await session.start()
  const { groups } = await session.request<Groups>('e500/registers', { threadId: 1 })
  const of = (wanted: string) => groups.flatMap(({ registers }) => registers).find(({ name }) => name === wanted)!
  expect(['DBCR0', 'SRR0', 'LR'].map((name) => of(name).privilege)).toEqual([privilege, 'supervisor', 'user'])
  await session.finish()
})

test('tlb: what mmu.c and start.S have written', async () => {
  const session = await atPrompt()
  const { tlb0, tlb1 } = await session.request<Tlb>('e500/tlb', { threadId: 1 })
  expect(tlb0).toEqual([])
  expect(tlb1.map(({ index }) => index)).toEqual([1, 2, 3, 4, 9, 10])
  expect(tlb1[0]).toMatchObject({
    epn: '0xc0000000',
    rpn: '0x000000000',
    pageBytes: 64 << 20,
    TID: 0,
    permissions: 'SX SW SR',
  })
  expect(tlb1[1]).toMatchObject({ epn: '0xe0000000', rpn: '0xfe0000000', pageBytes: 1 << 20, WIMGE: 'I G' })
  expect(tlb1[5]).toMatchObject({ epn: '0x20000000', TID: 2, pageBytes: 1 << 14 })
  await session.finish()
})

test('interrupts: as many as the guest counts itself, and the last one is that in whose handler it stands', async () => {
  const session = await atPrompt()
  await session.setBreakpoints('interrupts.c', { marker: 'tick', condition: 'ticks >= 5' })
  await session.stopped()
  const { counts, last } = await session.request<Interrupts>('e500/interrupts', { threadId: 1, count: 1 })
  const counted = async (IVOR: number) => Number(await session.evaluate(`interrupt_counts[${IVOR}]`))
  expect(counts).toEqual({ 'System call': await counted(8), Decrementer: await counted(10) })
  expect(counts.Decrementer).toBeGreaterThan(5)
  const vector = await session.evaluate('/x (unsigned)decrementer_vector')
  expect(last).toMatchObject([{ name: 'Decrementer', to: vector }])
  expect(await session.client.refusal('e500/interrupts', { count: 0 })).toMatch(/"count" is 0/)
  await session.finish()
})

test('translate: where an address leads, or which interrupt it would take and why', async () => {
  const session = await atPrompt()
  const translate = (address: string, access?: string) =>
    session.request('e500/translate', { threadId: 1, address, ...(access && { access }) })
  expect(await translate('0xc0001234')).toEqual({ physical: '0x000001234' })
  expect(await translate('0xe0004500', 'store')).toEqual({ physical: '0xfe0004500' })
  expect(await translate('0xdead0000', 'load')).toMatchObject({
    interrupt: 'Data TLB error',
    reason: expect.stringMatching(/0xdead0000.*IVOR13/),
  })
  expect(await translate('0xdead0000', 'execute')).toMatchObject({ interrupt: 'Instruction TLB error' })
  // The CCSR is not executable (mmu.c).
  expect(await translate('0xe0000000', 'execute')).toMatchObject({ interrupt: 'Instruction storage' })
  expect(await session.client.refusal('e500/translate', { address: '0', access: 'toString' })).toMatch(/"toString"/)
  expect(await session.client.refusal('e500/translate', { address: '0', access: 'think' })).toMatch(
    /"access" is "think". Write "load", "store" or "execute"/,
  )
  await session.finish()
})

test('the console: bytes that are no text pass both ways', async () => {
  const session = await atPrompt()
  await session.setBreakpoints('uart.c', { marker: 'received', condition: '0' })
  await session.request('e500/uartInput', { index: 0, data: Buffer.from([0x80, 0xff, 0x41]).toString('base64') })
  // A signed char below ' ' is left out by console_read_line(); the A is echoed.
  await session.printed('A')
  expect(await session.client.refusal('e500/uartInput', { index: 1, data: '' })).toMatch(/no UART 1/)
  expect(await session.client.refusal('e500/uartInput', { index: 0, data: '%' })).toMatch(/base64/)
  await session.finish()
})

test('the second serial port takes input where the configuration shows it', async () => {
  const session = await atPrompt({ uarts: [0, 1].map((index) => ({ index, view: 'terminal' })) })
  expect(await session.request('e500/uartInput', { index: 1, data: 'QQ==' })).toEqual({})
  expect(await session.client.refusal('e500/uartInput', { index: 2, data: 'QQ==' })).toMatch(/UART 0 and UART 1/)
  await session.finish()
})

test('other editors: output as lines of stdout, input by send in the debug console', async () => {
  const session = await sampleSession({ uarts: undefined })
  await session.configurationDone()
  while (!session.output('stdout').includes('sample> ')) await session.client.waitFor('output')
  const send = (expression: string) => session.request('evaluate', { expression, context: 'repl' })
  expect(await send('send "ticks\\n"')).toMatchObject({ result: expect.stringMatching(/sent 6 characters/) })
  while (!session.output('stdout').includes('ticks since the start')) await session.client.waitFor('output')
  expect(session.output('stdout')).toMatch(/^e500 sample kernel\r?\n/)
  expect(await session.client.refusal('evaluate', { expression: 'send ticks', context: 'repl' })).toMatch(
    /Write send "text"/,
  )
  await session.finish()
})

test('reset: from the beginning, standing still, breakpoints kept', async () => {
  const session = await sampleSession()
  const [set] = await session.setBreakpoints('user.c', { marker: 'produce', condition: 'number == 3' })
  await session.start()
  // Unwound and shown: neither may outlive the reset.
  expect((await session.top()).name).toBe('producer')
  expect(await session.request('e500/reset')).toEqual({})
  expect(await session.stopped()).toMatchObject({ reason: 'entry', threadId: 1 })
  expect((await session.top()).name).toBe('_start')
  expect(await session.run('continue')).toMatchObject({ hitBreakpointIds: [set!.id] })
  expect(await session.evaluate('ring.put')).toBe('1')
  await session.finish()
})
