// What the sequences write to the registers: values that make something happen.

import { DEP, DTLBGS, DUVD, ITLBGS, type Register, RI } from '../model/state.ts'
import { CODE, DATA, DBCR0, MSR, UNMAPPED } from '../rig.ts'
import type { Pick } from './pick.ts'

/** Instructions of the program. */
export const LENGTH = 16
export const codeAddress = (pick: Pick) => CODE + 4 * pick.below(LENGTH)
const { IDM, ICMP, BRT, TRAP, IAC1, IAC2, DAC1R, DAC1W, DAC2R, DAC2W, IRPT, RET, CIRPT, CRET, FT } = DBCR0
const RST = 0x30000000
const EDM = 0x80000000

/** guests: guest state may be entered. */
export interface Kind {
  readonly isE500mc: boolean
  readonly guests: boolean
}

export function msrValue(pick: Pick, { isE500mc, guests }: Kind): number {
  const { DE, CE, EE, ME, PR, IS, DS, GS } = MSR
  return (
    (pick.bits(75, DE) |
      pick.bits(40, CE, EE, ME) |
      pick.bits(12, PR, IS, DS) |
      (isE500mc ? pick.bits(40, RI) : 0) |
      (guests ? pick.bits(25, GS) : 0)) >>>
    0
  )
}
export function dbcr0Value(pick: Pick, { isE500mc }: Kind, hypervisor: string): number {
  const addresses = pick.bits(35, IAC1, IAC2) | pick.bits(50, DAC1R, DAC1W, DAC2R, DAC2W)
  const returns = pick.bits(25, IRPT, RET) | (isE500mc ? pick.bits(35, CIRPT, CRET) : 0)
  const others = pick.bits(80, IDM) | pick.bits(30, TRAP, BRT) | pick.bits(15, ICMP) | pick.bits(5, FT, EDM)
  // Without a hypervisor to take it out, RST resets the board.
  return (addresses | returns | others | (hypervisor === 'none' ? 0 : pick.bits(10, RST))) >>> 0
}
/** DBCR1, DBCR2: both halves of a pair alike, else it is boundedly undefined (1.3). */
export function compareControl(pick: Pick): number {
  if (pick.chance(40)) return 0
  const half = () => (pick.of(0, 0, 0, 0, 0, 0, 1, 2, 2, 3) << 2) | pick.of(0, 0, 0, 0, 0, 0, 1, 2, 2, 3)
  const mode = pick.of(0, 0, 0, 1, 2, 3)
  const first = half()
  return ((first << 28) | ((mode ? first : half()) << 24) | (mode << 22)) >>> 0
}
export const iacValue = (pick: Pick) =>
  pick.chance(20) ? pick.of(0xfffffff0, 0xffffffc0, 0xfffff000, UNMAPPED, 0x2000) : codeAddress(pick)
export const dacValue = (pick: Pick) =>
  pick.chance(15) ? pick.of(0xfffffff8, 0xfffffff0, UNMAPPED) : DATA + pick.of(0, 0, 4, 4, 8, 3, 5)
export const dbsrValue = (pick: Pick) =>
  pick.chance(40)
    ? 0xffffffff
    : (pick.bits(30, IDM, EDM, ICMP, TRAP, IAC1, IAC2, DAC1W) | pick.bits(10, 0x10000000)) >>> 0
export const epcrValue = (pick: Pick) => pick.bits(40, DUVD, DTLBGS, ITLBGS)
export const msrpValue = (pick: Pick) => pick.bits(50, DEP)
export const dbcr4Value = (pick: Pick) => (pick.of(0, 0, 1, 2, 3, 12, 13) << 12) | (pick.of(0, 0, 2, 3) << 8)

/** Where the guest begins. */
export function initialSprs(pick: Pick, kind: Kind, hypervisor: string): Partial<Record<Register, number>> {
  const image = () => msrValue(pick, kind)
  const address = () => codeAddress(pick)
  const common = {
    ...{ DBCR0: dbcr0Value(pick, kind, hypervisor), DBCR1: compareControl(pick), DBCR2: compareControl(pick) },
    ...{ IAC1: iacValue(pick), IAC2: iacValue(pick), DAC1: dacValue(pick), DAC2: dacValue(pick) },
    ...{ SRR0: address(), SRR1: image(), CSRR0: address(), CSRR1: image() },
  }
  if (!kind.isE500mc) return common
  return {
    ...common,
    ...{ EPCR: epcrValue(pick), MSRP: msrpValue(pick), DBCR4: dbcr4Value(pick) },
    ...{ DSRR0: address(), DSRR1: image(), GSRR0: address(), GSRR1: image() },
  }
}
