// What F5 makes of a configuration before VS Code starts the session.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Configuration, completed, needsProgram, problemWith } from '../../extension/configuration.ts'
import { isGuestProgram } from '../../extension/guestProgram.ts'

const packageJson = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
const attributes = packageJson.contributes.debuggers[0].configurationAttributes

test('F5 without a launch.json asks for the guest', () => {
  const configuration = completed({})
  expect(configuration).toMatchObject({ type: 'e500', request: 'launch' })
  expect(needsProgram(configuration)).toBe(true)
})

test('a program is enough', () => {
  const configuration = completed({ type: 'e500', program: 'kernel.elf' })
  expect(needsProgram(configuration)).toBe(false)
  expect(problemWith(configuration, attributes)).toBeUndefined()
})

test('consoles are terminals, unless the configuration says otherwise', () => {
  expect(completed({}).uarts).toEqual([{ index: 0, view: 'terminal' }])
  expect(completed({ uarts: [] }).uarts).toEqual([])
})

test('attach needs no program and gets no consoles', () => {
  const configuration = completed({ type: 'e500', request: 'attach', name: 'a', port: 4711 })
  expect(configuration).toEqual({ type: 'e500', request: 'attach', name: 'a', port: 4711 })
  expect(needsProgram(configuration)).toBe(false)
})

describe('what cannot be is refused by its name, with what to write', () => {
  const launch: Configuration = completed({ program: 'kernel.elf' })
  test.each([
    [{ cpu: 'e5500' }, '"cpu" is "e5500". Write "e500v2" or "e500mc".'],
    [{ cpus: 1.5 }, '"cpus" is 1.5. Write an integer.'],
    [{ cpus: 33 }, '"cpus" is 33. Write a number from 1 to 8.'],
    [{ memory: '256MB' }, '"memory" is "256MB". Write something like "256M".'],
    [{ drives: [{ readOnly: true }] }, '"drives[0].file" is missing.'],
    [
      { drives: [{ file: 'a', snapshots: true }] },
      '"drives[0].snapshots" is not known. Known are: file, readOnly, snapshot.',
    ],
    [{ loadFiles: [{ file: 'a', address: 'here' }] }, '"loadFiles[0].address" is "here". Write something like "0x0".'],
    [{ uarts: [{ index: 0, view: 'tcp' }] }, '"uarts[0].view" is "tcp". Write "terminal", "output" or "none".'],
    [{ request: 'run' }, '"request" is "run". Write "launch" or "attach".'],
    [{ request: 'attach' }, '"port" is missing.'],
  ])('%j', (wrong, sentence) => {
    expect(problemWith({ ...launch, ...wrong }, attributes)).toBe(sentence)
  })
})

describe('a guest is an executable for 32-bit big-endian PowerPC', () => {
  const header = [0x7f, 0x45, 0x4c, 0x46, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 20]
  const changed = (at: number, value: number) => Uint8Array.from(header.with(at, value))
  test.each([
    ['an executable', Uint8Array.from(header), true],
    ['position-independent', changed(17, 3), true],
    ['an object file', changed(17, 1), false],
    ['little-endian', changed(5, 1), false],
    ['64 bit', changed(4, 2), false],
    ['another machine', changed(19, 40), false],
    ['not ELF', changed(0, 0), false],
    ['cut off', Uint8Array.from(header.slice(0, 19)), false],
  ])('%s', (_name, bytes, expected) => {
    expect(isGuestProgram(bytes)).toBe(expected)
  })
})
