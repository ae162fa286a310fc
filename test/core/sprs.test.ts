// The special purpose registers of each core, against lists of others: E500RM table 2-1, LIBOS core-regs.h, Linux reg_booke.h (reference 1.1, 5.x),
// and what mtspr and mfspr do to each.
import { describe, expect, test } from 'vitest'
import { hex, place } from '../../emulator/bits.ts'
import { type CoreName, hasField } from '../../emulator/spr/record.ts'
import { MSR_FIELDS, sprs } from '../../emulator/spr/table.ts'
import { recordCompared } from '../support/compared.ts'
import { MSR } from './bits.ts'
import { CODE, handler, machineFor } from './machine.ts'

/** number name access; h: not for a guest's supervisor, H: not for it to write. */
const COMMON = `1 XER rw, 8 LR rw, 9 CTR rw, 22 DEC rwh, 26 SRR0 rw, 27 SRR1 rw, 48 PID0 rw, 54 DECAR wh, 58 CSRR0 rwh, 59 CSRR1 rwh,
  61 DEAR rw, 62 ESR rw, 63 IVPR rwh, 256 USPRG0 rw, 259 SPRG3 r, 260 SPRG4 r, 261 SPRG5 r, 262 SPRG6 r, 263 SPRG7 r, 268 TBL r, 269 TBU r,
  272 SPRG0 rw, 273 SPRG1 rw, 274 SPRG2 rw, 275 SPRG3 rw, 276 SPRG4 rw, 277 SPRG5 rw, 278 SPRG6 rw, 279 SPRG7 rw, 284 TBL wh, 285 TBU wh,
  286 PIR rwH, 287 PVR r, 304 DBSR rwh, 308 DBCR0 rwh, 309 DBCR1 rwh, 310 DBCR2 rwh, 312 IAC1 rwh, 313 IAC2 rwh, 316 DAC1 rwh, 317 DAC2 rwh,
  336 TSR rwh, 340 TCR rwh, 400 IVOR0 rwh, 401 IVOR1 rwh, 402 IVOR2 rwh, 403 IVOR3 rwh, 404 IVOR4 rwh, 405 IVOR5 rwh, 406 IVOR6 rwh,
  407 IVOR7 rwh, 408 IVOR8 rwh, 409 IVOR9 rwh, 410 IVOR10 rwh, 411 IVOR11 rwh, 412 IVOR12 rwh, 413 IVOR13 rwh, 414 IVOR14 rwh, 415 IVOR15 rwh,
  515 L1CFG0 r, 516 L1CFG1 r, 526 ATBL r, 527 ATBU r, 531 IVOR35 rwh, 569 MCARU rh, 570 MCSRR0 rwh, 571 MCSRR1 rwh, 572 MCSR rwh, 573 MCAR rh,
  624 MAS0 rw, 625 MAS1 rw, 626 MAS2 rw, 627 MAS3 rw, 628 MAS4 rw, 630 MAS6 rw, 688 TLB0CFG rh, 689 TLB1CFG rh, 702 EPR r, 944 MAS7 rw,
  1008 HID0 rwh, 1010 L1CSR0 rwh, 1011 L1CSR1 rwh, 1012 MMUCSR0 rwh, 1013 BUCSR rwh, 1015 MMUCFG r, 1023 SVR r`
const E500V2 = `512 SPEFSCR rw, 513 BBEAR rw, 514 BBTAR rw, 528 IVOR32 rw, 529 IVOR33 rw, 530 IVOR34 rw, 633 PID1 rw, 634 PID2 rw, 1009 HID1 rw`
const E500MC = `306 DBSRWR wh, 307 EPCR rwh, 311 MSRP rwh, 338 LPIDR rwh, 339 MAS5 rwh, 341 MAS8 rwh, 368 GSPRG0 rwh, 369 GSPRG1 rwh, 370 GSPRG2 rwh,
  371 GSPRG3 rwh, 378 GSRR0 rwh, 379 GSRR1 rwh, 380 GEPR rwh, 381 GDEAR rwh, 382 GPIR rwh, 383 GESR rwh, 432 IVOR38 rwh, 433 IVOR39 rwh,
  434 IVOR40 rwh, 435 IVOR41 rwh, 440 GIVOR2 rwh, 441 GIVOR3 rwh, 442 GIVOR4 rwh, 443 GIVOR8 rwh, 444 GIVOR13 rwh, 445 GIVOR14 rwh, 447 GIVPR rwh,
  517 NPIDR5 r, 519 L2CFG0 r, 532 IVOR36 rwh, 533 IVOR37 rwh, 563 DBCR4 rwh, 574 DSRR0 rwh, 575 DSRR1 rwh, 576 DDAM wh, 604 SPRG8 rwh, 605 SPRG9 rw,
  606 L1CSR2 rwh, 721 L2CAPTDATAHI rwh, 722 L2CAPTDATALO rwh, 723 L2CAPTECC rwh, 724 L2ERRDET rwh, 725 L2ERRDIS rwh, 947 EPLC rw, 948 EPSC rw,
  975 DEVENT w, 976 HDBCR0 rwh, 977 HDBCR1 rwh, 978 HDBCR2 rwh, 979 HDBCR3 rwh, 980 HDBCR4 rwh, 981 HDBCR5 rwh, 982 HDBCR6 rwh, 983 NSPD rw,
  984 NSPC rw, 1017 L2CSR0 rwh, 1018 L2CSR1 rwh`
const LISTS: Readonly<Record<CoreName, string>> = { e500v2: `${COMMON}, ${E500V2}`, e500mc: `${COMMON}, ${E500MC}` }
const byNumber = (a: string, b: string) => Number.parseInt(a, 10) - Number.parseInt(b, 10)
const ofCore = (core: CoreName) => sprs.filter((record) => record.core === undefined || record.core === core)

describe.each(['e500v2', 'e500mc'] as const)('%s', (core) => {
  test('has these registers and no others', () => {
    const ours = ofCore(core).map(({ number, name, access, privilege }) => {
      const mark = privilege === 'hypervisor' ? 'h' : privilege === 'hypervisorWrite' ? 'H' : ''
      return `${number} ${name} ${access}${mark}`
    })
    expect(ours.sort(byNumber)).toEqual(LISTS[core].split(/,\s+/).sort(byNumber))
  })

  test('every other number is a Program interrupt, to read and to write', () => {
    const known = new Set(ofCore(core).map(({ number }) => number))
    const machine = machineFor({ cpu: core, code: '' })
    const esr = (opcode: number, number: number) => {
      const { vcpu } = machine
      machine.memory.write(CODE, 4, opcode | ((number & 31) << 16) | ((number >> 5) << 11))
      vcpu.setRegister('pc', CODE)
      vcpu.setRegister('ESR', 0)
      machine.run(1)
      return vcpu.register('pc') === handler(6) ? hex(vcpu.register('ESR')!) : 'none'
    }
    for (let number = 0; number < 1024; number++) {
      if (known.has(number)) continue
      // mfspr r5 and mtspr from r5; PIL (reference 5.6).
      expect(esr(0x7ca002a6, number), `mfspr ${number}`).toBe('0x08000000')
      expect(esr(0x7ca003a6, number), `mtspr ${number}`).toBe('0x08000000')
    }
  })

  test('titles, and fields that do not overlap', () => {
    for (const { name, title, fields = [] } of ofCore(core)) {
      expect(title.length, name).toBeGreaterThan(5)
      const taken = fields.filter((field) => hasField(field, core)).map(([, from, to]) => place(-1, from, to))
      for (const [n, mask] of taken.entries())
        for (const other of taken.slice(n + 1)) expect(mask & other, name).toBe(0)
    }
  })
})

/** Masks as the reference writes them (1.2, 1.4, 1.6, 5.1 to 5.5). */
const MASKS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  DBCR0: {
    EDM: 0x80000000,
    IDM: 0x40000000,
    RST: 0x30000000,
    ICMP: 0x08000000,
    BRT: 0x04000000,
    IRPT: 0x02000000,
    TRAP: 0x01000000,
    IAC1: 0x00800000,
    RET: 0x8000,
    FT: 1,
  },
  DBCR1: { IAC1US: 0xc0000000, IAC2US: 0x0c000000, IAC12M: 0x00c00000 },
  DBSR: { IDE: 0x80000000, UDE: 0x40000000, MRR: 0x30000000, TRAP: 0x01000000, DAC1R: 0x00080000, DAC1W: 0x00040000 },
  DBCR4: { DAC1XM: 0x0000f000, DAC2XM: 0x00000f00 },
  ESR: {
    PIL: 0x08000000,
    PPR: 0x04000000,
    PTR: 0x02000000,
    FP: 0x01000000,
    ST: 0x00800000,
    DLK: 0x00200000,
    ILK: 0x00100000,
    PUO: 0x00040000,
    BO: 0x00020000,
    SPV: 0x80,
    EPID: 0x40,
  },
  EPCR: {
    EXTGS: 0x80000000,
    DTLBGS: 0x40000000,
    ITLBGS: 0x20000000,
    DSIGS: 0x10000000,
    ISIGS: 0x08000000,
    DUVD: 0x04000000,
    DGTMI: 0x00800000,
    DMIUH: 0x00400000,
  },
  MSRP: { UCLEP: 0x04000000, DEP: 0x200, PMMP: 4 },
  MAS0: { TLBSEL: 0x30000000 },
  MAS1: { V: 0x80000000, IPROT: 0x40000000, TID: 0x3fff0000, TS: 0x1000, TSIZE: 0xf00 },
  MAS3: { U: 0x3c0, UX: 0x20, SR: 1 },
  MAS5: { SGS: 0x80000000 },
  MAS6: { SPID: 0x3fff0000, SAS: 1 },
  MAS8: { TGS: 0x80000000, VF: 0x40000000, TLPID: 0xff },
  EPLC: { EPR: 0x80000000, EAS: 0x40000000, EGS: 0x20000000, ELPID: 0x00ff0000, EPID: 0x3fff },
  TLB1CFG: { IPROT: 0x8000, AVAIL: 0x4000, NENTRY: 0xfff },
  TCR: {
    WP: 0xc0000000,
    WRC: 0x30000000,
    WIE: 0x08000000,
    DIE: 0x04000000,
    FP: 0x03000000,
    FIE: 0x00800000,
    ARE: 0x00400000,
    WPEXT: 0x001e0000,
    FPEXT: 0x0001e000,
  },
  TSR: { ENW: 0x80000000, WIS: 0x40000000, WRS: 0x30000000, DIS: 0x08000000, FIS: 0x04000000 },
  HID0: {
    EMCP: 0x80000000,
    EN_L2MMU_MHD: 0x40000000,
    DOZE: 0x00800000,
    TBEN: 0x4000,
    EN_MAS7_UPDATE: 0x80,
    DCFA: 0x40,
    NOPTI: 1,
  },
  L1CSR0: { CE: 1, CFI: 2, LFC: 0x100, CLO: 0x200, CUL: 0x400, SLC: 0x800, CPE: 0x10000, DCBZ32: 8 },
  BUCSR: { BPEN: 1, BBFI: 0x200 },
  MMUCSR0: { TLB1FI: 2, TLB0FI: 4 },
  SPEFSCR: {
    SOVH: 0x80000000,
    FINXS: 0x00200000,
    MODE: 0x10000,
    SOV: 0x8000,
    OV: 0x4000,
    FINV: 0x800,
    FINXE: 0x40,
    FOVFE: 4,
    FRMC: 3,
  },
  MCSR: {
    MCP: 0x80000000,
    ICPERR: 0x40000000,
    L2MMU_MHIT: 0x08000000,
    NMI: 0x00100000,
    MAV: 0x00080000,
    MEA: 0x00040000,
    LD: 0x8000,
    BUS_RBERR: 8,
  },
}
describe('fields', () => {
  test.each(Object.entries(MASKS))('%s', (name, masks) => {
    const { fields = [] } = sprs.find((record) => record.name === name)!
    for (const [field, mask] of Object.entries(masks)) {
      const found = fields.find(([known]) => known === field)
      expect(found && hex(place(-1, found[1], found[2])), `${name}[${field}]`).toBe(hex(mask))
    }
  })
  test('MSR, and which core has which of them (1.6)', () => {
    for (const [name, mask] of Object.entries(MSR)) {
      const [, from, to] = MSR_FIELDS.find(([known]) => known === name)!
      expect(hex(place(-1, from, to)), name).toBe(hex(mask))
    }
    const only = (core: CoreName) => MSR_FIELDS.filter((field) => field[4] === core).map(([name]) => name)
    expect(only('e500v2')).toEqual(['SPE', 'WE', 'UBLE'])
    expect(only('e500mc')).toEqual(['GS', 'FP', 'FE0', 'FE1', 'RI'])
  })
})

/** What of all ones is there after mtspr; all of it where nothing is said (E500RM chapter 2; reference 1.2, 1.4, 1.7, 5.1, 5.3, 5.4). */
const KEPT: Readonly<Record<string, number>> = {
  // No string instructions, so no byte count.
  XER: 0xe0000000,
  DBSR: 0,
  TSR: 0,
  MCSR: 0,
  DBCR0: 0x7fffffff,
  IVPR: 0xffff0000,
  GIVPR: 0xffff0000,
  PID0: 0xff,
  PID1: 0xff,
  PID2: 0xff,
  LPIDR: 0xff,
  MSRP: 0x04000204,
  EPLC: 0xe0ff3fff,
  EPSC: 0xe0ff3fff,
  MMUCSR0: 0,
  // Flash invalidate and lock clear are done at once.
  L1CSR0: ~0x102,
  L1CSR1: ~0x102,
  BUCSR: ~0x200,
  L2CSR0: ~0x00200400,
}
const kept = (name: string) => (/^G?IVOR\d/.test(name) ? 0xfff0 : (KEPT[name] ?? -1))
/** They count, or reset the machine. */
const MOVING = new Set(['DEC', 'DBCR0', 'SPEFSCR'])

describe.each(['e500v2', 'e500mc'] as const)('%s: mtspr of all ones, mfspr', (core) => {
  const stored = ofCore(core).filter(({ access, name }) => access === 'rw' && !MOVING.has(name))
  test.each(stored.map(({ number, name }) => [name, number] as const))('%s', (name, number) => {
    const machine = machineFor({ cpu: core, code: `mtspr ${number},r4\nmfspr r5,${number}`, gpr: { 4: -1 } })
    machine.run(2)
    expect(hex(machine.vcpu.register('r5')!)).toBe(hex(kept(name)))
    recordCompared(core, 'E500RM 2', [name])
  })
})

describe('after reset', () => {
  // Reference 1.4, 5.3, 5.4: L1CFG as QEMU has them.
  test.each([
    ['e500v2', 'PVR', 0x80210022],
    ['e500v2', 'TLB0CFG', 0x04110200],
    ['e500v2', 'TLB1CFG', 0x101bc010],
    ['e500v2', 'L1CFG0', 0x3820],
    ['e500v2', 'DBSR', 0x10000000],
    ['e500mc', 'PVR', 0x80230020],
    ['e500mc', 'TLB0CFG', 0x04110200],
    ['e500mc', 'TLB1CFG', 0x401bc040],
    ['e500mc', 'L1CFG0', 0x1003820],
    ['e500mc', 'DBSR', 0x10000000],
    ...(['DBCR0', 'DBCR1', 'DBCR2', 'IAC1', 'IAC2', 'DAC1', 'DAC2', 'TCR', 'TSR', 'EPCR', 'MSRP'] as const).map(
      (name) => ['e500mc', name, 0] as const,
    ),
  ] as const)('%s: %s', (cpu, name, value) => {
    expect(hex(machineFor({ cpu, code: '' }).vcpu.register(name)!)).toBe(hex(value))
    recordCompared(cpu, 'reference 5', [name])
  })
})
