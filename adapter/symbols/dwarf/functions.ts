// Functions, the blocks in them and what was inlined, by address. Each unit's functions are listed when first asked for.
import { AddressMap } from './aranges.ts'
import { AT, TAG } from './constants.ts'
import { DwarfError } from './error.ts'
import type { Entry, Info, Unit } from './info.ts'
import { covers, rangesOf } from './ranges.ts'

const DEEPEST = 200

export class Functions {
  private readonly info: Info
  private readonly isLoaded: (address: number) => boolean
  private readonly unitAt: (address: number) => Unit | undefined
  private readonly ofUnit = new Map<Unit, AddressMap<Entry>>()

  constructor(info: Info, isLoaded: (address: number) => boolean, unitAt: (address: number) => Unit | undefined) {
    this.info = info
    this.isLoaded = isLoaded
    this.unitAt = unitAt
  }

  atAddress(address: number): Entry | undefined {
    const unit = this.unitAt(address)
    return unit && this.at(unit, address)
  }

  at(unit: Unit, address: number): Entry | undefined {
    return this.inUnit(unit).at(address)
  }

  /** Where it is called. */
  entryOf(entry: Entry): number | undefined {
    return (
      this.info.address(entry, AT.entry_pc) ??
      this.info.address(entry, AT.low_pc) ??
      rangesOf(this.info, entry)[0]?.start
    )
  }

  private inUnit(unit: Unit): AddressMap<Entry> {
    const known = this.ofUnit.get(unit)
    if (known) return known
    const items: { start: number; end: number; value: Entry }[] = []
    this.collect(this.info.rootOf(unit), items, 0)
    const map = new AddressMap(items)
    this.ofUnit.set(unit, map)
    return map
  }

  private collect(parent: Entry, items: { start: number; end: number; value: Entry }[], depth: number): void {
    const { info } = this
    info.forEachChild(parent, (child) => {
      const { tag } = child.abbreviation
      // C++ puts functions into namespaces and classes; definitions stand at the top or in a namespace.
      if (tag === TAG.namespace && depth < DEEPEST) this.collect(child, items, depth + 1)
      if (tag !== TAG.subprogram || !(info.has(child, AT.low_pc) || info.has(child, AT.ranges))) return undefined
      for (const { start, end } of rangesOf(info, child))
        if (this.isLoaded(start)) items.push({ start, end, value: child })
      return undefined
    })
  }

  /** The function at address, then the blocks and inlined calls within, each containing the next. */
  nestAt(unit: Unit, address: number): Entry[] {
    const nest: Entry[] = []
    let inner = this.at(unit, address)
    while (inner) {
      nest.push(inner)
      if (nest.length > DEEPEST) throw new DwarfError('blocks nested too deep')
      inner = this.innerBlockAt(inner, address)
    }
    return nest
  }

  private innerBlockAt(outer: Entry, address: number, depth = 0): Entry | undefined {
    const { info } = this
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    let found: Entry | undefined
    info.forEachChild(outer, (child) => {
      const { tag } = child.abbreviation
      if (tag !== TAG.lexical_block && tag !== TAG.inlined_subroutine) return undefined
      const inside = covers(rangesOf(info, child), address)
      // A block without addresses is only brackets around what is in it.
      const innermost = inside ? child : isBare(info, child) ? this.innerBlockAt(child, address, depth + 1) : undefined
      found = innermost
      return innermost !== undefined
    })
    return found
  }

  /** Entry addresses of the places where functions with that name were inlined. Walks all units that have such a function. */
  inlinedCopies(units: readonly Unit[], isWanted: (entry: Entry) => boolean): number[] {
    const addresses = new Set<number>()
    for (const unit of units)
      this.eachBlock(this.info.rootOf(unit), 0, (entry) => this.addCopy(entry, isWanted, addresses))
    return [...addresses].sort((a, b) => a - b)
  }

  private addCopy(entry: Entry, isWanted: (entry: Entry) => boolean, addresses: Set<number>): void {
    if (entry.abbreviation.tag !== TAG.inlined_subroutine || !isWanted(entry)) return
    const address = this.entryOf(entry)
    if (address !== undefined && this.isLoaded(address)) addresses.add(address)
  }

  private eachBlock(parent: Entry, depth: number, visit: (entry: Entry) => void): void {
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    this.info.forEachChild(parent, (child) => {
      const { tag } = child.abbreviation
      if (
        tag === TAG.lexical_block ||
        tag === TAG.inlined_subroutine ||
        tag === TAG.subprogram ||
        tag === TAG.namespace
      ) {
        visit(child)
        this.eachBlock(child, depth + 1, visit)
      }
      return undefined
    })
  }
}

const isBare = (info: Info, entry: Entry) =>
  entry.abbreviation.tag === TAG.lexical_block && !info.has(entry, AT.low_pc) && !info.has(entry, AT.ranges)
