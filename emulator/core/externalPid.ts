// Category E.PD: accesses in an address space that EPLC or EPSC names instead of the core's own (reference 5.2). Which of the two a cache
// operation goes by, and that it counts for a DAC as the same one without external PID does, is as in the A2's load and store decoder.
import type { AccessSize } from '../board/bus.ts'
import type { Cpu } from '../isa/cpu.ts'
import { fieldMasks } from '../spr/fields.ts'
import { fromField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { blockBytes, touchesReach } from './cacheCalls.ts'
import { requireSupervisor } from './privilege.ts'
import type { AddressSpace } from './tlb.ts'
import type { Vcpu } from './vcpu.ts'

/** EPLC's and EPSC's fields. */
const CONTEXT = fieldMasks(SPR.EPLC, 'EPR', 'EAS', 'EGS', 'ELPID', 'EPID')

function spaceOf(context: number): AddressSpace {
  const EPID = fromField(context, CONTEXT.EPID)
  return {
    isUser: fromField(context, CONTEXT.EPR) === 1,
    AS: fromField(context, CONTEXT.EAS),
    GS: fromField(context, CONTEXT.EGS),
    LPID: fromField(context, CONTEXT.ELPID),
    PID0: EPID,
    PID1: EPID,
    PID2: EPID,
  }
}

/** Where a load or a store of this category goes: for the supervisor alone. */
export function loadSpace(vcpu: Vcpu): AddressSpace {
  requireSupervisor(vcpu)
  return spaceOf(vcpu.sprs[SPR.EPLC]!)
}
export function storeSpace(vcpu: Vcpu): AddressSpace {
  requireSupervisor(vcpu)
  return spaceOf(vcpu.sprs[SPR.EPSC]!)
}

type ExternalPidCalls = 'loadExternal' | 'storeExternal' | 'cacheOperationExternal' | 'touchExternal' | 'dcbzExternal'

export const externalPidCalls = (vcpu: Vcpu): Pick<Cpu, ExternalPidCalls> => {
  const { state, debug } = vcpu
  const { accesses } = vcpu.storage
  return {
    loadExternal(size, EA, RT) {
      state[RT] = accesses.load(loadSpace(vcpu), EA, size as AccessSize)
    },
    storeExternal: (size, EA, value) => accesses.store(storeSpace(vcpu), EA, size as AccessSize, value),
    cacheOperationExternal(EA, access) {
      const space = loadSpace(vcpu)
      accesses.translate(space, EA, 1, 'load')
      debug.dataAttempt(EA, access === 0 ? 'load' : 'store', space)
    },
    touchExternal(EA, access) {
      const space = access === 0 ? loadSpace(vcpu) : storeSpace(vcpu)
      if (touchesReach(vcpu) && accesses.hintReaches(space, EA, 'load')) debug.dataAttempt(EA, 'load', space)
    },
    dcbzExternal(EA) {
      const bytes = blockBytes(vcpu, 0)
      accesses.clearBlock(storeSpace(vcpu), EA & -bytes, bytes, EA)
    },
  }
}
