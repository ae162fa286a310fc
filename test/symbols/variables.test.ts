// Which variables are seen from where, and where they are.
import { expect, test } from 'vitest'
import type { FrameReader, SymbolStore } from '../../adapter/symbols/model.ts'
import { missingProgram } from '../support/tools.ts'
import { fixtureFile, lineOf, openFixture, outputOf } from './support.ts'

const files = ['o2-dwarf4.elf', 'o2-dwarf5.elf', 'o0-dwarf5.elf']

const nowhere: FrameReader = { pc: 0, register: () => undefined, read: () => undefined, cfa: () => undefined }

function variablesAt(store: SymbolStore, marker: string) {
  const [address] = store.addressesOfLine('shapes.c', lineOf('shapes.c', marker))!.addresses
  const scope = store.scopesAt(address!)[0]!
  return { address: address!, scope, variables: scope.variables(address!) }
}

test.each(files)('%s: parameters first, then locals, the innermost last', (name) => {
  const { variables } = variablesAt(openFixture(name), 'inner')
  const names = variables.map((variable) => variable.name)
  expect(names.slice(0, 2)).toEqual(['first', 'limit'])
  expect(variables.map(({ isParameter }) => isParameter).indexOf(false)).toBe(2)
  // Two of them: the block's own stands behind the loop's.
  expect(names.filter((one) => one === 'here')).toHaveLength(2)
  expect(names).toContain('visits')
})

test.each(files)('%s: a static is its own unit’s, a global anybody’s', (name) => {
  const store = openFixture(name)
  const symbol = (wanted: string) => store.symbolNamed(wanted)!.address
  const placeOf = (wanted: string, address: number | undefined) => store.variable(wanted, address)?.place(nowhere)
  expect(placeOf('counter', undefined)).toEqual({ kind: 'memory', address: symbol('counter') })
  expect(placeOf('declared_first', undefined)).toEqual({ kind: 'memory', address: symbol('declared_first') })
  expect(store.variable('nothing', undefined)).toBeUndefined()
  const [first] = store.functionsNamed('walk')
  const [second] = store.functionsNamed('outside')
  expect(store.variable('secret', first)?.declared?.file).toBe('/src/fixtures/shapes.c')
  expect(store.variable('secret', second)?.declared?.file).toBe('/src/fixtures/other.c')
})

test('-O0: in the frame, relative to the canonical frame address', () => {
  const { variables, address } = variablesAt(openFixture('o0-dwarf5.elf'), 'return')
  const limit = variables.find((variable) => variable.name === 'limit')!
  const frame: FrameReader = { ...nowhere, pc: address, cfa: () => 0x4000 }
  const place = limit.place(frame)
  expect(place.kind === 'memory' && place.address < 0x4000).toBe(true)
  expect(limit.place({ ...nowhere, pc: address })).toMatchObject({ kind: 'unavailable' })
})

test.each(['o2-dwarf4.elf', 'o2-dwarf5.elf'])(
  '%s: in registers, and the caller’s values where they are gone',
  (name) => {
    const store = openFixture(name)
    const [entry] = store.functionsNamed('leaf')
    const [a, b] = store.scopesAt(entry!)[0]!.variables(entry!)
    const at = (pc: number): FrameReader => ({ ...nowhere, pc })
    // System V ABI: the first two arguments are in r3 and r4.
    expect([a!.place(at(entry!)), b!.place(at(entry!))]).toEqual([
      { kind: 'register', number: 3 },
      { kind: 'register', number: 4 },
    ])
    expect(a!.declared).toMatchObject({ file: '/src/fixtures/shapes.c', line: lineOf('shapes.c', 'leaf') - 2 })
  },
)

const GDB = 'gdb-multiarch'

test.skipIf(missingProgram(GDB)).each(files)('%s: every function has the variables that gdb lists', (name) => {
  const store = openFixture(name)
  for (const [source, wanted] of [
    ['shapes.c', 'leaf'],
    ['shapes.c', 'walk'],
    ['shapes.c', 'recurse'],
    ['other.c', 'outside'],
  ] as const) {
    const [entry] = store.functionsNamed(wanted)
    const scope = outputOf(GDB, ['-batch', '-nx', fixtureFile(name), '-ex', `info scope *${entry}`])
    const theirs = [...scope.matchAll(/^Symbol (\w+) is/gm)].map((match) => match[1]!)
    const ours = store.scopesAt(entry!).flatMap((one) => one.variables(entry!).map((variable) => variable.name))
    expect({ source, names: ours.sort() }).toEqual({ source, names: theirs.sort() })
  }
})
