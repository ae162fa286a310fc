// What every benchmark needs: times, medians, and a program of another's run beside ours.
import { spawn, spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** One line of the table. Times in milliseconds unless the unit says otherwise; ratio above 1: we are ahead. */
export interface Row {
  readonly what: string
  readonly ours: number
  readonly theirs?: number | undefined
  readonly unit: 'ms' | 'MIPS'
  readonly note?: string
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

export async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { ms: performance.now() - started, result }
}

export const hasProgram = (program: string) => spawnSync(program, ['--version']).status === 0

/** Milliseconds from the start of a program until its output has the text; it is ended then. */
export function untilPrinted(
  program: string,
  args: readonly string[],
  text: string,
  limitMs = 120_000,
): Promise<number> {
  const started = performance.now()
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  let seen = ''
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(`${program} did not print "${text}".`))), limitMs)
    const finish = (end: () => void) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      end()
    }
    child.on('error', reject)
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1')
      if (seen.includes(text)) finish(() => resolve(performance.now() - started))
    })
  })
}

export const QEMU = ['-M', 'ppce500', '-cpu', 'e500v2', '-m', '256', '-nographic', '-net', 'none']
