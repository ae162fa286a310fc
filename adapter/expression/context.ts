// What an expression asks of the place where it is looked at. The adapter answers from symbols, frame and machine.
import type { CType, Place } from '../symbols/model.ts'
import type { CellField, Scalar, ValueMemory } from '../values/value.ts'

/** A variable and, each time anew, where it is in the frame that is current then. */
export interface VisibleVariable {
  readonly type: CType
  readonly place: () => Place
}

export interface RegisterContents {
  readonly value: Scalar
  /** 4 or 8 bytes. */
  readonly size: number
  readonly fields?: readonly CellField[] | undefined
  /** It holds an address: PC, LR, SRR0 ... */
  readonly isAddress?: boolean | undefined
}

export interface ExpressionContext {
  readonly memory: ValueMemory
  /** False: assignments are refused (hovers, conditions, log messages). */
  readonly allowsSideEffects: boolean
  /** scope: a file or function, for `file.c::name`; undefined: what is visible here. */
  variable(name: string, scope?: string): VisibleVariable | undefined
  /** `struct page`, `union x`, `enum y`, or a typedef's name. */
  typeNamed(name: string): CType | undefined
  enumerator(name: string): { readonly value: number; readonly type: CType } | undefined
  /** name: without the $, as it was typed; upper and lower case are the caller's affair. */
  register(name: string): RegisterContents | undefined
  /** Refuses with a UserError. */
  setRegister(name: string, value: Scalar): void
  symbolName?(address: number): string | undefined
  /** Functions, and symbols without a type. */
  symbolAddress?(name: string): number | undefined
  /** Names that the person may have meant, best first. */
  namesLike?(name: string): readonly string[]
}
