// Where in the source a core stands: the line, and the functions around it, inlined ones too.
import type { LinkAddress, Program } from '../program/program.ts'
import type { FunctionScope, LineRow } from '../symbols/model.ts'

export interface Position {
  readonly link: LinkAddress
  readonly row: LineRow
  /** Outermost first: the function, then calls that were inlined into it. Empty in assembly. */
  readonly scopes: readonly FunctionScope[]
  /** Link address of the function's first instruction; undefined: no name covers it. */
  readonly entry: number | undefined
}

/** Undefined: nothing says which line this is. */
export function positionAt(program: Program, EA: number, vcpu: number): Position | undefined {
  const link = program.toLink(EA, vcpu)
  const row = link?.module.symbols.lineAt(link.address)
  if (!link || !row) return undefined
  const { symbols } = link.module
  const scopes = symbols.scopesAt(link.address)
  return { link, row, scopes, entry: scopes[0]?.ranges[0]?.start ?? symbols.symbolAt(link.address)?.address }
}

export const isSameFunction = (a: Position, b: Position) => a.link.module === b.link.module && a.entry === b.entry

const isSameScope = (a: FunctionScope | undefined, b: FunctionScope | undefined) =>
  a?.name === b?.name && a?.ranges[0]?.start === b?.ranges[0]?.start

/** The first count functions around both are the same ones. */
export const sharesScopes = (a: Position, b: Position, count: number) =>
  Array.from({ length: count }).every((_, n) => isSameScope(a.scopes[n], b.scopes[n]))

export const isSameLine = (a: LineRow, b: LineRow) => a.line === b.line && a.file === b.file

/** A statement begins exactly here. */
export const startsStatement = ({ link, row }: Position) => row.isStatement && row.address === link.address

export const isAssembly = ({ row }: Position) => /\.(s|sx|asm)$/i.test(row.file)

/** How many calls are inlined exactly here: their first instruction is the one to come. */
export function inlinedHere({ link, scopes }: Position): number {
  const begins = ({ ranges }: FunctionScope) => ranges.some(({ start }) => start === link.address)
  let count = 0
  while (count < scopes.length - 1 && begins(scopes[scopes.length - 1 - count]!)) count++
  return count
}

/** Seen from outside of its innermost hidden calls: where the outermost of these is called. */
export function seenFrom(position: Position, hidden: number): Position {
  const shown = position.scopes.length - hidden
  const call = position.scopes[shown]?.inlinedAt
  if (!call) return position
  return { ...position, scopes: position.scopes.slice(0, shown), row: { ...position.row, ...call } }
}
