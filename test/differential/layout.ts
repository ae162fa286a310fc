// Where a block's state stands in memory. The guest loads it, runs the block's code, and stores what it finds over what it loaded.

/** Offsets in a record of STATE_BYTES. A GPR has eight bytes: on the e500v2 its upper half first. */
export const AT = {
  GPR: 0,
  CR: 0x100,
  XER: 0x104,
  CTR: 0x108,
  LR: 0x10c,
  SPEFSCR: 0x110,
  MSR: 0x114,
  ACC: 0x118,
  /** The interrupt that ended the block, -1 without one, and what it left. */
  IVOR: 0x120,
  SRR0: 0x124,
  SRR1: 0x128,
  ESR: 0x12c,
  DEAR: 0x130,
  CODE: 0x134,
  FPSCR: 0x138,
  FPR: 0x140,
  /** The MSR that the interrupt's handler began with. */
  HANDLER_MSR: 0x240,
  /** r30 points to the middle of the block's own memory. */
  MEMORY: 0x244,
  R30: 0x280,
  SPARE: 0x3c0,
} as const
export const STATE_BYTES = 0x400
export const CODE_BYTES = 0x200
/** Bytes behind r30 that blocks use. */
export const SCRATCH_BYTES = 0x100

export const HARNESS = 0x1000
export const VECTORS = 0x4000
/** Absolute branches lead here: each adds its number to r29 and ends the block. */
export const EXITS = 0x5000
export const EXIT_COUNT = 64
export const STATES = 0x10000

const REGISTER_NAMES = Object.entries(AT).filter(
  ([name]) => !['GPR', 'FPR', 'MEMORY', 'R30', 'SPARE', 'CODE'].includes(name),
)

/** What stands at an offset of the record, for a person. */
export function nameOf(offset: number): string {
  if (offset < AT.CR) return `r${offset >> 3}${offset & 4 ? '' : ' upper'}`
  if (offset === AT.HANDLER_MSR) return 'HANDLER_MSR'
  if (offset >= AT.MEMORY) return `memory ${offset - AT.R30}`
  if (offset >= AT.FPR) return `f${(offset - AT.FPR) >> 3}${offset & 4 ? '' : ' upper'}`
  return REGISTER_NAMES.findLast(([, at]) => at <= offset)![0]
}
