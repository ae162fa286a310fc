// MSI-X by the rules of PCI Local Bus 3.0, 6.8.2.
import { expect, test } from 'vitest'
import { Msix } from '../../emulator/board/msix.ts'

const [ENABLE, FUNCTION_MASK] = [0x80000000 | 0, 0x40000000]
const PENDING = 0x800

/** Three vectors, each with a message of its own and unmasked. */
function table() {
  const sent: [address: number, data: number][] = []
  const function_ = { control: ENABLE }
  const msix = new Msix(
    3,
    () => function_.control,
    (address, data) => sent.push([address, data]),
  )
  const entry = (n: number, ...words: number[]) => {
    for (const [word, value] of words.entries()) msix.write(16 * n + 4 * word, 4, value)
  }
  for (const n of [0, 1, 2]) entry(n, 0x1000 + 4 * n, n, 0x40 + n, 0)
  return { msix, sent, function_, entry }
}

test('after a reset each vector is masked', () => {
  const { msix } = table()
  msix.reset()
  expect([0, 1, 2].map((n) => [0, 4, 8, 12].map((word) => msix.read(16 * n + word)))).toEqual(
    Array.from({ length: 3 }, () => [0, 0, 0, 1]),
  )
})

test('a vector sends its message, to an address of 64 bits', () => {
  const { msix, sent } = table()
  msix.raise(2)
  expect([sent, msix.read(PENDING)]).toEqual([[[2 * 2 ** 32 + 0x1008, 0x42]], 0])
})

test('a masked one waits, once, and is sent as it is unmasked', () => {
  const { msix, sent, entry } = table()
  entry(1, 0x1004, 1, 0x41, 1)
  msix.raise(1)
  msix.raise(1)
  expect([sent, msix.read(PENDING)]).toEqual([[], 2])
  entry(1, 0x1004, 1, 0x51, 0)
  expect([sent, msix.read(PENDING)]).toEqual([[[2 ** 32 + 0x1004, 0x51]], 0])
})

test('the function mask masks all of them', () => {
  const { msix, sent, function_ } = table()
  function_.control = ENABLE | FUNCTION_MASK
  msix.raise(0)
  msix.raise(2)
  expect([sent, msix.read(PENDING)]).toEqual([[], 5])
  function_.control = ENABLE
  msix.flush()
  expect(sent.map(([, data]) => data)).toEqual([0x40, 0x42])
})

test('a vector that is not there: a register does not keep it, and nothing is sent', () => {
  const { msix, sent } = table()
  expect([0, 2, 3, 0x8000, 0xffff, 0x10001].map(msix.vector)).toEqual([0, 2, 0xffff, 0xffff, 0xffff, 1])
  for (const vector of [3, 31, 32, 0xffff]) msix.raise(vector)
  expect([sent, msix.read(PENDING)]).toEqual([[], 0])
})

test('behind the table and in the pending bits nothing can be written; parts of words change nothing', () => {
  const { msix } = table()
  const before = JSON.stringify(msix.save())
  for (const offset of [48, 0x7fc, PENDING, PENDING + 4, 0xffc]) msix.write(offset, 4, -1)
  msix.write(0, 1, 0xff)
  msix.write(2, 2, 0xffff)
  expect(JSON.stringify(msix.save())).toBe(before)
  expect([48, 0x7fc, PENDING, 0xffc].map((offset) => msix.read(offset))).toEqual([0, 0, 0, 0])
})

test('of the vector control word the mask alone is kept', () => {
  const { msix } = table()
  msix.write(12, 4, -1)
  expect(msix.read(12)).toBe(1)
})
