// The Debug Resources view's table and slots. The state is that of the mock-up: Linux traces a program, the debugger has IAC2 and DAC2.
import { describe, expect, test } from 'vitest'

import type { DebugRegisters, DebugResources, Ownership, Register } from '../../../extension/views/answers.ts'
import { debugRows } from '../../../extension/views/model/debugRows.ts'
import { factsOf, ownershipSentence, slotRows, slotsInUse } from '../../../extension/views/model/slots.ts'

const view = (
  DBCR0: string,
  DBCR1: string,
  iac: readonly [string, string],
  DE: number,
  DBSR = '0x00000000',
): DebugRegisters => {
  const bit = (value: string, shift: number, width = 1) => (Number(value) >>> shift) & (2 ** width - 1)
  return {
    DBCR0: {
      value: DBCR0,
      fields: {
        EDM: bit(DBCR0, 31),
        IDM: bit(DBCR0, 30),
        IAC1: bit(DBCR0, 23),
        IAC2: bit(DBCR0, 22),
        DAC1: bit(DBCR0, 18, 2),
      },
    },
    DBCR1: { value: DBCR1, fields: { IAC1US: bit(DBCR1, 30, 2), IAC2US: bit(DBCR1, 26, 2) } },
    DBSR: { value: DBSR, fields: { IAC2: bit(DBSR, 22) } },
    IAC1: { value: iac[0], fields: {} },
    IAC2: { value: iac[1], fields: {} },
    MSR: { value: '0x00021000', fields: { DE } },
  }
}

const { DBSR: _, MSR: __, ...host } = view('0x40400000', '0x00000000', ['0x00000000', '0xc0057f24'], 0)
const RESOURCES: DebugResources = {
  ownership: 'shared',
  hypervisor: 'none',
  guest: view('0x40840000', '0xcc000000', ['0x10000588', '0x00000000'], 0),
  host: { registers: host },
  hardware: view('0x40c40000', '0xc0000000', ['0x10000588', '0xc0057f24'], 1, '0x00400000'),
  slots: {
    IAC1: { owner: 'guest', address: '0x10000588' },
    IAC2: { owner: 'host', breakpointId: 7, address: '0xc0057f24' },
    DAC1: { owner: null },
  },
  overlays: [{}, {}],
}

const rows = (setFieldsOnly = false) => debugRows(RESOURCES, setFieldsOnly).flatMap((row) => [row, ...row.fields])
const row = (key: string) => rows().find((row) => row.key === key)!
const texts = (key: string) => [row(key).guest.text, row(key).host.text, row(key).hardware.text]

describe('three columns', () => {
  test.each([
    ['DBCR0', ['40840000', '40400000', '40c40000']],
    ['DBCR0[IDM]', ['1', '1', '1']],
    ['DBCR0[IAC2]', ['0', '1', '1']],
    ['DBCR0[DAC1]', ['W', '·', 'W']],
    // The slot IAC1 is the guest's: the host said nothing about whom it compares.
    ['DBCR1[IAC1US]', ['user', '—', 'user']],
    ['DBCR1[IAC2US]', ['user', 'any', 'any']],
    ['IAC1', ['10000588', '—', '10000588']],
    ['IAC2', ['00000000', 'c0057f24', 'c0057f24']],
    ['MSR[DE]', ['0', '1', '1']],
  ])('%s', (key, expected) => {
    expect(texts(key)).toEqual(expected)
  })

  test('marks what the guest reads otherwise', () => {
    expect(
      rows()
        .filter(({ differs }) => differs)
        .map(({ key }) => key),
    ).toEqual(['DBCR0', 'DBCR0[IAC2]', 'DBCR1', 'DBCR1[IAC2US]', 'DBSR', 'DBSR[IAC2]', 'IAC2', 'MSR[DE]'])
  })

  test.each([
    ['DBCR0[IDM]', ['guest', 'host']],
    ['DBCR0[IAC1]', ['guest']],
    ['DBCR0[IAC2]', ['host']],
    ['DBCR0[EDM]', []],
    ['DBSR[IAC2]', ['host']],
    ['IAC1', ['guest']],
    ['IAC2', ['host']],
    ['MSR[DE]', ['host']],
  ])('who asked for %s', (key, owners) => {
    expect(row(key).owners).toEqual(owners)
  })

  test('set fields only', () => {
    expect(rows(true).map(({ key }) => key)).not.toContain('DBCR0[EDM]')
    expect(rows(true).map(({ key }) => key)).toContain('DBCR0[IDM]')
  })
})

describe('slots', () => {
  const placed = { id: 7, verified: true, label: 'core.c:5533', path: '/linux/core.c', line: 5533 }
  const unplaced = { id: 8, verified: false, label: 'fork.c:2659', message: 'Both IACs are in use.' }

  test('name their holders', () => {
    expect(
      slotRows(RESOURCES, [placed, unplaced]).map(({ name, owner, breakpoint, text }) => [
        name,
        owner,
        breakpoint?.label ?? text,
      ]),
    ).toEqual([
      ['IAC1', 'guest', 'the guest’s own'],
      ['IAC2', 'host', 'core.c:5533'],
      ['DAC1', null, 'free'],
      ['none', 'host', 'fork.c:2659'],
      ['auto', 'host', '2 breakpoints laid over the code: no slot used, guest memory unchanged'],
    ])
    expect(slotsInUse(RESOURCES)).toBe('2 of 3 in use: 1 guest, 1 host')
  })

  test('the ownership in a sentence', () => {
    expect(ownershipSentence('shared', RESOURCES)).toBe(
      'Both: IAC1 is the guest’s; IAC2 is yours. Your stops come first, the guest gets its own as if it were alone.',
    )
    expect(ownershipSentence('host', RESOURCES)).toMatch(/^You alone: .*EDM=1/)
    const guest: Ownership = 'guest'
    expect(ownershipSentence(guest, { ...RESOURCES, ownership: guest })).toMatch(/^The guest alone/)
  })

  test('facts', () => {
    const EDM = { name: 'EDM', from: 0, to: 0, value: 1, title: '' }
    const DBCR0: Register = {
      ...{ name: 'DBCR0', title: '', value: '0x80000000', fields: [EDM] },
      ...{ privilege: 'supervisor', writable: true, changed: false },
    }
    const registers = { groups: [{ name: 'debug', registers: [DBCR0] }] }
    expect(factsOf(RESOURCES, registers).map(({ label, value }) => `${label} ${value}`)).toEqual([
      'EDM shown to guest 1',
      'MSR[DE] guest reads 0',
      'MSR[DE] real 1',
      'Hypervisor none',
    ])
    const stopped = { ...RESOURCES, host: { registers: host, exit: { status: 2, address: '0xc0057f24' } } }
    expect(factsOf(stopped, registers).at(-1)).toEqual({
      label: 'Last KVM_EXIT_DEBUG',
      value: 'status 2 BREAKPOINT, 0xc0057f24',
    })
  })
})
