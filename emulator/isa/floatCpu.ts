// What floating-point and SPE instructions ask of a core, beside interface Cpu: registers by number, Rc as 0 or 1.

/** FRT, FRA, FRB (fmul: FRC), Rc. */
export type FloatBinary = 'fadd' | 'fadds' | 'fsub' | 'fsubs' | 'fmul' | 'fmuls' | 'fdiv' | 'fdivs'
/** FRT, FRA, FRC, FRB, Rc. */
export type FloatFused = 'fmadd' | 'fmadds' | 'fmsub' | 'fmsubs' | 'fnmadd' | 'fnmadds' | 'fnmsub' | 'fnmsubs'
/** FRT, FRB, Rc. */
export type FloatUnary = 'frsp' | 'fctiw' | 'fctiwz' | 'fres' | 'frsqrte' | 'fmr' | 'fneg' | 'fabs' | 'fnabs'

export interface FloatCalls
  extends Record<FloatBinary, (FRT: number, FRA: number, FRB: number, Rc: number) => void>,
    Record<FloatFused, (FRT: number, FRA: number, FRC: number, FRB: number, Rc: number) => void>,
    Record<FloatUnary, (FRT: number, FRB: number, Rc: number) => void> {
  fsel(FRT: number, FRA: number, FRC: number, FRB: number, Rc: number): void
  fcmpu(BF: number, FRA: number, FRB: number): void
  fcmpo(BF: number, FRA: number, FRB: number): void
  mffs(FRT: number, Rc: number): void
  mcrfs(BF: number, BFA: number): void
  mtfsfi(BF: number, U: number, Rc: number): void
  mtfsf(FLM: number, FRB: number, Rc: number): void
  mtfsb0(BT: number, Rc: number): void
  mtfsb1(BT: number, Rc: number): void
  /** MSR[FP], asked before the address is used. */
  requireFloat(): void
  lfs(EA: number, FRT: number): void
  lfd(EA: number, FRT: number): void
  stfs(EA: number, FRS: number): void
  stfd(EA: number, FRS: number): void
  stfiwx(EA: number, FRS: number): void
  lfdepx(EA: number, FRT: number): void
  stfdepx(EA: number, FRS: number): void
}

type Relation = 'gt' | 'lt' | 'eq'
type Conversion = `c${'f' | 't'}${'u' | 's'}${'i' | 'f'}` | `ct${'u' | 's'}iz`
type Arithmetic = 'add' | 'sub' | 'mul' | 'div'
type EfpFormat = 'efs' | 'evfs' | 'efd'

/** RT, RA, RB. */
export type EfpArithmetic = `${EfpFormat}${Arithmetic}`
/** BF, RA, RB. */
export type EfpCompare = `${EfpFormat}${'cmp' | 'tst'}${Relation}`
/** RT, RB. */
export type EfpConversion =
  | `${EfpFormat}${Conversion}`
  | 'efscfd'
  | 'efdcfs'
  | 'efdcfuid'
  | 'efdcfsid'
  | 'efdctuidz'
  | 'efdctsidz'

export interface SpeCalls
  extends Record<EfpArithmetic, (RT: number, RA: number, RB: number) => void>,
    Record<EfpCompare, (BF: number, RA: number, RB: number) => void>,
    Record<EfpConversion, (RT: number, RB: number) => void> {
  /** MSR[SPE]. */
  requireSpe(): void
  beginAligned(EA: number, bytes: number, isStore: number): void
  /** Each element from RA where the field's first or second bit is 1, else from RB. */
  evsel(RT: number, RA: number, RB: number, CRS: number): void
  /** The four bits of a CR field. */
  setCrField(BF: number, value: number): void
}
