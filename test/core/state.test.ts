// Waiting, and states of an e500mc: whatever it is doing when it is saved, it goes on the same way elsewhere.
import { describe, expect, test } from 'vitest'
import { Machine } from '../../emulator/machine.ts'
import { MSR, TGS } from './bits.ts'
import { CODE, DATA, handler, machineFor, testCases } from './machine.ts'

const { GS, CE, EE, ME, RI } = MSR
const DIE = 0x04000000
const WE = 0x00040000

describe('waiting', () => {
  testCases([
    {
      title: 'wait: the decrementer ends it, the next instruction is saved',
      manual: 'T126; Power ISA 2.06 Book II 4.5',
      cpu: 'e500mc',
      code: 'wait',
      MSR: EE,
      spr: { TCR: DIE, DEC: 100_000 },
      expected: { pc: handler(10), SRR0: CODE + 4, SRR1: EE },
    },
    {
      title: 'wait of a guest that masks EE: the hypervisor still gets its decrementer',
      manual: 'A2UM; reference 5.2',
      cpu: 'e500mc',
      code: 'wait',
      MSR: GS,
      spr: { TCR: DIE, DEC: 100_000 },
      expected: { pc: handler(10), SRR0: CODE + 4, SRR1: GS, MSR: 0 },
    },
    {
      title: 'wait 1 without a reservation waits for nothing',
      manual: 'Power ISA 2.06 Book II 4.5: WC',
      cpu: 'e500mc',
      code: 'wait 1',
      expected: { pc: CODE + 4 },
    },
    {
      title: 'wait 2 is a hint that does nothing',
      manual: 'Power ISA 2.06 Book II 4.5: WC',
      cpu: 'e500mc',
      code: 'wait 2',
      expected: { pc: CODE + 4 },
    },
    {
      title: 'mtmsr with WE: saved as it was, clear in the handler',
      manual: 'T126; E500RM 2.5.1',
      code: 'mtmsr r3',
      gpr: { 3: WE | EE },
      spr: { TCR: DIE, DEC: 100_000 },
      expected: { pc: handler(10), SRR0: CODE + 4, SRR1: WE | EE, MSR: 0 },
    },
    {
      title: 'a pending interrupt that is enabled never sleeps',
      manual: 'T126',
      cpu: 'e500mc',
      code: 'wait',
      MSR: CE,
      before: ({ vcpu }) => vcpu.setCriticalInput(true),
      expected: { pc: handler(0), CSRR0: CODE },
    },
  ])
})

/** A doorbell that waits, a reservation, a TLB0 entry with its victim, then a guest that is interrupted and calls. */
const BUSY = `
  msgsnd r3
  lwarx r5,r0,r4
  tlbwe
  mtspr LPIDR,r6
  mtspr EPLC,r6
  stwcx. r5,r0,r4
  lwepx r7,r0,r4
  rfi`
const GUEST = CODE + 0x100
const busy = () =>
  machineFor({
    cpu: 'e500mc',
    code: BUSY,
    MSR: ME,
    gpr: { 3: 2 << 27, 4: DATA, 6: 2 },
    spr: {
      ...{ MAS0: 3 << 16, MAS1: 0x80000100, MAS2: 0x40000000, MAS3: DATA | 0x3f, MAS8: TGS },
      ...{ SRR0: GUEST, SRR1: GS | ME | RI, TCR: DIE, DEC: 60, SPRG9: 0x99 },
    },
    // lwz r8,0(r0); sc
    memory: { [DATA]: 0x1234, [GUEST]: 0x81000000, [GUEST + 4]: 0x44000002 },
  })

test('saved after each instruction and restored into another machine, it ends in the same state', () => {
  const instructions = 24
  const whole = busy()
  whole.run(instructions)
  for (let cut = 0; cut < instructions; cut++) {
    const first = busy()
    first.run(cut)
    const second = new Machine({ memoryBytes: 16 << 20, cpu: 'e500mc' })
    second.restore(structuredClone(first.save()))
    expect(second.hash(), `after ${cut}`).toBe(first.hash())
    second.run(instructions - cut)
    expect(second.hash(), `cut at ${cut}`).toBe(whole.hash())
  }
  expect(whole.vcpu.register('GSRR0')).not.toBe(0)
})

test('a state of one core is no state of the other', () => {
  const state = busy().save()
  expect(() => new Machine({ memoryBytes: 16 << 20 }).restore(state)).toThrow(/another machine \(1 e500mc/)
})
