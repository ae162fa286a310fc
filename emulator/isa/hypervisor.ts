// Embedded hypervisor, processor control, external PID, wait and decorated storage instructions of the e500mc (reference 5.2, 5.6; their
// words as binutils has them, the categories as Linux' e500mc_power_isa.dtsi).
import type { AccessSize, Op } from './op.ts'
import type { Category, Instruction } from './record.ts'
import { calling } from './system.ts'

const of =
  (category: Category) =>
  (...record: Parameters<typeof calling>): Instruction => ({
    ...calling(...record),
    category,
    manual: `Power ISA 2.06, category ${category}`,
  })

const hypervisor = of('E.HV')
const processorControl = of('E.PC')
const externalPid = of('E.PD')
const decorated = of('DS')
const EA = (op: Op) => op.add(op.gprOrZero('RA'), op.gpr('RB'))

const loadByPid = (mnemonic: string, what: string, XO: number, size: AccessSize) =>
  externalPid(mnemonic, `Load ${what} by External Process ID Indexed`, 31, XO, 'RT,RA0,RB', (op) =>
    op.call('loadExternal', op.const(size), EA(op), op.field('RT')),
  )
const storeByPid = (mnemonic: string, what: string, XO: number, size: AccessSize) =>
  externalPid(mnemonic, `Store ${what} by External Process ID Indexed`, 31, XO, 'RS,RA0,RB', (op) =>
    op.call('storeExternal', op.const(size), EA(op), op.gpr('RS')),
  )
/** access as in interface Cpu: 0 counts as a load, 1 as a store. */
const cacheByPid = (mnemonic: string, title: string, XO: number, access: 0 | 1) =>
  externalPid(mnemonic, `${title} by External Process ID`, 31, XO, 'RA0,RB', (op) =>
    op.call('cacheOperationExternal', EA(op), op.const(access)),
  )
/** A hint: it never faults, but it is privileged all the same. Its first operand, TH, is a register to binutils. access: whose space, the load's or the store's. */
const touchByPid = (mnemonic: string, title: string, XO: number, access: 0 | 1) =>
  externalPid(mnemonic, `${title} by External Process ID`, 31, XO, 'RT,RA0,RB', (op) =>
    op.call('touchExternal', EA(op), op.const(access)),
  )

/** RA holds the decoration, which no device of the board understands: what is left is an access to (RB). */
const loadDecorated = (mnemonic: string, what: string, XO: number, size: AccessSize) =>
  decorated(mnemonic, `Load ${what} with Decoration Indexed`, 31, XO, 'RT,RA,RB', (op) =>
    op.setGpr('RT', op.load(size, op.gpr('RB'))),
  )
const storeDecorated = (mnemonic: string, what: string, XO: number, size: AccessSize) =>
  decorated(mnemonic, `Store ${what} with Decoration Indexed`, 31, XO, 'RS,RA,RB', (op) =>
    op.store(size, op.gpr('RB'), op.gpr('RS')),
  )

export const hypervisorInstructions: readonly Instruction[] = [
  of('E.ED')('rfdi', 'Return From Debug Interrupt', 19, 39, '', (op) => op.call('rfdi')),
  hypervisor('rfgi', 'Return From Guest Interrupt', 19, 102, '', (op) => op.call('rfgi')),
  {
    mnemonic: 'ehpriv',
    title: 'Embedded Hypervisor Privilege',
    fixed: { OPCD: 31, XO: 270, Rc: 0 },
    operands: 'OC?',
    manual: 'Power ISA 2.06, category E.HV',
    category: 'E.HV',
    semantics: (op) => op.call('ehpriv'),
  },
  processorControl('msgsnd', 'Message Send', 31, 206, 'RB', (op) => op.call('msgsnd', op.gpr('RB'))),
  processorControl('msgclr', 'Message Clear', 31, 238, 'RB', (op) => op.call('msgclr', op.gpr('RB'))),
  {
    ...hypervisor('tlbilx', 'TLB Invalidate Local Indexed', 31, 18, 'T,RA0,RB', (op) =>
      op.call('tlbilx', op.field('T'), EA(op)),
    ),
    ignored: ['BF'],
  },
  of('WT')('wait', 'Wait', 31, 62, 'WC?', (op) => op.call('wait', op.field('WC'))),
  loadByPid('lbepx', 'Byte', 95, 1),
  loadByPid('lhepx', 'Halfword', 287, 2),
  loadByPid('lwepx', 'Word', 31, 4),
  storeByPid('stbepx', 'Byte', 223, 1),
  storeByPid('sthepx', 'Halfword', 415, 2),
  storeByPid('stwepx', 'Word', 159, 4),
  cacheByPid('dcbstep', 'Data Cache Block Store', 63, 1),
  cacheByPid('dcbfep', 'Data Cache Block Flush', 127, 1),
  touchByPid('dcbtep', 'Data Cache Block Touch', 319, 0),
  touchByPid('dcbtstep', 'Data Cache Block Touch for Store', 255, 1),
  externalPid('dcbzep', 'Data Cache Block set to Zero by External Process ID', 31, 1023, 'RA0,RB', (op) =>
    op.call('dcbzExternal', EA(op)),
  ),
  cacheByPid('icbiep', 'Instruction Cache Block Invalidate', 991, 0),
  loadDecorated('lbdx', 'Byte', 515, 1),
  loadDecorated('lhdx', 'Halfword', 547, 2),
  loadDecorated('lwdx', 'Word', 579, 4),
  storeDecorated('stbdx', 'Byte', 643, 1),
  storeDecorated('sthdx', 'Halfword', 675, 2),
  storeDecorated('stwdx', 'Word', 707, 4),
  decorated('dsn', 'Decorated Storage Notify', 31, 483, 'RA,RB', () => {}),
  {
    mnemonic: 'lwsync',
    title: 'Lightweight Synchronize',
    fixed: { OPCD: 31, XO: 598, WC: 1, Rc: 0 },
    operands: '',
    manual: 'Book II 4.4.3',
    category: 'ISA206',
    semantics: () => {},
  },
  {
    mnemonic: 'dcbzl',
    title: 'Data Cache Block set to Zero Long',
    fixed: { OPCD: 31, XO: 1014, L: 1, Rc: 0 },
    operands: 'RA0,RB',
    manual: 'Power ISA 2.06, fsl,eref-deo',
    category: 'ISA206',
    semantics: (op) => op.call('dcbz', EA(op), op.const(1)),
  },
  {
    mnemonic: 'dcbal',
    title: 'Data Cache Block Allocate Long',
    fixed: { OPCD: 31, XO: 758, L: 1, Rc: 0 },
    operands: 'RA0,RB',
    manual: 'Power ISA 2.06, fsl,eref-deo',
    category: 'ISA206',
    semantics: (op) => op.call('dcba', EA(op), op.const(1)),
  },
]
