// The integer benchmark of the real guests. Its checksums were computed by QEMU and by qemu-user (reference: guests and baseline).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { elfImage, machineWithConsole } from '../support/board.ts'
import { guests } from '../support/tools.ts'

const SUMS = {
  sieve: '0000198e',
  sha256: '05aa5558',
  crc32: '13ea821b',
  matmul: '696da800',
  memcpy: 'db50ab43',
  string: '0009c45e',
  list: 'a932cf00',
  fib: '0000b520',
  interp: '6b03161e',
  dhry: '145ba965',
  arith64: 'f831de7e',
}

test.skipIf(!guests)('bench-e500v2-x1 prints the checksums of QEMU and powers off', () => {
  const { machine, console } = machineWithConsole(64 << 20)
  machine.load(elfImage(readFileSync(join(guests!, 'bench/bench-e500v2-x1.elf'))))
  const exit = machine.run(200_000_000)
  const sums = Object.fromEntries([...console.text.matchAll(/^(\w+).*sum=([0-9a-f]{8})/gm)].map((m) => [m[1], m[2]]))
  expect(sums).toEqual(SUMS)
  expect(exit).toEqual({ kind: 'powerOff' })
})
