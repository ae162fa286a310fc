// SPEFSCR for embedded floating point: status of one instruction, sticky bits, enables and the interrupt that follows
// (SPE PEM 2.3.1, 3.4; Power ISA 2.03 Book I 7.2). Decisions where the sources leave room are in docs/float.md.

/** Masks of the low element's bits and of what both elements share; the high element's status is 16 bits further up. */
export const SPEFSCR = {
  FG: 0x2000,
  FX: 0x1000,
  FINV: 0x800,
  FDBZ: 0x400,
  FUNF: 0x200,
  FOVF: 0x100,
  FINXS: 0x200000,
  FINVS: 0x100000,
  FDBZS: 0x80000,
  FUNFS: 0x40000,
  FOVFS: 0x20000,
  FINXE: 0x40,
  FINVE: 0x20,
  FDBZE: 0x10,
  FUNFE: 0x08,
  FOVFE: 0x04,
  FRMC: 0x03,
} as const

const { FG, FX, FINV, FDBZ, FUNF, FOVF, FINXS, FINXE, FRMC } = SPEFSCR
const DATA = FINV | FDBZ | FUNF | FOVF
const STATUS = FG | FX | DATA
/** From a status bit to its enable and to its sticky bit. */
const TO_ENABLE = 6
const TO_STICKY = 9
const ENABLES = DATA >> TO_ENABLE

/** An element's flags also say whether its operation rounds by FRMC. */
export const ROUNDS = 1

export const EFP_INTERRUPT = { none: 0, data: 1, round: 2 } as const

/**
 * What the last instruction left. data: the target and CR keep their values. round: the target is written with the
 * truncated result first; SRR0 is the address of the next instruction.
 */
export const efp = {
  hi: 0,
  lo: 0,
  spefscr: 0,
  interrupt: 0 as 0 | 1 | 2,
  /** The e500v2 leaves rounding toward ±Infinity to the round interrupt; true: as a core that has all four modes. */
  roundsDirected: false,
}

/** How an element is rounded: 0 nearest, 1 toward zero, 2 toward +Infinity, 3 toward -Infinity; truncated where a round interrupt will follow. */
export function roundingMode(spefscr: number): number {
  const FRMCvalue = spefscr & FRMC
  return spefscr & FINXE || (FRMCvalue > 1 && !efp.roundsDirected) ? 1 : FRMCvalue
}

/** x - x, and a sum that underflows, is +0, but -0 when rounding toward -Infinity. */
export const isDifferenceNegative = (spefscr: number) => (spefscr & FRMC) === 3

export function increments(mode: number, negative: boolean, guard: boolean, sticky: boolean, odd: boolean): boolean {
  if (mode === 0) return guard && (sticky || odd)
  if (mode === 1) return false
  return (guard || sticky) && (mode === 2) !== negative
}

/** Ends an instruction: flags of the low and the high element (0 for a scalar) become status, sticky bits and interrupt. */
export function settle(low: number, high: number, spefscr: number) {
  const all = low | high
  const status = (low & STATUS) | ((high & STATUS) << 16)
  const sticky = (all & DATA) << TO_STICKY
  const kept = spefscr & ~(STATUS | (STATUS << 16))
  if ((all >> TO_ENABLE) & spefscr & ENABLES) {
    efp.spefscr = kept | (status & ~(FG | FX | ((FG | FX) << 16))) | sticky
    efp.interrupt = EFP_INTERRUPT.data
    return
  }
  const inexact = all & (FG | FX | FUNF | FOVF)
  efp.spefscr = kept | status | sticky | (inexact ? FINXS : 0)
  const isLeft = (spefscr & FRMC) > 1 && !efp.roundsDirected && all & ROUNDS
  efp.interrupt = (inexact && spefscr & FINXE) || isLeft ? EFP_INTERRUPT.round : EFP_INTERRUPT.none
}
