// SymbolStore over one ELF file: what debug information does not answer, the symbol table does.
// Debug information that cannot be read never stops a question: it is answered with less, and problems() says why.
import { TAG } from './dwarf/constants.ts'
import { DebugInformation } from './dwarf/debugInformation.ts'
import { DwarfError } from './dwarf/error.ts'
import { afterPrologue } from './dwarf/prologue.ts'
import { type ElfFile, type Inflate, sectionNamed } from './elf.ts'
import { symbolTable } from './elfSymbols.ts'
import type { FrameReader, LineAddresses, Place, SymbolStore, Variable } from './model.ts'

const MOST_PROBLEMS = 100

export function symbolStore(elf: ElfFile, inflate?: Inflate): SymbolStore {
  const problems = new Set<string>()
  const report = (text: string) => {
    if (problems.size < MOST_PROBLEMS) problems.add(text)
  }
  const symbols = symbolTable(elf)
  let opened: DebugInformation | undefined
  const hasDebug = sectionNamed(elf, '.debug_info') !== undefined
  const debug = () => (opened ??= new DebugInformation(elf, inflate, report))
  /** Nothing of DWARF that is damaged leaves the store. */
  const ask = <T>(fallback: T, question: (debug: DebugInformation) => T): T => {
    if (!hasDebug) return fallback
    try {
      return question(debug())
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error
      report(error.message)
      return fallback
    }
  }
  /** What a linker script or assembly defines and C only declares. */
  const declared = (name: string): Variable | undefined => {
    const symbol = symbols.named(name)[0]
    const type = symbol && symbol.kind !== 'function' ? ask(undefined, (debug) => debug.declaredType(name)) : undefined
    if (!symbol || !type) return undefined
    const place = ({ loadOffset = 0 }: FrameReader): Place => ({ kind: 'memory', address: symbol.address + loadOffset })
    return { name, isParameter: false, type: () => type, place }
  }
  return {
    lineAt: (address) => ask(undefined, (debug) => debug.lineAt(address)),
    symbolAt: (address) => symbols.at(address),
    symbolNamed: (name) => symbols.named(name)[0],
    addressesOfLine: (file, line) => ask(undefined, (debug) => lineAddresses(debug, file, line)),
    linesOf: (file) => ask([], ({ lines }) => lines.linesOf(file)),
    functionsNamed: (name) => [...new Set(symbols.functionsNamed(name).map(({ address }) => address))],
    afterPrologue: (entry) => ask(entry, (debug) => afterPrologue(debug, entry)),
    sources: () => ask([], ({ lines }) => lines.sources()),
    symbolsMatching: (text, limit) => symbols.matching(text, limit),
    scopesAt: (address) => ask([], (debug) => debug.scopesAt(address)),
    variable: (name, address) => ask(undefined, (debug) => debug.variable(name, address)) ?? declared(name),
    typeNamed: (name) => ask(undefined, (debug) => debug.typeNamed(name)),
    enumerator: (name, address) => ask(undefined, (debug) => debug.enumerator(name, address)),
    unwindRow: (address) => ask(undefined, (debug) => debug.unwindRow(address)),
    inlinedCopiesOf: (name) => ask([], (debug) => debug.inlinedCopiesOf(name)),
    problems: () => [...problems],
  }
}

/** One address for each function, block and inlined copy: a statement that the compiler split is still one place to stop at, as gdb has it. */
function lineAddresses(debug: DebugInformation, file: string, line: number): LineAddresses | undefined {
  const found = debug.lines.addressesOf(file, line)
  if (!found) return undefined
  const seen = new Set<number>()
  const addresses = found.statements.filter(({ address, continues }) => {
    const unit = debug.unitAt(address)
    const nest = unit ? debug.functions.nestAt(unit, address) : []
    const block = nest.at(-1)
    const scope = nest.findLast(({ abbreviation }) => abbreviation.tag !== TAG.lexical_block)
    if (!block || !scope) return !continues
    const isNew = !seen.has(block.offset) && !(continues && seen.has(scope.offset))
    seen.add(block.offset).add(scope.offset)
    return isNew
  })
  return { line: found.line, addresses: addresses.map(({ address }) => behindEntry(debug, address)) }
}

function behindEntry(debug: DebugInformation, address: number): number {
  const unit = debug.unitAt(address)
  const entry = unit && debug.functions.at(unit, address)
  return entry && debug.functions.entryOf(entry) === address ? afterPrologue(debug, address) : address
}
