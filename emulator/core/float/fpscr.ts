// The Floating-Point Status and Control Register: its bits, its summaries and the instructions that move it (Book I 4.2.2, 4.6.8).
// NI is kept and has no effect: every operation conforms to IEEE 754.

/** Masks of the FPSCR; bit n of the manual (0 to 31 in a 32-bit register) is 0x80000000 >>> n. */
export const FPSCR = {
  FX: 0x80000000 | 0,
  FEX: 0x40000000,
  VX: 0x20000000,
  OX: 0x10000000,
  UX: 0x08000000,
  ZX: 0x04000000,
  XX: 0x02000000,
  VXSNAN: 0x01000000,
  VXISI: 0x00800000,
  VXIDI: 0x00400000,
  VXZDZ: 0x00200000,
  VXIMZ: 0x00100000,
  VXVC: 0x00080000,
  FR: 0x00040000,
  FI: 0x00020000,
  FPRF: 0x0001f000,
  FPCC: 0x0000f000,
  VXSOFT: 0x00000400,
  VXSQRT: 0x00000200,
  VXCVI: 0x00000100,
  VE: 0x80,
  OE: 0x40,
  UE: 0x20,
  ZE: 0x10,
  XE: 0x08,
  NI: 0x04,
  RN: 0x03,
} as const

const { FX, FEX, VX, OX, UX, ZX, XX, VXSNAN, VXISI, VXIDI, VXZDZ, VXIMZ, VXVC, VXSOFT, VXSQRT, VXCVI } = FPSCR
const ALL_VX = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI
const EXCEPTIONS = OX | UX | ZX | XX | ALL_VX
/** The enables VE, OE, UE, ZE, XE stand in the order of VX, OX, UX, ZX, XX. */
const ENABLES = 0xf8
const RESERVED = 0x00000800
const SUMMARIES = FEX | VX

/** FPRF of a result (Book I figure "Floating-Point Result Flags"). */
export const RESULT_CLASS = {
  quietNaN: 0x11000,
  negativeInfinity: 0x09000,
  negativeNormal: 0x08000,
  negativeDenormal: 0x18000,
  negativeZero: 0x12000,
  positiveZero: 0x02000,
  positiveDenormal: 0x14000,
  positiveNormal: 0x04000,
  positiveInfinity: 0x05000,
} as const

/** FEX and VX are no state of their own: the ORs of other bits. */
export function summarise(fpscr: number): number {
  const summed = (fpscr & ~(SUMMARIES | RESERVED)) | (fpscr & ALL_VX ? VX : 0)
  return (summed >>> 22) & summed & ENABLES ? summed | FEX : summed
}

/** Exceptions occur: their bits, FX if one of them is new, and the summaries. */
export function raise(fpscr: number, exceptions: number): number {
  const isNew = exceptions & ~fpscr & EXCEPTIONS
  return isNew ? summarise(fpscr | exceptions | FX) : fpscr | exceptions
}

/** mtfsf: FM selects fields of four bits. FX and OX are what the value says. */
export function mtfsf(fpscr: number, FM: number, value: number): number {
  let fields = 0
  for (let n = 0; n < 8; n++) if (FM & (0x80 >>> n)) fields |= 0xf0000000 >>> (4 * n)
  return summarise((fpscr & ~fields) | (value & fields))
}

export const mtfsfi = (fpscr: number, BF: number, U: number): number => mtfsf(fpscr, 0x80 >>> BF, U << (28 - 4 * BF))

/** FEX and VX cannot be reset explicitly. */
export const mtfsb0 = (fpscr: number, BT: number): number => summarise(fpscr & ~(FX >>> BT))

/** Setting an exception bit that was 0 sets FX too; FEX and VX cannot be set explicitly. */
export function mtfsb1(fpscr: number, BT: number): number {
  const bit = (FX >>> BT) & ~SUMMARIES
  return summarise(raise(fpscr, bit))
}

/** mcrfs: what goes into the CR field. */
export const fpscrField = (fpscr: number, BFA: number): number => (fpscr >>> (28 - 4 * BFA)) & 15

/** mcrfs: FPSCR after field BFA was copied; its exception bits are cleared. */
export const mcrfs = (fpscr: number, BFA: number): number =>
  summarise(fpscr & ~((0xf0000000 >>> (4 * BFA)) & (EXCEPTIONS | FX)))
