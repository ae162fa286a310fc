// Category E.PD: accesses in an address space that EPLC or EPSC names instead of the core's own (Power ISA 2.06 Book III-E 5.4.3).
import { bits } from '../bits.ts'
import type { AccessSize } from '../board/bus.ts'
import type { Cpu } from '../isa/cpu.ts'
import { requireSupervisor } from './privilege.ts'
import type { ExternalSpace } from './storage.ts'
import type { Vcpu } from './vcpu.ts'

const EPLC = 947
const EPSC = 948

function spaceOf(context: number): ExternalSpace {
  const EPID = bits(context, 18, 31)
  return {
    isUser: bits(context, 0, 0) === 1,
    AS: bits(context, 1, 1),
    GS: bits(context, 2, 2),
    LPID: bits(context, 8, 15),
    PID0: EPID,
    PID1: EPID,
    PID2: EPID,
  }
}

type ExternalPidCalls = 'loadExternal' | 'storeExternal' | 'cacheOperationExternal' | 'touchExternal' | 'dcbzExternal'

export const externalPidCalls = (vcpu: Vcpu): Pick<Cpu, ExternalPidCalls> => {
  const { storage, sprs, state, model } = vcpu
  const loadSpace = () => {
    requireSupervisor(vcpu)
    return spaceOf(sprs[EPLC]!)
  }
  const storeSpace = () => {
    requireSupervisor(vcpu)
    return spaceOf(sprs[EPSC]!)
  }
  return {
    loadExternal(size, EA, RT) {
      state[RT] = storage.loadIn(loadSpace(), EA, size as AccessSize)
    },
    storeExternal: (size, EA, value) => storage.storeIn(storeSpace(), EA, size as AccessSize, value),
    cacheOperationExternal: (EA) => storage.translateIn(loadSpace(), EA, 'load'),
    touchExternal: () => requireSupervisor(vcpu),
    dcbzExternal: (EA) => storage.zeroLineIn(storeSpace(), EA & -model.cacheLine, model.cacheLine, EA),
  }
}
