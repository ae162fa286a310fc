// The interrupt table of the e500v2 (E500RM tables 5-2 and 5-4): vector, save registers, what stays in MSR. One table for every engine.

export const MSR = {
  SPE: 0x02000000,
  WE: 0x00040000,
  CE: 0x00020000,
  EE: 0x00008000,
  PR: 0x00004000,
  ME: 0x00001000,
  DE: 0x00000200,
  IS: 0x00000020,
  DS: 0x00000010,
} as const

interface InterruptClass {
  /** SPR numbers of the save registers. */
  readonly SRR0: number
  readonly SRR1: number
  /** MSR bits that the handler keeps (E500RM p.277, p.318). */
  readonly kept: number
}

const base: InterruptClass = { SRR0: 26, SRR1: 27, kept: MSR.CE | MSR.ME | MSR.DE }
const critical: InterruptClass = { SRR0: 58, SRR1: 59, kept: MSR.ME }
const machineCheck: InterruptClass = { SRR0: 570, SRR1: 571, kept: 0 }

const row = (IVOR: number, save: InterruptClass, setsEsr = false) => ({ IVOR, save, setsEsr })

export const INTERRUPTS = {
  'Critical input': row(0, critical),
  'Machine check': row(1, machineCheck),
  'Data storage': row(2, base, true),
  'Instruction storage': row(3, base, true),
  'External input': row(4, base),
  Alignment: row(5, base, true),
  Program: row(6, base, true),
  'System call': row(8, base),
  Decrementer: row(10, base),
  'Fixed-interval timer': row(11, base),
  Watchdog: row(12, critical),
  'Data TLB error': row(13, base, true),
  'Instruction TLB error': row(14, base),
  Debug: row(15, critical),
  'SPE unavailable': row(32, base, true),
} as const

export type InterruptName = keyof typeof INTERRUPTS

/** For a person to choose from. */
export const interruptTable = Object.entries(INTERRUPTS).map(([name, { IVOR }]) => ({ name, IVOR }))

export const ESR = { PIL: 0x08000000, PPR: 0x04000000, PTR: 0x02000000, ST: 0x00800000, SPV: 0x80 } as const

/** A guest's fault: thrown from an access or an instruction, caught by the run loop alone, which takes the interrupt. */
export class GuestInterrupt {
  readonly name: InterruptName
  readonly ESR: number
  readonly DEAR: number | undefined

  constructor(name: InterruptName, { ESR = 0, DEAR }: { ESR?: number; DEAR?: number } = {}) {
    this.name = name
    this.ESR = ESR
    this.DEAR = DEAR
  }
}
