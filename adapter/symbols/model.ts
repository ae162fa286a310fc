// What symbols answer with: C types, variables, places, frames. No file format appears here.

/** Where a value of the program is. Register numbers are DWARF's for PowerPC (0-31 GPRs, 65 LR, 66 CTR, 64 CR). */
export type Place =
  | { readonly kind: 'memory'; readonly address: number }
  | { readonly kind: 'register'; readonly number: number }
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  | { readonly kind: 'pieces'; readonly pieces: readonly { readonly place: Place; readonly bytes: number }[] }
  | { readonly kind: 'unavailable'; readonly reason: string }

export type Encoding = 'signed' | 'unsigned' | 'signedChar' | 'unsignedChar' | 'boolean' | 'float'

export interface Member {
  /** Undefined for an anonymous struct or union: its members belong to the outer one. */
  readonly name: string | undefined
  readonly type: CType
  /** Bytes from the start of the outer type. */
  readonly offset: number
  /** Bit fields only: bits from the start of the outer type, counted as memory order counts them (big endian: from the most significant), and width. */
  readonly bitField?: { readonly offset: number; readonly width: number }
}

/** Types refer to each other by functions, so that nothing is read before somebody looks. Sizes in bytes. */
export type CType =
  | { readonly kind: 'void' }
  | { readonly kind: 'base'; readonly name: string; readonly size: number; readonly encoding: Encoding }
  | { readonly kind: 'pointer'; readonly size: number; readonly target: () => CType }
  | {
      readonly kind: 'struct' | 'union'
      readonly name: string | undefined
      readonly size: number
      /** A declaration only: no members are known anywhere. */
      readonly incomplete: boolean
      readonly members: () => readonly Member[]
    }
  /** count undefined: a flexible array member or an array of unknown length. Arrays of arrays nest. */
  | { readonly kind: 'array'; readonly element: () => CType; readonly count: number | undefined }
  | {
      readonly kind: 'enum'
      readonly name: string | undefined
      readonly size: number
      readonly signed: boolean
      readonly values: () => readonly { readonly name: string; readonly value: number }[]
    }
  | { readonly kind: 'typedef'; readonly name: string; readonly target: () => CType }
  | {
      readonly kind: 'qualified'
      readonly qualifier: 'const' | 'volatile' | 'restrict' | '_Atomic'
      readonly target: () => CType
    }
  | { readonly kind: 'function'; readonly returns: () => CType; readonly parameters: () => readonly CType[] }

export interface SourceLocation {
  /** The path as the debug information has it, made absolute with the compilation directory, normalised. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One row of the line table that covers [address, end). */
export interface LineRow extends SourceLocation {
  readonly address: number
  readonly end: number
  readonly isStatement: boolean
}

export interface Variable {
  readonly name: string
  readonly isParameter: boolean
  readonly type: () => CType
  /** Where it is in this frame; a global needs no registers. */
  readonly place: (frame: FrameReader) => Place
  readonly declared?: SourceLocation
}

/** What a location expression may ask of a frame. */
export interface FrameReader {
  readonly pc: number
  /** In a caller's frame pc - 1, which lies in the call: pc itself may be behind the end of a block, or of the function. */
  readonly callPc?: number
  /** Undefined: the register's value in this frame is not known. */
  register(number: number): number | undefined
  /** Undefined: not mapped. Never has a side effect on the guest. */
  read(address: number, length: number): Uint8Array | undefined
  /** Canonical frame address, where it is known. */
  cfa(): number | undefined
  /** What was added to the link's addresses when the program was loaded; pc is the link's. Places are where things really are. */
  readonly loadOffset?: number
  /** The frame that called this one, for values that only the caller still has. */
  caller?(): FrameReader | undefined
}

/** A function, or a call of one that the compiler inlined. */
export interface FunctionScope {
  readonly name: string
  readonly ranges: readonly { readonly start: number; readonly end: number }[]
  /** For inlined ones: where the outer function calls it. */
  readonly inlinedAt?: SourceLocation
  /** Parameters, then locals of the blocks that contain pc, innermost last. */
  variables(pc: number): readonly Variable[]
  /** Static variables and such are in variables too. */
}

/** Where a caller's register is, seen from a frame. Offsets are from the canonical frame address. DWARF 5, 6.4.1. */
export type RegisterRule =
  /** The caller's value is lost; of the return address: nobody called. */
  | { readonly kind: 'undefined' }
  | { readonly kind: 'same' }
  /** In memory at the canonical frame address + offset. */
  | { readonly kind: 'saved'; readonly offset: number }
  /** The canonical frame address + offset itself. */
  | { readonly kind: 'value'; readonly offset: number }
  | { readonly kind: 'register'; readonly number: number }
  /** Computed, with the canonical frame address on the stack: the value's address, or the value. */
  | { readonly kind: 'expression'; readonly expression: Uint8Array; readonly isValue: boolean }

/** How to find the caller at one address. */
export interface UnwindRow {
  readonly cfa:
    | { readonly kind: 'register'; readonly number: number; readonly offset: number }
    | { readonly kind: 'expression'; readonly expression: Uint8Array }
    /** The word that the stack pointer points to, System V ABI: no debug information says more. */
    | { readonly kind: 'backChain' }
  readonly registers: ReadonlyMap<number, RegisterRule>
  readonly returnAddress: number
  /** An interrupt's or a signal's frame: the code that it leads to was interrupted there, it did not call. */
  readonly isSignalFrame?: boolean
}

/** One name of the symbol table. */
export interface ElfSymbol {
  readonly name: string
  readonly address: number
  readonly size: number
  readonly kind: 'function' | 'object' | 'other'
}

/** An answer to "where can a breakpoint for this line be": the line that really has code, and each address where a statement of it begins. */
export interface LineAddresses {
  readonly line: number
  readonly addresses: readonly number[]
}

/** The questions that the adapter asks. Addresses are those of the link; symbolStore knows no TLB. Everything is read lazily. */
export interface SymbolStore {
  lineAt(address: number): LineRow | undefined
  /** Nearest symbol at or below, if its size (or the next symbol) covers address. */
  symbolAt(address: number): ElfSymbol | undefined
  symbolNamed(name: string): ElfSymbol | undefined
  /** The function that contains address, outermost first, then the inlined calls down to the innermost. Empty: no debug information. */
  scopesAt(address: number): readonly FunctionScope[]
  /** First line at or after `line` in the function or file that has code. file: as an editor gives it; compared after sourceFileMap by longest common tail. */
  addressesOfLine(file: string, line: number): LineAddresses | undefined
  /** Lines of the file that have code, for breakpointLocations. */
  linesOf(file: string): readonly number[]
  /** Entry addresses of all functions with that name (static ones may share it); from the symbol table where there is no debug information. */
  functionsNamed(name: string): readonly number[]
  /** The address behind the prologue, by the line table's second row of the function. The entry where that is unknown. */
  afterPrologue(entry: number): number
  /** A variable seen from address: locals first, statics of its unit, then globals. */
  variable(name: string, address: number | undefined): Variable | undefined
  /** `int`, `struct task_struct`, `union x`, `enum y`, or a typedef's name. */
  typeNamed(name: string): CType | undefined
  /** The value of an enumerator seen from address. */
  enumerator(name: string, address: number | undefined): { readonly value: number; readonly type: CType } | undefined
  /** Every source file of the debug information. */
  sources(): readonly string[]
  /** Symbols whose name contains text, at most limit, for completion and modules. */
  symbolsMatching(text: string, limit: number): readonly ElfSymbol[]
  /** How the frame of the function at address is unwound. Undefined: the debug information does not say. */
  unwindRow(address: number): UnwindRow | undefined
  /** Entry addresses of the places where functions with that name were inlined. Looks through all units, once for each name. */
  inlinedCopiesOf(name: string): readonly number[]
  /** What of the debug information could not be read, in sentences. */
  problems(): readonly string[]
}
