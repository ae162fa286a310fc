// The symbol table of an ELF file, by name and by address. System V ABI, chapter 4, "Symbol Table".
import { type ElfFile, isAllocated, isCode, type Section, sectionNamed, stringAt } from './elf.ts'
import type { ElfSymbol } from './model.ts'

const SYMBOL_BYTES = 16
const [STT_OBJECT, STT_FUNC] = [1, 2]
const STB_LOCAL = 0
const SHN_ABS = 0xfff1
/** GCC's clones of a function, which its debug information lists under the function's own name. `.cold` is a part, not a copy. */
const CLONE = /\.(?:constprop|isra|part|lto_priv)\..*$/

interface TableSymbol extends ElfSymbol {
  readonly global: boolean
  /** No size: it covers everything up to the next symbol of its section. */
  readonly section: number
}

export interface SymbolTable {
  /** Every symbol with that name, global ones first. */
  named(name: string): readonly TableSymbol[]
  /** The functions that the source calls so: with GCC's clones. */
  functionsNamed(name: string): readonly TableSymbol[]
  at(address: number): TableSymbol | undefined
  matching(text: string, limit: number): readonly ElfSymbol[]
}

export function symbolTable(elf: ElfFile): SymbolTable {
  let symbols: readonly TableSymbol[] | undefined
  let byName: Map<string, TableSymbol[]> | undefined
  let byAddress: readonly TableSymbol[] | undefined
  const all = () => (symbols ??= readSymbols(elf))
  const names = () => (byName ??= group(all(), ({ name }) => name))
  let clones: Map<string, TableSymbol[]> | undefined
  return {
    named: (name) => names().get(name) ?? [],
    functionsNamed(name) {
      clones ??= group(
        all().filter((symbol) => symbol.kind === 'function' && CLONE.test(symbol.name)),
        (symbol) => symbol.name.replace(CLONE, ''),
      )
      return [...(names().get(name) ?? []).filter((symbol) => isFunction(elf, symbol)), ...(clones.get(name) ?? [])]
    },
    at(address) {
      byAddress ??= sortByAddress(elf, all())
      return covering(elf, byAddress, address)
    },
    matching(text, limit) {
      const found: ElfSymbol[] = []
      for (const symbol of all()) {
        if (found.length >= limit) break
        if (symbol.name.includes(text) && isAllocated(elf, symbol.section)) found.push(symbol)
      }
      return found
    },
  }
}

const isFunction = (elf: ElfFile, { kind, section }: TableSymbol) =>
  kind === 'function' || (kind === 'other' && isCode(elf, section))

function readSymbols(elf: ElfFile): TableSymbol[] {
  const table = sectionNamed(elf, '.symtab')
  const names = table && elf.sections[table.link]
  if (!table || !names) return []
  const { bytes } = elf
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const symbols: TableSymbol[] = []
  for (let at = table.offset; at + SYMBOL_BYTES <= table.offset + table.size; at += SYMBOL_BYTES) {
    const symbol = readSymbol(elf, view, names, at)
    if (symbol) symbols.push(symbol)
  }
  return symbols
}

function readSymbol(elf: ElfFile, view: DataView, names: Section, at: number): TableSymbol | undefined {
  const nameOffset = view.getUint32(at)
  const info = view.getUint8(at + 12)
  const section = view.getUint16(at + 14)
  const type = info & 15
  if (nameOffset === 0 || section === 0 || type > STT_FUNC) return undefined
  const base = elf.relocatable ? (elf.sections[section]?.address ?? 0) : 0
  return {
    name: stringAt(elf.bytes, names, nameOffset),
    address: (view.getUint32(at + 4) + base) >>> 0,
    size: view.getUint32(at + 8),
    kind: type === STT_FUNC ? 'function' : type === STT_OBJECT ? 'object' : 'other',
    global: info >> 4 !== STB_LOCAL,
    section,
  }
}

function group(symbols: readonly TableSymbol[], keyOf: (symbol: TableSymbol) => string): Map<string, TableSymbol[]> {
  const groups = new Map<string, TableSymbol[]>()
  for (const symbol of symbols) {
    const key = keyOf(symbol)
    const found = groups.get(key)
    if (!found) groups.set(key, [symbol])
    else if (symbol.global) found.unshift(symbol)
    else found.push(symbol)
  }
  return groups
}

/** By address; of several at one address the best name last: sized before unsized, function before object, global before local. */
function sortByAddress(elf: ElfFile, symbols: readonly TableSymbol[]): TableSymbol[] {
  const rank = ({ kind, size, global }: TableSymbol) =>
    (size > 0 ? 4 : 0) + (kind === 'function' ? 2 : kind === 'object' ? 1 : 0) + (global ? 0.5 : 0)
  return symbols
    .filter(({ section }) => section !== SHN_ABS && isAllocated(elf, section))
    .sort((a, b) => a.address - b.address || rank(a) - rank(b))
}

function covering(elf: ElfFile, sorted: readonly TableSymbol[], address: number): TableSymbol | undefined {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle].address <= address) low = middle + 1
    else high = middle
  }
  // A sized symbol that contains the address wins; one that ended before hides nothing; one without a size reaches to the next.
  for (let n = low - 1; n >= Math.max(0, low - 64); n--) {
    const symbol = sorted[n]
    if (symbol.size > 0 ? address - symbol.address < symbol.size : n === low - 1 && inSection(elf, symbol, address))
      return symbol
  }
  return undefined
}

function inSection(elf: ElfFile, { section }: TableSymbol, address: number): boolean {
  const { address: start, size } = elf.sections[section]
  return address >= start && address - start < size
}
