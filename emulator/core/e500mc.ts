// The e500mc: Power ISA 2.06 with the categories E.HV, E.PD, E.PC and E.ED (Linux' e500mc_power_isa.dtsi), and the classic floating-point unit.
import { CATEGORIES } from '../isa/category.ts'
import { SPR, USERS_SPRG } from '../spr/table.ts'
import type { CoreModel } from './coreModel.ts'
import { MSR } from './interrupts.ts'

const { CE, ME, DE, RI } = MSR

export const e500mc: CoreModel = {
  name: 'e500mc',
  categories: CATEGORIES.e500mc,
  MSR: MSR.GS | MSR.UCLE | CE | MSR.EE | MSR.PR | MSR.FP | ME | MSR.FE0 | DE | MSR.FE1 | MSR.IS | MSR.DS | MSR.PMM | RI,
  cacheLine: 64,
  tlb1Entries: 64,
  detectsMultipleHits: true,
  PIDs: [SPR.PID0],
  // Critical interrupts keep DE: debug interrupts have save registers of their own (C12, C13).
  interrupts: {
    base: { SRR0: SPR.SRR0, SRR1: SPR.SRR1, kept: CE | ME | DE | RI },
    critical: { SRR0: SPR.CSRR0, SRR1: SPR.CSRR1, kept: ME | DE | RI },
    debug: { SRR0: SPR.DSRR0, SRR1: SPR.DSRR1, kept: ME | RI },
    guest: { SRR0: SPR.GSRR0, SRR1: SPR.GSRR1, kept: CE | ME | DE | RI },
    machineCheck: { SRR0: SPR.MCSRR0, SRR1: SPR.MCSRR1, kept: 0 },
  },
  guestSprs: new Map([
    [SPR.SPRG3 - USERS_SPRG, SPR.GSPRG3],
    [SPR.SRR0, SPR.GSRR0],
    [SPR.SRR1, SPR.GSRR1],
    [SPR.DEAR, SPR.GDEAR],
    [SPR.ESR, SPR.GESR],
    [SPR.SPRG0, SPR.GSPRG0],
    [SPR.SPRG1, SPR.GSPRG1],
    [SPR.SPRG2, SPR.GSPRG2],
    [SPR.SPRG3, SPR.GSPRG3],
    [SPR.PIR, SPR.GPIR],
    [SPR.EPR, SPR.GEPR],
  ]),
  reset: {
    // MRR: a hard reset (1.5).
    [SPR.DBSR]: 0x10000000,
    [SPR.PVR]: 0x80230020,
    // CBSIZE 64 bytes, as QEMU writes it.
    [SPR.L1CFG0]: 0x1003820,
    [SPR.L1CFG1]: 0x1003820,
    // LPIDs of 8 bits, 36 bits of physical address, one PID of 8 bits, two TLBs.
    [SPR.MMUCFG]: 0x084809c4,
    [SPR.TLB0CFG]: 0x04110200,
    [SPR.TLB1CFG]: 0x401bc040,
  },
}
