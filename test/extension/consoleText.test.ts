// The guest's bytes as a terminal shows them.
import { expect, test } from 'vitest'
import { ConsoleText } from '../../extension/consoleText.ts'

/** Each string is one event. */
function shown(...chunks: string[]): string[] {
  const text = new ConsoleText()
  return chunks.map((chunk) => text.decode(Buffer.from(chunk, 'latin1')))
}

test('a line feed alone also returns the carriage', () => {
  expect(shown('one\ntwo\n\n')).toEqual(['one\r\ntwo\r\n\r\n'])
})

test('CR LF stays as it is, also torn between two events', () => {
  expect(shown('one\r\n', 'two\r', '\nthree\n', '\nfour')).toEqual(['one\r\n', 'two\r', '\nthree\r\n', '\r\nfour'])
})

test('backspace, escape sequences and a bare CR pass', () => {
  expect(shown('ab\b \b', '\x1b[1mbold\x1b[0m', '50 %\r60 %\r')).toEqual([
    'ab\b \b',
    '\x1b[1mbold\x1b[0m',
    '50 %\r60 %\r',
  ])
})

test('a character torn between two events is whole, an impossible byte is shown as one', () => {
  expect(shown('gr\xc3', '\xbcn\xff!')).toEqual(['gr', 'ün\ufffd!'])
})

test('events without bytes', () => {
  expect(shown('', 'a', '', '\n', '')).toEqual(['', 'a', '', '\r\n', ''])
})
