// The e500v2 (E500RM).
import { CATEGORIES } from '../isa/category.ts'
import type { CoreModel } from './coreModel.ts'
import { MSR } from './interrupts.ts'

// E500RM p.318: what is no base class interrupt clears DE; debug interrupts are critical ones.
const critical = { SRR0: 58, SRR1: 59, kept: MSR.ME }
const base = { SRR0: 26, SRR1: 27, kept: MSR.CE | MSR.ME | MSR.DE }

export const e500v2: CoreModel = {
  name: 'e500v2',
  categories: CATEGORIES.e500v2,
  MSR: MSR.UCLE | MSR.SPE | MSR.WE | MSR.CE | MSR.EE | MSR.PR | MSR.ME | MSR.UBLE | MSR.DE | MSR.IS | MSR.DS | MSR.PMM,
  cacheLine: 32,
  tlb1Entries: 16,
  detectsMultipleHits: false,
  PIDs: [48, 633, 634],
  interrupts: { base, critical, debug: critical, guest: base, machineCheck: { SRR0: 570, SRR1: 571, kept: 0 } },
  guestSprs: new Map(),
  reset: {
    // MRR: a hard reset (1.5).
    /* DBSR */ 304: 0x10000000,
    /* PVR */ 287: 0x80210022,
    /* L1CFG0, L1CFG1 */ 515: 0x3820,
    516: 0x3820,
    // Three PIDs of 8 bits, two TLBs.
    /* MMUCFG */ 1015: 0x19c4,
    /* TLB0CFG */ 688: 0x04110200,
    // E500RM has MAXSIZE 11 (4 GB); QEMU writes 12.
    /* TLB1CFG */ 689: 0x101bc010,
  },
}
