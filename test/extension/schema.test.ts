// package.json against the names that launch.json promises, and the completeness of its schema.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Schema } from '../../adapter/launch/schema.ts'
import { MOST_CORES } from '../../emulator/index.ts'
import { completed, problemWith } from '../../extension/configuration.ts'

type Described = Schema & { readonly description?: string; readonly enumDescriptions?: readonly string[] }

const packageJson = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
const [debug] = packageJson.contributes.debuggers
const { launch, attach } = debug.configurationAttributes

const LAUNCH = `program cpu cpus memory initrd bootArgs deviceTree firmware drives loadFiles symbolFiles sourceFileMap
  stopOnEntry stopAtEntry runToEntryPoint debugOwnership hypervisor deniedWrite breakpointPlacement clock uarts trace`

/** Every attribute with its path, those of array items and nested objects too. */
function attributes(schema: Schema, path: string): [path: string, attribute: Described, required: boolean][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, attribute]) => [
    [`${path}.${name}`, attribute, schema.required?.includes(name) ?? false] as [string, Described, boolean],
    ...attributes(attribute, `${path}.${name}`),
    ...attributes(attribute.items ?? {}, `${path}.${name}[]`),
  ])
}
const all = [...attributes(launch, 'launch'), ...attributes(attach, 'attach')]

test('launch and attach have the attributes that the interface names', () => {
  expect(Object.keys(launch.properties)).toEqual(LAUNCH.split(/\s+/))
  expect(Object.keys(attach.properties)).toEqual(['host', 'port'])
  expect([launch.required, attach.required]).toEqual([['program'], ['port']])
  expect(launch.properties.cpus.maximum).toBe(MOST_CORES)
})

test.each(all)('%s is described, typed and has a default that it allows', (_path, attribute, required) => {
  expect(attribute.description).toMatch(/\.$/)
  expect(attribute.type).toBeDefined()
  if (!required) expect(attribute.default).toBeDefined()
  if (attribute.enum) {
    expect(attribute.enum).toContain(attribute.default)
    expect(attribute.enumDescriptions).toHaveLength(attribute.enum.length)
  }
})

test('the configurations that we propose are right', () => {
  const bodies = debug.configurationSnippets.map(({ body }: { body: object }) => body)
  for (const proposed of [...debug.initialConfigurations, ...bodies]) {
    expect(problemWith(completed(proposed), debug.configurationAttributes)).toBeUndefined()
  }
})

test('the defaults are right', () => {
  for (const [request, { properties }] of Object.entries<Schema>(debug.configurationAttributes)) {
    const defaults = Object.entries(properties!).map(([name, attribute]) => [name, attribute.default])
    const configuration = { ...Object.fromEntries(defaults), type: 'e500', request, name: '' }
    expect(problemWith(configuration, debug.configurationAttributes)).toBeUndefined()
  }
})

test('a breakpoint can be set in C, in our assembly and in that of other extensions', () => {
  const languages = packageJson.contributes.breakpoints.map(({ language }: { language: string }) => language)
  expect(languages).toEqual(expect.arrayContaining(['c', 'cpp', 'ppcasm', 'asm', 'gas', 'arm', 'S']))
})

test('VS Code closes the schema of a running extension, and gives more than it names', () => {
  const configuration = { type: 'e500', request: 'launch', name: 'guest', program: 'kernel.elf' }
  const given = { ...configuration, __configurationTarget: 6 }
  expect(problemWith(given, { launch: { ...launch, additionalProperties: false } })).toBeUndefined()
})
