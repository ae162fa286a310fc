// The debug information of one file: its sections' readers, opened together. Nothing is read here but unit headers.
import { type ElfFile, type Inflate, isLoaded } from '../elf.ts'
import type { LineRow } from '../model.ts'
import { type AddressMap, unitRanges } from './aranges.ts'
import type { DwarfError } from './error.ts'
import { Functions } from './functions.ts'
import { Info, type Unit } from './info.ts'
import { Lines } from './lines.ts'
import { debugSections } from './sections.ts'

export class DebugInformation {
  readonly info: Info
  readonly lines: Lines
  readonly functions: Functions
  private readonly unitsByAddress: AddressMap<Unit>

  constructor(elf: ElfFile, inflate: Inflate | undefined, problem: (text: string) => void) {
    const kept = (address: number) => isLoaded(elf, address)
    const report = (error: DwarfError) => problem(error.message)
    this.info = new Info(debugSections(elf, inflate, problem))
    if (this.info.headerProblem) problem(this.info.headerProblem)
    this.lines = new Lines(this.info, kept, report)
    this.functions = new Functions(this.info, kept)
    this.unitsByAddress = unitRanges(this.info, kept, report)
  }

  unitAt(address: number): Unit | undefined {
    return this.unitsByAddress.at(address)
  }

  lineAt(address: number): LineRow | undefined {
    const unit = this.unitAt(address)
    return unit && this.lines.rowAt(unit, address)
  }
}
