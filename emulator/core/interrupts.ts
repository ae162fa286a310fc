// The interrupt table (E500RM tables 5-2 and 5-4; reference 5.1, 5.2 for category E.HV): vector, class, where a guest may be its target.
// What each class saves and keeps differs from core to core: core/coreModel.

import type { InterruptClass } from '../debug/debugCpu.ts'
import { EPCR, ESR, MSR } from '../spr/fields.ts'

export type { InterruptClass }
export { EPCR, ESR, MSR }

interface Row {
  readonly IVOR: number
  readonly class: InterruptClass
  readonly setsEsr: boolean
  /** Category E.HV: taken in guest state, at this GIVOR, if this bit of EPCR is set; 'always' without a bit. */
  readonly guest?: { readonly GIVOR: number; readonly EPCR: number | 'always' }
}
const row = (IVOR: number, name: InterruptClass, more: Partial<Row> = {}): Row => ({
  IVOR,
  class: name,
  setsEsr: false,
  ...more,
})
const esr = { setsEsr: true }
const inGuest = (GIVOR: number, bit: number | 'always') => ({ guest: { GIVOR, EPCR: bit } })

export const INTERRUPTS = {
  'Critical input': row(0, 'critical'),
  'Machine check': row(1, 'machineCheck'),
  'Data storage': row(2, 'base', { ...esr, ...inGuest(2, EPCR.DSIGS) }),
  'Instruction storage': row(3, 'base', { ...esr, ...inGuest(3, EPCR.ISIGS) }),
  'External input': row(4, 'base', inGuest(4, EPCR.EXTGS)),
  Alignment: row(5, 'base', esr),
  Program: row(6, 'base', esr),
  'Floating-point unavailable': row(7, 'base'),
  'System call': row(8, 'base', inGuest(8, 'always')),
  Decrementer: row(10, 'base'),
  'Fixed-interval timer': row(11, 'base'),
  Watchdog: row(12, 'critical'),
  'Data TLB error': row(13, 'base', { ...esr, ...inGuest(13, EPCR.DTLBGS) }),
  'Instruction TLB error': row(14, 'base', inGuest(14, EPCR.ITLBGS)),
  Debug: row(15, 'debug'),
  'SPE unavailable': row(32, 'base', esr),
  'Embedded floating-point data': row(33, 'base', esr),
  'Embedded floating-point round': row(34, 'base', esr),
  'Performance monitor': row(35, 'base'),
  'Processor doorbell': row(36, 'base'),
  'Processor doorbell critical': row(37, 'critical'),
  'Guest processor doorbell': row(38, 'guest'),
  'Guest processor doorbell critical': row(39, 'critical'),
  'Hypervisor system call': row(40, 'base'),
  'Hypervisor privilege': row(41, 'base'),
} as const satisfies Record<string, Row>

export type InterruptName = keyof typeof INTERRUPTS
export const interruptRow = (name: InterruptName): Row => INTERRUPTS[name]

/** For a person to choose from. */
export const interruptTable = Object.entries(INTERRUPTS).map(([name, { IVOR }]) => ({ name, IVOR }))

interface Details {
  readonly ESR?: number
  readonly DEAR?: number
  /** Of a machine check: bits that are set in MCSR. */
  readonly MCSR?: number
  /** sc, and rounding of embedded floating point: the instruction is done, the next one's address is saved. */
  readonly isAfter?: boolean
  /** Never directed to the guest, whatever EPCR says. */
  readonly toHypervisor?: boolean
}

/** A guest's fault: thrown from an access or an instruction, caught by the run loop alone, which takes the interrupt. */
export class GuestInterrupt {
  readonly name: InterruptName
  readonly ESR: number
  readonly DEAR: number | undefined
  readonly MCSR: number
  readonly isAfter: boolean
  readonly toHypervisor: boolean

  constructor(name: InterruptName, { ESR = 0, DEAR, MCSR = 0, isAfter = false, toHypervisor = false }: Details = {}) {
    this.name = name
    this.ESR = ESR
    this.DEAR = DEAR
    this.MCSR = MCSR
    this.isAfter = isAfter
    this.toHypervisor = toHypervisor
  }
}
