// Variables and parameters: which are seen from an address, of what type, and where they are. DWARF 5, 4.1.
import type { FrameReader, Place, SourceLocation, Variable } from '../model.ts'
import { CallSites } from './callSites.ts'
import { AT, TAG } from './constants.ts'
import { DwarfError } from './error.ts'
import { type ExpressionContext, evaluate, evaluateNumber, Unavailable } from './expression.ts'
import type { Functions } from './functions.ts'
import type { Guarded } from './guard.ts'
import type { Entry, Info } from './info.ts'
import type { Lines } from './lines.ts'
import { locationAt } from './locations.ts'
import { covers, rangesOf } from './ranges.ts'
import { type BaseType, constantBytes, GENERIC } from './stackValue.ts'
import type { Types } from './types.ts'

const DEEPEST = 200
const ATE_FLOAT = 4
const SIGNED = new Set([5, 6])
const NO_INSTANCES: ReadonlySet<number> = new Set()
/** A caller's value may be known by its own caller only, and so on. */
const MOST_CALLERS = 16

export interface Readers {
  readonly info: Info
  readonly lines: Lines
  readonly functions: Functions
  readonly types: Types
  readonly guarded: Guarded
  /** The definition of a variable that is only declared. */
  readonly definition: (name: string, near: Entry) => Entry | undefined
}

export class Variables {
  private readonly readers: Readers
  private readonly callSites: CallSites

  constructor(readers: Readers) {
    this.readers = readers
    this.callSites = new CallSites(readers.info, readers.functions)
  }

  /** Parameters, then the locals of the blocks that contain pc, the innermost last. scope is a function or an inlined call of one. */
  in(scope: Entry, pc: number): Variable[] {
    const { info } = this.readers
    const found: Entry[] = []
    const isInstance = info.has(scope, AT.abstract_origin)
    this.collect(scope, pc, found, isInstance ? this.instancesIn(scope, new Set(), 0) : NO_INSTANCES, 0)
    const isParameter = ({ abbreviation }: Entry) => abbreviation.tag === TAG.formal_parameter
    const ordered = [...found.filter(isParameter), ...found.filter((entry) => !isParameter(entry))]
    return ordered.flatMap((entry) => this.variable(entry, scope) ?? [])
  }

  /** instances: what stands for something of the abstract function, wherever in the scope: GCC puts the locals of an inlined call into a block of their own. */
  private collect(outer: Entry, pc: number, found: Entry[], instances: ReadonlySet<number>, depth: number): void {
    const { info } = this.readers
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    const inner: Entry[] = []
    info.forEachChild(outer, (child) => {
      const { tag } = child.abbreviation
      if (isVariable(tag)) found.push(child)
      // A block without addresses is only brackets around what is in it.
      const isBare = tag === TAG.lexical_block && !info.has(child, AT.low_pc) && !info.has(child, AT.ranges)
      if (isBare || (tag === TAG.lexical_block && covers(rangesOf(info, child), pc))) inner.push(child)
      return undefined
    })
    // What the compiler removed completely stands only in the abstract function or block. It hides nothing of an inner block.
    const origin = info.reference(outer, AT.abstract_origin)
    if (origin !== undefined) this.collectAbstract(info.entryAtSectionOffset(origin), found, instances, depth + 1)
    for (const block of inner) this.collect(block, pc, found, instances, depth + 1)
  }

  private collectAbstract(outer: Entry, found: Entry[], instances: ReadonlySet<number>, depth: number): void {
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    this.readers.info.forEachChild(outer, (child) => {
      const { tag } = child.abbreviation
      if (instances.has(child.offset)) return undefined
      if (isVariable(tag)) found.push(child)
      if (tag === TAG.lexical_block) this.collectAbstract(child, found, instances, depth + 1)
      return undefined
    })
  }

  private instancesIn(outer: Entry, instances: Set<number>, depth: number): ReadonlySet<number> {
    const { info } = this.readers
    if (depth > DEEPEST) throw new DwarfError('blocks nested too deep')
    info.forEachChild(outer, (child) => {
      const { tag } = child.abbreviation
      const origin = info.reference(child, AT.abstract_origin)
      if (origin !== undefined) instances.add(origin)
      if (tag === TAG.lexical_block) this.instancesIn(child, instances, depth + 1)
      return undefined
    })
    return instances
  }

  /** scope: the function whose frame it lives in; undefined for a global. Undefined: it has no name. */
  variable(entry: Entry, scope: Entry | undefined): Variable | undefined {
    const { info, types, guarded } = this.readers
    const chain = info.chain(entry)
    const named = chain.find((one) => info.has(one, AT.name))
    const name = named && info.string(named, AT.name)
    if (!named || name === undefined) return undefined
    const typed = chain.find((one) => info.has(one, AT.type))
    const declared = this.declared(named)
    return {
      name,
      isParameter: entry.abbreviation.tag === TAG.formal_parameter,
      type: () => guarded({ kind: 'void' }, () => (typed ? types.of(typed) : { kind: 'void' })),
      place: (frame) =>
        guarded<Place>({ kind: 'unavailable', reason: 'its debug information is damaged' }, () =>
          this.place(chain, scope, frame),
        ),
      ...(declared && { declared }),
    }
  }

  private declared(entry: Entry): SourceLocation | undefined {
    return sourceLocation(this.readers, entry, AT.decl_file, AT.decl_line, AT.decl_column)
  }

  private place(chain: readonly Entry[], scope: Entry | undefined, frame: FrameReader): Place {
    const { info } = this.readers
    for (const entry of chain) {
      const expression = locationAt(info, entry, AT.location, lookupPc(frame))
      if (expression) return this.fitted(evaluate(expression, this.context(entry, scope, frame, 0)), chain)
      const constant = this.constant(entry, chain)
      if (constant) return { kind: 'value', bytes: constant }
    }
    const elsewhere = this.elsewhere(chain)
    return elsewhere ? this.place([elsewhere], undefined, frame) : { kind: 'unavailable', reason: 'optimized out' }
  }

  /** `extern int x;` within a function. */
  private elsewhere(chain: readonly Entry[]): Entry | undefined {
    const { info } = this.readers
    const [entry] = chain
    const name = info.nameOf(entry)
    return name !== undefined && info.flag(entry, AT.declaration) ? this.readers.definition(name, entry) : undefined
  }

  /** A value that was computed may be wider than the variable; big endian: the low-order bytes are the last ones. */
  private fitted(place: Place, chain: readonly Entry[]): Place {
    if (place.kind !== 'value') return place
    const size = this.sizeOf(chain)
    const { bytes } = place
    if (size === undefined || bytes.length === size) return place
    if (bytes.length > size) return { kind: 'value', bytes: bytes.slice(bytes.length - size) }
    const wider = new Uint8Array(Math.min(size, 16))
    wider.set(bytes, Math.max(0, wider.length - bytes.length))
    return { kind: 'value', bytes: wider }
  }

  /** Of scalars; undefined: an array or structure, which is whole already. */
  private sizeOf(chain: readonly Entry[]): number | undefined {
    const { info, types } = this.readers
    const typed = chain.find((one) => info.has(one, AT.type))
    let type = typed && types.of(typed)
    while (type?.kind === 'typedef' || type?.kind === 'qualified') type = type.target()
    return type?.kind === 'base' || type?.kind === 'pointer' || type?.kind === 'enum' ? type.size : undefined
  }

  private constant(entry: Entry, chain: readonly Entry[]): Uint8Array | undefined {
    const { info } = this.readers
    const block = info.block(entry, AT.const_value)
    if (block) return block
    const number = info.number(entry, AT.const_value)
    if (number !== undefined) return constantBytes(number, Math.min(16, this.sizeOf(chain) ?? 4))
    const string = info.string(entry, AT.const_value)
    return string === undefined ? undefined : new TextEncoder().encode(`${string}\0`)
  }

  private context(entry: Entry, scope: Entry | undefined, frame: FrameReader, callers: number): ExpressionContext {
    const { info, functions } = this.readers
    const { unit } = entry
    const pc = lookupPc(frame)
    const outermost = () => functions.at(scope?.unit ?? unit, pc)
    return {
      frame,
      frameBase: () => {
        const expression = outermost() && locationAt(info, outermost()!, AT.frame_base, pc)
        if (!expression) return undefined
        return evaluateNumber(expression, { ...this.context(entry, scope, frame, callers), frameBase: () => undefined })
      },
      baseType: (offset) => this.baseType(unit.offset + offset, unit.offset),
      indexedAddress: (index) => info.addressNumber(unit, index),
      entryValue: (expression) => this.entryValue(outermost(), expression, frame, callers),
    }
  }

  private baseType(offset: number, generic: number): BaseType {
    if (offset === generic) return GENERIC
    const { info } = this.readers
    const entry = info.entryAtSectionOffset(offset)
    const bytes = info.number(entry, AT.byte_size) ?? 0
    if (entry.abbreviation.tag !== TAG.base_type || bytes < 1 || bytes > 16)
      throw new DwarfError(`no base type at offset 0x${offset.toString(16)}`)
    const encoding = info.number(entry, AT.encoding) ?? 0
    return { bytes, signed: SIGNED.has(encoding), float: encoding === ATE_FLOAT }
  }

  /** What the caller's call site says that it passed. DWARF 5, 2.5.1.7 and 3.4. */
  private entryValue(callee: Entry | undefined, expression: Uint8Array, frame: FrameReader, callers: number) {
    const caller = callee && callers < MOST_CALLERS ? frame.caller?.() : undefined
    if (!callee || !caller) return undefined
    const found = this.callSites.parameter(callee, caller.pc, expression)
    if (!found) return undefined
    try {
      return evaluateNumber(found.value, this.context(found.site, found.site, caller, callers + 1))
    } catch (error) {
      if (error instanceof Unavailable) return undefined
      throw error
    }
  }
}

const isVariable = (tag: number) => tag === TAG.formal_parameter || tag === TAG.variable

const lookupPc = ({ pc, callPc }: FrameReader) => callPc ?? pc

export function sourceLocation(
  { info, lines }: Pick<Readers, 'info' | 'lines'>,
  entry: Entry,
  ...[fileAttribute, lineAttribute, columnAttribute]: [number, number, number]
): SourceLocation | undefined {
  const line = info.number(entry, lineAttribute)
  const file = info.number(entry, fileAttribute)
  const path = file === undefined ? undefined : lines.tableOf(entry.unit)?.pathOf(file)
  if (line === undefined || path === undefined) return undefined
  return { file: path, line, column: info.number(entry, columnAttribute) ?? 0 }
}
