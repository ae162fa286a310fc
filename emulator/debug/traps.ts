// The trap words that the debugger has laid into guest memory, by their place in it: one stops in whichever address space it is executed.
import type { LaidTrap } from './trapWord.ts'

interface Trap {
  readonly laid: LaidTrap
  /** The breakpoints that share the word. */
  readonly ids: Set<number>
}

export class Traps {
  private readonly lay: (physical: number) => LaidTrap
  private readonly traps = new Map<number, Trap>()

  constructor(lay: (physical: number) => LaidTrap) {
    this.lay = lay
  }

  add(physical: number, id: number): void {
    const trap = this.traps.get(physical) ?? { laid: this.lay(physical), ids: new Set() }
    trap.ids.add(id)
    this.traps.set(physical, trap)
  }
  remove(id: number): void {
    for (const [physical, { laid, ids }] of this.traps) {
      if (!ids.delete(id) || ids.size > 0) continue
      laid.remove()
      this.traps.delete(physical)
    }
  }

  isEmpty = () => this.traps.size === 0
  /** The breakpoints whose word stands there, and the guest's own word. */
  at(physical: number): { readonly ids: readonly number[]; readonly word: number } | undefined {
    const trap = this.traps.get(physical)
    return trap && { ids: [...trap.ids], word: trap.laid.word() }
  }
  isOn = (physicalPage: number) =>
    [...this.traps.keys()].some((physical) => Math.floor(physical / 4096) === physicalPage)

  /** Before a store: where it meets a trap word the guest's own stands again. The breakpoints that have lost theirs. */
  giveWay(physical: number, bytes: number): readonly number[] {
    const lost: number[] = []
    for (const [at, { laid, ids }] of this.traps) {
      if (at + 4 <= physical || at >= physical + bytes) continue
      laid.remove()
      this.traps.delete(at)
      lost.push(...ids)
    }
    return lost
  }

  /** Takes all of them out: where they were, with their breakpoints. */
  takeOut(): readonly (readonly [physical: number, ids: ReadonlySet<number>])[] {
    const all = [...this.traps]
    this.traps.clear()
    for (const [, { laid }] of all) laid.remove()
    return all.map(([physical, { ids }]) => [physical, ids])
  }
  /** Runs work on memory as the guest knows it. */
  without<T>(work: () => T): T {
    const laid = [...this.traps.values()].map((trap) => trap.laid)
    for (const trap of laid) trap.remove()
    try {
      return work()
    } finally {
      for (const trap of laid) trap.lay()
    }
  }
}
