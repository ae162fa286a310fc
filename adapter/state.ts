// What a session holds. Requests are functions of it; nothing else remembers anything.
import type { Machine } from '../emulator/index.ts'
import type { BreakpointStore } from './breakpoints/breakpointStore.ts'
import type { Host } from './host.ts'
import type { LaunchConfiguration } from './launch/configuration.ts'
import type { Program } from './program/program.ts'
import type { Sources } from './program/sources.ts'
import type { Runner } from './running/runner.ts'
import type { Frame } from './stack/frame.ts'
import type { Ended, Outcome, Stop } from './stop.ts'
import { UserError } from './userError.ts'
import type { Container } from './variables/container.ts'
import { Handles } from './variables/handles.ts'

/** What lives from one stop to the next. */
export interface StopView {
  readonly stop: Stop | undefined
  /** Memory is looked at as this CPU sees it: the one whose frame the client opened last, before that the one that stopped. */
  vcpu: number
  readonly frames: Handles<Frame>
  readonly containers: Handles<Container>
  /** The stacks unwound so far, by CPU, innermost frame first. */
  readonly stacks: Map<number, readonly Frame[]>
}

/** A guest that is loaded. */
export interface Debuggee {
  readonly configuration: LaunchConfiguration
  readonly machine: Machine
  readonly program: Program
  readonly sources: Sources
  readonly breakpoints: BreakpointStore
  readonly runner: Runner<Outcome>
  /** What the files held goes into memory again: a cold start, or what the guest's own reset is. */
  readonly load: (isReset?: boolean) => void
  /** Interrupts that the exception filters catch, each with the conditions of those that do. */
  catches: ReadonlyMap<string, readonly ((interrupted: { vcpu: number; from: number }) => boolean)[]>
  /** Registers at the last stop, to mark what changed since. */
  registersBefore: ReadonlyMap<string, number | bigint>
  view: StopView
  hasStarted: boolean
}

/** What a client said of itself in `initialize`. */
export interface Client {
  readonly linesStartAt1: boolean
  readonly columnsStartAt1: boolean
  readonly supportsMemoryEvent: boolean
  readonly supportsInvalidatedEvent: boolean
}

export interface SessionState {
  readonly host: Host
  readonly send: (event: string, body?: object) => void
  /** A line for the debug console in the middle of a run: gathered, too. */
  readonly print: (line: string) => void
  /** Sends what is gathered (output of the guest): before any other event, so that a client sees things in their order. */
  readonly gathered: (() => void)[]
  readonly onBug: (error: unknown) => void
  /** The guest powered off or reset itself. */
  readonly ended: (how: Ended) => void
  /** Ends the session and closes the connection. */
  readonly end: () => void
  client: Client
  debuggee: Debuggee | undefined
  /** `configurationDone` came: the guest may run. */
  isConfigured: boolean
  /** The client has been told that the guest is gone. */
  hasEnded: boolean
}

export function debuggeeOf({ debuggee }: SessionState): Debuggee {
  if (debuggee) return debuggee
  throw new UserError('No guest is loaded: "launch" comes first.')
}

/** For requests that let the guest run. */
export function livingDebuggee(state: SessionState): Debuggee {
  const debuggee = debuggeeOf(state)
  if (state.hasEnded) throw new UserError('The session has ended: start it anew.')
  if (!state.isConfigured) throw new UserError('The guest starts with "configurationDone", which has not come yet.')
  return debuggee
}

/** For requests that look at a guest which has to stand still. */
export function stoppedDebuggee(state: SessionState): Debuggee {
  const debuggee = debuggeeOf(state)
  if (debuggee.runner.isRunning) throw new UserError('The guest is running. Pause it first.')
  return debuggee
}

/** Handles of the last view are given up; those to come do not repeat their numbers. */
export function freshView(before: StopView | undefined, stop: Stop | undefined): StopView {
  return {
    stop,
    vcpu: stop?.vcpu ?? before?.vcpu ?? 0,
    frames: new Handles(before?.frames.end() ?? 0),
    containers: new Handles(before?.containers.end() ?? 0),
    stacks: new Map(),
  }
}

/** DAP's thread ids count from 1. */
export function vcpuOf({ machine }: Debuggee, threadId: number): number {
  if (machine.vcpus[threadId - 1]) return threadId - 1
  throw new UserError(`There is no thread ${threadId}: threads are CPUs, numbered from 1 to ${machine.vcpus.length}.`)
}
