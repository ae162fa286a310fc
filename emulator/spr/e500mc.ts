// The special purpose registers that the e500mc has beside the e500v2's: categories E.HV, E.PD, E.ED and caches (Power ISA 2.06 Book III-E 5.4.1),
// and which of all its registers a guest's supervisor does not reach.
import { debugRegister, type Extra, ivor, mas, numbered, readOnly, spr, sprg, storesUnder } from './build.ts'
import type { Spr, SprCpu, SprField } from './record.ts'

const mc = { core: 'e500mc' } as const

const EPCR_FIELDS: readonly SprField[] = [
  ['EXTGS', 0, 0, 'External input interrupts go to the guest'],
  ['DTLBGS', 1, 1, 'Data TLB errors go to the guest'],
  ['ITLBGS', 2, 2, 'Instruction TLB errors go to the guest'],
  ['DSIGS', 3, 3, 'Data storage interrupts go to the guest'],
  ['ISIGS', 4, 4, 'Instruction storage interrupts go to the guest'],
  ['DUVD', 5, 5, 'No debug events in the hypervisor'],
  ['ICM', 6, 6, 'Computation mode of the hypervisor'],
  ['GICM', 7, 7, 'Computation mode of the guest'],
  ['DGTMI', 8, 8, "A guest's TLB management instructions go to the hypervisor"],
  ['DMIUH', 9, 9, 'Misses that go to the hypervisor leave the MAS registers alone'],
]
const MSRP_FIELDS: readonly SprField[] = [
  ['UCLEP', 5, 5, 'A guest does not change MSR[UCLE]'],
  ['DEP', 22, 22, 'A guest does not change MSR[DE]'],
  ['PMMP', 29, 29, 'A guest does not change MSR[PMM]'],
]
const DBCR4_FIELDS: readonly SprField[] = [
  ['DAC1XM', 16, 19, 'Low bits of the address that DAC1 ignores'],
  ['DAC2XM', 20, 23, 'Low bits of the address that DAC2 ignores'],
]
const MAS5_FIELDS: readonly SprField[] = [
  ['SGS', 0, 0, 'Guest space of searches'],
  ['SLPID', 24, 31, 'Partition of searches'],
]
const MAS8_FIELDS: readonly SprField[] = [
  ['TGS', 0, 0, 'Translates for guests'],
  ['VF', 1, 1, 'Loads and stores are virtualization faults'],
  ['TLPID', 24, 31, 'Partition that it translates for; 0 all'],
]
const EXTERNAL_PID_FIELDS: readonly SprField[] = [
  ['EPR', 0, 0, 'User mode'],
  ['EAS', 1, 1, 'Address space'],
  ['EGS', 2, 2, 'Guest state'],
  ['ELPID', 8, 15, 'Partition'],
  ['EPID', 18, 31, 'Process ID'],
]

const L2ERR = [
  ['L2CAPTDATAHI', 'L2 Error Capture Data High Register'],
  ['L2CAPTDATALO', 'L2 Error Capture Data Low Register'],
  ['L2CAPTECC', 'L2 Error Capture ECC Register'],
  ['L2ERRDET', 'L2 Error Detect Register'],
  ['L2ERRDIS', 'L2 Error Disable Register'],
] as const

const hypervisor = (number: number, name: string, title: string, group: Spr['group'], extra: Extra = {}) =>
  spr(number, name, title, group, { ...mc, privilege: 'hypervisor', ...extra })
const guest = (number: number, name: string, title: string) =>
  hypervisor(number, `G${name}`, `Guest ${title}`, 'interrupt')
const givor = (number: number, n: number) =>
  hypervisor(number, `GIVOR${n}`, `Guest Interrupt Vector Offset Register ${n}`, 'interrupt', {
    write: storesUnder(number, 0xfff0),
  })
const changesTranslation = (number: number, mask: number) => (cpu: SprCpu, value: number) => {
  cpu.sprs[number] = value & mask
  cpu.translationChanged()
}
/** Only the hypervisor chooses partition and guest state. */
const externalPid = (number: number, name: string, title: string) =>
  spr(number, name, title, 'mmu', {
    ...mc,
    fields: EXTERNAL_PID_FIELDS,
    write: (cpu, value) => {
      const HYPERVISORS = 0x20ff0000
      const kept = cpu.isGuest() ? HYPERVISORS : 0
      cpu.sprs[number] = (value & 0xe0ff3fff & ~kept) | (cpu.sprs[number]! & kept)
    },
  })

export const sprsOfE500mc: readonly Spr[] = [
  hypervisor(306, 'DBSRWR', 'Debug Status Register, write', 'debug', {
    access: 'w',
    write: (cpu, value) => {
      const written = cpu.writtenDebug(306, value)
      if (written === undefined) return
      // The bits that DBSR has; the others are reserved and stay 0.
      cpu.sprs[304] = written & 0xffcf8060
      cpu.interruptsChanged()
    },
  }),
  // EXTGS says where a pending interrupt goes, DUVD whether instructions are traced: both from the next instruction on.
  hypervisor(307, 'EPCR', 'Embedded Processor Control Register', 'interrupt', {
    fields: EPCR_FIELDS,
    write: (cpu, value) => {
      cpu.sprs[307] = value
      cpu.interruptsChanged()
    },
  }),
  hypervisor(311, 'MSRP', 'MSR Protect Register', 'interrupt', {
    fields: MSRP_FIELDS,
    write: storesUnder(311, 0x04000204),
  }),
  hypervisor(338, 'LPIDR', 'Logical Partition ID Register', 'mmu', { write: changesTranslation(338, 0xff) }),
  mas(339, 'MAS5', MAS5_FIELDS, { ...mc, privilege: 'hypervisor' }),
  mas(341, 'MAS8', MAS8_FIELDS, { ...mc, privilege: 'hypervisor' }),
  ...numbered(368, 4, (number, n) => hypervisor(number, `GSPRG${n}`, `Guest Software-Use SPR ${n}`, 'software')),
  guest(378, 'SRR0', 'Save/Restore Register 0'),
  guest(379, 'SRR1', 'Save/Restore Register 1'),
  guest(380, 'EPR', 'External Proxy Register'),
  guest(381, 'DEAR', 'Data Exception Address Register'),
  guest(382, 'PIR', 'Processor ID Register'),
  guest(383, 'ESR', 'Exception Syndrome Register'),
  ...numbered(432, 4, (number, n) => ivor(number, n + 38, { ...mc, privilege: 'hypervisor' })),
  ...[2, 3, 4, 8, 13, 14].map((n, place) => givor(440 + place, n)),
  hypervisor(447, 'GIVPR', 'Guest Interrupt Vector Prefix Register', 'interrupt', {
    write: storesUnder(447, -0x10000),
  }),
  readOnly(517, 'NPIDR5', 'Nexus Process ID Register', mc),
  readOnly(519, 'L2CFG0', 'L2 Cache Configuration Register 0', mc),
  ...numbered(532, 2, (number, n) => ivor(number, n + 36, { ...mc, privilege: 'hypervisor' })),
  debugRegister(563, 'DBCR4', 'Debug Control Register 4', DBCR4_FIELDS, { ...mc, privilege: 'hypervisor' }),
  hypervisor(574, 'DSRR0', 'Debug Save/Restore Register 0', 'interrupt'),
  hypervisor(575, 'DSRR1', 'Debug Save/Restore Register 1', 'interrupt'),
  hypervisor(576, 'DDAM', 'Debug Data Acquisition Message', 'debug', { access: 'w' }),
  sprg(604, 8, { ...mc, privilege: 'hypervisor' }),
  sprg(605, 9, mc),
  hypervisor(606, 'L1CSR2', 'L1 Cache Control and Status Register 2', 'cache'),
  ...[721, 722, 723, 724, 725].map((number, n) => hypervisor(number, L2ERR[n]![0], L2ERR[n]![1], 'cache')),
  externalPid(947, 'EPLC', 'External PID Load Context Register'),
  externalPid(948, 'EPSC', 'External PID Store Context Register'),
  spr(975, 'DEVENT', 'Debug Event Register', 'debug', { ...mc, access: 'w' }),
  ...numbered(976, 7, (number, n) => hypervisor(number, `HDBCR${n}`, 'Hardware Debug Control Register', 'debug')),
  spr(983, 'NSPD', 'Nexus SPR Access Data Register', 'debug', mc),
  spr(984, 'NSPC', 'Nexus SPR Access Configuration Register', 'debug', mc),
  // Flash invalidate and lock clear finish at once: L2FI and L2LFC read 0.
  hypervisor(1017, 'L2CSR0', 'L2 Cache Control and Status Register 0', 'cache', {
    write: storesUnder(1017, ~0x00200400),
  }),
  hypervisor(1018, 'L2CSR1', 'L2 Cache Control and Status Register 1', 'cache'),
]

/** Of those that both cores have. CSRR, IVPR, IVORs, debug, timers and time base writes, machine check, control of caches and MMU. */
export const hypervisorNumbers: ReadonlySet<number> = new Set([
  ...[22, 54, 58, 59, 63, 284, 285, 304, 308, 309, 310, 312, 313, 316, 317, 336, 340],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 531],
  ...[569, 570, 571, 572, 573, 688, 689, 1008, 1010, 1011, 1012, 1013],
])
