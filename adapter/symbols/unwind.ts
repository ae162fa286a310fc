// The call stack: physical frames from the innermost outward, by call frame information, else by the function's prologue, else by the
// ABI's back chain. Inlined calls are no frames of the machine: they come from scopesAt(callPc).

import { DwarfError } from './dwarf/error.ts'
import { type ExpressionContext, evaluateNumber, Unavailable } from './dwarf/expression.ts'
import { GENERIC } from './dwarf/stackValue.ts'
import { interruptedFrame } from './linuxFrame.ts'
import type { FrameReader, RegisterRule, UnwindRow } from './model.ts'
import { backChainRow, type ReadWord, scanFrame } from './prologueScan.ts'

const SP = 1
const LR = 65
const MOST_FRAMES = 10_000

/** What the unwinder asks about an effective address. Undefined: nobody knows the code there. */
export type CodeAt = (pc: number) => CodeInformation | undefined

export interface CodeInformation {
  readonly row: UnwindRow | undefined
  /** Effective address of the function's first instruction. */
  readonly start: number | undefined
}

export interface MachineState {
  readonly pc: number
  register(number: number): number | undefined
  /** Undefined: not mapped. Without side effects. */
  read(address: number, length: number): Uint8Array | undefined
}

export interface PhysicalFrame extends FrameReader {
  readonly level: number
  /** Effective. In a caller where it goes on after the call. */
  readonly pc: number
  /** What to ask symbols with: in a caller an address within the call. */
  readonly callPc: number
  caller(): PhysicalFrame | undefined
}

/** A sentence about why the stack ends here. */
export interface StackEnd {
  readonly reason: 'outermost' | 'unmapped' | 'cycle' | 'unknown' | 'limit'
  readonly text: string
}

export function* unwind(innermost: MachineState, codeAt: CodeAt): Generator<PhysicalFrame, StackEnd> {
  const seen = new Set<string>()
  let frame = new Frame(innermost, innermost.pc, 0, codeAt)
  for (;;) {
    const mark = `${frame.pc} ${frame.register(SP)}`
    if (seen.has(mark)) return { reason: 'cycle', text: `the stack leads back to ${hexAddress(frame.pc)}` }
    seen.add(mark)
    yield frame
    if (seen.size >= MOST_FRAMES) return { reason: 'limit', text: `the stack has more than ${MOST_FRAMES} frames` }
    const next = frame.outer()
    if (!(next instanceof Frame)) return next
    frame = next
  }
}

/** The registers of a caller, computed when asked for. */
type RegisterReader = (number: number) => number | undefined

class Frame implements PhysicalFrame {
  readonly pc: number
  readonly callPc: number
  readonly level: number
  private readonly state: MachineState
  private readonly codeAt: CodeAt
  private readonly code: CodeInformation | undefined
  private readonly rule: UnwindRow
  private knownCfa: { readonly value: number | undefined } | undefined
  private knownOuter: Frame | StackEnd | undefined

  /** callPc: pc itself where this frame was interrupted, not left by a call. */
  constructor(state: MachineState, callPc: number, level: number, codeAt: CodeAt) {
    this.state = state
    this.pc = state.pc >>> 0
    this.callPc = callPc >>> 0
    this.level = level
    this.codeAt = codeAt
    this.code = codeAt(this.callPc)
    this.rule = this.chooseRow()
  }

  private chooseRow(): UnwindRow {
    if (this.code?.row) return this.code.row
    const start = this.code?.start
    return start === undefined ? backChainRow() : scanFrame(start, this.pc, this.readWord, this.pc !== this.callPc)
  }

  register(number: number): number | undefined {
    return this.state.register(number)
  }

  read(address: number, length: number): Uint8Array | undefined {
    return this.state.read(address >>> 0, length)
  }

  private readonly readWord: ReadWord = (address) => {
    const bytes = this.read(address, 4)
    return bytes && ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0
  }

  cfa(): number | undefined {
    this.knownCfa ??= { value: this.computeCfa() }
    return this.knownCfa.value
  }

  private computeCfa(): number | undefined {
    const { cfa } = this.rule
    if (cfa.kind === 'expression') return this.evaluate(cfa.expression)
    const base = this.register(cfa.kind === 'register' ? cfa.number : SP)
    if (base === undefined) return undefined
    return cfa.kind === 'register' ? (base + cfa.offset) >>> 0 : this.readWord(base)
  }

  caller(): PhysicalFrame | undefined {
    const outer = this.outer()
    return outer instanceof Frame ? outer : undefined
  }

  outer(): Frame | StackEnd {
    this.knownOuter ??= this.computeOuter()
    return this.knownOuter
  }

  private computeOuter(): Frame | StackEnd {
    const interrupted = this.code?.row ? undefined : interruptedFrame(this.register(SP), this.readWord)
    if (interrupted) return this.at(interrupted.pc, interrupted.pc, interrupted.register)
    const cfa = this.cfa()
    if (cfa === undefined) return unmapped(`the stack at ${hexAddress(this.register(SP) ?? 0)}`)
    if (cfa === 0) return OUTERMOST
    const rule = this.rule.registers.get(this.rule.returnAddress) ?? { kind: 'same' }
    if (rule.kind === 'undefined') return OUTERMOST
    const returnAddress = this.valueOf(rule, this.rule.returnAddress, cfa)
    if (returnAddress === undefined) return unmapped(`the return address of ${hexAddress(this.pc)}`)
    if (returnAddress === 0) return OUTERMOST
    const pc = (returnAddress & ~3) >>> 0
    if (this.readWord(pc) === undefined) return unmapped(`the return address ${hexAddress(pc)}`)
    return this.at(pc, this.rule.isSignalFrame ? pc : pc - 1, this.callerRegisters(cfa, returnAddress))
  }

  private at(pc: number, callPc: number, register: RegisterReader): Frame {
    const { state } = this
    const read = (address: number, length: number) => state.read(address, length)
    return new Frame({ pc, register, read }, callPc, this.level + 1, this.codeAt)
  }

  private callerRegisters(cfa: number, returnAddress: number): RegisterReader {
    const known = new Map<number, number | undefined>()
    // DWARF 5, 6.4.4: the caller's stack pointer is the CFA where no rule says otherwise, as one does that changes stacks.
    if (!this.rule.registers.has(SP)) known.set(SP, cfa)
    if (this.rule.returnAddress === LR) known.set(LR, returnAddress)
    return (number) => {
      if (!known.has(number)) known.set(number, this.callerRegister(number, cfa))
      return known.get(number)
    }
  }

  private callerRegister(number: number, cfa: number): number | undefined {
    const rule = this.rule.registers.get(number)
    if (rule) return this.valueOf(rule, number, cfa)
    return isKept(number) ? this.register(number) : undefined
  }

  private valueOf(rule: RegisterRule, number: number, cfa: number): number | undefined {
    switch (rule.kind) {
      case 'undefined':
        return undefined
      case 'same':
        return this.register(number)
      case 'saved':
        return this.readWord(cfa + rule.offset)
      case 'value':
        return (cfa + rule.offset) >>> 0
      case 'register':
        return this.register(rule.number)
      case 'expression': {
        const value = this.evaluate(rule.expression, cfa)
        return rule.isValue || value === undefined ? value : this.readWord(value)
      }
    }
  }

  private evaluate(expression: Uint8Array, cfa?: number): number | undefined {
    const context: ExpressionContext = {
      frame: { pc: this.pc, register: (n) => this.register(n), read: (a, n) => this.read(a, n), cfa: () => cfa },
      frameBase: () => undefined,
      baseType: () => GENERIC,
      indexedAddress: () => 0,
      entryValue: () => undefined,
    }
    try {
      return evaluateNumber(expression, context, cfa)
    } catch (error) {
      if (error instanceof Unavailable || error instanceof DwarfError) return undefined
      throw error
    }
  }
}

/** System V ABI: r2 and r13 are the system's, r14 to r31 the caller's. The rest may hold anything after a call. */
const isKept = (number: number) => number === 2 || (number >= 13 && number <= 31)

const OUTERMOST: StackEnd = { reason: 'outermost', text: 'the outermost frame' }
const unmapped = (what: string): StackEnd => ({ reason: 'unmapped', text: `${what} is not mapped` })
const hexAddress = (address: number) => `0x${(address >>> 0).toString(16).padStart(8, '0')}`
