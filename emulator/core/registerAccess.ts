// Registers by name, for the debugger: read without side effects, written as the debugger's own act (no privilege, no interrupt).
import { STATE } from '../isa/cpu.ts'
import type { Spr } from '../spr/record.ts'
import { sprs } from '../spr/table.ts'
import type { Vcpu } from './vcpu.ts'

/** TBL and TBU have a number to read and one to write. */
const named = (lacking: Spr['access']) =>
  new Map(sprs.filter(({ access }) => access !== lacking).map((record) => [record.name.toLowerCase(), record]))
const readable = named('w')
const writable = named('r')

interface Access {
  readonly read: (vcpu: Vcpu) => number
  readonly write: (vcpu: Vcpu, value: number) => void
}

const gpr = (number: number): Access => ({
  read: ({ state }) => state[number]!,
  write: ({ state }, value) => {
    state[number] = value
  },
})

const special: Readonly<Record<string, Access>> = {
  pc: {
    read: ({ state }) => state[STATE.NIA]!,
    write: (vcpu, value) => {
      vcpu.state[STATE.NIA] = value & -4
      vcpu.debug.forgetReported()
    },
  },
  msr: { read: (vcpu) => vcpu.MSR, write: (vcpu, value) => vcpu.setMsr(value) },
  cr: { read: (vcpu) => vcpu.getCr(), write: (vcpu, value) => vcpu.setCr(value) },
}

function accessOf({ sprByNumber }: Vcpu, name: string): Access | undefined {
  const wanted = name.toLowerCase()
  const number = /^r(\d|[12]\d|3[01])$/.exec(wanted)?.[1]
  if (number !== undefined) return gpr(Number(number))
  const toWrite = writable.get(wanted)
  const toRead = readable.get(wanted) ?? toWrite
  if (!toRead || !sprByNumber[toRead.number]) return special[wanted]
  return {
    read: (vcpu) => toRead.read?.(vcpu) ?? vcpu.sprs[toRead.number]!,
    write: (vcpu, value) => {
      if (!toWrite) throw new Error(`${toRead.name} is read-only.`)
      if (toWrite.write) toWrite.write(vcpu, value)
      else vcpu.sprs[toWrite.number] = value
    },
  }
}

/** r0 to r31, pc (the instruction to come), msr, cr, or an SPR's name; signed. Undefined: the core has none of that name. */
export const readRegister = (vcpu: Vcpu, name: string) => accessOf(vcpu, name)?.read(vcpu)

/** Throws an Error with a sentence for a register that cannot be written. */
export function writeRegister(vcpu: Vcpu, name: string, value: number): void {
  const access = accessOf(vcpu, name)
  if (!access) throw new Error(`There is no register ${name}.`)
  access.write(vcpu, value | 0)
}
