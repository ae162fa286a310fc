// One small guest on one core for a statement of the catalogue, and what came of it in the reference's own words:
// `D+4 IAC1|IDE` is a debug interrupt that saved CODE+4 with these bits in DBSR, `I6+0` a Program interrupt at CODE, `runs` none.
import type { DebugOwnership, DeniedWrite, Hypervisor } from '../../emulator/debug/ownership.ts'
import { STATE } from '../../emulator/isa/cpu.ts'
import { Machine } from '../../emulator/machine.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { assemble } from '../support/assemble.ts'

export const CODE = 0x1000
export const DATA = 0x8000
export const handler = (IVOR: number) => 0x2000 + 0x100 * IVOR
/** Nothing maps it. */
export const UNMAPPED = 0x40000000

/** Masks as the reference prints them (1.2 to 1.6). */
export const MSR = {
  GS: 0x10000000,
  WE: 0x40000,
  CE: 0x20000,
  EE: 0x8000,
  PR: 0x4000,
  ME: 0x1000,
  DE: 0x200,
  IS: 0x20,
  DS: 0x10,
}
export const DBCR0 = {
  ...{ IDM: 0x40000000, ICMP: 0x08000000, BRT: 0x04000000, IRPT: 0x02000000, TRAP: 0x01000000 },
  ...{ IAC1: 0x00800000, IAC2: 0x00400000, DAC1R: 0x00080000, DAC1W: 0x00040000, DAC2R: 0x00020000, DAC2W: 0x00010000 },
  ...{ RET: 0x8000, CIRPT: 0x40, CRET: 0x20, FT: 1 },
}
export const DBSR = {
  ...{ UDE: 0x40000000, ICMP: 0x08000000, BRT: 0x04000000, IRPT: 0x02000000, TRAP: 0x01000000 },
  ...{ IAC1: 0x00800000, IAC2: 0x00400000, DAC1R: 0x00080000, DAC1W: 0x00040000, DAC2R: 0x00020000, DAC2W: 0x00010000 },
  ...{ RET: 0x8000, CIRPT: 0x40, CRET: 0x20, IDE: 0x80000000 },
}

/** By their numbers even the host's facility holds what the guest wrote (1.1). */
export const DEBUG_SPRS: Readonly<Record<string, number>> = {
  ...{ DBSR: 304, DBCR0: 308, DBCR1: 309, DBCR2: 310, DBCR4: 563, IAC1: 312, IAC2: 313, DAC1: 316, DAC2: 317 },
}

export interface Setup {
  readonly MSR?: number
  readonly gpr?: Readonly<Record<number, number>>
  readonly spr?: Readonly<Record<string, number>>
  readonly dbsr?: number
  /** More code, by address; a handler's own first of all. */
  readonly at?: Readonly<Record<number, string>>
  readonly ownership?: DebugOwnership
  readonly hypervisor?: Hypervisor
  readonly deniedWrite?: DeniedWrite
}

export function rig(cpu: CoreName, source: string, setup: Setup = {}) {
  const { ownership = 'shared', hypervisor = 'none', deniedWrite } = setup
  const denied = deniedWrite && { deniedWrite }
  const machine = new Machine({ memoryBytes: 1 << 20, cpu, debugOwnership: ownership, hypervisor, ...denied })
  machine.boot(CODE, 16 << 20)
  const { vcpu } = machine
  const put = (address: number, text: string) =>
    assemble(text, address).words.forEach((word, n) => {
      machine.memory.write(address + 4 * n, 4, word)
    })
  const ivors = [...Array(16).keys(), ...(cpu === 'e500mc' ? [35, 36, 37, 38, 39, 40, 41] : [32, 33, 34, 35])]
  for (const n of ivors) {
    put(handler(n), 'here:\nb here')
    vcpu.setRegister(`IVOR${n}`, handler(n))
  }
  put(CODE, `${source}\nhere:\nb here`)
  for (const [address, text] of Object.entries(setup.at ?? {})) put(Number(address), text)
  mapOtherSpaces(machine, cpu)
  for (const [n, value] of Object.entries(setup.gpr ?? {})) vcpu.setRegister(`r${n}`, value)
  for (const [name, value] of Object.entries(setup.spr ?? {})) {
    const number = DEBUG_SPRS[name]
    if (number && ownership === 'host') vcpu.sprs[number] = value
    else vcpu.setRegister(name, value)
  }
  vcpu.sprs[304] = setup.dbsr ?? 0
  vcpu.interruptsChanged()
  vcpu.setMsr(setup.MSR ?? 0)
  vcpu.state[STATE.NIA] = CODE
  return views(machine, cpu)
}

/** The same memory in address space 1, and for guests. */
function mapOtherSpaces(machine: Machine, cpu: CoreName): void {
  const { vcpu } = machine
  const map = (entry: number, TS: number, TGS: number) => {
    vcpu.setRegister('MAS0', 0x10000000 | (entry << 16))
    vcpu.setRegister('MAS1', 0x80000000 | (TS << 12) | (7 << 8))
    vcpu.setRegister('MAS2', 0)
    vcpu.setRegister('MAS3', 0x3f)
    if (cpu === 'e500mc') vcpu.setRegister('MAS8', TGS)
    vcpu.calls.tlbwe()
  }
  map(1, 1, 0)
  if (cpu === 'e500mc') map(2, 0, 0x80000000 | 0)
  if (cpu === 'e500mc') map(3, 1, 0x80000000 | 0)
  for (const n of [0, 1, 2, 3]) vcpu.setRegister(`MAS${n}`, 0)
  if (cpu === 'e500mc') vcpu.setRegister('MAS8', 0)
}

function views(machine: Machine, cpu: CoreName) {
  const { vcpu } = machine
  const reg = (name: string) => vcpu.register(name)! >>> 0
  const saved = (IVOR: number) => {
    if (IVOR === 15) return reg(cpu === 'e500mc' ? 'DSRR0' : 'CSRR0')
    if (IVOR === 1) return reg('MCSRR0')
    return reg([0, 12, 37].includes(IVOR) ? 'CSRR0' : 'SRR0')
  }
  const dbsr = () => {
    const names = Object.entries(DBSR).filter(([, bit]) => vcpu.sprs[304]! & bit)
    return names.map(([name]) => name).join('|') || '-'
  }
  const at = () => {
    const IVOR = (reg('pc') - 0x2000) / 0x100
    if (IVOR < 0 || IVOR > 41 || !Number.isInteger(IVOR)) return 'runs'
    return `${IVOR === 15 ? 'D' : `I${IVOR}`}${place(saved(IVOR))}`
  }
  return {
    ...{ machine, vcpu, reg, dbsr },
    setExternalInput: (level: boolean) => void Object.assign(vcpu.interrupts, { pending: () => level }),
    savedMsr: () => reg(cpu === 'e500mc' ? 'DSRR1' : 'CSRR1'),
    /** Runs so many instructions; what came of it. */
    go: (instructions = 40) => {
      machine.run(instructions)
      return `${at()} ${dbsr()}`
    },
    /** As a debugger would: what happened and where. */
    stop: (instructions = 40) => {
      const exit = machine.run(instructions)
      return 'address' in exit ? `${exit.kind}${place(exit.address)}` : exit.kind
    },
    step: () => {
      machine.hostDebug.step(0)
      const exit = machine.run(1)
      return exit.kind === 'step' ? `step${place(exit.address)}` : exit.kind
    },
  }
}

/** +4: CODE+4; @I8: the first instruction of the handler of IVOR8. */
function place(address: number): string {
  if (address >= 0x2000 && address < 0x5000) {
    const offset = (address - 0x2000) % 0x100
    return `@I${Math.floor((address - 0x2000) / 0x100)}${offset ? `+${offset}` : ''}`
  }
  return address - CODE >= 0 ? `+${address - CODE}` : `${address - CODE}`
}
