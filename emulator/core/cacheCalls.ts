// Cache operations. They find memory coherent and caches that never lose a line: what is left of them are their faults, dcbz and dcba.
// Guests of this board need not enable a cache before dcbz; whether one is on shows in dcba and in locks alone.
import type { Cpu } from '../isa/cpu.ts'
import { fieldMasks } from '../spr/fields.ts'
import { SPR } from '../spr/table.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import { protectedByMsrp } from './msr.ts'
import { requireSupervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

const { HID0, L1CSR0, L1CSR1 } = SPR
const { NOPTI } = fieldMasks(HID0, 'NOPTI')
const { CE, CUL, DCBZ32 } = fieldMasks(L1CSR0, 'CE', 'CUL', 'DCBZ32')

/** What dcbz and dcba clear: a line, or its 32 bytes at EA; their long forms (L) always the line (reference 5.4). */
export const blockBytes = ({ sprs, model }: Vcpu, L: number): number =>
  L === 0 && sprs[L1CSR0]! & DCBZ32 ? 32 : model.cacheLine

export const touchesReach = ({ sprs }: Vcpu): boolean => (sprs[HID0]! & NOPTI) === 0

type CacheCalls =
  | 'cacheOperation'
  | 'touch'
  | 'dcba'
  | 'dcbi'
  | 'dcbz'
  | 'dataCacheLock'
  | 'dataCacheUnlock'
  | 'instructionCacheLock'
  | 'instructionCacheUnlock'
  | 'branchLock'

export const cacheCalls = (vcpu: Vcpu): Pick<Cpu, CacheCalls> => {
  const { storage, debug, sprs } = vcpu
  const clearBlock = (EA: number, L: number) => {
    const bytes = blockBytes(vcpu, L)
    storage.clearBlock(EA & -bytes, bytes, EA)
  }
  return {
    cacheOperation(EA, access) {
      storage.translate(EA, 'load')
      debug.dataAttempt(EA, access === 0 ? 'load' : 'store')
    },
    /** A hint, which never faults (E500RM 5.7.3): where it does nothing it makes no event. */
    touch(EA) {
      if (touchesReach(vcpu) && storage.hintReaches(EA, 'load')) debug.dataAttempt(EA, 'load')
    },
    /** As dcbz, but a hint: nothing happens where the page is no place for it, or the cache is off (E500RM p.168). */
    dcba(EA, L) {
      if (!storage.hintReaches(EA, 'store')) return
      if (sprs[L1CSR0]! & CE) clearBlock(EA, L)
      else debug.dataAttempt(EA, 'store')
    },
    /** Privileged; it counts as a store. */
    dcbi(EA) {
      requireSupervisor(vcpu)
      storage.translate(EA, 'store')
      debug.dataAttempt(EA, 'store')
    },
    dcbz: clearBlock,
    dataCacheLock: (CT, EA) => lock(vcpu, CT, EA, ESR.DLK, L1CSR0),
    dataCacheUnlock: (CT, EA) => findLine(vcpu, CT, EA, ESR.DLK),
    instructionCacheLock: (CT, EA) => lock(vcpu, CT, EA, ESR.ILK, L1CSR1),
    instructionCacheUnlock: (CT, EA) => findLine(vcpu, CT, EA, ESR.ILK),
    /** Users need UBLE (E500RM 3.9). No branch is predicted, so no entry is locked. */
    branchLock() {
      if (!(vcpu.MSR & MSR.UBLE)) requireSupervisor(vcpu)
    },
  }
}

/** Users need UCLE (E500RM 5.7.3), a guest's supervisor a hypervisor without MSRP[UCLEP]. Its address is translated as a load's. */
function findLine(vcpu: Vcpu, CT: number, EA: number, esr: number): void {
  const { MSR: msr } = vcpu
  if (msr & MSR.PR && !(msr & MSR.UCLE)) throw new GuestInterrupt('Data storage', { ESR: esr, DEAR: EA })
  if (!(msr & MSR.PR) && protectedByMsrp(vcpu) & MSR.UCLE) throw new GuestInterrupt('Hypervisor privilege')
  if (CT <= 1) vcpu.storage.translate(EA, 'load')
}

/** A line of a page that is not cached, or of an L1 cache that is off, cannot be locked: CUL says so, and nothing else happens (reference 5.4). */
function lock(vcpu: Vcpu, CT: number, EA: number, esr: number, L1CSR: number): void {
  findLine(vcpu, CT, EA, esr)
  if (CT === 0 && (!(vcpu.sprs[L1CSR]! & CE) || vcpu.storage.isCachingInhibited())) vcpu.sprs[L1CSR]! |= CUL
}
