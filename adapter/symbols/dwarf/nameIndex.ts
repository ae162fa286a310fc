// Types, variables and enumerators by name, over all units. Units are indexed one after another only until a question is answered:
// what most ask for stands in headers that the first units include. The first definition of a name stays.
import { NAMED } from './abbrev.ts'
import type { Guarded } from './guard.ts'
import type { Entry, Info, Unit } from './info.ts'
import { NameKeys, walkTopLevel } from './topLevel.ts'

export class NameIndex {
  private readonly info: Info
  private readonly keys: NameKeys
  private readonly guarded: Guarded
  private readonly table = new OffsetTable()
  private indexed = 0

  constructor(info: Info, guarded: Guarded) {
    this.info = info
    this.keys = new NameKeys(info)
    this.guarded = guarded
  }

  /** A definition anywhere. kind is one of NAMED. */
  find(kind: number, name: string): Entry | undefined {
    const keys = this.keys.of(name)
    for (;;) {
      for (const key of keys) {
        const offset = this.table.get(key, kind)
        if (offset !== undefined) return this.info.entryAtSectionOffset(offset)
      }
      const unit = this.info.units[this.indexed]
      if (!unit) return undefined
      this.indexed++
      this.index(unit)
    }
  }

  /** A definition in one unit. */
  findIn(unit: Unit, kind: number, name: string): Entry | undefined {
    const keys = this.keys.of(name)
    let found = -1
    this.walk(unit, (entryKind, key, offset) => {
      if (entryKind === kind && found < 0 && keys.includes(key)) found = offset
      return entryKind === NAMED.enum ? kind === NAMED.enumerator && found < 0 : found >= 0
    })
    return found < 0 ? undefined : this.info.entryAt(unit, found)
  }

  /** Whether the unit has an inline function of that name. */
  hasFunction(unit: Unit, name: string): boolean {
    return this.findIn(unit, NAMED.function, name) !== undefined
  }

  private index(unit: Unit): void {
    const { table } = this
    this.walk(unit, (kind, key, offset) => {
      // Each unit has its own copies of the headers' inline functions: hasFunction looks for them.
      if (kind === NAMED.function) return false
      const isNew = table.add(key, kind, offset)
      // An enum that is known has known enumerators; one without a name is known by its first.
      return kind === NAMED.enumerator ? !isNew : kind === NAMED.enum && (isNew || key < 0)
    })
  }

  private walk(unit: Unit, visit: (kind: number, key: number, offset: number) => boolean): void {
    this.guarded(undefined, () => walkTopLevel(this.info, this.keys, unit, visit))
  }
}

/** Offsets by key and kind in an open hash table: a Map would take ten times as long and as much. */
class OffsetTable {
  private keys = new Uint32Array(1 << 15)
  private offsets = new Uint32Array(1 << 15)
  private count = 0

  get(key: number, kind: number): number | undefined {
    const slot = this.slotOf(combine(key, kind))
    return this.keys[slot] === 0 ? undefined : this.offsets[slot]
  }

  /** False: it is known already, or has no name. */
  add(key: number, kind: number, offset: number): boolean {
    if (key < 0) return false
    const combined = combine(key, kind)
    const slot = this.slotOf(combined)
    if (this.keys[slot] !== 0) return false
    this.keys[slot] = combined
    this.offsets[slot] = offset
    if (2 * ++this.count > this.keys.length) this.grow()
    return true
  }

  private slotOf(combined: number): number {
    const mask = this.keys.length - 1
    let slot = (Math.imul(combined, 0x9e3779b1) >>> 8) & mask
    while (this.keys[slot] !== 0 && this.keys[slot] !== combined) slot = (slot + 1) & mask
    return slot
  }

  private grow(): void {
    const { keys, offsets } = this
    this.keys = new Uint32Array(2 * keys.length)
    this.offsets = new Uint32Array(2 * keys.length)
    keys.forEach((combined, n) => {
      if (combined === 0) return
      const slot = this.slotOf(combined)
      this.keys[slot] = combined
      this.offsets[slot] = offsets[n]
    })
  }
}

/** Never 0, since a kind is not. */
const combine = (key: number, kind: number) => ((key << 4) | kind) >>> 0
