// What a debugger writes to a register is what the register then has (gdb: "set $tsr = …"), also where mtspr does something else.
import { expect, test } from 'vitest'
import { CODE, handler, MSR, rig } from '../debug/rig.ts'

const CORES = ['e500v2', 'e500mc'] as const
const [IDM, IAC1, EDM] = [0x40000000, 0x00800000, 0x80000000]

test.each(CORES)('%s: status registers are set, not cleared', (cpu) => {
  const { vcpu, reg } = rig(cpu, 'nop')
  for (const [name, values] of [
    ['DBSR', [0x00c00000, 0x00400000, 0]],
    ['TSR', [0x0c000000, 0x04000000, 0]],
    ['MCSR', [0x80000000, 0x40000000, 0]],
  ] as const)
    for (const value of values) {
      vcpu.setRegister(name, value)
      expect(reg(name), name).toBe(value)
    }
})

test.each(CORES)('%s: reserved bits of DBSR and of TSR stay 0', (cpu) => {
  const { vcpu, reg } = rig(cpu, 'nop')
  vcpu.setRegister('DBSR', -1)
  vcpu.setRegister('TSR', -1)
  // 1.4 and 5.5: IDE UDE MRR ICMP BRT IRPT TRAP IAC1 IAC2 DAC1 DAC2 RET CIRPT CRET; ENW WIS WRS DIS FIS.
  expect([reg('DBSR'), reg('TSR')]).toEqual([0xffcf8060, 0xfc000000])
})

test.each(CORES)('%s: what is set takes effect: a decrementer interrupt, a late debug interrupt', (cpu) => {
  const timer = rig(cpu, 'nop\nnop', { MSR: MSR.EE, spr: { TCR: 0x04000000 } })
  timer.vcpu.setRegister('TSR', 0x08000000)
  expect(timer.go()).toBe('I10+0 -')
  const late = rig(cpu, 'nop\nnop', { MSR: MSR.DE, spr: { DBCR0: IDM } })
  late.vcpu.setRegister('DBSR', IAC1)
  expect(late.go()).toBe('D+0 IAC1')
})

test.each(CORES)('%s: TCR[WRC], which a guest cannot take back, is taken back', (cpu) => {
  const { vcpu, reg } = rig(cpu, 'nop')
  vcpu.setRegister('TCR', 0x30000000)
  vcpu.setRegister('TCR', 0x04000000)
  expect(reg('TCR')).toBe(0x04000000)
})

test.each(CORES)(
  '%s: the guest’s debug registers are set while the host owns the facility, and work when it is given back',
  (cpu) => {
    const r = rig(cpu, 'nop\nnop', { ownership: 'host', MSR: MSR.DE })
    r.vcpu.setRegister('IAC1', CODE + 4)
    r.vcpu.setRegister('DBCR0', EDM | IDM | IAC1 | 0)
    // EDM is shown, and no bit that the register has.
    expect([r.reg('DBCR0'), r.vcpu.sprs[308]]).toEqual([EDM + IDM + IAC1, IDM | IAC1])
    r.machine.hostDebug.setOwnership('shared')
    expect([r.reg('DBCR0'), r.go(), r.reg('pc')]).toEqual([IDM + IAC1, 'D+4 IAC1', handler(15)])
  },
)
