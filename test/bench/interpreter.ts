// Millions of instructions a second on the bare-metal integer benchmark, beside QEMU in the same run; and what a debugger adds to it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdapterProcess } from '../../adapter/demo/adapterProcess.ts'
import { guestImage, readElf } from '../../adapter/symbols/elf.ts'
import { Machine } from '../../emulator/index.ts'
import { guestFile } from '../support/guests.ts'
import { hasProgram, QEMU, type Row, timed, untilPrinted } from './measure.ts'

const file = () => guestFile('bench', 'bench-e500v2-x10.elf')

export async function interpreter(): Promise<Row[]> {
  const alone = await measured(newMachine())
  const theirs = hasProgram('qemu-system-ppc')
    ? mips(alone.instructions, await untilPrinted('qemu-system-ppc', [...QEMU, '-kernel', file()], 'BENCH DONE'))
    : undefined
  const debugged = newMachine()
  const unmapped = 0xf000_0000
  for (const [id, placement] of (['auto', 'iac'] as const).entries())
    debugged.hostDebug.place(id, { kind: 'instruction', placement, address: unmapped })
  debugged.hostDebug.place(2, { kind: 'data', placement: 'dac', address: unmapped, length: 4, access: 'store' })
  const held = await measured(debugged)
  if (held.instructions !== alone.instructions) throw new Error('A debugger changed the number of instructions.')
  const session = mips(alone.instructions, await inSession())
  const beside = { theirs: alone.mips, unit: 'MIPS', note: 'beside the run without' } as const
  return [
    { what: 'bench-e500v2-x10, interpreter', ours: alone.mips, theirs, unit: 'MIPS', note: 'QEMU with its start' },
    { what: '  with auto, IAC and DAC held, never hit', ours: held.mips, ...beside },
    { what: '  in a debug session, no event enabled', ours: session, ...beside },
  ]
}

function newMachine(): Machine {
  const machine = new Machine({ memoryBytes: 256 << 20 })
  machine.load(guestImage(readElf(readFileSync(file()), file())))
  return machine
}
const mips = (instructions: number, ms: number) => instructions / 1000 / ms

async function measured(machine: Machine): Promise<{ instructions: number; mips: number }> {
  const { ms } = await timed(() => {
    while (machine.run(10_000_000).kind === 'budget') {}
  })
  const instructions = machine.instructions()
  return { instructions, mips: mips(instructions, ms) }
}

/** Milliseconds from configurationDone to the guest's power-off. */
async function inSession(): Promise<number> {
  const adapter = new AdapterProcess(join('dist', 'adapter.js'), () => {})
  await adapter.request('initialize', { adapterID: 'e500' })
  await adapter.request('launch', { program: file(), clock: 'virtual' })
  await adapter.next('initialized')
  const { ms } = await timed(async () => {
    await adapter.request('configurationDone')
    await adapter.next('terminated')
  })
  await adapter.end()
  return ms
}
