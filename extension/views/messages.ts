// Everything that the extension and its views say to each other.
import type { DebugEvents, DebugResources, Ownership, Registers } from './answers.ts'
import type { Breakpoint } from './model/breakpoints.ts'

/** What the debugger is doing, in the views' terms. */
export type Situation =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  /** `stop` counts the stops of the session. */
  | { readonly kind: 'stopped'; readonly stop: number; readonly cpu: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly sentence: string }

/** One stop, seen through the custom requests. */
export interface Snapshot {
  readonly registers: Registers
  readonly debugResources: DebugResources
  /** An older adapter does not know the request: then what it said instead. */
  readonly debugEvents?: DebugEvents | { readonly refusal: string }
  readonly breakpoints: readonly Breakpoint[]
}

/** Undefined: every group there is. */
export type Groups = readonly string[] | undefined

export interface SnapshotMessage {
  readonly type: 'snapshot'
  readonly situation: Situation
  readonly snapshot: Snapshot
  /** All groups of registers; else only those that the view draws and that are not as they were. */
  readonly isWhole: boolean
}

export type ToView =
  | { readonly type: 'situation'; readonly situation: Situation }
  | SnapshotMessage
  /** The answer to `set`; without a sentence the register was written. */
  | { readonly type: 'wasSet'; readonly register: string; readonly refusal?: string }

export type FromView =
  | { readonly type: 'ready' }
  /** The groups of registers that it draws; the others are left as they are. Before it says so it gets them all. */
  | { readonly type: 'draws'; readonly groups: Groups }
  /** `value` is an expression of the debug console. */
  | { readonly type: 'set'; readonly register: string; readonly value: string }
  | { readonly type: 'setOwnership'; readonly ownership: Ownership }
  | { readonly type: 'reveal'; readonly breakpointId: number }
  | { readonly type: 'revealAddress'; readonly address: string }
  | { readonly type: 'command'; readonly command: ViewCommand }

/** The commands that a view's own buttons and links may run. */
export const VIEW_COMMANDS = {
  start: 'workbench.action.debug.start',
  openSample: 'e500.openSample',
  retry: 'e500.refreshViews',
  showDebugResources: 'e500.debugResources.focus',
} as const
export type ViewCommand = keyof typeof VIEW_COMMANDS
