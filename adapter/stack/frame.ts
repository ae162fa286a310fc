// A function of the call stack with what is needed to look at its variables. Inlined calls are frames of their own.
import type { LinkAddress } from '../program/program.ts'
import type { FrameReader, FunctionScope, SourceLocation } from '../symbols/model.ts'
import type { ValueMemory } from '../values/value.ts'

export interface Frame {
  readonly vcpu: number
  /** The machine's frame, 0 the innermost; inlined calls share it with the function around them. */
  readonly level: number
  /** Functions around this one's code at pc, itself included: 1 for a function that is not inlined. */
  readonly depth: number
  /** Effective; in a caller where it goes on after the call. */
  readonly pc: number
  /** Inside the function: in a caller, the call. */
  readonly callPc: number
  /** What to ask symbols with; in a caller the call. Undefined: no module has code there. */
  readonly link: LinkAddress | undefined
  /** Undefined: no debug information covers it. */
  readonly scope: FunctionScope | undefined
  readonly location: SourceLocation | undefined
  readonly reader: FrameReader
  readonly memory: ValueMemory
}
