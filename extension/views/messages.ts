// Everything that the extension and its views say to each other.
import type { DebugResources, Ownership, Registers } from './answers.ts'
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
  readonly breakpoints: readonly Breakpoint[]
}

export type ToView =
  | { readonly type: 'situation'; readonly situation: Situation }
  | { readonly type: 'snapshot'; readonly situation: Situation; readonly snapshot: Snapshot }
  /** The answer to `set`; without a sentence the register was written. */
  | { readonly type: 'wasSet'; readonly register: string; readonly refusal?: string }

export type FromView =
  | { readonly type: 'ready' }
  /** `value` is an expression of the debug console. */
  | { readonly type: 'set'; readonly register: string; readonly value: string }
  | { readonly type: 'setOwnership'; readonly ownership: Ownership }
  | { readonly type: 'reveal'; readonly breakpointId: number }
  | { readonly type: 'command'; readonly command: ViewCommand }

/** The commands that a view's own buttons and links may run. */
export const VIEW_COMMANDS = {
  start: 'workbench.action.debug.start',
  openSample: 'e500.openSample',
  retry: 'e500.refreshViews',
  showDebugResources: 'e500.debugResources.focus',
} as const
export type ViewCommand = keyof typeof VIEW_COMMANDS
