// The special purpose registers that the e500mc has beside the e500v2's: categories E.HV, E.PD, E.ED and caches (reference 1.1, 5.2).
import {
  type Extra,
  hypervisor,
  ivor,
  mas,
  numbered,
  readOnly,
  spr,
  sprg,
  storesFields,
  storesOffset,
  storesPrefix,
  storesUnder,
} from './build.ts'
import { maskOf, masksIn } from './masks.ts'
import type { Spr, SprField } from './record.ts'

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

const hypervisors = <const Name extends string>(
  number: number,
  name: Name,
  title: string,
  group: Spr['group'],
  extra: Extra = {},
) => spr(number, name, title, group, { ...mc, ...hypervisor, ...extra })
const guest = <const Name extends string>(number: number, name: Name, title: string) =>
  hypervisors(number, `G${name}`, `Guest ${title}`, 'interrupt')
const givor = (number: number, n: number) =>
  hypervisors(number, `GIVOR${n}`, `Guest Interrupt Vector Offset Register ${n}`, 'interrupt', {
    write: storesOffset,
  })
const { EGS, ELPID } = masksIn('EPLC', EXTERNAL_PID_FIELDS, 'EGS', 'ELPID')
/** Only the hypervisor chooses partition and guest state. */
const externalPid = <const Name extends string>(number: number, name: Name, title: string) =>
  spr(number, name, title, 'mmu', {
    ...mc,
    fields: EXTERNAL_PID_FIELDS,
    write: (cpu, value) => {
      const kept = cpu.isGuest() ? EGS | ELPID : 0
      cpu.sprs[number] = (value & maskOf(EXTERNAL_PID_FIELDS) & ~kept) | (cpu.sprs[number]! & kept)
    },
  })

export const sprsOfE500mc = [
  // EXTGS says where a pending interrupt goes, DUVD whether instructions are traced: both from the next instruction on.
  hypervisors(307, 'EPCR', 'Embedded Processor Control Register', 'interrupt', {
    fields: EPCR_FIELDS,
    write: (cpu, value, number) => {
      cpu.sprs[number] = value
      cpu.interruptsChanged()
    },
  }),
  hypervisors(311, 'MSRP', 'MSR Protect Register', 'interrupt', {
    fields: MSRP_FIELDS,
    write: storesFields(MSRP_FIELDS),
  }),
  hypervisors(338, 'LPIDR', 'Logical Partition ID Register', 'mmu', {
    write: (cpu, value, number) => {
      cpu.sprs[number] = value & 0xff
      cpu.translationChanged()
    },
  }),
  mas(339, 'MAS5', MAS5_FIELDS, { ...mc, ...hypervisor }),
  mas(341, 'MAS8', MAS8_FIELDS, { ...mc, ...hypervisor }),
  ...numbered(368, 4, (number, n) => hypervisors(number, `GSPRG${n}`, `Guest Software-Use SPR ${n}`, 'software')),
  guest(378, 'SRR0', 'Save/Restore Register 0'),
  guest(379, 'SRR1', 'Save/Restore Register 1'),
  guest(380, 'EPR', 'External Proxy Register'),
  guest(381, 'DEAR', 'Data Exception Address Register'),
  guest(382, 'PIR', 'Processor ID Register'),
  guest(383, 'ESR', 'Exception Syndrome Register'),
  ...numbered(432, 4, (number, n) => ivor(number, n + 38, { ...mc, ...hypervisor })),
  ...[2, 3, 4, 8, 13, 14].map((n, place) => givor(440 + place, n)),
  hypervisors(447, 'GIVPR', 'Guest Interrupt Vector Prefix Register', 'interrupt', {
    write: storesPrefix,
  }),
  readOnly(517, 'NPIDR5', 'Nexus Process ID Register', mc),
  readOnly(519, 'L2CFG0', 'L2 Cache Configuration Register 0', mc),
  ...numbered(532, 2, (number, n) => ivor(number, n + 36, { ...mc, ...hypervisor })),
  hypervisors(574, 'DSRR0', 'Debug Save/Restore Register 0', 'interrupt'),
  hypervisors(575, 'DSRR1', 'Debug Save/Restore Register 1', 'interrupt'),
  hypervisors(576, 'DDAM', 'Debug Data Acquisition Message', 'debug', { access: 'w' }),
  sprg(604, 8, { ...mc, ...hypervisor }),
  sprg(605, 9, mc),
  hypervisors(606, 'L1CSR2', 'L1 Cache Control and Status Register 2', 'cache'),
  ...[721, 722, 723, 724, 725].map((number, n) => hypervisors(number, L2ERR[n]![0], L2ERR[n]![1], 'cache')),
  externalPid(947, 'EPLC', 'External PID Load Context Register'),
  externalPid(948, 'EPSC', 'External PID Store Context Register'),
  spr(975, 'DEVENT', 'Debug Event Register', 'debug', { ...mc, access: 'w' }),
  ...numbered(976, 7, (number, n) => hypervisors(number, `HDBCR${n}`, 'Hardware Debug Control Register', 'debug')),
  spr(983, 'NSPD', 'Nexus SPR Access Data Register', 'debug', mc),
  spr(984, 'NSPC', 'Nexus SPR Access Configuration Register', 'debug', mc),
  // Flash invalidate and lock clear finish at once: L2FI and L2LFC read 0.
  hypervisors(1017, 'L2CSR0', 'L2 Cache Control and Status Register 0', 'cache', {
    write: storesUnder(~0x00200400),
  }),
  hypervisors(1018, 'L2CSR1', 'L2 Cache Control and Status Register 1', 'cache'),
]
