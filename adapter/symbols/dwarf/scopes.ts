// The functions that an address is in: the one that was called, then those inlined into it. DWARF 5, 3.3.
import type { FunctionScope } from '../model.ts'
import { AT, TAG } from './constants.ts'
import type { Entry } from './info.ts'
import { rangesOf } from './ranges.ts'
import { type Readers, sourceLocation, type Variables } from './variables.ts'

export function scopesIn(nest: readonly Entry[], readers: Readers, variables: Variables): FunctionScope[] {
  return nest
    .filter(({ abbreviation }) => abbreviation.tag !== TAG.lexical_block)
    .map((entry) => scope(entry, readers, variables))
}

function scope(entry: Entry, readers: Readers, variables: Variables): FunctionScope {
  const { info } = readers
  const isInlined = entry.abbreviation.tag === TAG.inlined_subroutine
  const inlinedAt = isInlined ? sourceLocation(readers, entry, AT.call_file, AT.call_line, AT.call_column) : undefined
  return {
    name: info.nameOf(entry) ?? '',
    ranges: rangesOf(info, entry),
    ...(inlinedAt && { inlinedAt }),
    variables: (pc) => readers.guarded([], () => variables.in(entry, pc)),
  }
}
