// Special purpose and condition register moves, traps, system linkage, storage control and TLB instructions (Power ISA 2.03 Book I 3.3.10, 3.3.13, Book II, Book III-E).
// What is no data flow calls a function of interface Cpu by name.
import type { Op } from './op.ts'
import type { Instruction } from './record.ts'

/** A record that is a call of the core. */
export const calling = (
  mnemonic: string,
  title: string,
  OPCD: number,
  XO: number,
  operands: string,
  semantics: (op: Op) => void,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD, XO, Rc: 0 },
  operands,
  manual: 'Book III-E',
  semantics,
})

const EA = (op: Op) => op.add(op.gprOrZero('RA'), op.gpr('RB'))
/** FXM has one bit set. */
const oneField: NonNullable<Instruction['invalid']> = (field) => {
  const FXM = field('FXM')
  return FXM !== 0 && (FXM & (FXM - 1)) === 0 ? undefined : 'FXM names one field: one of its bits is 1'
}
const lock = (op: Op, name: `${'data' | 'instruction'}Cache${'Lock' | 'Unlock'}`) =>
  op.call(name, op.field('CT'), EA(op))
const branchLock = (mnemonic: string, title: string, XO: number): Instruction => ({
  ...calling(mnemonic, title, 31, XO, '', (op) => op.call('branchLock')),
  ignored: ['RT', 'RA', 'RB'],
  category: 'BL',
})
const nothing = () => {}

// Operands of other cores' forms (L, LEV, EH, MO, the registers of tlbre) are read by nobody: this core ignores them.

export const system: readonly Instruction[] = [
  calling('mfspr', 'Move From Special Purpose Register', 31, 339, 'RT,SPR', (op) =>
    op.call('mfspr', op.field('SPR'), op.field('RT')),
  ),
  calling('mtspr', 'Move To Special Purpose Register', 31, 467, 'SPR,RS', (op) =>
    op.call('mtspr', op.field('SPR'), op.gpr('RS')),
  ),
  calling('mfmsr', 'Move From Machine State Register', 31, 83, 'RT', (op) => op.call('mfmsr', op.field('RT'))),
  calling('mtmsr', 'Move To Machine State Register', 31, 146, 'RS,L15?', (op) => op.call('mtmsr', op.gpr('RS'))),
  calling('wrtee', 'Write External Enable', 31, 131, 'RS', (op) =>
    op.call('wrtee', op.binary('shr', op.gpr('RS'), op.const(15))),
  ),
  calling('wrteei', 'Write External Enable Immediate', 31, 163, 'E', (op) => op.call('wrtee', op.field('E'))),
  calling('mfcr', 'Move From Condition Register', 31, 19, 'RT', (op) => op.call('mfcr', op.field('RT'))),
  calling('mtcrf', 'Move To Condition Register Fields', 31, 144, 'FXM,RS', (op) =>
    op.call('mtcrf', op.field('FXM'), op.gpr('RS')),
  ),
  // Cores before version 2.01 of the architecture ignore bit 11: all of CR moves.
  {
    mnemonic: 'mfocrf',
    title: 'Move From One Condition Register Field',
    fixed: { OPCD: 31, XO: 19, ONE: 1, Rc: 0 },
    operands: 'RT,FXM',
    invalid: oneField,
    manual: 'Book III-E',
    semantics: (op) => op.call('mfcr', op.field('RT')),
  },
  {
    mnemonic: 'mtocrf',
    title: 'Move To One Condition Register Field',
    fixed: { OPCD: 31, XO: 144, ONE: 1, Rc: 0 },
    operands: 'FXM,RS',
    invalid: oneField,
    manual: 'Book III-E',
    semantics: (op) => op.call('mtcrf', op.field('FXM'), op.gpr('RS')),
  },
  calling('mfpmr', 'Move From Performance Monitor Register', 31, 334, 'RT,PMRN', (op) =>
    op.call('mfpmr', op.field('SPR'), op.field('RT')),
  ),
  calling('mtpmr', 'Move To Performance Monitor Register', 31, 462, 'PMRN,RS', (op) =>
    op.call('mtpmr', op.field('SPR'), op.gpr('RS')),
  ),
  branchLock('bblels', 'Branch Buffer Load Entry and Lock Set', 518),
  branchLock('bbelr', 'Branch Buffer Entry Lock Reset', 550),
  calling('mcrf', 'Move Condition Register Field', 19, 0, 'BF,BFA', (op) =>
    op.call('mcrf', op.field('BF'), op.field('BFA')),
  ),
  calling('mcrxr', 'Move to Condition Register from XER', 31, 512, 'BF', (op) => op.call('mcrxr', op.field('BF'))),
  calling('tw', 'Trap Word', 31, 4, 'TO,RA,RB', (op) => op.call('trap', op.field('TO'), op.gpr('RA'), op.gpr('RB'))),
  {
    mnemonic: 'twi',
    title: 'Trap Word Immediate',
    fixed: { OPCD: 3 },
    operands: 'TO,RA,SI',
    manual: 'Book I 3.3.10',
    semantics: (op) => op.call('trap', op.field('TO'), op.gpr('RA'), op.field('SI')),
  },
  {
    mnemonic: 'sc',
    title: 'System Call',
    fixed: { OPCD: 17, AA: 1 },
    operands: 'LEV?',
    ignored: ['R16', 'R27'],
    manual: 'Book I 2.6',
    semantics: (op) => op.call('systemCall', op.field('LEV')),
  },
  calling('rfi', 'Return From Interrupt', 19, 50, '', (op) => op.call('rfi')),
  calling('rfci', 'Return From Critical Interrupt', 19, 51, '', (op) => op.call('rfci')),
  calling('rfmci', 'Return From Machine Check Interrupt', 19, 38, '', (op) => op.call('rfmci')),
  calling('isync', 'Instruction Synchronize', 19, 150, '', (op) => op.call('isync')),
  calling('msync', 'Memory Synchronize', 31, 598, '', nothing),
  { ...calling('mbar', 'Memory Barrier', 31, 854, 'MO?', nothing), ignored: ['RA', 'RB'] },
  calling('tlbwe', 'TLB Write Entry', 31, 978, 'RT?,RA?,SH?', (op) => op.call('tlbwe')),
  calling('tlbre', 'TLB Read Entry', 31, 946, 'RT?,RA?,SH?', (op) => op.call('tlbre')),
  calling('tlbsx', 'TLB Search Indexed', 31, 914, 'RT?,RA0,RB', (op) => op.call('tlbsx', EA(op))),
  calling('tlbivax', 'TLB Invalidate Virtual Address Indexed', 31, 786, 'RA0,RB', (op) => op.call('tlbivax', EA(op))),
  calling('tlbsync', 'TLB Synchronize', 31, 566, '', (op) => op.call('tlbsync')),
  calling('dcbst', 'Data Cache Block Store', 31, 54, 'RA0,RB', (op) => op.call('cacheOperation', EA(op), op.const(1))),
  {
    ...calling('dcbf', 'Data Cache Block Flush', 31, 86, 'RA0,RB,L2?', (op) =>
      op.call('cacheOperation', EA(op), op.const(1)),
    ),
    invalid: (field) => (field('L2') === 2 ? 'L is 0, 1 or 3' : undefined),
  },
  calling('dcbi', 'Data Cache Block Invalidate', 31, 470, 'RA0,RB', (op) => op.call('dcbi', EA(op))),
  calling('icbi', 'Instruction Cache Block Invalidate', 31, 982, 'RA0,RB', (op) =>
    op.call('cacheOperation', EA(op), op.const(0)),
  ),
  calling('dcbt', 'Data Cache Block Touch', 31, 278, 'CT?,RA0,RB', (op) => op.call('touch', EA(op))),
  calling('dcbtst', 'Data Cache Block Touch for Store', 31, 246, 'CT?,RA0,RB', (op) => op.call('touch', EA(op))),
  calling('icbt', 'Instruction Cache Block Touch', 31, 22, 'CT?,RA0,RB', (op) => op.call('touch', EA(op))),
  // A lock is granted and forgotten: no line ever leaves a cache that is not there.
  calling('dcbtls', 'Data Cache Block Touch and Lock Set', 31, 166, 'CT?,RA0,RB', (op) => lock(op, 'dataCacheLock')),
  calling('dcbtstls', 'Data Cache Block Touch for Store and Lock Set', 31, 134, 'CT?,RA0,RB', (op) =>
    lock(op, 'dataCacheLock'),
  ),
  calling('dcblc', 'Data Cache Block Lock Clear', 31, 390, 'CT?,RA0,RB', (op) => lock(op, 'dataCacheUnlock')),
  calling('icbtls', 'Instruction Cache Block Touch and Lock Set', 31, 486, 'CT?,RA0,RB', (op) =>
    lock(op, 'instructionCacheLock'),
  ),
  calling('icblc', 'Instruction Cache Block Lock Clear', 31, 230, 'CT?,RA0,RB', (op) =>
    lock(op, 'instructionCacheUnlock'),
  ),
  calling('dcba', 'Data Cache Block Allocate', 31, 758, 'RA0,RB', (op) => op.call('dcba', EA(op), op.const(0))),
  calling('dcbz', 'Data Cache Block set to Zero', 31, 1014, 'RA0,RB', (op) => op.call('dcbz', EA(op), op.const(0))),
]
