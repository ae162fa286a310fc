// The e500v2 (E500RM).
import { CATEGORIES } from '../isa/category.ts'
import { SPR } from '../spr/table.ts'
import type { CoreModel } from './coreModel.ts'
import { MSR } from './interrupts.ts'

// E500RM p.318: what is no base class interrupt clears DE; debug interrupts are critical ones.
const critical = { SRR0: SPR.CSRR0, SRR1: SPR.CSRR1, kept: MSR.ME }
const base = { SRR0: SPR.SRR0, SRR1: SPR.SRR1, kept: MSR.CE | MSR.ME | MSR.DE }

export const e500v2: CoreModel = {
  name: 'e500v2',
  categories: CATEGORIES.e500v2,
  MSR: MSR.UCLE | MSR.SPE | MSR.WE | MSR.CE | MSR.EE | MSR.PR | MSR.ME | MSR.UBLE | MSR.DE | MSR.IS | MSR.DS | MSR.PMM,
  cacheLine: 32,
  tlb1Entries: 16,
  detectsMultipleHits: false,
  PIDs: [SPR.PID0, SPR.PID1, SPR.PID2],
  interrupts: {
    base,
    critical,
    debug: critical,
    guest: base,
    machineCheck: { SRR0: SPR.MCSRR0, SRR1: SPR.MCSRR1, kept: 0 },
  },
  guestSprs: new Map(),
  reset: {
    // MRR: a hard reset (1.5).
    [SPR.DBSR]: 0x10000000,
    [SPR.PVR]: 0x80210022,
    [SPR.L1CFG0]: 0x3820,
    [SPR.L1CFG1]: 0x3820,
    // Three PIDs of 8 bits, two TLBs.
    [SPR.MMUCFG]: 0x19c4,
    [SPR.TLB0CFG]: 0x04110200,
    // E500RM has MAXSIZE 11 (4 GB); QEMU writes 12.
    [SPR.TLB1CFG]: 0x101bc010,
  },
}
