// Writing MSR: mtmsr, wrtee and the returns from interrupts, and what a guest cannot change (reference 3.1: MSRP;
// PPC440x5 p.189: what setting FE0 or FE1 does).
import { type Cpu, STATE } from '../isa/cpu.ts'
import { fieldMasks } from '../spr/fields.ts'
import { SPR } from '../spr/table.ts'
import { FPSCR } from './float/fpscr.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import { requireHypervisor, requireSupervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

const PROTECTS = fieldMasks(SPR.MSRP, 'UCLEP', 'DEP', 'PMMP')

/** The bits of MSR that stay as they are: those that MSRP protects from a guest, and DE of one that does not own the debug facility. */
const protectedBits = (vcpu: Vcpu) => vcpu.debug.registers.keptBits() | protectedByMsrp(vcpu)
export function protectedByMsrp({ MSR: msr, sprs }: Vcpu): number {
  if ((msr & MSR.GS) === 0) return 0
  const protect = sprs[SPR.MSRP]!
  return (
    (protect & PROTECTS.UCLEP ? MSR.UCLE : 0) |
    (protect & PROTECTS.DEP ? MSR.DE : 0) |
    (protect & PROTECTS.PMMP ? MSR.PMM : 0)
  )
}

/** As mtmsr and the returns write it. A guest does not leave guest state by it. */
export function writeMsr(vcpu: Vcpu, value: number): void {
  const kept = protectedBits(vcpu)
  const before = vcpu.MSR
  vcpu.setMsr((value & ~kept) | (before & (kept | MSR.GS)))
  requireNoEnabledException(vcpu, before)
}

const FE = MSR.FE0 | MSR.FE1
/** An enabled exception of the FPU waits while FE0 and FE1 are 0; then it comes before the next instruction, whose address is saved. */
function requireNoEnabledException(vcpu: Vcpu, before: number): void {
  if (before & FE || !(vcpu.MSR & FE) || !(vcpu.state[STATE.FPSCR]! & FPSCR.FEX)) return
  throw new GuestInterrupt('Program', { ESR: ESR.FP | ESR.PIE, isAfter: true })
}

const SAVED = {
  srr: [SPR.SRR0, SPR.SRR1],
  csrr: [SPR.CSRR0, SPR.CSRR1],
  dsrr: [SPR.DSRR0, SPR.DSRR1],
  mcsrr: [SPR.MCSRR0, SPR.MCSRR1],
  gsrr: [SPR.GSRR0, SPR.GSRR1],
} as const

function returnTo(vcpu: Vcpu, [address, msr]: readonly [number, number]): void {
  vcpu.state[STATE.NIA] = vcpu.sprs[address]! & ~3
  writeMsr(vcpu, vcpu.sprs[msr]!)
}

export const msrCalls = (
  vcpu: Vcpu,
): Pick<Cpu, 'mfmsr' | 'mtmsr' | 'wrtee' | 'rfi' | 'rfci' | 'rfdi' | 'rfmci' | 'rfgi'> => ({
  mfmsr(RT) {
    requireSupervisor(vcpu)
    vcpu.state[RT] = vcpu.debug.registers.shownMsr(vcpu.MSR)
  },
  mtmsr(value) {
    requireSupervisor(vcpu)
    writeMsr(vcpu, value)
  },
  wrtee(EE) {
    requireSupervisor(vcpu)
    vcpu.setMsr(EE & 1 ? vcpu.MSR | MSR.EE : vcpu.MSR & ~MSR.EE)
  },
  /** In guest state it is rfgi. */
  rfi() {
    requireSupervisor(vcpu)
    vcpu.debug.returning('RET')
    returnTo(vcpu, vcpu.MSR & MSR.GS ? SAVED.gsrr : SAVED.srr)
  },
  rfgi() {
    requireSupervisor(vcpu)
    vcpu.debug.returning('RET')
    returnTo(vcpu, SAVED.gsrr)
  },
  rfci() {
    requireHypervisor(vcpu)
    vcpu.debug.returning('CRET')
    returnTo(vcpu, SAVED.csrr)
  },
  rfdi() {
    requireHypervisor(vcpu)
    vcpu.debug.registers.requireOwnReturn()
    returnTo(vcpu, SAVED.dsrr)
  },
  rfmci() {
    requireHypervisor(vcpu)
    returnTo(vcpu, SAVED.mcsrr)
  },
})
