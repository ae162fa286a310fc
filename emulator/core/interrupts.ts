// The interrupt table of the e500v2 (E500RM table 5-2): IVOR number and ESR bits. One table for every engine.
// Not here yet: critical, machine check and timer interrupts.

export const INTERRUPTS = {
  'Data storage': { IVOR: 2 },
  'Instruction storage': { IVOR: 3 },
  Program: { IVOR: 6 },
  'System call': { IVOR: 8 },
  'Data TLB error': { IVOR: 13 },
  'Instruction TLB error': { IVOR: 14 },
} as const

export type InterruptName = keyof typeof INTERRUPTS

export const ESR = { PIL: 0x08000000, PPR: 0x04000000, PTR: 0x02000000, ST: 0x00800000 } as const

/** A guest's fault: thrown from an access or an instruction, caught by the run loop alone, which takes the interrupt. */
export class GuestInterrupt {
  readonly name: InterruptName
  readonly ESR: number
  readonly DEAR: number | undefined
  constructor(name: InterruptName, esr = 0, DEAR?: number) {
    this.name = name
    this.ESR = esr
    this.DEAR = DEAR
  }
}
