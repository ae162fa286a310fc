// Steps as plans of the runner: single instructions, and excursions at full speed through what is to be stepped over.
import type { Exit, Machine } from '../../emulator/index.ts'
import type { BreakpointStore } from '../breakpoints/breakpointStore.ts'
import type { Program } from '../program/program.ts'
import { type ExitContext, outcome, stopAt } from '../running/exits.ts'
import type { Plan } from '../running/runner.ts'
import type { Outcome, Stop } from '../stop.ts'
import { Excursion, type Place, placeOf } from './excursion.ts'
import { type Executed, InstructionStepper, resumptions } from './instructionStep.ts'
import { isSameFunction, isSameLine, type Position, positionAt, sharesScopes, startsStatement } from './position.ts'

export interface StepContext extends ExitContext {
  readonly machine: Machine
  readonly breakpoints: BreakpointStore
  readonly program: Program
  readonly vcpu: number
}

/** What to do after an instruction. */
type Verdict =
  | { readonly kind: 'stop' }
  | { readonly kind: 'go' }
  /** isEnd: the step ends where it arrives. */
  | {
      readonly kind: 'excursion'
      readonly to: readonly number[]
      readonly from?: Place
      readonly isEnd?: boolean
    }

const STOP: Verdict = { kind: 'stop' }
const GO: Verdict = { kind: 'go' }
const toCaller = ({ from, place }: Executed): Verdict => ({ kind: 'excursion', to: [from + 4], from: place })
const throughHandler = (executed: Executed): Verdict => ({
  kind: 'excursion',
  to: resumptions(executed),
  from: executed.place,
})

class StepPlan implements Plan<Outcome> {
  private readonly context: StepContext
  private readonly judge: (executed: Executed) => Verdict
  private readonly stepper: InstructionStepper
  private excursion: Excursion | undefined
  private isLast = false

  constructor(context: StepContext, judge: (executed: Executed) => Verdict, first?: Excursion) {
    this.context = context
    this.judge = judge
    this.stepper = new InstructionStepper(context.machine, context.vcpu)
    this.excursion = first
  }

  prepare(): void {
    if (!this.excursion) this.stepper.prepare()
  }
  finish(): void {
    this.excursion?.end()
    this.excursion = undefined
  }

  decide(exit: Exit): Outcome | undefined {
    if (exit.kind === 'step') return this.act(this.stepper.done(exit))
    if (exit.kind !== 'breakpoint' || !this.excursion) return outcome(exit, this.context)
    const isBack = this.context.breakpoints.isArrival(exit)
    const stop = outcome(exit, this.context)
    if (stop || !isBack) return stop
    this.finish()
    if (this.isLast) return arrived(this.context, exit.address)
    return this.act({ ...BACK, from: exit.address, to: exit.address, place: placeOf(this.context.machine, exit.vcpu) })
  }

  private act(executed: Executed): Outcome | undefined {
    const verdict = this.judge(executed)
    if (verdict.kind === 'go') return undefined
    if (verdict.kind === 'stop') return arrived(this.context, executed.to)
    const { machine, breakpoints, vcpu } = this.context
    this.excursion = new Excursion(machine, breakpoints, vcpu, verdict.to, verdict.from)
    this.isLast = verdict.isEnd ?? false
    return undefined
  }
}
/** Coming back from an excursion is like an instruction that is neither call nor return. */
const BACK = { isCall: false, isReturn: false, isBack: true, interrupt: undefined }

/** A step that ends on a breakpoint has hit it. */
function arrived({ breakpoints, vcpu }: StepContext, address: number): Stop {
  const wanted = breakpoints.wantedAt(vcpu, address)
  if (wanted.length > 0) return stopAt({ kind: 'breakpoint', vcpu, address, ids: [] }, wanted)
  return { kind: 'stop', reason: 'step', vcpu, description: 'Step' }
}

/** One instruction; `over` goes through what it calls and through interrupts. */
export function instructionStep(context: StepContext, over: boolean): Plan<Outcome> {
  const start = context.machine.vcpus[context.vcpu]!.register('pc')!
  return new StepPlan(context, (executed) => {
    if (!over) return STOP
    if (executed.isCall) return toCaller(executed)
    if (executed.interrupt) return throughHandler(executed)
    // A tick came before the instruction, which is still to be executed.
    return executed.isBack && executed.to === start ? GO : STOP
  })
}

/** To the next statement; `into` also enters calls, inlined ones too. Where no line is known: one instruction. */
export function statementStep(context: StepContext, into: boolean): Plan<Outcome> {
  const { machine, program, vcpu } = context
  const start = positionAt(program, machine.vcpus[vcpu]!.register('pc')!, vcpu)
  if (!start) return instructionStep(context, !into)
  return new StepPlan(context, (executed) => {
    if (executed.interrupt) return throughHandler(executed)
    const now = positionAt(program, executed.to, vcpu)
    if (executed.isCall) return into && now ? enter(program, now) : toCaller(executed)
    // Back in code without lines: a person may want to see it. Jumped to from elsewhere: on, until there are lines again.
    if (!now) return executed.isReturn ? STOP : GO
    if (!isSameFunction(start, now)) return elsewhere(context, now, into, executed)
    return isNextStatement(start, now, into) ? STOP : GO
  })
}

function isNextStatement(start: Position, now: Position, into: boolean): boolean {
  const depth = start.scopes.length
  const isWithin = sharesScopes(start, now, depth)
  if (isWithin && now.scopes.length > depth && !into) return false
  if (!startsStatement(now)) return false
  return !(isWithin && now.scopes.length === depth && isSameLine(now.row, start.row))
}

/** Left the function without a call: a return stops where the caller goes on; a tail call is a call. */
function elsewhere({ program, machine, vcpu }: StepContext, now: Position, into: boolean, executed: Executed): Verdict {
  if (executed.isReturn) return STOP
  if (now.link.address !== now.entry) return startsStatement(now) ? STOP : GO
  if (into) return enter(program, now)
  return { kind: 'excursion', to: [machine.vcpus[vcpu]!.register('LR')!], isEnd: true }
}

/** Into a function: behind its prologue, where its parameters can be seen. */
function enter(program: Program, { link }: Position): Verdict {
  const address = link.module.symbols.afterPrologue(link.address)
  return address === link.address
    ? STOP
    : { kind: 'excursion', to: program.toEffective({ ...link, address }), isEnd: true }
}

/** Runs to an address of a caller, whose r1 is stackPointer. */
export function returnTo(context: StepContext, address: number, stackPointer: number): Plan<Outcome> {
  const { machine, breakpoints, vcpu } = context
  const excursion = new Excursion(machine, breakpoints, vcpu, [address], placeOf(machine, vcpu, stackPointer))
  return new StepPlan(context, () => STOP, excursion)
}

/** Out of an inlined call: until the code of the functions outside of it begins again. */
export function leaveInlined(context: StepContext, depth: number): Plan<Outcome> {
  const { machine, program, vcpu } = context
  const start = positionAt(program, machine.vcpus[vcpu]!.register('pc')!, vcpu)!
  return new StepPlan(context, (executed) => {
    if (executed.interrupt) return throughHandler(executed)
    if (executed.isCall) return toCaller(executed)
    const now = positionAt(program, executed.to, vcpu)
    if (!now) return GO
    return now.scopes.length >= depth && sharesScopes(start, now, depth) ? GO : STOP
  })
}

/** Until somebody wants a stop. */
export const resume = (context: ExitContext): Plan<Outcome> => ({
  prepare: () => {},
  decide: (exit) => outcome(exit, context),
  finish: () => {},
})
