// A machine for one case: a few lines of assembly at 0x1000, every interrupt's handler an endless loop of its own, one TLB1 entry that maps all of it.
// What is expected is named as the manual names it: pc, MSR, r3, an SPR, or the word at an address.
import { expect, test } from 'vitest'
import { hex, place } from '../../emulator/bits.ts'
import { STATE } from '../../emulator/isa/cpu.ts'
import { Machine } from '../../emulator/machine.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { assemble } from '../support/assemble.ts'
import { recordCompared } from '../support/compared.ts'

export const CODE = 0x1000
export const DATA = 0x8000
/** Nothing maps it. */
export const UNMAPPED = 0x40000000
export const handler = (IVOR: number) => 0x2000 + 0x80 * IVOR
export const guestHandler = (GIVOR: number) => 0x10000 + 0x80 * GIVOR
const IVORS = [...Array(16).keys(), 32, 33, 34, 35, 36, 37, 38, 39, 40, 41]
const GIVORS = [2, 3, 4, 8, 13, 14]

/** One TLB entry in the words of the manual; sizes as TSIZE. */
export interface Entry {
  readonly tlb?: 0 | 1
  readonly entry: number
  readonly EPN: number
  readonly RPN?: number
  readonly RPNU?: number
  readonly TSIZE?: number
  readonly TID?: number
  readonly TS?: number
  readonly IPROT?: boolean
  /** UX SX UW SW UR SR; default all. */
  readonly permissions?: number
  readonly WIMGE?: number
  readonly MAS8?: number
}

export interface Case {
  readonly title: string
  /** Where the expected values come from: a manual's section, a key of the reference, or who else does it. */
  readonly manual: string
  readonly cpu?: CoreName
  readonly code: string
  readonly MSR?: number
  readonly gpr?: Readonly<Record<number, number>>
  readonly spr?: Readonly<Record<string, number>>
  readonly tlb?: readonly Entry[]
  readonly memory?: Readonly<Record<number, number>>
  readonly before?: (machine: Machine) => void
  readonly instructions?: number
  readonly expected: Readonly<Record<string, number>>
}

/** No SPE, no e500mc: an interrupt vector that a core lacks is left out. */
function setVectors(machine: Machine): void {
  const [loop] = assemble('here:\nb here').words
  const set = (name: string, address: number) => {
    machine.memory.write(address, 4, loop!)
    if (machine.vcpu.sprByNumber.some((record) => record?.name === name))
      machine.vcpu.setRegister(name, address & 0xfff0)
  }
  for (const n of IVORS) set(`IVOR${n}`, handler(n))
  if (machine.model.name === 'e500v2') return
  for (const n of GIVORS) set(`GIVOR${n}`, guestHandler(n))
  machine.vcpu.setRegister('GIVPR', 0x10000)
}

export function writeEntry(machine: Machine, entry: Entry): void {
  const { tlb = 1, EPN, RPN = EPN, RPNU = 0, TSIZE = 1, TID = 0, TS = 0, permissions = 0x3f, WIMGE = 0 } = entry
  const { sprs, mmu } = machine.vcpu
  const ESEL = tlb === 1 ? place(entry.entry, 10, 15) : place(entry.entry, 14, 15)
  const before = MAS.map((number) => sprs[number]!)
  sprs[624] = place(tlb, 2, 3) | ESEL
  sprs[625] = place(1, 0, 0) | (entry.IPROT ? place(1, 1, 1) : 0) | place(TID, 2, 15) | place(TS, 19, 19)
  sprs[625]! |= place(TSIZE, 20, 23)
  sprs[626] = EPN | WIMGE
  sprs[627] = RPN | permissions
  sprs[944] = RPNU
  sprs[341] = entry.MAS8 ?? 0
  machine.vcpu.tlbChanged(mmu.tlbwe())
  MAS.forEach((number, n) => {
    sprs[number] = before[n]!
  })
}
const MAS = [624, 625, 626, 627, 944, 341]

export function machineFor(it: Omit<Case, 'title' | 'manual' | 'expected'>): Machine {
  const machine = new Machine({ memoryBytes: 16 << 20, cpu: it.cpu ?? 'e500v2' })
  const { vcpu } = machine
  machine.boot(CODE, 16 << 20)
  // The entry of the boot protocol, for hypervisor and guest alike.
  for (const [n, MAS8] of [0, place(1, 0, 0)].entries())
    if (n === 0 || machine.model.name === 'e500mc') writeEntry(machine, { entry: n, EPN: 0, TSIZE: 7, MAS8 })
  setVectors(machine)
  // Behind the last line it stands still.
  assemble(`${it.code}\nend:\nb end`, CODE).words.forEach((word, n) => {
    machine.memory.write(CODE + 4 * n, 4, word)
  })
  for (const [address, word] of Object.entries(it.memory ?? {})) machine.memory.write(Number(address), 4, word | 0)
  for (const entry of it.tlb ?? []) writeEntry(machine, entry)
  for (const [number, value] of Object.entries(it.gpr ?? {})) vcpu.setRegister(`r${number}`, value)
  for (const [name, value] of Object.entries(it.spr ?? {})) vcpu.setRegister(name, value)
  vcpu.setMsr(it.MSR ?? 0)
  vcpu.state[STATE.NIA] = CODE
  return machine
}

function valueNamed(machine: Machine, name: string): number {
  if (/^0x/.test(name)) return machine.memory.read(Number(name), 4)
  const value = machine.vcpu.register(name)
  if (value === undefined) throw new Error(`There is no ${name}.`)
  return value
}

/** What a case compares with its source: the lines that it runs and the registers that it names. */
const comparedBy = ({ code, expected }: Case) =>
  [...code.matchAll(/^\s*([a-z][\w.]*)/gm)].map(([, name]) => name!).concat(Object.keys(expected))

/** Each case is a test of its own, named after its source. */
export function testCases(cases: readonly Case[]): void {
  test.each(cases.map((it) => [`${it.title} [${it.manual}]`, it] as const))('%s', (_, it) => {
    const machine = machineFor(it)
    it.before?.(machine)
    machine.run(it.instructions ?? 12)
    const found = Object.keys(it.expected).map((name) => [name, hex(valueNamed(machine, name))])
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(it.expected).map(([name, value]) => [name, hex(value | 0)])),
    )
    recordCompared(it.cpu ?? 'e500v2', it.manual, comparedBy(it))
  })
}
