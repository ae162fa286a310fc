// What a run leaves behind when it ends: files, and the hash of the machine's state.
import { hex } from '../../emulator/bits.ts'
import type { Machine } from '../../emulator/index.ts'
import { UserError } from '../userError.ts'
import type { Console } from './console.ts'
import type { InstructionCount } from './instructionCount.ts'
import type { RunOptions } from './options.ts'
import { checkWritable, writeOutput } from './outputFile.ts'

export function leaveBehind(
  machine: Machine,
  options: RunOptions,
  count: InstructionCount,
  output: Console,
  seconds: number,
): void {
  const isOnConsole = options.serial === 'stdio' && (options.hash || process.stdout.isTTY)
  if (isOnConsole && !output.isAtLineStart) process.stdout.write('\n')
  const instructions = count.now()
  const mips = Math.round(count.executed() / seconds / 1e5) / 10
  const stats = { instructions, seconds, mips, interrupts: interruptsOf(machine) }
  if (options.stats !== undefined) writeOutput(options.stats, `${JSON.stringify(stats, undefined, 2)}\n`)
  for (const { address, length, file } of options.dumpMemory) writeOutput(file, machine.peekPhysical(address, length)!)
  if (options.hash) process.stdout.write(`${machine.hash()}\n`)
  for (const save of options.saveAt)
    if (save.instructions > instructions)
      throw new UserError(`--save-at: the run ended at instruction ${instructions}, so ${save.file} was not saved.`)
}

/** By name, of all cores together. */
function interruptsOf(machine: Machine): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const { interruptLog } of machine.vcpus)
    for (const [name, count] of interruptLog.counts()) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** That something cannot be left behind is said before the run, not when hours of it are lost. */
export function checkLeavings(machine: Machine, { dumpMemory, stats, saveAt }: RunOptions): void {
  for (const { address, length } of dumpMemory)
    if (!machine.peekPhysical(address, length))
      throw new UserError(`--dump-memory: ${hex(address)} and ${length} bytes from there are not all RAM.`)
  for (const { instructions } of saveAt)
    if (instructions <= machine.instructions())
      throw new UserError(`--save-at is ${instructions}, but the run begins at instruction ${machine.instructions()}.`)
  for (const file of [stats, ...[...saveAt, ...dumpMemory].map(({ file }) => file)])
    if (file !== undefined) checkWritable(file)
}
