// Conditions and log messages of breakpoints, compiled once and then called by the machine in the middle of a run.
// They see the innermost frame as it stands there. A condition that cannot be computed stops, as gdb has it, and says why.
import type { ExpressionContext } from '../expression/context.ts'
import { compile, compileCondition, parse } from '../expression/expression.ts'
import { logMessage } from '../expression/logMessage.ts'
import { liveFrame } from '../stack/liveFrame.ts'
import type { Debuggee, SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import { format } from '../values/format.ts'
import { frameContext } from '../variables/frameContext.ts'
import type { HitExit } from './breakpointStore.ts'

/** What the compiled code reads follows the core; what names mean is settled for each address where the breakpoint stands. */
class Compiled<T> {
  private readonly state: SessionState
  private readonly debuggee: Debuggee
  private readonly build: (context: ExpressionContext) => T
  private readonly byAddress = new Map<number, T>()

  constructor(state: SessionState, debuggee: Debuggee, build: (context: ExpressionContext) => T) {
    this.state = state
    this.debuggee = debuggee
    this.build = build
  }
  at({ vcpu, address }: HitExit): T {
    const key = vcpu * 2 ** 32 + (address >>> 0)
    const known = this.byAddress.get(key)
    if (known) return known
    const frame = liveFrame(this.debuggee, vcpu, address)
    const built = this.build(frameContext(this.state, this.debuggee, frame, false))
    this.byAddress.set(key, built)
    return built
  }
}

export function conditionOf(text: string, state: SessionState, debuggee: Debuggee): (exit: HitExit) => boolean {
  const expression = parse(text)
  const compiled = new Compiled(state, debuggee, (context) => compileCondition(expression, context))
  return (exit) => {
    try {
      return compiled.at(exit)()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      state.send('output', {
        category: 'important',
        output: `The condition "${text}" cannot be computed: ${error.message}\n`,
      })
      return true
    }
  }
}

export function logOf(text: string, state: SessionState, debuggee: Debuggee): (exit: HitExit) => void {
  const parts = logMessage(text)
  const compiled = new Compiled(state, debuggee, (context) => parts.map((part) => writer(part, context, debuggee)))
  return (exit) => {
    const line = compiled
      .at(exit)
      .map((write) => write(exit.vcpu))
      .join('')
    state.print(line)
  }
}

function writer(
  part: ReturnType<typeof logMessage>[number],
  context: ExpressionContext,
  { program }: Debuggee,
): (vcpu: number) => string {
  if ('text' in part) return () => part.text
  const { expression } = part
  const { memory } = context
  const shown = (vcpu: number) => ({
    memory,
    symbolName: (address: number) => program.symbolName(address, vcpu),
    display: expression.display,
  })
  try {
    const value = compile(expression, context)
    return (vcpu) => orReason(() => format(value(), shown(vcpu)))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return () => `<${error.message}>`
  }
}

function orReason(text: () => string): string {
  try {
    return text()
  } catch (error) {
    if (error instanceof UserError) return `<${error.message}>`
    throw error
  }
}
