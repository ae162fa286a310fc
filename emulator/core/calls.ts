// What instructions call that is no data flow, by chapter: the core's side of isa/cpu.ts.
import type { Cpu } from '../isa/cpu.ts'
import { cacheCalls } from './cacheCalls.ts'
import { controlCalls } from './control.ts'
import { doorbellCalls } from './doorbells.ts'
import { externalPidCalls } from './externalPid.ts'
import { floatCalls } from './floatCalls.ts'
import { loadStoreCalls } from './loadStoreCalls.ts'
import { msrCalls } from './msr.ts'
import { registerCalls } from './registerCalls.ts'
import { speCalls } from './speCalls.ts'
import { sprAccess } from './sprAccess.ts'
import { tlbCalls } from './tlbCalls.ts'
import type { Vcpu } from './vcpu.ts'

export const callsOf = (vcpu: Vcpu): Cpu => ({
  ...registerCalls(vcpu),
  ...sprAccess(vcpu),
  ...msrCalls(vcpu),
  ...controlCalls(vcpu),
  ...loadStoreCalls(vcpu),
  ...externalPidCalls(vcpu),
  ...cacheCalls(vcpu),
  ...tlbCalls(vcpu),
  ...doorbellCalls(vcpu),
  ...floatCalls(vcpu),
  ...speCalls(vcpu),
})
