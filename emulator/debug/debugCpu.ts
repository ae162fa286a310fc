// What the debug unit needs of its core, and nothing else.
import type { CoreModel } from '../core/coreModel.ts'
import type { Exit } from './exit.ts'

/** The core as the debug unit sees it. */
export interface DebugCpu {
  readonly index: number
  readonly model: CoreModel
  /** False: as the debugger's act, not an instruction's. */
  readonly executing: boolean
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
  /** Ends the slice after the present instruction and hands the Exit out. */
  stopAfter(exit: (address: number) => Exit): void
}
