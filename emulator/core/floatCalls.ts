// The classic FPU's instructions on a core's registers: MSR[FP], FPRs, FPSCR, CR1, and the interrupt of an enabled exception
// (Book I chapter 4; PPC440x5 p.188, 189). The arithmetic is core/float.
import { STATE } from '../isa/cpu.ts'
import type { FloatBinary, FloatCalls, FloatFused, FloatUnary } from '../isa/floatCpu.ts'
import { setCrField } from './arithmetic.ts'
import * as arithmetic from './float/arithmetic.ts'
import { fcmpo, fcmpu, selectsC } from './float/compare.ts'
import { fctiw, fctiwz, frsp } from './float/convert.ts'
import { fres, frsqrte } from './float/estimate.ts'
import { fp } from './float/finish.ts'
import { FPSCR, fpscrField, mcrfs, mtfsb0, mtfsb1, mtfsf, mtfsfi } from './float/fpscr.ts'
import * as multiplyAdd from './float/multiplyAdd.ts'
import { SIGN } from './float/words.ts'
import { floatLoadsAndStores, requireFloat } from './floatLoadStore.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

const { FPR } = STATE

export function floatCalls(vcpu: Vcpu): FloatCalls {
  return { ...operations(vcpu), ...moves(vcpu), ...fpscrCalls(vcpu), ...floatLoadsAndStores(vcpu) }
}

/** What follows a new FPSCR: CR1 of a recording form, the Program interrupt of an enabled exception (FE0 and FE1 not both 0). */
function setFpscr(vcpu: Vcpu, fpscr: number, Rc: number): void {
  vcpu.state[STATE.FPSCR] = fpscr
  if (Rc) setCrField(vcpu.state, 1, fpscr >>> 28)
  if (fpscr & FPSCR.FEX && vcpu.MSR & (MSR.FE0 | MSR.FE1)) throw new GuestInterrupt('Program', { ESR: ESR.FP })
}

type Operations = Pick<FloatCalls, FloatBinary | FloatFused | 'frsp' | 'fctiw' | 'fctiwz' | 'fres' | 'frsqrte'>

function operations(vcpu: Vcpu): Operations {
  const { state } = vcpu
  const high = (n: number) => state[FPR + 2 * n + 1]!
  const low = (n: number) => state[FPR + 2 * n]!
  const fpscr = () => state[STATE.FPSCR]!
  const deliver = (FRT: number, Rc: number) => {
    if (fp.written) {
      state[FPR + 2 * FRT] = fp.lo
      state[FPR + 2 * FRT + 1] = fp.hi
    }
    setFpscr(vcpu, fp.fpscr, Rc)
  }
  const binary =
    (compute: (typeof arithmetic)['fadd']): FloatCalls[FloatBinary] =>
    (FRT, FRA, FRB, Rc) => {
      requireFloat(vcpu)
      compute(high(FRA), low(FRA), high(FRB), low(FRB), fpscr())
      deliver(FRT, Rc)
    }
  const fused =
    (compute: (typeof multiplyAdd)['fmadd']): FloatCalls[FloatFused] =>
    (FRT, FRA, FRC, FRB, Rc) => {
      requireFloat(vcpu)
      compute(high(FRA), low(FRA), high(FRC), low(FRC), high(FRB), low(FRB), fpscr())
      deliver(FRT, Rc)
    }
  const unary =
    (compute: (hi: number, lo: number, fpscr: number) => void): FloatCalls[FloatUnary] =>
    (FRT, FRB, Rc) => {
      requireFloat(vcpu)
      compute(high(FRB), low(FRB), fpscr())
      deliver(FRT, Rc)
    }
  const { fadd, fadds, fsub, fsubs, fmul, fmuls, fdiv, fdivs } = arithmetic
  const { fmadd, fmadds, fmsub, fmsubs, fnmadd, fnmadds, fnmsub, fnmsubs } = multiplyAdd
  return {
    ...mapped({ fadd, fadds, fsub, fsubs, fmul, fmuls, fdiv, fdivs }, binary),
    ...mapped({ fmadd, fmadds, fmsub, fmsubs, fnmadd, fnmadds, fnmsub, fnmsubs }, fused),
    ...mapped({ frsp, fctiw, fctiwz, fres, frsqrte }, unary),
  }
}

/** Each function made into a call. */
export function mapped<Name extends string, F, Call>(functions: Record<Name, F>, make: (compute: F) => Call) {
  const calls = Object.entries(functions).map(([name, compute]) => [name, make(compute as F)])
  return Object.fromEntries(calls) as Record<Name, Call>
}

type Moves = Pick<FloatCalls, 'fmr' | 'fneg' | 'fabs' | 'fnabs' | 'fsel' | 'fcmpu' | 'fcmpo'>

function moves(vcpu: Vcpu): Moves {
  const { state } = vcpu
  const high = (n: number) => state[FPR + 2 * n + 1]!
  const low = (n: number) => state[FPR + 2 * n]!
  /** Only the high word changes, and no flag. */
  const move =
    (change: (high: number) => number): FloatCalls[FloatUnary] =>
    (FRT, FRB, Rc) => {
      requireFloat(vcpu)
      const changed = change(high(FRB))
      state[FPR + 2 * FRT] = low(FRB)
      state[FPR + 2 * FRT + 1] = changed
      if (Rc) setCrField(state, 1, state[STATE.FPSCR]! >>> 28)
    }
  const fmr = move((hi) => hi)
  const compare =
    (relate: typeof fcmpu): FloatCalls['fcmpu'] =>
    (BF, FRA, FRB) => {
      requireFloat(vcpu)
      setCrField(state, BF, relate(high(FRA), low(FRA), high(FRB), low(FRB), state[STATE.FPSCR]!))
      setFpscr(vcpu, fp.fpscr, 0)
    }
  return {
    fmr,
    fneg: move((hi) => hi ^ SIGN),
    fabs: move((hi) => hi & ~SIGN),
    fnabs: move((hi) => hi | SIGN),
    fsel: (FRT, FRA, FRC, FRB, Rc) => fmr(FRT, selectsC(high(FRA), low(FRA)) ? FRC : FRB, Rc),
    fcmpu: compare(fcmpu),
    fcmpo: compare(fcmpo),
  }
}

function fpscrCalls(vcpu: Vcpu): Pick<FloatCalls, 'mffs' | 'mcrfs' | 'mtfsfi' | 'mtfsf' | 'mtfsb0' | 'mtfsb1'> {
  const { state } = vcpu
  const change = (Rc: number, next: (fpscr: number) => number) => {
    requireFloat(vcpu)
    setFpscr(vcpu, next(state[STATE.FPSCR]!), Rc)
  }
  return {
    // Bits 0:31 of FRT are undefined (Book I 4.6.8); QEMU leaves 0.
    mffs(FRT, Rc) {
      requireFloat(vcpu)
      state[FPR + 2 * FRT] = state[STATE.FPSCR]!
      state[FPR + 2 * FRT + 1] = 0
      if (Rc) setCrField(state, 1, state[STATE.FPSCR]! >>> 28)
    },
    mcrfs(BF, BFA) {
      requireFloat(vcpu)
      setCrField(state, BF, fpscrField(state[STATE.FPSCR]!, BFA))
      change(0, (fpscr) => mcrfs(fpscr, BFA))
    },
    mtfsfi: (BF, U, Rc) => change(Rc, (fpscr) => mtfsfi(fpscr, BF, U)),
    mtfsf: (FLM, FRB, Rc) => change(Rc, (fpscr) => mtfsf(fpscr, FLM, state[FPR + 2 * FRB]!)),
    mtfsb0: (BT, Rc) => change(Rc, (fpscr) => mtfsb0(fpscr, BT)),
    mtfsb1: (BT, Rc) => change(Rc, (fpscr) => mtfsb1(fpscr, BT)),
  }
}
