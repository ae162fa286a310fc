// The machine's Exits in a person's words.
import { hex } from '../../emulator/bits.ts'
import { type Exit, GUEST_DEBUG_DENIED, GUEST_DEBUG_WRITE } from '../../emulator/index.ts'
import type { BreakpointStore, EditorBreakpoint, HitExit, InterruptExit } from '../breakpoints/breakpointStore.ts'
import type { Program } from '../program/program.ts'
import { inlinedHere, type Position, positionAt, seenFrom } from '../stepping/position.ts'
import type { Outcome, Stop } from '../stop.ts'

export interface ExitContext {
  readonly breakpoints: BreakpointStore
  readonly program: Program
}

/** Undefined: nobody wanted this stop, the guest goes on. */
export function outcome(exit: Exit, context: ExitContext): Outcome | undefined {
  switch (exit.kind) {
    case 'budget':
    case 'idle':
    case 'step':
      return undefined
    case 'powerOff':
    case 'reset':
      return exit
    case 'breakpoint':
      return hit(exit, context)
    case 'watchpoint':
      return withThoseAt(exit, hit(exit, context), context)
    case 'interrupt':
      return withThoseAt(exit, interrupted(exit, context.program), context)
    case 'lost':
      return {
        kind: 'stop',
        reason: 'exception',
        vcpu: exit.vcpu,
        description: 'The guest is lost',
        text: `At ${place(exit.address, exit.vcpu, context.program)}: ${exit.reason}.`,
      }
  }
}

const place = (address: number, vcpu: number, program: Program) => {
  const name = program.symbolName(address, vcpu)
  return name ? `${hex(address)} <${name}>` : hex(address)
}

function interrupted(exit: InterruptExit, program: Program): Stop {
  const isWrite = exit.name === GUEST_DEBUG_WRITE || exit.name === GUEST_DEBUG_DENIED
  const what = isWrite ? exit.name : `${exit.name} interrupt`
  return {
    kind: 'stop',
    reason: 'exception',
    vcpu: exit.vcpu,
    description: what,
    text: `${what} at ${place(exit.from, exit.vcpu, program)}`,
    interrupt: { name: exit.name, from: exit.from },
  }
}

function hit(exit: HitExit, { breakpoints, program }: ExitContext): Stop | undefined {
  const wanted = breakpoints.wanted(exit)
  return wanted.length === 0 ? undefined : stopAt(exit, wanted, program)
}

/** What stopped behind an instruction left the core where breakpoints may stand: they are hit with it, as gdb has it, and not once more. */
function withThoseAt(
  exit: InterruptExit | HitExit,
  stop: Stop | undefined,
  { breakpoints }: ExitContext,
): Stop | undefined {
  const isBefore = exit.kind !== 'interrupt' && exit.slot !== undefined
  const also = stop && !isBefore ? breakpoints.hitAt(exit.vcpu, exit.address) : []
  if (!stop || also.length === 0) return stop
  return { ...stop, hitBreakpointIds: [...(stop.hitBreakpointIds ?? []), ...idsOf(also)] }
}

const REASONS = {
  source: 'breakpoint',
  function: 'function breakpoint',
  instruction: 'instruction breakpoint',
  data: 'data breakpoint',
  entry: 'entry',
} as const

export function stopAt(exit: HitExit, wanted: readonly EditorBreakpoint[], program: Program): Stop {
  const [first] = wanted
  const hiddenCalls = exit.kind === 'breakpoint' ? callsBehind(exit, first!, program) : 0
  return {
    kind: 'stop',
    reason: REASONS[first!.kind],
    vcpu: exit.vcpu,
    description: description(exit, first!),
    hitBreakpointIds: idsOf(wanted),
    ...(hiddenCalls > 0 && { hiddenCalls }),
  }
}

const idsOf = (breakpoints: readonly EditorBreakpoint[]) =>
  breakpoints.filter(({ kind }) => kind !== 'entry').map(({ id }) => id)

/** A breakpoint on a line or function that begins with an inlined call stands at that line or in that function, not yet in what is inlined. */
function callsBehind({ address, vcpu }: HitExit, { where }: EditorBreakpoint, program: Program): number {
  if (where.kind !== 'code') return 0
  const position = positionAt(program, address, vcpu)
  if (!position) return 0
  if (where.name !== undefined) return callsWithin(position, where.name)
  const isLine = (hidden: number) => seenFrom(position, hidden).row.line === where.line
  const candidates = Array.from({ length: inlinedHere(position) }, (_, n) => n + 1)
  return candidates.reverse().find(isLine) ?? 0
}

function callsWithin(position: Position, name: string): number {
  const inside = position.scopes.toReversed().findIndex((scope) => scope.name === name)
  return inside > 0 && inside <= inlinedHere(position) ? inside : 0
}

function description(exit: HitExit, { where, kind }: EditorBreakpoint): string {
  if (exit.kind === 'breakpoint') {
    const what = kind === 'entry' ? 'Entry point' : 'Breakpoint'
    return exit.slot ? `${exit.slot} hit` : `${what} at ${hex(exit.address)}`
  }
  const name = where.kind === 'data' ? where.name : hex(exit.dataAddress)
  return `${exit.slot ? `${exit.slot} ` : ''}${exit.access === 'store' ? 'write to' : 'read of'} ${name}`
}
