// Threads are CPUs. Call stacks, and what opens under a frame.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { toSource } from '../program/toSource.ts'
import type { Frame } from '../stack/frame.ts'
import { stackOf } from '../stack/stackOf.ts'
import { type Debuggee, debuggeeOf, type SessionState, stoppedDebuggee, vcpuOf } from '../state.ts'
import type { NamedValue } from '../values/children.ts'
import { frameFor } from '../variables/contextOf.ts'
import { frameRegisters } from '../variables/frameRegisters.ts'
import {
  DEBUG_GROUP,
  FLOAT_GROUPS,
  MSR_GROUP,
  ofCore,
  REGISTERS,
  type RegisterGroup,
  SPR_GROUPS,
} from '../variables/registerGroups.ts'

export function threads(state: SessionState) {
  return { threads: debuggeeOf(state).machine.vcpus.map(({ index }) => ({ id: index + 1, name: `CPU ${index}` })) }
}

export function stackTrace(state: SessionState, args: DebugProtocol.StackTraceArguments) {
  const debuggee = stoppedDebuggee(state)
  const stack = stackOf(debuggee, vcpuOf(debuggee, args.threadId))
  const start = args.startFrame ?? 0
  const frames = stack.slice(start, args.levels ? start + args.levels : undefined)
  return { stackFrames: frames.map((frame) => toStackFrame(state, debuggee, frame)), totalFrames: stack.length }
}

function toStackFrame(state: SessionState, debuggee: Debuggee, frame: Frame): DebugProtocol.StackFrame {
  const { scope, pc, callPc, link, vcpu, location } = frame
  const name = scope?.name ?? debuggee.program.symbolName(pc, vcpu, callPc) ?? hex(pc)
  const shift = state.client.linesStartAt1 ? 0 : 1
  const columnShift = state.client.columnsStartAt1 ? 0 : 1
  return {
    id: debuggee.view.frames.add(frame),
    name,
    line: location ? location.line - shift : 0,
    column: location ? Math.max(1, location.column) - columnShift : 0,
    ...(location && link && { source: toSource(location.file, link.module, debuggee) }),
    // Said of the frame, it overrules the source's: VS Code folds frames whose source is not there into "Show 2 More".
    presentationHint: location ? 'normal' : 'subtle',
    instructionPointerReference: hex(pc),
    ...(link && { moduleId: link.module.path }),
  }
}

export function scopes(
  state: SessionState,
  { frameId }: DebugProtocol.ScopesArguments,
): { scopes: DebugProtocol.Scope[] } {
  const debuggee = stoppedDebuggee(state)
  const frame = frameFor(debuggee, frameId)
  debuggee.view.vcpu = frame.vcpu
  const variables = frame.scope && frame.link ? frame.scope.variables(frame.link.address) : []
  const named = (isParameter: boolean) => (): NamedValue[] =>
    variables
      .filter((variable) => variable.isParameter === isParameter)
      .map(({ name, type, place }) => ({ name, value: { type: type(), place: place(frame.reader) }, expression: name }))
  const registers = (group: RegisterGroup) => () => frameRegisters(state, debuggee, frame, group)
  const scope = (
    name: string,
    values: () => NamedValue[],
    more: Partial<DebugProtocol.Scope>,
  ): DebugProtocol.Scope => ({
    name,
    variablesReference: debuggee.view.containers.add({ kind: 'scope', frame, values }),
    expensive: false,
    ...more,
  })
  const isHere = (group: RegisterGroup) => ofCore(group, debuggee.machine.model.name).registers.length > 0
  return {
    scopes: [
      ...(variables.some(({ isParameter }) => isParameter)
        ? [scope('Arguments', named(true), { presentationHint: 'arguments' })]
        : []),
      scope('Locals', named(false), { presentationHint: 'locals' }),
      scope(REGISTERS.name, registers(REGISTERS), { presentationHint: 'registers', expensive: true }),
      scope(MSR_GROUP.name, registers(MSR_GROUP), { presentationHint: 'registers', expensive: true }),
      scope(DEBUG_GROUP.name, registers(DEBUG_GROUP), { presentationHint: 'registers', expensive: true }),
      ...[...FLOAT_GROUPS.filter(isHere), ...SPR_GROUPS].map((group) =>
        scope(group.name, registers(group), { presentationHint: 'registers', expensive: true }),
      ),
    ],
  }
}
