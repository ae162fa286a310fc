// Registers by name, for the debugger: read without side effects, written as the debugger's own act (no privilege, no interrupt).
import { place } from '../bits.ts'
import { STATE } from '../isa/cpu.ts'
import { fieldMasks } from '../spr/fields.ts'
import { hasField, type Spr } from '../spr/record.ts'
import { SPR, sprs } from '../spr/table.ts'
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

const stateWord = (number: number): Access => ({
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

/**
 * mtspr of these clears what is written as one, keeps some bits, or asks who owns the register. A debugger's write sets the value, as gdb
 * would have it; then the core looks at it again.
 */
const SET: Readonly<Record<string, (vcpu: Vcpu) => void>> = {
  ...Object.fromEntries(['DBSR', 'TSR', 'MCSR'].map((name) => [name, (vcpu: Vcpu) => vcpu.interruptsChanged()])),
  TCR: (vcpu) => vcpu.timerControlChanged(),
  ...Object.fromEntries(
    ['DBCR0', 'DBCR1', 'DBCR2', 'DBCR4', 'IAC1', 'IAC2', 'DAC1', 'DAC2'].map((name) => [
      name,
      (vcpu: Vcpu) => vcpu.debugRegistersChanged(),
    ]),
  ),
}
const { EDM } = fieldMasks(SPR.DBCR0, 'EDM')

function set(vcpu: Vcpu, { name, number, fields }: Spr, value: number): void {
  // Reserved bits stay 0, and EDM is no bit that the register has.
  const own = fields?.filter((field) => hasField(field, vcpu.model.name)) ?? []
  const has = own.reduce((mask, [, from, to]) => mask | place(-1, from, to), 0)
  vcpu.sprs[number] = value & (has === 0 ? -1 : has) & (name === 'DBCR0' ? ~EDM : -1)
  SET[name]!(vcpu)
}

/** The word of the state block behind fpscr and the halves of 64-bit registers: r3.high, f3.high, f3.low, acc.high, acc.low. */
function wordOf({ model }: Vcpu, name: string): number | undefined {
  const [, letter, number = '0', half] = /^(r|f|acc)(\d|[12]\d|3[01])?\.(high|low)$/.exec(name) ?? []
  const offset = half === 'high' ? 1 : 0
  if (model.categories.has('FP')) {
    if (name === 'fpscr') return STATE.FPSCR
    if (letter === 'f') return STATE.FPR + 2 * Number(number) + offset
  }
  if (!model.categories.has('SP')) return undefined
  if (letter === 'acc') return STATE.ACC + offset
  return letter === 'r' && half === 'high' ? STATE.GPRH + Number(number) : undefined
}

function accessOf(vcpu: Vcpu, name: string): Access | undefined {
  const { sprByNumber } = vcpu
  const wanted = name.toLowerCase()
  const word = wordOf(vcpu, wanted)
  if (word !== undefined) return stateWord(word)
  const number = /^r(\d|[12]\d|3[01])$/.exec(wanted)?.[1]
  if (number !== undefined) return stateWord(Number(number))
  const toWrite = writable.get(wanted)
  const toRead = readable.get(wanted) ?? toWrite
  if (!toRead || !sprByNumber[toRead.number]) return special[wanted]
  return {
    read: (vcpu) => toRead.read?.(vcpu.sprCpu) ?? vcpu.sprs[toRead.number]!,
    write: (vcpu, value) => {
      if (!toWrite) throw new Error(`${toRead.name} is read-only.`)
      if (SET[toWrite.name]) set(vcpu, toWrite, value)
      else if (toWrite.write) toWrite.write(vcpu.sprCpu, value)
      else vcpu.sprs[toWrite.number] = value
    },
  }
}

/** r0 to r31, pc (the instruction to come), msr, cr, fpscr, r0.high, f0.high, f0.low, acc.high, acc.low, or an SPR's name; signed. Undefined: the core has none of that name. */
export const readRegister = (vcpu: Vcpu, name: string) => accessOf(vcpu, name)?.read(vcpu)

/** Throws an Error with a sentence for a register that cannot be written. */
export function writeRegister(vcpu: Vcpu, name: string, value: number): void {
  const access = accessOf(vcpu, name)
  if (!access) throw new Error(`There is no register ${name}.`)
  access.write(vcpu, value | 0)
}
