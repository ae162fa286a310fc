// Traps, system calls, waiting: instructions that end in an interrupt or in none at all.
import type { Cpu } from '../isa/cpu.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

export const controlCalls = (vcpu: Vcpu): Pick<Cpu, 'trap' | 'systemCall' | 'ehpriv' | 'isync' | 'wait'> => ({
  trap(TO, a, b) {
    const signed = a < b ? 16 : a > b ? 8 : 4
    const unsigned = a >>> 0 < b >>> 0 ? 2 : a >>> 0 > b >>> 0 ? 1 : 0
    if ((TO & (signed | unsigned)) === 0 || vcpu.hostTraps.execute()) return
    throw vcpu.debug.trapEvent() ? new GuestInterrupt('Debug') : new GuestInterrupt('Program', { ESR: ESR.PTR })
  },
  /** LEV 1 calls the hypervisor; without a hypervisor LEV is ignored. */
  systemCall(LEV) {
    const name = LEV === 1 && vcpu.model.categories.has('E.HV') ? 'Hypervisor system call' : 'System call'
    throw new GuestInterrupt(name, { isAfter: true })
  },
  /** The hypervisor's own ehpriv is illegal: it asks somebody who is not there. */
  ehpriv() {
    throw vcpu.MSR & MSR.GS
      ? new GuestInterrupt('Hypervisor privilege')
      : new GuestInterrupt('Program', { ESR: ESR.PIL })
  },
  isync() {},
  /** WC 0 waits for an interrupt, 1 for the reservation's end too; the others are hints that do nothing. */
  wait(WC) {
    if (WC === 0 || (WC === 1 && vcpu.reservation.isHeld())) vcpu.startWaiting(WC === 1)
  },
})
