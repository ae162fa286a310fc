// Two machines with the same code at 0, of which one executes everything: the judge of the other.
import { expect } from 'vitest'
import { Machine } from '../../emulator/index.ts'
import { assemble } from '../support/assemble.ts'

const MEMORY = 1 << 20

export interface Pair {
  readonly quick: Machine
  readonly slow: Machine
}

export function executeEverything(machine: Machine): void {
  for (const vcpu of machine.vcpus) vcpu.pollWatcher = undefined
}

export function pairOf(source: string, registers: Readonly<Record<string, number>>, cores = 1): Pair {
  const [quick, slow] = [1, 2].map(() => machineWith(source, registers, cores)) as [Machine, Machine]
  executeEverything(slow)
  return { quick, slow }
}
function machineWith(source: string, registers: Readonly<Record<string, number>>, cores: number): Machine {
  const machine = new Machine({ memoryBytes: MEMORY, cores })
  for (const [n, word] of assemble(source).words.entries()) machine.memory.write(4 * n, 4, word)
  machine.boot(0, MEMORY)
  for (const [name, value] of Object.entries(registers)) machine.vcpu.setRegister(name, value)
  return machine
}

export const skipped = (machine: Machine) => (machine.restingTicks() - machine.idleTicks()) / 4

/** Both are the same after each of these pieces of the run. */
export function expectSameRun({ quick, slow }: Pair, counts: readonly number[], what?: string): void {
  for (const count of counts) {
    for (const machine of [quick, slow]) machine.run(count)
    for (const [n, vcpu] of quick.vcpus.entries()) expect(vcpu.save(), what).toEqual(slow.vcpus[n]!.save())
  }
  expect(quick.hash(), what).toBe(slow.hash())
  expect(skipped(slow)).toBe(0)
}
