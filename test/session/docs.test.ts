// The examples of docs/requests.md are sent, and the answers must have what they show.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleSession } from '../support/dap/session.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/requests.md'), 'utf8')
const examples = [...page.matchAll(/^```\n> (\S+) (.*)\n< ([\s\S]*?)\n```$/gm)].map(
  ([, command, args, answer]) => [command!, JSON.parse(args!) as object, JSON.parse(answer!) as object] as const,
)

test.each(examples)('%s %o', async (command, args, answer) => {
  const session = await sampleSession()
  await session.setBreakpoints('user.c', { marker: 'longest', mode: 'iac' })
  await session.start()
  expect(await session.request(command, args)).toMatchObject(answer)
  await session.finish()
})

test('every request of the table is among them', () => {
  expect(new Set(examples.map(([command]) => command))).toEqual(
    new Set(
      [
        ...['debugResources', 'debugEvents', 'setOwnership', 'interrupts', 'registers'],
        ...['tlb', 'translate', 'uartInput', 'reset'],
      ].map((name) => `e500/${name}`),
    ),
  )
})
