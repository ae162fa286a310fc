// host.c compiled and asked: results of the host's floating-point unit for arrays of operands.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const HAPPENED = { inexact: 1, overflow: 2, tiny: 4, away: 8, invalid: 16, divideByZero: 32 } as const

export type HostOperation =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'madd'
  | 'msub'
  | 'round'
  | 'reciprocal'
  | 'integer'
  | 'rsqrt'
const NUMBER: Record<HostOperation, number> = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  madd: 4,
  msub: 5,
  round: 6,
  reciprocal: 7,
  integer: 8,
  rsqrt: 9,
}

export interface HostResults {
  /** As words, low first. */
  readonly results: Int32Array
  readonly flags: Int32Array
}

export interface Host {
  /** operands: A, B, C of each case. */
  ask(operation: HostOperation, single: boolean, mode: number, operands: Float64Array): HostResults
  close(): void
}

export function buildHost(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'e500-float-'))
  const program = join(folder, 'host')
  const flags = ['-O1', '-frounding-math', '-fsignaling-nans', '-ffp-contract=off', '-o', program]
  const built = spawnSync('gcc', [...flags, 'test/float/host.c', '-lm'], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(built.stderr)
  return {
    ask: (operation, single, mode, operands) => {
      const count = operands.length / 3
      const header = Int32Array.of(NUMBER[operation], single ? 1 : 0, mode, count)
      const input = Buffer.concat([Buffer.from(header.buffer), Buffer.from(operands.buffer)])
      const { stdout, status } = spawnSync(program, { input, maxBuffer: 2 ** 30 })
      if (status !== 0) throw new Error('The judge ended early.')
      const words = new Int32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length))
      const pick = (offset: number, step: number) => (_: unknown, n: number) => words[n * step + offset]!
      return {
        results: Int32Array.from({ length: 2 * count }, (_, n) => words[(n >> 1) * 4 + (n & 1)]!),
        flags: Int32Array.from({ length: count }, pick(2, 4)),
      }
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}
