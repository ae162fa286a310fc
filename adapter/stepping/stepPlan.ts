// Steps as plans of the runner: single instructions, and excursions at full speed through what is to be stepped over.
import type { Exit, Machine } from '../../emulator/index.ts'
import type { BreakpointStore } from '../breakpoints/breakpointStore.ts'
import type { Program } from '../program/program.ts'
import { type ExitContext, outcome, stopAt } from '../running/exits.ts'
import type { Plan } from '../running/runner.ts'
import type { Outcome, Stop } from '../stop.ts'
import { Excursion, type Place, placeOf } from './excursion.ts'
import { type Executed, InstructionStepper, resumptions } from './instructionStep.ts'
import {
  inlinedHere,
  isAssembly,
  isSameFunction,
  isSameLine,
  type Position,
  positionAt,
  seenFrom,
  sharesScopes,
  startsStatement,
} from './position.ts'

export interface StepContext extends ExitContext {
  readonly machine: Machine
  readonly breakpoints: BreakpointStore
  readonly program: Program
  readonly vcpu: number
}

/** What to do after an instruction. */
type Verdict =
  | { readonly kind: 'stop'; readonly hiddenCalls?: number }
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
    this.endExcursion()
    this.context.machine.hostDebug.endSteps()
  }
  private endExcursion(): void {
    this.excursion?.end()
    this.excursion = undefined
  }

  decide(exit: Exit): Outcome | undefined {
    if (exit.kind === 'step') return this.act(this.stepper.done(exit))
    if (exit.kind !== 'breakpoint' || !this.excursion) return outcome(exit, this.context)
    const isBack = this.context.breakpoints.isArrival(exit)
    const stop = outcome(exit, this.context)
    if (stop || !isBack) return stop
    this.endExcursion()
    if (this.isLast) return stepped(exit.vcpu, 0)
    return this.act({ ...BACK, from: exit.address, to: exit.address, place: placeOf(this.context.machine, exit.vcpu) })
  }

  private act(executed: Executed): Outcome | undefined {
    const { machine, breakpoints, vcpu } = this.context
    const verdict = this.judge(executed)
    // Where an excursion came back the machine has asked already.
    const hit = executed.isBack ? undefined : hitAt(this.context, executed.to)
    if (hit) return hit
    if (verdict.kind === 'stop') return stepped(vcpu, verdict.hiddenCalls ?? 0)
    if (verdict.kind === 'go') return undefined
    this.excursion = new Excursion(machine, breakpoints, vcpu, verdict.to, verdict.from)
    this.isLast = verdict.isEnd ?? false
    return undefined
  }
}
/** Coming back from an excursion is like an instruction that is neither call nor return. */
const BACK = { isCall: false, isReturn: false, isBack: true, interrupt: undefined }

/** A step that comes to a breakpoint has hit it, at its end or on its way. */
function hitAt({ breakpoints, program, vcpu }: StepContext, address: number): Stop | undefined {
  const stop = breakpoints.stopAt(vcpu, address)
  return stop && stopAt(stop.exit, stop.wanted, program)
}
export const stepped = (vcpu: number, hiddenCalls: number): Stop => ({
  kind: 'stop',
  reason: 'step',
  vcpu,
  description: 'Step',
  hiddenCalls,
})

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

/**
 * To the next statement; `into` also enters calls, inlined ones too. Where no line is known: one instruction.
 * hiddenCalls: of the stop that the step begins at.
 */
export function statementStep(context: StepContext, into: boolean, hiddenCalls: number): Plan<Outcome> {
  const { machine, program, vcpu } = context
  const pc = machine.vcpus[vcpu]!.register('pc')!
  const position = positionAt(program, pc, vcpu)
  if (!position) return instructionStep(context, !into)
  const start = seenFrom(position, hiddenCalls)
  return new StepPlan(context, (executed) => {
    if (executed.interrupt) return throughHandler(executed)
    // It came before the instruction, which is still to be executed.
    if (executed.isBack && executed.to === pc) return GO
    const now = positionAt(program, executed.to, vcpu)
    if (executed.isCall) return into && now ? enter(program, now) : toCaller(executed)
    if (executed.isReturn) return STOP
    // Jumped to code without lines: on, until there are lines again.
    if (!now) return GO
    return isSameFunction(start, now) ? within(start, now, into) : elsewhere(context, start, now, into, executed)
  })
}

/** Still in the function where the step began, or in something that is inlined into it. */
function within(start: Position, now: Position, into: boolean): Verdict {
  const depth = start.scopes.length
  const shared = sharesScopes(start, now, depth) ? depth : 0
  const calls = inlinedHere(now)
  if (shared > 0 && now.scopes.length > depth) {
    const isBegin = now.scopes.length - calls <= depth
    const hidden = now.scopes.length - depth
    // The line that calls is a statement of its own, unless the step began on it.
    if (isBegin && !isSameLine(seenFrom(now, hidden).row, start.row)) return { kind: 'stop', hiddenCalls: hidden }
    if (!into) return GO
    return isBegin ? { kind: 'stop', hiddenCalls: hidden - 1 } : startsStatement(now) ? STOP : GO
  }
  if (!startsStatement(now)) return GO
  if (shared === 0) return { kind: 'stop', hiddenCalls: calls }
  return isSameLine(now.row, start.row) ? GO : STOP
}

/** Left the function without call or return: in C a jump to another function's entry is a tail call, in assembly a jump is a jump. */
function elsewhere(
  { program, machine, vcpu }: StepContext,
  start: Position,
  now: Position,
  into: boolean,
  executed: Executed,
): Verdict {
  if (now.link.address !== now.entry || isAssembly(start)) return startsStatement(now) ? STOP : GO
  if (into) return enter(program, now)
  return { kind: 'excursion', to: [machine.vcpus[vcpu]!.register('LR')!], from: executed.place, isEnd: true }
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
