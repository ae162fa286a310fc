// The e500mc: Power ISA 2.06 Book III-E with the categories E.HV, E.PD, E.PC and E.ED, and the classic floating-point unit.
import { CATEGORIES } from '../isa/category.ts'
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
  PIDs: [48],
  // Critical interrupts keep DE: debug interrupts have save registers of their own (C12, C13).
  interrupts: {
    base: { SRR0: 26, SRR1: 27, kept: CE | ME | DE | RI },
    critical: { SRR0: 58, SRR1: 59, kept: ME | DE | RI },
    debug: { SRR0: 574, SRR1: 575, kept: ME | RI },
    guest: { SRR0: 378, SRR1: 379, kept: CE | ME | DE | RI },
    machineCheck: { SRR0: 570, SRR1: 571, kept: 0 },
  },
  // SRR0, SRR1, DEAR, ESR, SPRG0 to SPRG3, PIR, EPR and their read-only names, as G registers.
  guestSprs: new Map([
    [259, 371],
    [26, 378],
    [27, 379],
    [61, 381],
    [62, 383],
    [272, 368],
    [273, 369],
    [274, 370],
    [275, 371],
    [286, 382],
    [702, 380],
  ]),
  reset: {
    // MRR: a hard reset (1.5).
    /* DBSR */ 304: 0x10000000,
    /* PVR */ 287: 0x80230020,
    // CBSIZE 64 bytes, as QEMU writes it.
    /* L1CFG0, L1CFG1 */ 515: 0x1003820,
    516: 0x1003820,
    // LPIDs of 8 bits, 36 bits of physical address, one PID of 8 bits, two TLBs.
    /* MMUCFG */ 1015: 0x084809c4,
    /* TLB0CFG */ 688: 0x04110200,
    /* TLB1CFG */ 689: 0x401bc040,
  },
}
