// TLB instructions: who may, and what of the translations in use changes (E500RM 12.4; reference 5.2, 5.3).
import type { Cpu } from '../isa/cpu.ts'
import { SPR } from '../spr/table.ts'
import { EPCR, GuestInterrupt, MSR } from './interrupts.ts'
import { requireHypervisor, requireSupervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

/** EPCR[DGTMI]: the hypervisor wants a guest's TLB management for itself. */
function requireTlbManagement(vcpu: Vcpu): void {
  requireSupervisor(vcpu)
  if (vcpu.MSR & MSR.GS && vcpu.sprs[SPR.EPCR]! & EPCR.DGTMI) throw new GuestInterrupt('Hypervisor privilege')
}

export const tlbCalls = (vcpu: Vcpu): Pick<Cpu, 'tlbwe' | 'tlbre' | 'tlbsx' | 'tlbivax' | 'tlbilx' | 'tlbsync'> => ({
  tlbwe() {
    requireTlbManagement(vcpu)
    vcpu.tlbChanged(vcpu.mmu.tlbwe())
  },
  tlbre() {
    requireTlbManagement(vcpu)
    vcpu.mmu.tlbre()
  },
  tlbsx(EA) {
    requireTlbManagement(vcpu)
    vcpu.mmu.tlbsx(EA)
  },
  /** It reaches every core. */
  tlbivax(EA) {
    requireHypervisor(vcpu)
    for (const core of vcpu.cores()) core.tlbChanged(core.mmu.tlbivax(EA))
  },
  tlbilx(T, EA) {
    requireHypervisor(vcpu)
    vcpu.tlbChanged(vcpu.mmu.tlbilx(T, EA))
  },
  tlbsync: () => requireHypervisor(vcpu),
})
