// mfspr and mtspr: which register a number reaches, and for whom (reference 1.7, 5.2; E200 3.11 for unimplemented ones).
import type { Cpu } from '../isa/cpu.ts'
import type { Spr } from '../spr/record.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import { requireHypervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

/** Bit of an SPR's number: not for users. */
const PRIVILEGED = 0x10

export const sprAccess = (vcpu: Vcpu): Pick<Cpu, 'mfspr' | 'mtspr'> => ({
  mfspr(number, RT) {
    const spr = accessible(vcpu, number, 'w')
    if (spr.group === 'timer') vcpu.pollWatcher?.looks()
    vcpu.state[RT] = spr.read ? spr.read(vcpu.sprCpu) : vcpu.sprs[spr.number]!
  },
  mtspr(number, value) {
    const spr = accessible(vcpu, number, 'r')
    if (spr.write) spr.write(vcpu.sprCpu, value)
    else vcpu.sprs[spr.number] = value
  },
})

/** The record of the number as it is named says who may; in guest state some of the names reach the guest's own register. */
export function accessible(vcpu: Vcpu, number: number, lacking: 'r' | 'w'): Spr {
  const { MSR: msr, model } = vcpu
  if (number & PRIVILEGED && msr & MSR.PR) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
  const spr = vcpu.sprByNumber[number]
  if (!spr || spr.access === lacking) throw new GuestInterrupt('Program', { ESR: ESR.PIL })
  if ((msr & MSR.GS) === 0) return spr
  if (spr.privilege === 'hypervisor' || (spr.privilege === 'hypervisorWrite' && lacking === 'r'))
    requireHypervisor(vcpu)
  const guests = model.guestSprs.get(number)
  return guests === undefined ? spr : vcpu.sprByNumber[guests]!
}
