// What SPE and embedded floating point ask of the core: MSR[SPE], alignment, and the efp arithmetic on GPRs with their upper halves.
import { STATE } from '../isa/cpu.ts'
import type { EfpArithmetic, EfpCompare, EfpConversion, SpeCalls } from '../isa/floatCpu.ts'
import { crField, setCrField } from './arithmetic.ts'
import * as compares from './float/efp/compare.ts'
import * as conversions from './float/efp/convert.ts'
import * as doubles from './float/efp/double.ts'
import * as singles from './float/efp/single.ts'
import { EFP_INTERRUPT, efp } from './float/efp/spefscr.ts'
import { ESR, GuestInterrupt, MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

const { GPRH, SPEFSCR } = STATE
const ARITHMETIC = ['add', 'sub', 'mul', 'div'] as const
const RELATIONS = ['gt', 'lt', 'eq'] as const
const FORMATS = ['efs', 'evfs', 'efd'] as const

/** Functions of one operand or two: each a word (efs), or its high and low word; the last argument is SPEFSCR. */
type Compute = (...words: number[]) => unknown

export function speCalls(vcpu: Vcpu): SpeCalls {
  const { state, storage } = vcpu
  return {
    requireSpe() {
      if ((vcpu.MSR & MSR.SPE) === 0) throw new GuestInterrupt('SPE unavailable', { ESR: ESR.SPV })
    },
    beginAligned(EA, bytes, isStore) {
      if (EA & (bytes - 1)) throw new GuestInterrupt('Alignment', { ESR: ESR.SPV | (isStore ? ESR.ST : 0), DEAR: EA })
      storage.beginWhole(EA, bytes, isStore ? 'store' : 'load')
    },
    setCrField: (BF, value) => setCrField(state, BF, value),
    evsel(RT, RA, RB, CRS) {
      const field = crField(state, CRS)
      const low = state[field & 4 ? RA : RB]!
      state[GPRH + RT] = state[GPRH + (field & 8 ? RA : RB)]!
      state[RT] = low
    },
    ...arithmeticCalls(state),
    ...compareCalls(state),
    ...conversionCalls(state),
  }
}

const requireNoData = () => {
  if (efp.interrupt === EFP_INTERRUPT.data) throw new GuestInterrupt('Embedded floating-point data', { ESR: ESR.SPV })
}

/** After the arithmetic: SPEFSCR, then the target unless the data interrupt is taken, then the round interrupt. */
function deliver(state: Int32Array, RT: number, writesHigh: boolean): void {
  state[SPEFSCR] = efp.spefscr
  requireNoData()
  if (writesHigh) state[GPRH + RT] = efp.hi
  state[RT] = efp.lo
  if (efp.interrupt === EFP_INTERRUPT.round)
    throw new GuestInterrupt('Embedded floating-point round', { ESR: ESR.SPV, isAfter: true })
}

function arithmeticCalls(state: Int32Array) {
  const functions: Readonly<Record<EfpArithmetic, Compute>> = { ...singles, ...doubles }
  const call = (format: string, compute: Compute) => (RT: number, RA: number, RB: number) => {
    if (format === 'efs') compute(state[RA]!, state[RB]!, state[SPEFSCR]!)
    else compute(state[GPRH + RA]!, state[RA]!, state[GPRH + RB]!, state[RB]!, state[SPEFSCR]!)
    deliver(state, RT, format !== 'efs')
  }
  return collect(
    FORMATS.flatMap((format) =>
      ARITHMETIC.map((name): EfpArithmetic => `${format}${name}`).map((name) => [name, call(format, functions[name])]),
    ),
  ) as Record<EfpArithmetic, SpeCalls[EfpArithmetic]>
}

function compareCalls(state: Int32Array) {
  const functions: Readonly<Record<EfpCompare, Compute>> = compares
  const call = (format: string, isTest: boolean, compute: Compute) => (BF: number, RA: number, RB: number) => {
    const field =
      format === 'efs'
        ? compute(state[RA]!, state[RB]!, state[SPEFSCR]!)
        : compute(state[GPRH + RA]!, state[RA]!, state[GPRH + RB]!, state[RB]!, state[SPEFSCR]!)
    if (!isTest) {
      state[SPEFSCR] = efp.spefscr
      requireNoData()
    }
    setCrField(state, BF, Number(field))
  }
  const names = FORMATS.flatMap((format) =>
    (['cmp', 'tst'] as const).flatMap((kind) =>
      RELATIONS.map((relation) => ({ format, kind, name: `${format}${kind}${relation}` as EfpCompare })),
    ),
  )
  return collect(
    names.map(({ format, kind, name }) => [name, call(format, kind === 'tst', functions[name])]),
  ) as Record<EfpCompare, SpeCalls[EfpCompare]>
}

/** From one word: those of efs, and to a double from an integer, a fraction or a single. */
const takesWord = (name: string) => /^efs(?!cfd)|^efdcf(?!.id)/.test(name)
/** A word is written by all that make a single or an integer from a scalar. */
const writesHigh = (name: string) => /^evfs|^efdcf|^efdct.idz/.test(name)

function conversionCalls(state: Int32Array) {
  const call = (name: string, compute: Compute) => (RT: number, RB: number) => {
    if (takesWord(name)) compute(state[RB]!, state[SPEFSCR]!)
    else compute(state[GPRH + RB]!, state[RB]!, state[SPEFSCR]!)
    deliver(state, RT, writesHigh(name))
  }
  return collect(
    Object.entries(conversions as Record<string, unknown>)
      .filter(([name]) => /^e/.test(name))
      .map(([name, compute]) => [name, call(name, compute as Compute)]),
  ) as Record<EfpConversion, SpeCalls[EfpConversion]>
}

const collect = (entries: readonly (readonly [string, unknown])[]) => Object.fromEntries(entries)
