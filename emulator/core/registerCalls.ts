// CR, XER and performance monitor registers (Book I 2.3, 3.3.13; E500RM chapter 7).
import { bits } from '../bits.ts'
import type { Cpu } from '../isa/cpu.ts'
import { crField, setCrField } from './arithmetic.ts'
import { MSR } from './interrupts.ts'
import { protectedByMsrp } from './msr.ts'
import { requireHypervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'
import { readCr, readXer, writeCrFields, writeXer } from './xerAndCr.ts'

export const registerCalls = (vcpu: Vcpu): Pick<Cpu, 'mfcr' | 'mtcrf' | 'mcrf' | 'mcrxr' | 'mfpmr' | 'mtpmr'> => {
  const { state, performanceMonitor } = vcpu
  const isUser = () => (vcpu.MSR & MSR.PR) !== 0
  /** MSRP[PMMP]: the hypervisor keeps the performance monitor. UNVERIFIED: a guest's supervisor traps, its users read 0. */
  const isWithheld = () => (protectedByMsrp(vcpu) & MSR.PMM) !== 0
  return {
    mfcr(RT) {
      state[RT] = readCr(state)
    },
    mtcrf: (FXM, value) => writeCrFields(state, FXM, value),
    mcrf: (BF, BFA) => setCrField(state, BF, crField(state, BFA)),
    mcrxr(BF) {
      setCrField(state, BF, bits(readXer(state), 0, 3))
      writeXer(state, 0)
    },
    mfpmr(PMRN, RT) {
      const isHidden = isWithheld()
      if (isHidden && !isUser()) requireHypervisor(vcpu)
      const value = performanceMonitor.read(PMRN, isUser())
      state[RT] = isHidden ? 0 : value
    },
    mtpmr(PMRN, value) {
      if (isWithheld()) requireHypervisor(vcpu)
      performanceMonitor.write(PMRN, value, isUser())
      vcpu.interruptsChanged()
    },
  }
}
