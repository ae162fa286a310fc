// What a function passed to the one it called: call sites and their parameters. DWARF 5, 3.4; GCC's extensions before it.
import { AT, TAG } from './constants.ts'
import { DwarfError } from './error.ts'
import type { Functions } from './functions.ts'
import type { Entry, Info } from './info.ts'

const DEEPEST = 200

export class CallSites {
  private readonly info: Info
  private readonly functions: Functions

  constructor(info: Info, functions: Functions) {
    this.info = info
    this.functions = functions
  }

  /** The expression, for the caller's frame, of what it passed where the callee had `register` (a location expression). */
  parameter(
    callee: Entry,
    returnAddress: number,
    register: Uint8Array,
  ): { value: Uint8Array; site: Entry } | undefined {
    const { info } = this
    const site = this.siteAt(returnAddress)
    if (!site || !this.calls(site, callee)) return undefined
    const wanted = info
      .childrenOf(site)
      .find((child) => isParameter(child.abbreviation.tag) && sameBytes(info.block(child, AT.location), register))
    const value = wanted && (info.block(wanted, AT.call_value) ?? info.block(wanted, AT.GNU_call_site_value))
    return value && { value, site }
  }

  private siteAt(returnAddress: number): Entry | undefined {
    // The return address may already be another function's where this one does not return.
    const outer = this.functions.atAddress(returnAddress - 1)
    return outer && this.find(outer, returnAddress, 0)
  }

  private find(outer: Entry, returnAddress: number, depth: number): Entry | undefined {
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    const { info } = this
    let found: Entry | undefined
    info.forEachChild(outer, (child) => {
      const { tag } = child.abbreviation
      if (tag === TAG.call_site && info.address(child, AT.call_return_pc) === returnAddress) found = child
      if (tag === TAG.GNU_call_site && info.address(child, AT.low_pc) === returnAddress) found = child
      if (tag === TAG.lexical_block || tag === TAG.inlined_subroutine)
        found ??= this.find(child, returnAddress, depth + 1)
      return found !== undefined
    })
    return found
  }

  /** A function may have been reached by a jump from the one that was called; then the caller's values say nothing about it. */
  private calls(site: Entry, callee: Entry): boolean {
    const { info } = this
    const origin = info.reference(site, AT.call_origin) ?? info.reference(site, AT.abstract_origin)
    if (origin === undefined) return false
    const called = info.chain(info.entryAtSectionOffset(origin))
    const own = info.chain(callee)
    return called.some(({ offset }) => own.some((entry) => entry.offset === offset)) || this.sameName(called[0], callee)
  }

  /** A call into another unit refers to a declaration there. */
  private sameName(called: Entry, callee: Entry): boolean {
    const { info } = this
    return called.unit !== callee.unit && info.nameOf(called) === info.nameOf(callee)
  }
}

const isParameter = (tag: number) => tag === TAG.call_site_parameter || tag === TAG.GNU_call_site_parameter

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, n) => byte === b[n])
}
