// A block: a few instructions with the state that they begin with.

export interface Step {
  readonly mnemonic: string
  /** The words for a place; their number does not depend on it. */
  readonly words: (address: number) => number[]
  /** The block may be left here: what follows need not be executed. */
  readonly mayEnd: boolean
  /** Registers of the harness are gone: nothing may follow. */
  readonly isLast?: boolean
}

export interface Block {
  /** Of the registers and memory that it begins with. */
  readonly seed: number
  readonly steps: readonly Step[]
  /** Its GPRs hold numbers of embedded floating point: single in the even ones, double in the odd ones. */
  readonly isFloat: boolean
  /** Exceptions of floating point are enabled, any of them. */
  readonly isEnabled: boolean
}
