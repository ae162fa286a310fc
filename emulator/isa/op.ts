// The vocabulary in which an instruction is written once: statements over expression trees.
// It computes nothing itself; printers (engine/) and readers (isa/) give it meaning.
import type { FieldName } from './form.ts'

export type Binary =
  | 'add'
  | 'sub'
  | 'mul'
  | 'mulhs'
  | 'mulhu'
  | 'divs'
  | 'divu'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr'
  | 'sar'
  | 'rotl'
  | 'eq'
  | 'ne'
  | 'lts'
  | 'ltu'
export type Unary = 'clz' | 'exts8' | 'exts16' | 'eqz' | 'swap16' | 'swap32'
export type SpecialRegister = 'LR' | 'CTR' | 'CA' | 'OV' | 'SO' | 'CIA' | 'NIA' | 'ACCH' | 'ACCL' | 'SPEFSCR'
export type AccessSize = 1 | 2 | 4

export type Node =
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'field'; readonly name: FieldName }
  | { readonly kind: 'temp'; readonly index: number }
  | { readonly kind: 'gpr'; readonly number: FieldName; readonly orZero: boolean }
  /** The upper half of a 64-bit GPR (SPE). */
  | { readonly kind: 'gprHigh'; readonly number: FieldName }
  | { readonly kind: 'special'; readonly name: SpecialRegister }
  | { readonly kind: 'crBit'; readonly number: FieldName }
  | { readonly kind: 'unary'; readonly operation: Unary; readonly a: Node }
  | { readonly kind: 'binary'; readonly operation: Binary; readonly a: Node; readonly b: Node }
  | { readonly kind: 'select'; readonly condition: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly kind: 'mask'; readonly MB: FieldName; readonly ME: FieldName }

export type Statement =
  | { readonly kind: 'let'; readonly index: number; readonly value: Node }
  | { readonly kind: 'setGpr'; readonly number: FieldName; readonly value: Node }
  | { readonly kind: 'setGprHigh'; readonly number: FieldName; readonly value: Node }
  | { readonly kind: 'setSpecial'; readonly name: SpecialRegister; readonly value: Node }
  | { readonly kind: 'setCrBit'; readonly number: FieldName; readonly value: Node }
  | {
      readonly kind: 'compare'
      readonly field: FieldName | 0
      readonly a: Node
      readonly b: Node
      readonly signed: boolean
    }
  | { readonly kind: 'load'; readonly index: number; readonly size: AccessSize; readonly ea: Node }
  | { readonly kind: 'store'; readonly size: AccessSize; readonly ea: Node; readonly value: Node }
  | { readonly kind: 'branch'; readonly condition: Node; readonly target: Node }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Node[] }

/** Collects the statements of one instruction. */
export class Op {
  readonly statements: Statement[] = []
  private temps = 0

  const = (value: number): Node => ({ kind: 'const', value: value | 0 })
  field = (name: FieldName): Node => ({ kind: 'field', name })
  gpr = (number: FieldName): Node => ({ kind: 'gpr', number, orZero: false })
  /** (RA|0) of the manual. */
  gprOrZero = (number: FieldName): Node => ({ kind: 'gpr', number, orZero: true })
  gprHigh = (number: FieldName): Node => ({ kind: 'gprHigh', number })
  special = (name: SpecialRegister): Node => ({ kind: 'special', name })
  crBit = (number: FieldName): Node => ({ kind: 'crBit', number })
  mask = (MB: FieldName, ME: FieldName): Node => ({ kind: 'mask', MB, ME })
  unary = (operation: Unary, a: Node): Node => ({ kind: 'unary', operation, a })
  binary = (operation: Binary, a: Node, b: Node): Node => ({ kind: 'binary', operation, a, b })
  select = (condition: Node, then: Node, otherwise: Node): Node => ({ kind: 'select', condition, then, otherwise })
  add = (a: Node, b: Node) => this.binary('add', a, b)
  sub = (a: Node, b: Node) => this.binary('sub', a, b)
  and = (a: Node, b: Node) => this.binary('and', a, b)
  or = (a: Node, b: Node) => this.binary('or', a, b)
  xor = (a: Node, b: Node) => this.binary('xor', a, b)
  not = (a: Node) => this.xor(a, this.const(-1))

  /** Names a value so that it is computed once, here. */
  let(value: Node): Node {
    const index = this.temps++
    this.statements.push({ kind: 'let', index, value })
    return { kind: 'temp', index }
  }
  load(size: AccessSize, ea: Node): Node {
    const index = this.temps++
    this.statements.push({ kind: 'load', index, size, ea })
    return { kind: 'temp', index }
  }
  store = (size: AccessSize, ea: Node, value: Node) => this.say({ kind: 'store', size, ea, value })
  setGpr = (number: FieldName, value: Node) => this.say({ kind: 'setGpr', number, value })
  setGprHigh = (number: FieldName, value: Node) => this.say({ kind: 'setGprHigh', number, value })
  setSpecial = (name: SpecialRegister, value: Node) => this.say({ kind: 'setSpecial', name, value })
  setCrBit = (number: FieldName, value: Node) => this.say({ kind: 'setCrBit', number, value })
  compare = (field: FieldName | 0, a: Node, b: Node, signed: boolean) =>
    this.say({ kind: 'compare', field, a, b, signed })
  branch = (condition: Node, target: Node) => this.say({ kind: 'branch', condition, target })
  /** What is no data flow: a function of interface Cpu. It ends a block. */
  call = (name: string, ...args: Node[]) => this.say({ kind: 'call', name, arguments: args })

  private say(statement: Statement): void {
    this.statements.push(statement)
  }
}
