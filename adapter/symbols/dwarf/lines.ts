// Source lines and addresses over all units of a file. Which files a unit has comes from the headers of the line programs alone.
import type { LineRow } from '../model.ts'
import { AT } from './constants.ts'
import type { Guarded } from './guard.ts'
import type { Info, Unit } from './info.ts'
import { type Paths, readLineHeader } from './lineHeader.ts'
import { LineTable } from './lineTable.ts'
import { commonTail, components } from './path.ts'

const SLASH = 0x2f

interface FilesOfTable {
  readonly table: LineTable
  readonly files: ReadonlySet<number>
}

/** Where a statement of a line begins; continues: directly behind another one of the same line. */
export interface Statement {
  readonly address: number
  readonly continues: boolean
}

export class Lines {
  private readonly info: Info
  private readonly isLoaded: (address: number) => boolean
  private readonly guarded: Guarded
  /** By offset in .debug_line: units may share one. undefined: it could not be read. */
  private readonly tables = new Map<number, LineTable | undefined>()
  private readonly ofUnit = new Map<Unit, LineTable | undefined>()
  private readonly matches = new Map<string, readonly FilesOfTable[]>()

  constructor(info: Info, isLoaded: (address: number) => boolean, guarded: Guarded) {
    this.info = info
    this.isLoaded = isLoaded
    this.guarded = guarded
  }

  tableOf(unit: Unit): LineTable | undefined {
    if (!this.ofUnit.has(unit))
      this.ofUnit.set(
        unit,
        this.guarded(undefined, () => this.openTable(unit)),
      )
    return this.ofUnit.get(unit)
  }

  private openTable(unit: Unit): LineTable | undefined {
    const { info } = this
    const root = info.rootOf(unit)
    const list = info.listOffset(root, AT.stmt_list)
    if (!list || !('offset' in list)) return undefined
    const { offset } = list
    if (!this.tables.has(offset)) {
      this.tables.set(offset, undefined)
      const header = readLineHeader(info.sections, info.strings, info.bases(unit).strOffsets, offset)
      const directory = info.string(root, AT.comp_dir) ?? ''
      this.tables.set(offset, new LineTable(info.sections.line, header, directory, this.isLoaded))
    }
    return this.tables.get(offset)
  }

  rowAt(unit: Unit, address: number): LineRow | undefined {
    return this.guarded(undefined, () => this.tableOf(unit)?.rowAt(address))
  }

  /** The addresses of the line's statements; of the next line with code where it has none. In order, each once. */
  addressesOf(
    file: string,
    line: number,
  ): { readonly line: number; readonly statements: readonly Statement[] } | undefined {
    let best = Number.POSITIVE_INFINITY
    let found = new Map<number, boolean>()
    this.forEachStatement(file, (candidate, address, continues) => {
      if (candidate < line || candidate > best) return
      if (candidate < best) found = new Map()
      best = candidate
      found.set(address, continues && (found.get(address) ?? true))
    })
    const statements = [...found].map(([address, continues]) => ({ address, continues }))
    return found.size === 0 ? undefined : { line: best, statements: statements.sort((a, b) => a.address - b.address) }
  }

  linesOf(file: string): number[] {
    const lines = new Set<number>()
    this.forEachStatement(file, (line) => lines.add(line))
    lines.delete(0)
    return [...lines].sort((a, b) => a - b)
  }

  private forEachStatement(file: string, visit: (line: number, address: number, continues: boolean) => void): void {
    for (const { table, files } of this.tablesWith(file))
      this.guarded(undefined, () => table.forEachStatement(files, visit))
  }

  private allTables(): Set<LineTable> {
    const tables = new Set<LineTable>()
    for (const unit of this.info.units) {
      const table = this.tableOf(unit)
      if (table) tables.add(table)
    }
    return tables
  }

  sources(): string[] {
    const paths = new Set<string>()
    for (const table of this.allTables())
      this.guarded(undefined, () => {
        for (let n = 0; n < table.header.files.starts.length; n++) paths.add(table.pathOf(n) ?? '')
      })
    paths.delete('')
    return [...paths].sort()
  }

  /** The files with the longest common tail, which is at least the name itself. */
  private tablesWith(file: string): readonly FilesOfTable[] {
    const known = this.matches.get(file)
    if (known) return known
    const wanted = components(file)
    const name = new TextEncoder().encode(wanted.at(-1) ?? '')
    let longest = 1
    let found: { table: LineTable; files: Set<number> }[] = []
    for (const table of this.allTables()) {
      const files = new Map<number, number>()
      for (const n of namedSo(table.header.files, name))
        files.set(n, commonTail(wanted, components(table.pathOf(n) ?? '')))
      const here = Math.max(0, ...files.values())
      if (here < longest) continue
      if (here > longest) found = []
      longest = here
      found.push({ table, files: new Set([...files.keys()].filter((n) => files.get(n) === longest)) })
    }
    this.matches.set(file, found)
    return found
  }
}

/** Numbers of the files whose last component is name. Compares bytes, since nearly all differ in the last ones. */
function namedSo({ bytes, starts, ends }: Paths, name: Uint8Array): number[] {
  const found: number[] = []
  for (let n = 0; n < starts.length; n++) {
    const from = ends[n] - name.length
    if (from >= starts[n] && (from === starts[n] || bytes[from - 1] === SLASH) && startsWith(bytes, from, name))
      found.push(n)
  }
  return found
}

function startsWith(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let n = name.length - 1; n >= 0; n--) if (bytes[at + n] !== name[n]) return false
  return name.length > 0
}
