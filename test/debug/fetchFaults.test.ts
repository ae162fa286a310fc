// Code that may not be executed (MAS3 without SX): the order of E500RM 5.11.1 and, for a branch, of PPC440x5 p.207: IAC, ISI, BRT.
import { expect, test } from 'vitest'
import { DBCR0, handler, MSR, rig, UNMAPPED } from './rig.ts'

const { IDM, IAC1, BRT } = DBCR0

/** A branch stands there, on a page of data. */
function jumpToData(control: number, DE: number) {
  const r = rig('e500v2', 'mtctr r5\nbctr', { gpr: { 5: UNMAPPED }, spr: { DBCR0: IDM | control, IAC1: UNMAPPED } })
  const { vcpu } = r
  const entry = { MAS0: 0x10050000, MAS1: 0x80000100 | 0, MAS2: UNMAPPED, MAS3: 0x1000 | 0x03 }
  for (const [name, value] of Object.entries(entry)) vcpu.setRegister(name, value)
  vcpu.calls.tlbwe()
  r.machine.run(2)
  vcpu.setRegister('MSR', DE)
  r.machine.memory.write(0x1000, 4, 0x48000000)
  r.machine.run(10)
  return [r.reg('pc'), r.reg(DE && control === IAC1 ? 'CSRR0' : 'SRR0'), r.dbsr()]
}

test('an IAC stands above the ISI: D(A) with DE=1, else it is recorded and the ISI comes', () => {
  expect(jumpToData(IAC1, MSR.DE)).toEqual([handler(15), UNMAPPED, 'IAC1'])
  expect(jumpToData(IAC1, 0)).toEqual([handler(3), UNMAPPED, 'IAC1|IDE'])
})

test('a branch that cannot be fetched makes no BRT', () => {
  const [pc, from, recorded] = jumpToData(BRT, MSR.DE)
  // Of the handler's own loop, which is a taken branch under DE=1.
  expect([pc, from, recorded]).toEqual([handler(15), UNMAPPED, 'BRT'])
})
