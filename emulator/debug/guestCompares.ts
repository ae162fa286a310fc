// What the guest's own debug registers compare with: which addresses its IACs and DACs meet, in the modes of DBCR1, DBCR2 and DBCR4, as far as
// the ownership lets them work. Nothing in here records or interrupts.
import { MSR } from '../spr/fields.ts'
import { fromField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { MODE, pairHits, stateAllowed } from './compare.ts'
import type { DebugCpu } from './debugCpu.ts'
import { DBCR0, DBCR1, DBCR2, DBCR4, DBSR, dacEnable } from './debugFields.ts'
import { type HostDebug, SLOTS, type Slot } from './hostDebug.ts'

const IACS = DBCR0.IAC1 | DBCR0.IAC2
const DACS = DBCR0.DAC1 | DBCR0.DAC2
const COMPARING = [SPR.DBCR0, SPR.DBCR1, SPR.DBCR2, SPR.IAC1, SPR.IAC2, SPR.DAC1, SPR.DAC2, SPR.DBCR4]

export class GuestCompares {
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  private known = ''

  constructor(cpu: DebugCpu, host: HostDebug) {
    this.cpu = cpu
    this.host = host
  }

  /** DBCR0, as far as the ownership lets it work. */
  enables = () => (this.host.guestHasDebug() ? this.cpu.sprs[SPR.DBCR0]! : 0)
  /** True: since the last time that this was asked. */
  changed(): boolean {
    const values = COMPARING.map((number) => this.cpu.sprs[number]).join()
    const changed = values !== this.known
    this.known = values
    return changed
  }
  /** Of a pair that works as one both, whichever is enabled. */
  slots(): ReadonlySet<Slot> {
    const control = this.enables()
    const iacs = this.iacMode() === MODE.exact ? 0 : IACS
    const dacs = this.dacMode() === MODE.exact ? 0 : DACS
    const holds = (slot: Slot, pair: number) => (control & (pair || DBCR0[slot])) !== 0
    return new Set(SLOTS.filter((slot) => holds(slot, slot.startsWith('IAC') ? iacs : dacs)))
  }
  private iacMode = () => fromField(this.cpu.sprs[SPR.DBCR1]!, DBCR1.IAC12M)
  private dacMode = () => fromField(this.cpu.sprs[SPR.DBCR2]!, DBCR2.DAC12M)

  // ---- instruction addresses ----
  /** In the exact mode an IAC lies on one page; ranges and masks may lie on any. */
  iacsOn(effectivePage: number): boolean {
    const { sprs } = this.cpu
    const enabled = this.enables() & IACS
    if (enabled === 0) return false
    if (this.iacMode() !== MODE.exact) return true
    const isOn = (n: 0 | 1) => sprs[SPR.IAC1 + n]! >>> 12 === effectivePage
    return (enabled & DBCR0.IAC1) !== 0 && isOn(0) ? true : (enabled & DBCR0.IAC2) !== 0 && isOn(1)
  }
  /** The DBSR bits of the IACs that compare equal to EA, whatever their qualifiers say (word addresses). */
  iacHits(EA: number): number {
    const { sprs } = this.cpu
    const enabled = this.enables()
    if ((enabled & IACS) === 0) return 0
    const hits = pairHits(this.iacMode(), EA & -4, [sprs[SPR.IAC1]! & -4, sprs[SPR.IAC2]! & -4])
    return (hits[0] ? enabled & DBCR0.IAC1 && DBSR.IAC1 : 0) | (hits[1] ? enabled & DBCR0.IAC2 && DBSR.IAC2 : 0)
  }
  /** Of those: the ones that DBCR1[IACnUS, IACnER] lets through. The range modes record nothing with DE=0 (C6). */
  allowedIacs(EA: number): number {
    const { MSR: msr, sprs } = this.cpu
    const control = sprs[SPR.DBCR1]!
    const isRange = this.iacMode() === MODE.inclusive || this.iacMode() === MODE.exclusive
    if (isRange && (msr & MSR.DE) === 0) return 0
    const allowed = (slot: 'IAC1' | 'IAC2') => {
      const [US, ER] = [fromField(control, DBCR1[`${slot}US`]), fromField(control, DBCR1[`${slot}ER`])]
      return stateAllowed(US, ER, msr, MSR.IS) ? DBSR[slot] : 0
    }
    return this.iacHits(EA) & (allowed('IAC1') | allowed('IAC2'))
  }

  // ---- data addresses ----
  comparesData = () => (this.enables() & DACS) !== 0
  dacsOn(effectivePage: number): boolean {
    const { sprs } = this.cpu
    if (!this.comparesData()) return false
    if (this.dacMode() !== MODE.exact) return true
    return sprs[SPR.DAC1]! >>> 12 === effectivePage || sprs[SPR.DAC2]! >>> 12 === effectivePage
  }
  /** The DBSR bits of the DACs that an access meets; msr: whose PR and DS qualify it (DBCR2[DACnUS, DACnER]). */
  dacHits(EA: number, access: 'load' | 'store', msr: number): number {
    const { sprs } = this.cpu
    const control = sprs[SPR.DBCR2]!
    const XM = sprs[SPR.DBCR4]!
    const ignored = [fromField(XM, DBCR4.DAC1XM), fromField(XM, DBCR4.DAC2XM)] as const
    const equal = pairHits(this.dacMode(), EA, [sprs[SPR.DAC1]!, sprs[SPR.DAC2]!], ignored)
    const suffix = access === 'store' ? ('W' as const) : ('R' as const)
    return (['DAC1', 'DAC2'] as const).reduce((hits, name, n) => {
      const [US, ER] = [fromField(control, DBCR2[`${name}US`]), fromField(control, DBCR2[`${name}ER`])]
      const isEnabled = (this.enables() & dacEnable(name, access)) !== 0
      return equal[n] && isEnabled && stateAllowed(US, ER, msr, MSR.DS) ? hits | DBSR[`${name}${suffix}`] : hits
    }, 0)
  }
}
