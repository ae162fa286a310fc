// The innermost frame of a core as it stands now: what conditions see in the middle of a run, and where every call stack begins.
import type { FrameReader } from '../symbols/model.ts'
import type { Debuggee } from '../state.ts'
import type { ValueMemory } from '../values/value.ts'
import type { Frame } from './frame.ts'

/** DWARF's numbers for PowerPC (System V ABI): 0 to 31 the GPRs. */
const SPECIAL: Readonly<Record<number, string>> = { 64: 'CR', 65: 'LR', 66: 'CTR', 76: 'XER', 101: 'XER', 108: 'LR', 109: 'CTR' }
const nameOf = (number: number) => (number < 32 ? `r${number}` : SPECIAL[number])

/** Registers and memory of the core itself. */
export function liveMemory({ machine }: Debuggee, vcpu: number): ValueMemory {
  const core = machine.vcpus[vcpu]!
  return {
    read: (address, length) => machine.peek(vcpu, address >>> 0, length),
    register: (number) => {
      const name = nameOf(number)
      return name === undefined ? undefined : core.register(name)
    },
    write: (address, bytes) => machine.poke(vcpu, address >>> 0, bytes),
    writeRegister: (number, value) => {
      const name = nameOf(number)
      if (name === undefined) return false
      core.setRegister(name, value)
      return true
    },
  }
}

/** pc: where it stands; in the middle of an instruction the machine's own is already the next one. */
export function liveFrame(debuggee: Debuggee, vcpu: number, pc = debuggee.machine.vcpus[vcpu]!.register('pc')!): Frame {
  const memory = liveMemory(debuggee, vcpu)
  const address = pc >>> 0
  const link = debuggee.program.toLink(address, vcpu)
  const symbols = link?.module.symbols
  const scopes = link && symbols ? symbols.scopesAt(link.address) : []
  const reader: FrameReader = {
    pc: link?.address ?? address,
    register: memory.register,
    read: memory.read,
    cfa: () => undefined,
  }
  return {
    vcpu,
    level: 0,
    depth: scopes.length,
    pc: address,
    link,
    scope: scopes.at(-1),
    location: link && symbols?.lineAt(link.address),
    cfa: reader.cfa(),
    reader,
    memory,
  }
}
