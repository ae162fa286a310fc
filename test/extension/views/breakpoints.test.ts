// The book of breakpoints: what passes by on the wire, as a list with places.
import { expect, test } from 'vitest'

import { BreakpointBook } from '../../../extension/views/model/breakpoints.ts'

const asked = (seq: number, command: string, args: object) => ({ seq, type: 'request', command, arguments: args })
const answered = (request_seq: number, command: string, breakpoints: object[], success = true) => ({
  ...{ seq: 0, type: 'response', command, request_seq, success },
  body: { breakpoints },
})

function book(): BreakpointBook {
  const book = new BreakpointBook()
  book.willReceive(
    asked(1, 'setBreakpoints', { source: { path: '/guest/main.c' }, breakpoints: [{ line: 7 }, { line: 9 }] }),
  )
  book.didSend(
    answered(1, 'setBreakpoints', [
      { id: 1, verified: true, line: 8 },
      { id: 2, verified: false, message: 'Both IACs are in use.' },
    ]),
  )
  book.willReceive(asked(2, 'setFunctionBreakpoints', { breakpoints: [{ name: 'start_kernel' }] }))
  book.didSend(answered(2, 'setFunctionBreakpoints', [{ id: 3, verified: true }]))
  return book
}

test('knows the line where each really stands', () => {
  expect(book().all()).toEqual([
    { id: 1, verified: true, label: 'main.c:8', path: '/guest/main.c', line: 8 },
    { id: 2, verified: false, label: 'main.c:9', path: '/guest/main.c', line: 9, message: 'Both IACs are in use.' },
    { id: 3, verified: true, label: 'start_kernel' },
  ])
})

test('a request replaces what the same source had, and only that', () => {
  const changed = book()
  changed.willReceive(asked(3, 'setBreakpoints', { source: { path: '/guest/main.c' }, breakpoints: [] }))
  changed.didSend(answered(3, 'setBreakpoints', []))
  expect(changed.all().map(({ id }) => id)).toEqual([3])
})

test('hears what becomes of a breakpoint later', () => {
  const changed = book()
  const event = {
    type: 'event',
    event: 'breakpoint',
    seq: 0,
    body: { reason: 'changed', breakpoint: { id: 2, verified: true } },
  }
  changed.didSend(event)
  expect(changed.all()[1]).toMatchObject({ id: 2, verified: true })
})

test('a refused request changes nothing', () => {
  const changed = book()
  changed.willReceive(asked(3, 'setFunctionBreakpoints', { breakpoints: [] }))
  changed.didSend(answered(3, 'setFunctionBreakpoints', [], false))
  expect(changed.all()).toHaveLength(3)
})
