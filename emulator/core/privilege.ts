// Who may: supervisor instructions in user mode are Program interrupts, hypervisor instructions in a guest's supervisor mode Hypervisor privilege.
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

export function requireSupervisor({ MSR: msr }: Vcpu): void {
  if (msr & MSR.PR) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
}

/** Where there is no MSR[GS], the supervisor is the hypervisor. */
export function requireHypervisor(vcpu: Vcpu): void {
  requireSupervisor(vcpu)
  if (vcpu.MSR & MSR.GS) throw new GuestInterrupt('Hypervisor privilege')
}
