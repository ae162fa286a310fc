// The debug information of one file: its sections' readers, opened together. Nothing is read here but unit headers.
import { type ElfFile, type Inflate, isLoaded } from '../elf.ts'
import type { CType, FunctionScope, LineRow, UnwindRow, Variable } from '../model.ts'
import { NAMED } from './abbrev.ts'
import { type AddressMap, unitRanges } from './aranges.ts'
import { Frames } from './frame.ts'
import { Functions } from './functions.ts'
import { type Guarded, guard } from './guard.ts'
import { type Entry, Info, type Unit } from './info.ts'
import { Lines } from './lines.ts'
import { NameIndex } from './nameIndex.ts'
import { scopesIn } from './scopes.ts'
import { debugSections } from './sections.ts'
import { Types } from './types.ts'
import { Variables } from './variables.ts'

export interface Enumerator {
  readonly value: number
  readonly type: CType
}

export class DebugInformation {
  readonly info: Info
  readonly lines: Lines
  readonly functions: Functions
  readonly names: NameIndex
  readonly types: Types
  readonly guarded: Guarded
  private readonly variables: Variables
  private readonly kept: (address: number) => boolean
  private frames: Frames | undefined
  private readonly unitsByAddress: AddressMap<Unit>
  private readonly copies = new Map<string, readonly number[]>()

  constructor(elf: ElfFile, inflate: Inflate | undefined, problem: (text: string) => void) {
    const kept = (address: number) => isLoaded(elf, address)
    this.kept = kept
    this.guarded = guard(problem)
    this.info = new Info(debugSections(elf, inflate, problem))
    if (this.info.headerProblem) problem(this.info.headerProblem)
    this.lines = new Lines(this.info, kept, this.guarded)
    this.functions = new Functions(this.info, kept, (address) => this.unitAt(address))
    this.unitsByAddress = unitRanges(this.info, kept, this.guarded)
    this.names = new NameIndex(this.info, this.guarded)
    this.types = new Types(this.info, this.names, this.guarded)
    this.variables = new Variables(this)
  }

  unitAt(address: number): Unit | undefined {
    return this.unitsByAddress.at(address)
  }

  lineAt(address: number): LineRow | undefined {
    const unit = this.unitAt(address)
    return unit && this.lines.rowAt(unit, address)
  }

  scopesAt(address: number): FunctionScope[] {
    const unit = this.unitAt(address)
    return unit ? scopesIn(this.functions.nestAt(unit, address), this, this.variables) : []
  }

  /** Locals, innermost first, then what the unit has, then what any unit has. */
  variable(name: string, address: number | undefined): Variable | undefined {
    const unit = address === undefined ? undefined : this.unitAt(address)
    if (address !== undefined)
      for (const scope of this.scopesAt(address).reverse()) {
        const local = scope.variables(address).findLast((variable) => variable.name === name)
        if (local) return local
      }
    const entry = this.global(name, unit)
    return entry && this.variables.variable(entry, undefined)
  }

  /** Of a variable that nothing but a symbol defines, as `jiffies` in Linux. */
  declaredType(name: string): CType | undefined {
    const entry = this.names.find(NAMED.declaredVariable, name)
    return entry && this.variables.variable(entry, undefined)?.type()
  }

  definition(name: string, { unit }: Entry): Entry | undefined {
    return this.global(name, unit)
  }

  private global(name: string, unit: Unit | undefined): Entry | undefined {
    const { names } = this
    const kinds = [NAMED.variable, NAMED.staticVariable, NAMED.removedVariable]
    const first = (find: (kind: number) => Entry | undefined) => {
      for (const kind of kinds) {
        const found = find(kind)
        if (found) return found
      }
      return undefined
    }
    return (unit && first((kind) => names.findIn(unit, kind, name))) ?? first((kind) => names.find(kind, name))
  }

  unwindRow(address: number): UnwindRow | undefined {
    this.frames ??= new Frames(this.info.sections.frame, this.kept, this.guarded)
    return this.frames.rowAt(address)
  }

  /** Walks every unit that has a function of that name. */
  inlinedCopiesOf(name: string): readonly number[] {
    const known = this.copies.get(name)
    if (known) return known
    const { info } = this
    const isWanted = (entry: Entry) => info.nameOf(entry) === name
    const units = info.units.filter((unit) => this.guarded(false, () => this.names.hasFunction(unit, name)))
    const copies = this.functions.inlinedCopies(units, isWanted)
    this.copies.set(name, copies)
    return copies
  }

  /** `struct task_struct`, `union x`, `enum y`, `unsigned long`, or a typedef's name. */
  typeNamed(name: string): CType | undefined {
    const [, keyword, tag] = /^(struct|union|enum)\s+(\w+)$/.exec(name.trim()) ?? []
    const kind = keyword ? NAMED[keyword as 'struct' | 'union' | 'enum'] : NAMED.type
    const entry = this.names.find(kind, tag ?? name.trim())
    return entry && this.types.at(entry.offset)
  }

  enumerator(name: string, address: number | undefined): Enumerator | undefined {
    const { names } = this
    const unit = address === undefined ? undefined : this.unitAt(address)
    const entry = (unit && names.findIn(unit, NAMED.enumerator, name)) ?? names.find(NAMED.enumerator, name)
    const type = entry && this.types.at(entry.offset)
    const value = type?.kind === 'enum' ? type.values().find((one) => one.name === name)?.value : undefined
    return type && value !== undefined ? { value, type } : undefined
  }
}
