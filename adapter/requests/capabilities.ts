// What this adapter says of itself in the answer to `initialize`: only what is really there.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { exceptionFilters } from './exceptions.ts'

const breakpointModes: DebugProtocol.BreakpointMode[] = [
  {
    mode: 'auto',
    label: 'Laid over the code',
    description: 'Any number; the guest sees nothing of them',
    appliesTo: ['source', 'instruction', 'data'],
  },
  {
    mode: 'iac',
    label: 'IAC (hardware, host-owned)',
    description: "One of the core's two instruction address compares",
    appliesTo: ['source', 'instruction'],
  },
  {
    mode: 'trap',
    label: 'Trap word in guest memory',
    description: 'As a debugger on real hardware does it; hidden from memory views',
    appliesTo: ['source', 'instruction'],
  },
  {
    mode: 'dac',
    label: 'DAC (hardware, host-owned)',
    description: "The core's data address compares; they compare the first byte's address",
    appliesTo: ['data'],
  },
]

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsBreakpointLocationsRequest: true,
  breakpointModes,
  exceptionBreakpointFilters: exceptionFilters,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  supportsSteppingGranularity: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsValueFormattingOptions: true,
  supportsClipboardContext: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '>', '$'],
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsLoadedSourcesRequest: true,
  supportsModulesRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
}
