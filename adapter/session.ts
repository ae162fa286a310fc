// The whole protocol on one page: request -> function.
import type { Host } from './host.ts'
import { createState } from './launch/createState.ts'
import * as breakpoints from './requests/breakpoints.ts'
import { dataBreakpointInfo } from './requests/dataBreakpointInfo.ts'
import * as facility from './requests/debugFacility.ts'
import * as evaluation from './requests/evaluate.ts'
import * as exceptions from './requests/exceptions.ts'
import * as execution from './requests/execution.ts'
import { interrupts } from './requests/interrupts.ts'
import * as lifecycle from './requests/lifecycle.ts'
import * as machine from './requests/machine.ts'
import * as memory from './requests/memory.ts'
import * as modules from './requests/modules.ts'
import { shaped } from './requests/shapes.ts'
import * as stack from './requests/stack.ts'
import * as translation from './requests/translation.ts'
import * as variables from './requests/variables.ts'
import type { SessionState } from './state.ts'
import type { Handlers, MakeHandlers, Request } from './wire/protocolSession.ts'

type RequestFunction = (state: SessionState, args: never, request: Request) => unknown

const requests: Readonly<Record<string, RequestFunction>> = {
  initialize: lifecycle.initialize,
  launch: lifecycle.launch,
  attach: lifecycle.attach,
  configurationDone: lifecycle.configurationDone,
  restart: lifecycle.restart,
  terminate: lifecycle.terminate,
  disconnect: lifecycle.disconnect,

  setBreakpoints: breakpoints.setBreakpoints,
  setFunctionBreakpoints: breakpoints.setFunctionBreakpoints,
  setInstructionBreakpoints: breakpoints.setInstructionBreakpoints,
  dataBreakpointInfo,
  setDataBreakpoints: breakpoints.setDataBreakpoints,
  breakpointLocations: breakpoints.breakpointLocations,
  setExceptionBreakpoints: exceptions.setExceptionBreakpoints,
  exceptionInfo: exceptions.exceptionInfo,

  continue: execution.continueRequest,
  next: execution.next,
  stepIn: execution.stepIn,
  stepOut: execution.stepOut,
  pause: execution.pause,

  threads: stack.threads,
  stackTrace: stack.stackTrace,
  scopes: stack.scopes,
  variables: variables.variables,
  setVariable: variables.setVariable,
  evaluate: evaluation.evaluateRequest,
  setExpression: evaluation.setExpression,
  completions: evaluation.completions,

  readMemory: memory.readMemory,
  writeMemory: memory.writeMemory,
  disassemble: memory.disassemble,
  modules: modules.modules,
  loadedSources: modules.loadedSources,

  'e500/registers': machine.registers,
  'e500/debugResources': facility.debugResources,
  'e500/debugEvents': facility.debugEvents,
  'e500/setOwnership': facility.setOwnership,
  'e500/interrupts': interrupts,
  'e500/tlb': translation.tlb,
  'e500/translate': translation.translate,
  'e500/uartInput': machine.uartInput,
  'e500/reset': machine.reset,
}

/** What `serve` and `listen` start for each client. */
export const sessionOn =
  (host: Host): MakeHandlers =>
  (session): Handlers => {
    const state = createState(host, session)
    const handler = (run: RequestFunction) => (args: never, request: Request) =>
      run(state, shaped(request.command, args) as never, request)
    return Object.fromEntries(Object.entries(requests).map(([command, run]) => [command, handler(run)]))
  }
