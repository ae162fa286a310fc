// The line table of one unit, and questions about its rows. The program runs when the first row is asked for.
import type { LineRow } from '../model.ts'
import { type LineHeader, pathText } from './lineHeader.ts'
import { type LineRows, runLineProgram } from './lineProgram.ts'
import { joinPath } from './path.ts'

export class LineTable {
  readonly header: LineHeader
  private readonly compilationDirectory: string
  private readonly run: () => LineRows
  private known: LineRows | undefined
  private readonly paths = new Map<number, string>()

  constructor(
    section: Uint8Array,
    header: LineHeader,
    compilationDirectory: string,
    isLoaded: (address: number) => boolean,
  ) {
    this.header = header
    this.compilationDirectory = compilationDirectory
    this.run = () => runLineProgram(section, header, isLoaded)
  }

  get rows(): LineRows {
    this.known ??= this.run()
    return this.known
  }

  /** Absolute and normalised; undefined: the number names no file. */
  pathOf(file: number): string | undefined {
    const known = this.paths.get(file)
    if (known !== undefined) return known
    const { directories, files, version } = this.header
    const name = pathText(files, file)
    if (name === undefined) return undefined
    const directory = pathText(directories, files.directories[file]) ?? ''
    // From DWARF 5 on directory 0 is the compilation directory, which the others are relative to.
    const first = version >= 5 ? (pathText(directories, 0) ?? '') : ''
    const path = joinPath(this.compilationDirectory, first, directory, name)
    this.paths.set(file, path)
    return path
  }

  /** The row that covers address: the last of several at one address, as addr2line has it. Exactly at its start one that begins a
   * statement goes before: a breakpoint on that line stops there, and so does a step. Undefined: no row, or line 0, which has no source. */
  rowAt(address: number): LineRow | undefined {
    const { rows } = this
    const sequence = sequenceAt(rows, address)
    if (!sequence) return undefined
    let [low, high] = [sequence.first, sequence.end]
    while (low < high) {
      const middle = (low + high) >> 1
      if (rows.address[middle] <= address) low = middle + 1
      else high = middle
    }
    const last = low - 1
    let best = last
    while (best > sequence.first && !rows.isStatement[best] && rows.address[best - 1] === address) best--
    return this.row(rows.isStatement[best] ? best : last, rows.address[low])
  }

  private row(n: number, end: number): LineRow | undefined {
    const { address, line, column, file, isStatement } = this.rows
    if (line[n] === 0) return undefined
    return {
      file: this.pathOf(file[n]) ?? '',
      line: line[n],
      column: column[n],
      address: address[n],
      end,
      isStatement: isStatement[n] === 1,
    }
  }

  /** How many rows begin at address. */
  rowsAt(address: number): number {
    const { rows } = this
    const sequence = sequenceAt(rows, address)
    return sequence ? rows.address.subarray(sequence.first, sequence.end - 1).filter((at) => at === address).length : 0
  }

  /** Calls visit with every row of one of the files that begins a statement. continues: so does the row before it, of the same line. */
  forEachStatement(
    files: ReadonlySet<number>,
    visit: (line: number, address: number, continues: boolean) => void,
  ): void {
    const { sequences, address, line, file, isStatement } = this.rows
    for (const { first, end } of sequences)
      for (let n = first; n < end - 1; n++) {
        if (!isStatement[n] || !files.has(file[n])) continue
        visit(line[n], address[n], n > first && line[n - 1] === line[n] && file[n - 1] === file[n])
      }
  }
}

function sequenceAt({ sequences, address: addresses }: LineRows, address: number) {
  let [low, high] = [0, sequences.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (addresses[sequences[middle].first] <= address) low = middle + 1
    else high = middle
  }
  const sequence = sequences[low - 1]
  return sequence && address < addresses[sequence.end - 1] ? sequence : undefined
}
