// Cache operations. They find memory coherent and caches that never lose a line: what is left of them are their faults, and dcbz.
import type { Cpu } from '../isa/cpu.ts'
import { fieldMasks } from '../spr/fields.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import { requireSupervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

const MSRP = 311
const { UCLEP } = fieldMasks(MSRP, 'UCLEP')

type CacheCalls = 'cacheOperation' | 'touch' | 'dcbi' | 'dcbz' | 'dataCacheLock' | 'instructionCacheLock' | 'branchLock'

export const cacheCalls = (vcpu: Vcpu): Pick<Cpu, CacheCalls> => {
  const { storage, model, debug } = vcpu
  return {
    cacheOperation(EA, access) {
      storage.translate(EA, 'load')
      debug.dataAttempt(EA, access === 0 ? 'load' : 'store')
    },
    /** A hint: where nothing maps the line it does nothing, and makes no event. */
    touch(EA, access) {
      if (storage.peekTranslation(EA, 'load') !== undefined) debug.dataAttempt(EA, access === 0 ? 'load' : 'store')
    },
    /** Privileged; it counts as a store. */
    dcbi(EA) {
      requireSupervisor(vcpu)
      storage.translate(EA, 'store')
      debug.dataAttempt(EA, 'store')
    },
    dcbz(EA) {
      // Its words are stores of their own where a page is watched; the EA that it names need not be the line's first.
      if (debug.comparesData()) storage.translate(EA, 'store')
      debug.dataAttempt(EA, 'store')
      storage.zeroLine(EA & -model.cacheLine, model.cacheLine, EA)
    },
    dataCacheLock: (CT, EA) => cacheLock(vcpu, CT, EA, ESR.DLK),
    instructionCacheLock: (CT, EA) => cacheLock(vcpu, CT, EA, ESR.ILK),
    /** Users need UBLE (E500RM 3.9). No branch is predicted, so no entry is locked. */
    branchLock() {
      if (!(vcpu.MSR & MSR.UBLE)) requireSupervisor(vcpu)
    },
  }
}

/** Users need UCLE (E500RM 5.7.3), a guest's supervisor a hypervisor without MSRP[UCLEP]. Every lock succeeds: L1CSR0[CUL] stays as it is. */
function cacheLock(vcpu: Vcpu, CT: number, EA: number, esr: number): void {
  const { MSR: msr, sprs } = vcpu
  if (msr & MSR.PR && !(msr & MSR.UCLE)) throw new GuestInterrupt('Data storage', { ESR: esr, DEAR: EA })
  if (msr & MSR.GS && !(msr & MSR.PR) && sprs[MSRP]! & UCLEP) throw new GuestInterrupt('Hypervisor privilege')
  if (CT <= 1) vcpu.storage.translate(EA, 'load')
}
