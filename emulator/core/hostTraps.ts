// The host's trap words as a core meets them: the guest's own word stands below each, and is what everybody but the fetch sees.
import type { Vcpu } from './vcpu.ts'

export class HostTraps {
  private readonly vcpu: Vcpu
  /** The guest's word below one is being executed. */
  private isBelow = false

  constructor(vcpu: Vcpu) {
    this.vcpu = vcpu
  }

  at(EA: number) {
    const { host, storage } = this.vcpu
    if (!host.hasTraps()) return undefined
    const physical = storage.peekTranslation(EA, 'execute')
    return physical === undefined ? undefined : host.trapAt(physical)
  }

  /** True: the trap at CIA is the host's, was reported before, and the guest's own word has been executed in its place. */
  execute(): boolean {
    const { vcpu } = this
    const CIA = vcpu.CIA()
    // The guest's word may be a trap itself: that one is the guest's.
    const trap = this.isBelow ? undefined : this.at(CIA)
    if (!trap) return false
    vcpu.debug.beforeTrap(CIA)
    this.isBelow = true
    try {
      vcpu.storage.code!.execute(trap.word)
    } finally {
      this.isBelow = false
    }
    return true
  }
}
