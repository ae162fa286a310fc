// Call frame instructions run up to an address. DWARF 5, 6.4.2.
import type { RegisterRule, UnwindRow } from '../model.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'

const MOST_REMEMBERED = 256

const CFA = {
  advance_loc: 0x40,
  offset: 0x80,
  restore: 0xc0,
  nop: 0x00,
  set_loc: 0x01,
  advance_loc1: 0x02,
  advance_loc2: 0x03,
  advance_loc4: 0x04,
  offset_extended: 0x05,
  restore_extended: 0x06,
  undefined: 0x07,
  same_value: 0x08,
  register: 0x09,
  remember_state: 0x0a,
  restore_state: 0x0b,
  def_cfa: 0x0c,
  def_cfa_register: 0x0d,
  def_cfa_offset: 0x0e,
  def_cfa_expression: 0x0f,
  expression: 0x10,
  offset_extended_sf: 0x11,
  def_cfa_sf: 0x12,
  def_cfa_offset_sf: 0x13,
  val_offset: 0x14,
  val_offset_sf: 0x15,
  val_expression: 0x16,
  GNU_args_size: 0x2e,
  GNU_negative_offset_extended: 0x2f,
}

export interface FrameProgram {
  readonly codeAlignment: number
  readonly dataAlignment: number
  readonly returnAddress: number
  readonly instructions: Uint8Array
}

interface State {
  cfa: UnwindRow['cfa'] | undefined
  registers: Map<number, RegisterRule>
}

/** The rules that hold at address. initial: those of the CIE, which `restore` goes back to. */
export function runFrameProgram(program: FrameProgram, start: number, address: number, initial?: State): State {
  return new Run(program, start, initial).upTo(address)
}

class Run {
  private readonly cursor: Cursor
  private readonly program: FrameProgram
  private readonly initial: State
  private readonly remembered: State[] = []
  private location: number
  private state: State

  constructor(program: FrameProgram, start: number, initial: State = { cfa: undefined, registers: new Map() }) {
    this.cursor = new Cursor(program.instructions, '.debug_frame')
    this.program = program
    this.location = start
    this.initial = initial
    this.state = { cfa: initial.cfa, registers: new Map(initial.registers) }
  }

  upTo(address: number): State {
    while (!this.cursor.done) {
      const at = this.advanced(this.cursor.u8())
      if (at !== undefined && at > address) break
      if (at !== undefined) this.location = at
    }
    return this.state
  }

  /** Runs one instruction. The new location where it moves it, which begins the next row. */
  private advanced(opcode: number): number | undefined {
    const { cursor, location } = this
    const unit = this.program.codeAlignment
    if ((opcode & 0xc0) === CFA.advance_loc) return location + (opcode & 0x3f) * unit
    switch (opcode) {
      case CFA.set_loc:
        return cursor.u32()
      case CFA.advance_loc1:
        return location + cursor.u8() * unit
      case CFA.advance_loc2:
        return location + cursor.u16() * unit
      case CFA.advance_loc4:
        return location + cursor.u32() * unit
      default:
        this.change(opcode)
        return undefined
    }
  }

  private change(opcode: number): void {
    const { cursor } = this
    const { dataAlignment } = this.program
    if ((opcode & 0xc0) === CFA.offset)
      this.rule(opcode & 0x3f, { kind: 'saved', offset: cursor.uleb() * dataAlignment })
    else if ((opcode & 0xc0) === CFA.restore) this.restore(opcode & 0x3f)
    else if (!this.changeCfa(opcode) && !this.changeRegister(opcode) && !this.changeState(opcode))
      throw new DwarfError(`.debug_frame has the unknown instruction 0x${opcode.toString(16)}`)
  }

  private changeCfa(opcode: number): boolean {
    const { cursor, state } = this
    const { dataAlignment } = this.program
    switch (opcode) {
      case CFA.def_cfa:
        state.cfa = { kind: 'register', number: cursor.uleb(), offset: cursor.uleb() }
        return true
      case CFA.def_cfa_sf:
        state.cfa = { kind: 'register', number: cursor.uleb(), offset: cursor.sleb() * dataAlignment }
        return true
      case CFA.def_cfa_register:
        state.cfa = { ...this.registerCfa(), number: cursor.uleb() }
        return true
      case CFA.def_cfa_offset:
        state.cfa = { ...this.registerCfa(), offset: cursor.uleb() }
        return true
      case CFA.def_cfa_offset_sf:
        state.cfa = { ...this.registerCfa(), offset: cursor.sleb() * dataAlignment }
        return true
      case CFA.def_cfa_expression:
        state.cfa = { kind: 'expression', expression: cursor.block(cursor.uleb()) }
        return true
      default:
        return false
    }
  }

  private registerCfa() {
    const { cfa } = this.state
    if (cfa?.kind !== 'register') throw new DwarfError('.debug_frame changes a frame address that has no register')
    return cfa
  }

  private changeRegister(opcode: number): boolean {
    const { cursor } = this
    const { dataAlignment } = this.program
    switch (opcode) {
      case CFA.offset_extended:
        this.rule(cursor.uleb(), { kind: 'saved', offset: cursor.uleb() * dataAlignment })
        return true
      case CFA.offset_extended_sf:
        this.rule(cursor.uleb(), { kind: 'saved', offset: cursor.sleb() * dataAlignment })
        return true
      case CFA.GNU_negative_offset_extended:
        this.rule(cursor.uleb(), { kind: 'saved', offset: -cursor.uleb() * dataAlignment })
        return true
      case CFA.val_offset:
        this.rule(cursor.uleb(), { kind: 'value', offset: cursor.uleb() * dataAlignment })
        return true
      case CFA.val_offset_sf:
        this.rule(cursor.uleb(), { kind: 'value', offset: cursor.sleb() * dataAlignment })
        return true
      case CFA.register:
        this.rule(cursor.uleb(), { kind: 'register', number: cursor.uleb() })
        return true
      case CFA.expression:
      case CFA.val_expression: {
        const number = cursor.uleb()
        const expression = cursor.block(cursor.uleb())
        this.rule(number, { kind: 'expression', expression, isValue: opcode === CFA.val_expression })
        return true
      }
      case CFA.undefined:
        this.rule(cursor.uleb(), { kind: 'undefined' })
        return true
      case CFA.same_value:
        this.rule(cursor.uleb(), { kind: 'same' })
        return true
      case CFA.restore_extended:
        this.restore(cursor.uleb())
        return true
      default:
        return false
    }
  }

  private changeState(opcode: number): boolean {
    switch (opcode) {
      case CFA.nop:
        return true
      case CFA.GNU_args_size:
        this.cursor.uleb()
        return true
      case CFA.remember_state:
        if (this.remembered.length >= MOST_REMEMBERED) throw new DwarfError('.debug_frame remembers too much')
        this.remembered.push({ cfa: this.state.cfa, registers: new Map(this.state.registers) })
        return true
      case CFA.restore_state: {
        const state = this.remembered.pop()
        if (!state) throw new DwarfError('.debug_frame restores what it did not remember')
        this.state = state
        return true
      }
      default:
        return false
    }
  }

  private rule(number: number, rule: RegisterRule): void {
    this.state.registers.set(number, rule)
  }

  private restore(number: number): void {
    const rule = this.initial.registers.get(number)
    if (rule) this.rule(number, rule)
    else this.state.registers.delete(number)
  }
}
