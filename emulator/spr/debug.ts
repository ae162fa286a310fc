// The debug registers of both cores: who owns the debug facility says what they show and what a write stores (E500RM 2.13; reference 1.1 to 1.4 for the e500mc’s).
import { clearsOnes, hypervisor, spr, type Write } from './build.ts'
import { fromField, maskOf, masksIn } from './masks.ts'
import type { SprCpu, SprField } from './record.ts'
import { DBCR0_FIELDS, DBCR1_FIELDS, DBCR2_FIELDS, DBCR4_FIELDS, DBSR_FIELDS } from './registerFields.ts'

const mc = { core: 'e500mc' } as const
const { RST } = masksIn('DBCR0', DBCR0_FIELDS, 'RST')

const read = (cpu: SprCpu, number: number) => cpu.shownDebug(number)
/** What the owner lets a write store. */
const stores =
  (store: Write): Write =>
  (cpu, value, number) => {
    const written = cpu.writtenDebug(number, value)
    if (written !== undefined) store(cpu, written, number)
  }
const store: Write = (cpu, value, number) => {
  cpu.sprs[number] = value
  cpu.debugRegistersChanged()
}

const register = <const Name extends string>(
  number: number,
  name: Name,
  title: string,
  fields?: readonly SprField[],
  write: Write = store,
) => spr(number, name, title, 'debug', { ...hypervisor, ...(fields && { fields }), read, write: stores(write) })

const DBSR = register(304, 'DBSR', 'Debug Status Register', DBSR_FIELDS, clearsOnes)

export const debugRegisters = [
  DBSR,
  register(308, 'DBCR0', 'Debug Control Register 0', DBCR0_FIELDS, (cpu, value, number) => {
    store(cpu, value, number)
    // C16: RST = 10 asks for a reset, as Linux' abort() does; other values do nothing.
    if (fromField(value, RST) === 0b10) cpu.requestReset()
  }),
  register(309, 'DBCR1', 'Debug Control Register 1', DBCR1_FIELDS),
  register(310, 'DBCR2', 'Debug Control Register 2', DBCR2_FIELDS),
  register(312, 'IAC1', 'Instruction Address Compare 1'),
  register(313, 'IAC2', 'Instruction Address Compare 2'),
  register(316, 'DAC1', 'Data Address Compare 1'),
  register(317, 'DAC2', 'Data Address Compare 2'),
  spr(306, 'DBSRWR', 'Debug Status Register, write', 'debug', {
    ...mc,
    ...hypervisor,
    access: 'w',
    write: stores((cpu, value) => {
      cpu.sprs[DBSR.number] = value & maskOf(DBSR_FIELDS)
      cpu.interruptsChanged()
    }),
  }),
  { ...register(563, 'DBCR4', 'Debug Control Register 4', DBCR4_FIELDS), ...mc },
]
