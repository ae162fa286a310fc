// Whose rules a guest's debug registers follow (reference 3.3, 3.5, C14 to C17, T84 to T100).
import type { DeniedWrite, Hypervisor } from '../../../emulator/debug/ownership.ts'
import { DBCR0 } from '../rig.ts'
import { type Register, u32 } from './state.ts'

export interface Rules {
  readonly hypervisor: Hypervisor
  readonly deniedWrite: DeniedWrite
}
const { IDM, ICMP, BRT, TRAP, IAC1, IAC2, DAC1R, DAC1W, DAC2R, DAC2W, IRPT, RET, FT, CIRPT, CRET } = DBCR0
const KVM_KEEPS = IDM | ICMP | BRT | TRAP | IAC1 | IAC2 | DAC1R | DAC1W | DAC2R | DAC2W
const ALL = KVM_KEEPS | IRPT | RET | FT

/** IAC1ER, IAC2ER or DAC1ER, DAC2ER. */
const ER = 0x33000000
const hasRealAddress = (value: number) => [28, 24].some((shift) => ((value >>> shift) & 3) === 1)
const isRange = (value: number) => [12, 8].every((shift) => ((value >>> shift) & 15) <= 12)

/** Else Program interrupt, whoever owns the others: KVM does not emulate DBCR4, and no hypervisor shows a guest its DBSRWR. */
export function isEmulated({ hypervisor }: Rules, name: Register): boolean {
  if (name === 'DBCR4') return hypervisor !== 'kvm'
  return name !== 'DBSRWR' || hypervisor === 'none'
}

/** What stays of a write to a debug register; undefined: Program interrupt. EDM is read-only, RST is no state. */
export function written({ hypervisor }: Rules, isE500mc: boolean, name: Register, value: number): number | undefined {
  if (name === 'DBCR0') return dbcr0(hypervisor, isE500mc ? ALL | CIRPT | CRET : ALL, value)
  if (hypervisor === 'nxp') {
    if (name === 'DBCR1' || name === 'DBCR2') return hasRealAddress(value) ? undefined : u32(value & ER)
    if (name === 'DBCR4' && !isRange(value)) return undefined
  }
  return value
}
function dbcr0(hypervisor: Hypervisor, there: number, value: number): number {
  if (hypervisor === 'kvm') return value & KVM_KEEPS
  return hypervisor === 'nxp' ? value & there & ~(RET | IRPT | FT) : value & there
}
