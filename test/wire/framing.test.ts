// Bytes on the adapter's stdin, right and wrong.
import { expect, test } from 'vitest'
import { Framing } from '../../adapter/wire/framing.ts'
import { random } from '../support/random.ts'

/** What comes of these chunks: messages as objects, sentences as text. */
function read(chunks: readonly (string | Uint8Array)[]): unknown[] {
  const out: unknown[] = []
  const framing = new Framing({ message: (message) => out.push(message), garbage: (sentence) => out.push(sentence) })
  for (const chunk of chunks) framing.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  framing.finish()
  return out
}

const framed = (body: string, length = Buffer.byteLength(body)) => `Content-Length: ${length}\r\n\r\n${body}`
const bytewise = (text: string) => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))

const one = { seq: 1, text: 'one' }
const two = { seq: 2, text: 'zwei: ä€😀' }
const [first, second] = [framed(JSON.stringify(one)), framed(JSON.stringify(two))]

test('two messages in a chunk', () => {
  expect(read([first + second])).toEqual([one, two])
})

test('split at each byte, also within a UTF-8 character', () => {
  const whole = Buffer.from(first + second)
  for (let at = 1; at < whole.length; at++) {
    expect(read([whole.subarray(0, at), whole.subarray(at)]), `split at ${at}`).toEqual([one, two])
  }
  expect(read(bytewise(first + second))).toEqual([one, two])
})

test.for<[string, string]>([
  ['another header', `Content-Type: application/json\r\n${first}`],
  ['another header behind', first.replace('\r\n\r\n', '\r\nContent-Type: application/json\r\n\r\n')],
  ['small letters', first.replace('Content-Length', 'content-length')],
  ['no blank', first.replace(': ', ':')],
  ['no carriage returns', first.replaceAll('\r', '')],
  ['an empty line before', `\r\n${first}`],
])('a header in another manner: %s', ([, text]) => {
  expect(read([text]).filter((item) => typeof item !== 'string')).toEqual([one])
  expect(read(bytewise(text))).toEqual(read([text]))
})

// What stands before a right message; the sentence that it costs.
const bad: readonly [string, string | RegExp][] = [
  ['hello', '5 bytes that are no DAP message were skipped: "hello"'],
  ['{"seq":1}\n', '10 bytes that are no DAP message were skipped: "{\\"seq\\":1}\\n"'],
  ['Content-Length: ', '16 bytes that are no DAP message were skipped: "Content-Length: "'],
  ['Content-Length: \r\n\r\n{}', /^22 bytes that are no DAP message/],
  ['Content-Length: -5\r\n\r\n', /^22 bytes that are no DAP message/],
  ['Content-Length: 5x\r\n\r\n12345', /^27 bytes that are no DAP message/],
  ['Content-Length: 7\r\nno header\r\n\r\n{"a":1}', /^39 bytes that are no DAP message/],
  ['Content-Length: 7\r\nContent-Length: 7\r\n', /^38 bytes that are no DAP message/],
  [`Content-Length: 2\r\nX: ${'x'.repeat(5000)}\r\n\r\n{}`, /^5028 bytes that are no DAP message/],
  [`Content-Length:${' '.repeat(5000)}2\r\n\r\n{}`, /^5022 bytes that are no DAP message/],
  [framed('{"a":'), 'A message of 5 bytes was skipped, it is malformed JSON: "{\\"a\\":"'],
  [framed(''), 'A message of 0 bytes was skipped, it is malformed JSON: ""'],
  [framed('[1]'), 'A message of 3 bytes was skipped, it is no JSON object: "[1]"'],
  [framed('null'), 'A message of 4 bytes was skipped, it is no JSON object: "null"'],
  [framed('"Content-Length: 2"'), 'A message of 19 bytes was skipped, it is no JSON object: "\\"Content-Length: 2\\""'],
  [framed('{"a":1}', 6), 'A message of 6 bytes was skipped, it is malformed JSON: "{\\"a\\":1"'],
  [framed('{"a":1}', 20), /^A message of 20 bytes was skipped, it is malformed JSON/],
  [framed('{"a":1}', 40), /^A message of 40 bytes was skipped, it is malformed JSON/],
  [framed('{"a":1}', 67108865), 'A message of 67108865 bytes was announced and is skipped: at most 64 MB are read.'],
  [framed('{}', 1e30).replace('1e+30', '9'.repeat(30)), /^A message of 1e\+30 bytes was announced and is skipped/],
]

test.for(bad)('a stretch of garbage costs one sentence: %j', ([garbage, sentence]) => {
  const expected = [typeof sentence === 'string' ? sentence : expect.stringMatching(sentence), one, two]
  expect(read([garbage, first, second])).toEqual(expected)
  expect(read([garbage + first + second])).toEqual(expected)
  expect(read(bytewise(garbage + first + second))).toEqual(expected)
})

test.for<[string, string]>([
  [first.slice(0, -3), 'The input ended in the middle of a message: 19 of its 22 bytes had arrived.'],
  ['Content-Len', '11 bytes that are no DAP message were skipped: "Content-Len"'],
  ['Content-Length: 12\r\n', '20 bytes that are no DAP message were skipped: "Content-Length: 12\\r\\n"'],
  ['noise', '5 bytes that are no DAP message were skipped: "noise"'],
])('the input ends too early: %j', ([torn, sentence]) => {
  expect(read([second, torn])).toEqual([two, sentence])
  expect(read(bytewise(second + torn))).toEqual([two, sentence])
})

test('random garbage between messages loses none of them', () => {
  const next = random(1)
  const pick = (count: number) => (next() >>> 0) % count
  const pieces = [
    'Content-Length: ',
    'Content-Length: 4\r\n',
    '\r\n\r\n',
    '{"a":',
    '}',
    '\0',
    'ä',
    '-',
    'C',
    ':',
    '\n',
    'x'.repeat(100),
  ]
  for (let round = 0; round < 300; round++) {
    const garbage = Array.from({ length: pick(12) }, () => pieces[pick(pieces.length)]).join('')
    const bytes = Buffer.from(`${first}${garbage}\r\n${second}${first}${second}`)
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + pick(40)
      chunks.push(bytes.subarray(at, at + length))
      at += length
    }
    const messages = read(chunks).filter((item) => typeof item !== 'string')
    expect(messages, JSON.stringify(garbage)).toEqual([one, two, one, two])
    expect(read(chunks), JSON.stringify(garbage)).toEqual(read([bytes]))
  }
})

// A reader that searches all of it again for each chunk runs into the test's time limit: the library's needs 10 s for one million bytes
// in these chunks, and four times that for two.
test.for<[string, string]>([
  ['no header', 'x'],
  ['colons', ':'],
  ['the name again and again', 'Content-Length:'],
  ['a header that never ends', 'Content-Length: 1\r\n'],
  ['lines that both end and begin a header', 'A:Content-Length: 1\r\n'],
  ['malformed messages within malformed messages', 'Content-Length: 900000\r\n\r\n{'],
])('the time is linear in three million bytes of: %s', ([, piece]) => {
  const noise = Buffer.from(piece.repeat(3e6 / piece.length))
  const chunks = Array.from({ length: noise.length / 10 }, (_, n) => noise.subarray(10 * n, 10 * n + 10))
  expect(read([...chunks, '\r\n', first]).length).toBeGreaterThan(0)
})

test('a malformed message that begins within a malformed message', () => {
  const inner = `Content-Length: 30\r\n\r\n{"a":`
  const messages = read([framed(inner, inner.length + 3), '   ', first, second, '\r\n'.repeat(20)])
  expect(messages.filter((item) => typeof item !== 'string')).toEqual([one, two])
})

test('a body of many megabytes in small chunks', () => {
  const text = 'ä'.repeat(4 << 20)
  const whole = Buffer.from(framed(JSON.stringify({ text })))
  const chunks = Array.from({ length: Math.ceil(whole.length / 1000) }, (_, n) =>
    whole.subarray(1000 * n, 1000 * n + 1000),
  )
  expect(read(chunks)).toEqual([{ text }])
})
