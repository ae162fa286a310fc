// The list of the last debug events, and what the views ask of the adapter for it and for the rest.
import { describe, expect, test } from 'vitest'

import type { DebugEvent, Register, Registers } from '../../../extension/views/answers.ts'
import { eventRows } from '../../../extension/views/model/events.ts'
import { type Choice, groupsDrawn, mergedWith } from '../../../extension/views/model/registers.ts'
import { Questions } from '../../../extension/views/questions.ts'

const IAC2: DebugEvent = {
  ...{ instructions: 412118954, address: '0xc0057f24', symbol: 'scheduler_tick+0x2c' },
  ...{ event: 'IAC2', to: 'host', why: 'the debugger holds this slot' },
}
const denied: DebugEvent = {
  ...{ instructions: 999, address: '0xc00050c0', event: 'IAC1 denied' },
  ...{ to: 'nobody', why: 'the host owns the registers' },
}

describe('events', () => {
  test('the newest first, counts grouped, a denied write apart', () => {
    const rows = eventRows([denied, IAC2])
    expect(rows.map(({ instructions, isDenied }) => [instructions, isDenied])).toEqual([
      ['412,118,954', false],
      ['999', true],
    ])
  })

  test('each as a sentence', () => {
    expect(eventRows([IAC2, denied]).map(({ sentence }) => sentence)).toEqual([
      'IAC1 denied at 0xc00050c0 to nobody: the host owns the registers; instruction 999',
      'IAC2 at scheduler_tick+0x2c (0xc0057f24) to host: the debugger holds this slot; instruction 412,118,954',
    ])
  })
})

const register = (name: string, value = '0x00000000'): Register => ({
  ...{ name, value, title: '', privilege: 'user', writable: true, changed: false, fields: [] },
})
const REGISTERS: Registers = {
  groups: [
    { name: 'Registers', registers: [register('r0'), register('PC')] },
    { name: 'MSR', registers: [register('MSR')] },
    { name: 'Timer SPRs', registers: [register('TCR')] },
    { name: 'Configuration SPRs', registers: [register('PVR')] },
  ],
}
const AT_FIRST: Choice = { search: '', changedOnly: false, openRegisters: new Set(), turnedGroups: new Set() }

describe('groups of registers', () => {
  test.each<[string, Partial<Choice>, readonly string[] | undefined]>([
    ['closed ones are not asked for', {}, ['Registers', 'MSR', 'Timer SPRs']],
    ['nor one that was closed', { turnedGroups: new Set(['Timer SPRs']) }, ['Registers', 'MSR']],
    ['half of a group is enough', { turnedGroups: new Set(['General purpose', 'Timer SPRs']) }, ['Registers', 'MSR']],
    ['all open: one request', { turnedGroups: new Set(['Configuration SPRs']) }, undefined],
    ['a search looks into all', { search: 'pvr' }, undefined],
    ['so does "changed"', { changedOnly: true }, undefined],
  ])('%s', (_, choice, expected) => {
    expect(groupsDrawn(REGISTERS, { ...AT_FIRST, ...choice })).toEqual(expected)
  })

  test('an answer for some leaves the others', () => {
    const fresh = { groups: [{ name: 'Timer SPRs', registers: [register('TCR', '0x04000000')] }] }
    const { groups } = mergedWith(REGISTERS, fresh)
    expect(groups.map(({ name }) => name)).toEqual(REGISTERS.groups.map(({ name }) => name))
    expect(groups[2]!.registers[0]!.value).toBe('0x04000000')
    expect(groups[0]).toBe(REGISTERS.groups[0])
  })
})

describe('requests', () => {
  const asked = (refused: readonly string[] = []) => {
    const log: string[] = []
    const questions = new Questions(async (command, args) => {
      log.push(`${command} ${JSON.stringify(args)}`)
      if (refused.includes(command)) throw new Error(`unrecognized request ${command}`)
      return { groups: [], events: [] }
    }, 2)
    return { questions, log }
  }

  test('two views ask once', async () => {
    const { questions, log } = asked()
    await Promise.all([
      questions.answer({ groups: ['MSR', 'Timer SPRs'], debugEvents: false }),
      questions.answer({ groups: ['MSR'], debugEvents: true }),
    ])
    expect(log).toEqual([
      'e500/registers {"threadId":2,"group":"MSR"}',
      'e500/registers {"threadId":2,"group":"Timer SPRs"}',
      'e500/debugResources {"threadId":2}',
      'e500/debugEvents {"threadId":2,"count":50}',
    ])
  })

  test('what was asked whole is not asked by group', async () => {
    const { questions, log } = asked()
    await questions.answer({ groups: undefined, debugEvents: false })
    await questions.answer({ groups: ['MSR'], debugEvents: false })
    expect(log).toEqual(['e500/registers {"threadId":2}', 'e500/debugResources {"threadId":2}'])
  })

  test('an older adapter without debugEvents still shows the rest', async () => {
    const { questions } = asked(['e500/debugEvents'])
    const answer = await questions.answer({ groups: undefined, debugEvents: true })
    expect(answer.debugEvents).toEqual({ refusal: 'unrecognized request e500/debugEvents' })
  })

  test('an adapter without registers is said', async () => {
    const { questions } = asked(['e500/registers'])
    await expect(questions.answer({ groups: undefined, debugEvents: true })).rejects.toThrow('unrecognized request')
  })
})
