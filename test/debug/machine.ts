// A machine that runs a few lines of assembly at 0x1000, with each interrupt's handler an endless loop at 0x2000 + 0x100 * IVOR.

import type { DebugOwnership } from '../../emulator/debug/ownership.ts'
import { STATE } from '../../emulator/isa/cpu.ts'
import { Machine } from '../../emulator/machine.ts'
import { assemble } from '../support/assemble.ts'

export const CODE = 0x1000
export const DATA = 0x8000
export const handler = (IVOR: number) => 0x2000 + 0x100 * IVOR

export interface Setup {
  readonly gpr?: Readonly<Record<number, number>>
  readonly spr?: Readonly<Record<string, number>>
  readonly MSR?: number
  readonly ownership?: DebugOwnership
}

export function machineWith(source: string, { gpr = {}, spr = {}, MSR = 0, ownership = 'shared' }: Setup = {}) {
  const machine = new Machine({ memoryBytes: 16 << 20, debugOwnership: ownership })
  machine.boot(CODE, 16 << 20)
  const { words, labels } = assemble(source, CODE)
  words.forEach((word, n) => {
    machine.memory.write(CODE + 4 * n, 4, word)
  })
  const [loop] = assemble('here:\nb here').words
  for (let IVOR = 0; IVOR < 16; IVOR++) {
    machine.memory.write(handler(IVOR), 4, loop!)
    machine.vcpu.setRegister(`IVOR${IVOR}`, handler(IVOR))
  }
  const { vcpu } = machine
  for (const [number, value] of Object.entries(gpr)) vcpu.setRegister(`r${number}`, value)
  for (const [name, value] of Object.entries(spr)) vcpu.setRegister(name, value)
  vcpu.setMsr(MSR)
  vcpu.state[STATE.NIA] = CODE
  return { machine, vcpu, labels }
}
