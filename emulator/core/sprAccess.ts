// mfspr and mtspr: which register a number reaches, and for whom (Book III-E 5.4; E200 3.11 for unimplemented ones).
import type { Cpu } from '../isa/cpu.ts'
import type { Spr } from '../spr/record.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import { requireHypervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

export const sprAccess = (vcpu: Vcpu): Pick<Cpu, 'mfspr' | 'mtspr'> => ({
  mfspr(number, RT) {
    const spr = accessible(vcpu, number, 'w')
    vcpu.state[RT] = spr.read ? spr.read(vcpu) : vcpu.sprs[spr.number]!
  },
  mtspr(number, value) {
    const spr = accessible(vcpu, number, 'r')
    if (spr.write) spr.write(vcpu, value)
    else vcpu.sprs[spr.number] = value
  },
})

/** Bit 0x10 of the number means privileged; unimplemented ones are illegal. */
function accessible(vcpu: Vcpu, named: number, lacking: 'r' | 'w'): Spr {
  const { MSR: msr, model } = vcpu
  if (named & 0x10 && msr & MSR.PR) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
  const number = msr & MSR.GS ? (model.guestSprs.get(named) ?? named) : named
  const spr = vcpu.sprByNumber[number]
  if (!spr || spr.access === lacking) throw new GuestInterrupt('Program', { ESR: ESR.PIL })
  if (msr & MSR.GS && isHypervisors(spr, lacking, named !== number)) requireHypervisor(vcpu)
  return spr
}

/** A G register under its plain name is the guest's own, but GPIR and GEPR are the hypervisor's to write. */
const isHypervisors = ({ privilege }: Spr, lacking: 'r' | 'w', isMapped: boolean) =>
  privilege === 'hypervisor' ? !isMapped : privilege === 'hypervisorWrite' && lacking === 'r'
