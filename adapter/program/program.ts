// The guest's symbols at the addresses where the guest really runs. Book E always translates: early boot runs through one TLB1
// entry at 0, later code elsewhere. A link address has a physical one (p_paddr), and the live TLB says where that is seen.
import type { Machine, TlbEntry } from '../../emulator/index.ts'
import type { SymbolStore } from '../symbols/model.ts'

/** Where the link put a piece of the file. Bytes. */
export interface LinkedSegment {
  readonly virtual: number
  readonly physical: number
  readonly length: number
}

export interface Module {
  readonly name: string
  /** The file it was read from. */
  readonly path: string
  readonly symbols: SymbolStore
  readonly segments: readonly LinkedSegment[]
  /** What was added to the link's addresses when it was loaded or relocated itself; 0: where the TLB leads decides. */
  readonly offset: number
}

/** An address as the link knows it. */
export interface LinkAddress {
  readonly module: Module
  readonly address: number
}

const holds = (from: number, length: number, address: number) => address >= from && address < from + length
const maps = ({ epn, pageBytes }: TlbEntry, address: number) => holds(epn, pageBytes, address)

export class Program {
  readonly modules: readonly Module[]
  private readonly machine: Machine

  constructor(machine: Machine, modules: readonly Module[]) {
    this.machine = machine
    this.modules = modules
  }

  /** Undefined: no module has code or data there now. */
  toLink(EA: number, vcpu: number): LinkAddress | undefined {
    const effective = EA >>> 0
    for (const module of this.modules) {
      const address = module.offset === 0 ? this.linkedAt(module, effective, vcpu) : effective - module.offset
      if (address !== undefined && module.segments.some(({ virtual, length }) => holds(virtual, length, address)))
        return { module, address }
    }
    return undefined
  }

  private linkedAt(module: Module, effective: number, vcpu: number): number | undefined {
    const physical = this.machine.translate(vcpu, effective, 'execute')
    if (physical === undefined) return effective
    const segment = module.segments.find((candidate) => holds(candidate.physical, candidate.length, physical))
    if (!segment) return undefined
    const address = segment.virtual + (physical - segment.physical)
    // Once the link's own address leads there, another page of the same memory is somebody else's: freed init code, say.
    return address === effective || this.machine.translate(vcpu, address, 'execute') !== physical ? address : undefined
  }

  /** Where the address of a module is seen now, by any core, and where it will be if nothing maps it yet. At least one. */
  toEffective({ module, address }: LinkAddress): readonly number[] {
    if (module.offset !== 0) return [(address + module.offset) >>> 0]
    const segment = module.segments.find(({ virtual, length }) => holds(virtual, length, address))
    if (!segment) return [address]
    const physical = segment.physical + (address - segment.virtual)
    return [...new Set(this.machine.vcpus.flatMap(({ index }) => this.seenBy(index, address, physical)))]
  }
  private seenBy(vcpu: number, address: number, physical: number): number[] {
    const entries = this.machine.tlb(vcpu).filter(({ valid }) => valid)
    const seen = entries
      .filter(({ rpn, pageBytes }) => holds(rpn, pageBytes, physical))
      .map(({ epn, rpn }) => epn + (physical - rpn))
    const isMapped = seen.includes(address) || entries.some((entry) => maps(entry, address))
    return isMapped || seen.length === 0 ? [address] : seen
  }

  /** `start_kernel`, `start_kernel+0x10`; undefined: nothing covers it. inside: an address of the function, where EA may lie behind its end. */
  symbolName(EA: number, vcpu: number, inside = EA): string | undefined {
    const link = this.toLink(inside, vcpu)
    const symbol = link?.module.symbols.symbolAt(link.address)
    if (!link || !symbol) return undefined
    const offset = link.address + (EA - inside) - symbol.address
    return offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`
  }
}
