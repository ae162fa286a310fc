// Three typical sessions as texts that can be read aloud. UPDATE=1 writes them anew.
import { join } from 'node:path'
import { test } from 'vitest'
import { type Session, sampleSession } from '../support/dap/session.ts'
import { expectGolden, transcript } from '../support/dap/transcript.ts'

const golden = async (name: string, session: Session) => {
  await session.finish()
  expectGolden(join(import.meta.dirname, `${name}.golden.txt`), transcript(session.client.log))
}

test('a condition in a user program: stack, variables, steps', async () => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', { marker: 'longest', condition: 'prime > 2' })
  await session.start()
  const { id } = await session.top()
  const [argumentsScope, locals] = await session.scopes(id)
  const { total } = await session.variables(argumentsScope!.variablesReference)
  await session.variables(total!.variablesReference)
  await session.variables(locals!.variablesReference)
  await session.request('evaluate', { expression: 'total->sum / total->primes', frameId: id, context: 'watch' })
  await session.run('next')
  await session.place()
  await session.run('stepOut')
  await session.place()
  await golden('condition', session)
})

test('the debug facility: an IAC, a DAC, and what the guest’s own debugger takes', async () => {
  const session = await sampleSession()
  await session.configurationDone()
  await session.printed('sample> ')
  await session.setBreakpoints('debugger.c', { marker: 'debug-call', mode: 'iac' })
  await session.type('debug\r')
  await session.stopped()
  await session.request('evaluate', { expression: '$dbcr0.IAC1', context: 'watch' })
  await session.setBreakpoints('debugger.c')
  await session.watch('watched_counter', 'dac')
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.type('watch\r')
  await session.stopped()
  await session.place()
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.type('poweroff\r')
  await session.client.waitFor('terminated')
  await golden('debugFacility', session)
})

test('a fault in the kernel: the interrupt, the stack behind it, restart', async () => {
  const session = await sampleSession({ stopOnEntry: true })
  await session.catchInterrupts('Data TLB error')
  await session.start()
  await session.top()
  await session.request('continue', { threadId: 1 })
  await session.printed('sample> ')
  await session.type('fault\r')
  await session.stopped()
  await session.request('exceptionInfo', { threadId: 1 })
  await session.stack()
  await session.request('disassemble', { memoryReference: '0xc0000e50', instructionCount: 2 })
  await session.request('restart')
  await session.stopped()
  await golden('fault', session)
})
