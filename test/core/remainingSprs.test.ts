// Registers that count, that only tell something, and those of the Nexus trace port: what the manuals say of them, where no other test does.
import { expect, test } from 'vitest'
import { bits, hex } from '../../emulator/bits.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { recordCompared } from '../support/compared.ts'
import { machineFor } from './machine.ts'

const CORES = ['e500v2', 'e500mc'] as const
const registersAfter = (cpu: CoreName, code: string, gpr: Record<number, number> = {}, instructions = 8) => {
  const machine = machineFor({ cpu, code, gpr })
  machine.run(instructions)
  return (name: string) => machine.vcpu.register(name)!
}

test.each(CORES)('%s: TBL carries into TBU; ATB is not written with it (E500RM 2.6.3, 2.6.6)', (cpu) => {
  const code =
    'mtspr 284,r3\nmtspr 285,r4\nmtspr 284,r5\nori r0,r0,0\nmfspr r6,269\nmfspr r7,268\nmfspr r8,526\nmfspr r9,527'
  const value = registersAfter(cpu, code, { 4: 41, 5: -1 })
  expect([value('r6'), value('r9')]).toEqual([42, 0])
  expect(value('r7') >>> 0).toBeLessThan(100)
  expect(value('r8')).toBeGreaterThan(0)
  expect(value('r8') >>> 0).toBeLessThan(100)
  recordCompared(cpu, 'E500RM 2.6.3, 2.6.6', ['TBL', 'TBU', 'ATBL', 'ATBU'])
})

test.each(CORES)(
  '%s: DEC counts down to 0, sets TSR[DIS] and with TCR[ARE] begins anew from DECAR (E500RM 2.6.5)',
  (cpu) => {
    const code = `mtspr DECAR,r3\nmtspr TCR,r4\nmtspr DEC,r5\n${'ori r0,r0,0\n'.repeat(20)}`
    const value = registersAfter(cpu, code, { 3: 0x5000, 4: 0x00400000, 5: 20 }, 20)
    expect(value('DEC')).toBeLessThanOrEqual(0x5000)
    expect(value('DEC')).toBeGreaterThan(0x4f00)
    expect(hex(value('TSR') & 0x08000000)).toBe('0x08000000')
    recordCompared(cpu, 'E500RM 2.6.5', ['DEC', 'DECAR'])
  },
)

/** E500RM 2.12.1, 12.1.1 and reference 5.3: how many PIDs, PIDSIZE (one less than their bits), NTLBS (one less than the TLBs), MAVN. */
test.each([
  ['e500v2', { NPIDS: 3, PIDSIZE: 7, NTLBS: 1, MAVN: 0 }],
  ['e500mc', { NPIDS: 1, PIDSIZE: 7, NTLBS: 1, MAVN: 0 }],
] as const)('%s: MMUCFG', (cpu, expected) => {
  const MMUCFG = registersAfter(cpu, '')('MMUCFG')
  const fields = {
    NPIDS: bits(MMUCFG, 17, 20),
    PIDSIZE: bits(MMUCFG, 21, 25),
    NTLBS: bits(MMUCFG, 28, 29),
    MAVN: bits(MMUCFG, 30, 31),
  }
  expect(fields).toEqual(expected)
  recordCompared(cpu, 'E500RM 2.12.1, 12.1.1', ['MMUCFG'])
})

test('e500mc: 36 physical address bits, 8 of a logical partition, as MAS7 and MAS8 have (reference 5.2, 5.3)', () => {
  const MMUCFG = registersAfter('e500mc', '')('MMUCFG')
  expect([bits(MMUCFG, 8, 14), bits(MMUCFG, 4, 7)]).toEqual([36, 8])
})

test.each(CORES)('%s: MCARU tells the upper bits of an address; after a reset none', (cpu) => {
  expect(registersAfter(cpu, 'mfspr r5,569', { 5: 1 })('r5')).toBe(0)
  recordCompared(cpu, 'E500RM 2.7', ['MCARU'])
})

test('e500v2: DBCR0 and SPEFSCR hold what is written (E500RM 2.13.1, 2.14)', () => {
  const code = 'mtspr DBCR0,r3\nmfspr r4,DBCR0\nmtspr SPEFSCR,r5\nmfspr r6,SPEFSCR'
  const value = registersAfter('e500v2', code, { 3: 0x01c00000, 5: 3 })
  expect([hex(value('r4')), value('r6')]).toEqual(['0x01c00000', 3])
  recordCompared('e500v2', 'E500RM 2.13.1', ['DBCR0', 'SPEFSCR'])
})

test('e500mc: DBSRWR writes DBSR, for a hypervisor that restores it (reference 1.4)', () => {
  expect(hex(registersAfter('e500mc', 'mtspr DBSRWR,r3', { 3: 0x00800000 }, 1)('DBSR'))).toBe('0x00800000')
  recordCompared('e500mc', 'reference 1.4', ['DBSRWR'])
})

test('e500mc: messages to the Nexus port and its PID leave no trace where none is connected (reference 1.1)', () => {
  const value = registersAfter('e500mc', 'mtspr DDAM,r3\nmtspr DEVENT,r3\nmfspr r5,517\nlis r6,1', { 3: 0x80, 5: 1 })
  expect([value('r5'), value('r6'), hex(value('DBSR'))]).toEqual([0, 0x10000, '0x10000000'])
  recordCompared('e500mc', 'reference 1.1', ['DDAM', 'DEVENT', 'NPIDR5'])
})
