// The door of the emulator. The adapter and the tests across big changes import this and the isa and spr tables, nothing behind it.

export type { Breakpoint, DataBreakpoint, Exit, InstructionBreakpoint, Placed } from './debug/exit.ts'
export { Machine, type MachineConfiguration } from './machine.ts'
