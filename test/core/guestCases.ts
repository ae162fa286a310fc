// What the cases of guest state share: a guest's MSR, and what an interrupt leaves in the guest's registers or in the hypervisor's.
import { MSR, TGS } from './bits.ts'
import { type Case, CODE, DATA, guestHandler, handler } from './machine.ts'

const { GS, CE, EE, ME, DE, RI } = MSR
export const GUEST = GS | CE | EE | ME | DE | RI
/** What both directions keep: CE, ME, DE, RI. */
export const KEPT = CE | ME | DE | RI
export const PROTECTED = 0x20000000
export const EPCR = { EXTGS: 0x80000000, DTLBGS: 0x40000000, ITLBGS: 0x20000000, DSIGS: 0x10000000, ISIGS: 0x08000000 }
export const guest = (it: Omit<Case, 'cpu'>): Case => ({ MSR: GUEST, ...it, cpu: 'e500mc' })

export const toGuest = (GIVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: guestHandler(GIVOR),
  GSRR0: CODE,
  GSRR1: GUEST,
  MSR: GS | KEPT,
  SRR0: 0,
  ...more,
})
export const toHypervisor = (IVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: handler(IVOR),
  SRR0: CODE,
  SRR1: GUEST,
  MSR: KEPT,
  GSRR0: 0,
  ...more,
})
export const none = [{ entry: 5, EPN: PROTECTED, RPN: DATA, permissions: 0x2a, MAS8: TGS }]
export const manual = 'reference 5.2'
