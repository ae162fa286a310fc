// What the debug unit needs of its core, and nothing else.
import type { Category } from '../isa/record.ts'
import type { Exit } from './exit.ts'

/** What an interrupt is saved in. Guest doorbells are saved in the guest's registers although the hypervisor handles them. */
export type InterruptClass = 'base' | 'critical' | 'machineCheck' | 'debug' | 'guest'

/** The core as the debug unit sees it. */
export interface DebugCpu {
  readonly index: number
  readonly model: { readonly categories: ReadonlySet<Category> }
  /** False: as the debugger's act, not an instruction's. */
  readonly executing: boolean
  /** Runs work with the present instruction not begun. */
  asStopped<T>(work: () => T): T
  freezeTimers(isFrozen: boolean): void
  readonly state: Int32Array
  readonly sprs: Int32Array
  MSR: number
  getCr(): number
  /** The guest's word at an effective address; undefined: none is there. */
  peekInstruction(EA: number): number | undefined
  /** The breakpoints whose trap word stands at an effective address. */
  trapIds(EA: number): readonly number[]
  CIA(): number
  /** Instructions completed before the present one. */
  completed(): number
  /** What ends the present instruction in an interrupt of the guest's when it is thrown. */
  interrupt(name: 'Debug' | 'Program', syndrome?: { readonly ESR: number }): object
  /** Ends the slice after the present instruction and hands the Exit out, if it still is one then. */
  stopAfter(exit: (address: number) => Exit | undefined): void
}
