// The door of the emulator. The adapter and the tests across big changes import this and the isa and spr tables, nothing behind it.

export type { BlockStore } from './board/disk.ts'
export type { BootOptions, GuestImage } from './board/image.ts'
export { BootError } from './board/image.ts'
export { interruptTable } from './core/interrupts.ts'
export type { Vcpu } from './core/vcpu.ts'
export type { TlbEntry } from './core/view.ts'
export type { Breakpoint, DataBreakpoint, Exit, InstructionBreakpoint, Placed } from './debug/exit.ts'
export type { DebugOwnership } from './debug/ownership.ts'
export type { DebugResources, RegisterValues } from './debug/resources.ts'
export type { MachineState } from './machine.ts'
export { Machine, type MachineConfiguration } from './machine.ts'
export type { CoreName } from './spr/record.ts'
